"""What the stack keeps, who may call what, and how long anything is remembered."""

import json
import re

import pytest

from tests.support.functions import functions
from tests.support.parameters import given
from tests.support.template import resources, template
from tests.support.transform import transformed

INDEXES = ("gsi1", "gsi2")


def properties(kind: str) -> dict[str, object]:
    """The properties of the one resource of a kind."""
    (found,) = (resource["Properties"] for resource in resources().values() if resource["Type"] == kind)
    return dict(found)


def test_the_table_is_paid_by_request_encrypted_and_can_be_restored() -> None:
    table = properties("AWS::DynamoDB::Table")
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}


def test_the_table_tells_every_change_and_forgets_nothing_by_itself() -> None:
    """An attribute that strayed into an entry would delete it, and break its chain."""
    table = properties("AWS::DynamoDB::Table")
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert "TimeToLiveSpecification" not in table


def test_a_restored_table_takes_the_place_of_the_stack_s_own_everywhere_and_of_nothing_else() -> None:
    restored, place = "coffer-restored", "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table"
    others = {name: each for name, each in transformed().items() if name != "Table"} | template()["Outputs"]
    own, instead = json.dumps(given(others)), json.dumps(given(others, RestoredTable=restored))
    assert restored not in own
    for its_own, other in (
        ({"Ref": "Table"}, restored),
        ({"Fn::GetAtt": ["Table", "Arn"]}, {"Fn::Sub": f"{place}/{restored}"}),
        *(
            ({"Fn::Sub": f"${{Table.Arn}}/index/{each}"}, {"Fn::Sub": f"{place}/{restored}/index/{each}"})
            for each in INDEXES
        ),
    ):
        assert json.dumps(its_own) in own
        own = own.replace(json.dumps(its_own), json.dumps(other))
    assert own == instead
    assert not re.search(r'"Table"|\$\{Table\b', instead)


@pytest.mark.parametrize("name", ["*", "coffer*", "coffer?", "other/index", "a:b", "a b"])
def test_a_restored_table_is_a_name_and_no_wildcard(name: str) -> None:
    pattern = template()["Parameters"]["RestoredTable"]["AllowedPattern"]
    assert re.search(pattern, "coffer-Table_1.restored")
    assert not re.search(pattern, name)


def test_the_table_is_not_deleted_by_mistake() -> None:
    assert properties("AWS::DynamoDB::Table")["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}
    assert template()["Parameters"]["DeletionProtection"]["Default"] == "true"


@pytest.mark.parametrize("kind", ["AWS::DynamoDB::Table", "AWS::KMS::Key"])
def test_what_cannot_be_made_again_outlives_the_stack_but_not_a_first_deployment_that_failed(kind: str) -> None:
    (kept,) = (resource for resource in resources().values() if resource["Type"] == kind)
    assert (kept["DeletionPolicy"], kept["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_of_all_else_a_deleted_stack_leaves_nothing() -> None:
    kept = {each["Type"] for each in transformed().values() if each.get("DeletionPolicy", "Delete") != "Delete"}
    assert kept == {"AWS::DynamoDB::Table", "AWS::KMS::Key"}


def test_the_indexes_hold_keys_and_nothing_else() -> None:
    table = properties("AWS::DynamoDB::Table")
    indexes = table["GlobalSecondaryIndexes"]
    assert isinstance(indexes, list)
    assert {each["IndexName"]: each["Projection"] for each in indexes} == {
        "gsi1": {"ProjectionType": "KEYS_ONLY"},
        "gsi2": {"ProjectionType": "KEYS_ONLY"},
    }


def test_the_signing_key_signs_and_does_nothing_else() -> None:
    key = properties("AWS::KMS::Key")
    assert (key["KeySpec"], key["KeyUsage"]) == ("RSA_2048", "SIGN_VERIFY")


def test_logs_are_kept_for_the_time_that_the_stack_is_told() -> None:
    assert properties("AWS::Logs::LogGroup")["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert template()["Parameters"]["LogRetentionDays"]["Default"] == 90


def test_every_function_logs_there_and_so_does_the_api() -> None:
    made = [each["Properties"] for each in transformed().values() if each["Type"] == "AWS::Lambda::Function"]
    assert len(made) == len(functions())
    assert all(function["LoggingConfig"]["LogGroup"] == {"Ref": "LogGroup"} for function in made)
    (stage,) = (each["Properties"] for each in transformed().values() if each["Type"] == "AWS::ApiGatewayV2::Stage")
    assert stage["AccessLogSettings"]["DestinationArn"] == {"Fn::GetAtt": ["LogGroup", "Arn"]}


def test_the_gateway_logs_who_asked_for_what_in_these_words_and_no_others() -> None:
    """No path, query or header: an alias may be an e-mail address."""
    (stage,) = (each["Properties"] for each in transformed().values() if each["Type"] == "AWS::ApiGatewayV2::Stage")
    assert json.loads(stage["AccessLogSettings"]["Format"]) == {
        "requestId": "$context.requestId",
        "ip": "$context.identity.sourceIp",
        "route": "$context.routeKey",
        "status": "$context.status",
        "milliseconds": "$context.responseLatency",
        "client": "$context.authorizer.client_id",
        "error": "$context.authorizer.error$context.integrationErrorMessage",
    }
