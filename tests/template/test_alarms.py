"""What somebody is told of: mistakes, refused requests, and holds that do not expire."""

import pytest

from coffer.api.log import MISTAKE
from tests.support.template import resources, template
from tests.support.transform import MOST_RESOURCES, transformed

ALARMS = {name: each["Properties"] for name, each in resources().items() if each["Type"] == "AWS::CloudWatch::Alarm"}


def test_the_alarms_are_these() -> None:
    watched = {name: (each["Namespace"], each["MetricName"], each.get("Dimensions")) for name, each in ALARMS.items()}
    sweep = [{"Name": "FunctionName", "Value": {"Ref": "ExpireTransactionsFunction"}}]
    assert watched == {
        "MistakesAlarm": ({"Fn::Sub": "coffer/${AWS::StackName}"}, "Mistakes", None),
        "ServerErrorsAlarm": ("AWS/ApiGateway", "5xx", [{"Name": "ApiId", "Value": {"Ref": "Api"}}]),
        "ThrottlesAlarm": ("AWS/Lambda", "Throttles", None),
        "ExpiryFailsAlarm": ("AWS/Lambda", "Errors", sweep),
        "ExpiryStopsAlarm": ("AWS/Lambda", "Invocations", sweep),
    }


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_tells_the_topic_if_there_is_one(name: str) -> None:
    topic = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
    assert ALARMS[name]["AlarmActions"] == topic
    assert template()["Parameters"]["AlarmTopicArn"]["Default"] == ""


@pytest.mark.parametrize("name", ALARMS)
def test_where_nothing_is_measured_nothing_is_wrong_but_with_what_should_always_run(name: str) -> None:
    stops = name == "ExpiryStopsAlarm"
    assert ALARMS[name]["TreatMissingData"] == ("breaching" if stops else "notBreaching")
    assert ALARMS[name]["ComparisonOperator"].startswith("LessThan" if stops else "GreaterThan")


def test_a_mistake_in_the_log_is_counted_where_the_alarm_looks() -> None:
    (metric,) = (each["Properties"] for each in resources().values() if each["Type"] == "AWS::Logs::MetricFilter")
    assert metric["LogGroupName"] == {"Ref": "LogGroup"}
    assert metric["FilterPattern"] == f'{{ $.message = "{MISTAKE}" }}'
    (counted,) = metric["MetricTransformations"]
    alarm = ALARMS["MistakesAlarm"]
    assert (counted["MetricNamespace"], counted["MetricName"]) == (alarm["Namespace"], alarm["MetricName"])


def test_there_is_room_for_more_resources() -> None:
    assert len(transformed()) < MOST_RESOURCES * 2 / 3
