"""The HTTP API as CloudFormation makes it: who asks the authorizer, how long its verdict counts, who may call what."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from coffer.auth.metadata import TOKEN_PATH
from tests.support.functions import DEFAULT_ROUTE, Function, functions
from tests.support.transform import transformed

VERDICT_KEPT = 60  # seconds: how long a revoked key or a disabled client may still get in


def of_type(kind: str) -> Iterator[dict[str, Any]]:
    """The properties of the resources of a type."""
    return (resource["Properties"] for resource in transformed().values() if resource["Type"] == kind)


SCHEDULER = "events.amazonaws.com"


@pytest.fixture(scope="module")
def definition() -> dict[str, Any]:
    """The API's definition: its routes and its authorizer."""
    (api,) = of_type("AWS::ApiGatewayV2::Api")
    body: dict[str, Any] = api["Body"]
    return body


def test_the_authorizer_is_asked_with_the_authorization_header_and_kept_for_a_minute(
    definition: dict[str, Any],
) -> None:
    (scheme,) = definition["components"]["securitySchemes"].values()
    authorizer = scheme["x-amazon-apigateway-authorizer"]
    assert "AuthorizerFunction" in json.dumps(authorizer.pop("authorizerUri"))
    assert authorizer == {
        "type": "request",
        "authorizerPayloadFormatVersion": "2.0",
        "enableSimpleResponses": True,
        "identitySource": ["$request.header.Authorization"],
        "authorizerResultTtlInSeconds": VERDICT_KEPT,
    }


@pytest.mark.parametrize(
    "function", [each for each in functions() if each.routes], ids=lambda function: function.logical_id
)
def test_a_route_leads_to_its_function_past_the_authorizer_or_not(
    definition: dict[str, Any], function: Function
) -> None:
    (route,) = function.routes
    default = route.path == DEFAULT_ROUTE
    path = definition["paths"]["/$default" if default else route.path]
    operation = path["x-amazon-apigateway-any-method" if default else route.method.lower()]
    integration = operation["x-amazon-apigateway-integration"]
    assert f"${{{function.logical_id}.Arn}}" in json.dumps(integration["uri"])
    assert (integration["type"], integration["payloadFormatVersion"]) == ("aws_proxy", "2.0")
    assert operation["security"] == [{"TokenAuthorizer" if route.authorized else "NONE": []}]


def test_nothing_but_the_functions_routes_is_there(definition: dict[str, Any]) -> None:
    routes = {(path, method) for path, methods in definition["paths"].items() for method in methods}
    assert len(routes) == sum(len(function.routes) for function in functions())


def test_no_function_may_be_called_by_another_api() -> None:
    permissions = [each for each in of_type("AWS::Lambda::Permission") if each["Principal"] != SCHEDULER]
    callable_functions = [each for each in functions() if each.routes or each.name == "auth/authorizer"]
    assert len(permissions) == len(callable_functions)
    for permission in permissions:
        arn, names = permission["SourceArn"]["Fn::Sub"]
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert ":execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/" in arn
        assert names["__ApiId__"] == {"Ref": "Api"}


def test_a_function_may_be_called_for_its_own_route_alone() -> None:
    """`*` stands for what varies: the stage, ids in the path, and all that no other route matches."""
    called = {}
    for permission in of_type("AWS::Lambda::Permission"):
        if permission["Principal"] == SCHEDULER:
            continue
        function = permission["FunctionName"]
        name = function["Ref"] if "Ref" in function else function["Fn::GetAtt"][0]
        called[name] = permission["SourceArn"]["Fn::Sub"][0].partition("${__ApiId__}/")[2]
    assert called.pop("AuthorizerFunction") == "authorizers/*"
    for function in functions():
        for route in function.routes:
            own = "*" if route.path == DEFAULT_ROUTE else f"{route.method}{_varying(route.path)}"
            assert called[function.logical_id] == f"${{__Stage__}}/{own}"


def test_what_is_called_by_the_clock_is_called_by_its_own_rule_alone() -> None:
    scheduled = [each for each in functions() if each.schedules]
    assert [each.name for each in scheduled] == ["transactions/expire"]
    (permission,) = (each for each in of_type("AWS::Lambda::Permission") if each["Principal"] == SCHEDULER)
    (rule,) = of_type("AWS::Events::Rule")
    assert permission["SourceArn"] == {"Fn::GetAtt": ["ExpireTransactionsFunctionSchedule", "Arn"]}
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert [target["Arn"] for target in rule["Targets"]] == [{"Fn::GetAtt": ["ExpireTransactionsFunction", "Arn"]}]


def test_the_api_limits_how_much_it_takes() -> None:
    (stage,) = of_type("AWS::ApiGatewayV2::Stage")
    limits = stage["DefaultRouteSettings"]
    # A tenth of what AWS lets all APIs of an account in a Region take together (10,000 a second, 5,000 at once).
    assert 0 < limits["ThrottlingRateLimit"] <= 1_000
    assert 0 < limits["ThrottlingBurstLimit"] <= 500


def test_no_page_of_another_site_may_read_an_answer(definition: dict[str, Any]) -> None:
    (api,) = of_type("AWS::ApiGatewayV2::Api")
    assert "CorsConfiguration" not in api
    assert "x-amazon-apigateway-cors" not in definition
    assert not any(path.get("options") for path in definition["paths"].values())


def test_what_is_open_to_anybody_takes_much_less_each_by_itself() -> None:
    (stage,) = of_type("AWS::ApiGatewayV2::Stage")
    routes = [route for function in functions() for route in function.routes]
    opened = {f"{each.method} {each.path}" for each in routes if not each.authorized} - {f"ANY {DEFAULT_ROUTE}"}
    assert stage["RouteSettings"].keys() == {*opened, DEFAULT_ROUTE}
    for limit in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
        for route, settings in stage["RouteSettings"].items():
            assert 0 < settings[limit] <= (100 if route == f"POST {TOKEN_PATH}" else 50)


def _varying(path: str) -> str:
    return "/".join("*" if part.startswith("{") else part for part in path.split("/"))
