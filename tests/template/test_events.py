"""Every function serves its sample event as documented: what `sam local invoke NAME -e events/….json` takes.

This is the one test that every function has, whatever else is tested of it: its name is in the test's id.
"""

import json
from typing import Any

import pytest

from coffer.api.endpoint import Declaration
from coffer.api.operators import Operator
from local.samples import store_samples
from tests.support.documented import check_answer, check_request
from tests.support.functions import DEFAULT_ROUTE, functions
from tests.support.samples import EVENTS, SIGNING_KEY_ARN, invoke, sample_event, sample_world
from tools.endpoints import endpoints, handler, modules

type Place = tuple[str, str]

FAR_FUTURE = "4102444800"  # the year 2100, in seconds

DECLARATIONS: dict[Place, Declaration] = {
    (folder, module): endpoint.declaration
    for folder, module, endpoint in endpoints()
    if endpoint.declaration.path != DEFAULT_ROUTE
}
OPERATORS = [place for place in modules() if isinstance(handler(*place), Operator)]
LISTS = {place for place in OPERATORS if place[1].startswith("list_")}
"""They change nothing."""
FALLBACK = ("meta", "fallback")
AUTHORIZER = ("auth", "authorizer")

every_endpoint = pytest.mark.parametrize("place", DECLARATIONS, ids="/".join)
every_operator = pytest.mark.parametrize("place", OPERATORS, ids="/".join)


def test_every_function_has_a_sample_event_and_every_sample_event_a_function() -> None:
    events = {str(path.relative_to(EVENTS).with_suffix("")) for path in EVENTS.rglob("*") if path.is_file()}
    assert events == {function.name for function in functions()}


def test_the_tests_here_reach_every_function() -> None:
    assert {*DECLARATIONS, *OPERATORS, FALLBACK, AUTHORIZER} == set(modules())


@every_endpoint
def test_an_endpoint_s_sample_is_served_as_documented(place: Place) -> None:
    declaration = DECLARATIONS[place]
    payload = invoke(sample_world(), *place, sample_event(*place))
    assert payload["statusCode"] == declaration.status
    check_answer(declaration.method, declaration.path, payload)


def test_the_fallback_s_sample_is_a_known_path_with_another_method() -> None:
    payload = invoke(sample_world(), *FALLBACK, sample_event(*FALLBACK))
    assert payload["statusCode"] == 405
    assert payload["headers"]["Allow"] == "GET, POST"


def test_the_authorizer_s_sample_is_a_good_token() -> None:
    event = sample_event(*AUTHORIZER)
    answer = invoke(sample_world(), *AUTHORIZER, event)
    client_id = sample_event("assets", "get")["requestContext"]["authorizer"]["lambda"]["client_id"]
    verdict = {"verdict": "ok", "client_id": client_id, "scope": "assets:read assets:write", "exp": FAR_FUTURE}
    assert answer == {"isAuthorized": True, "context": verdict}
    assert event["identitySource"] == [event["headers"]["authorization"]]
    assert "authorizer" not in event["requestContext"]


@every_operator
def test_an_operator_s_sample_is_done(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_KEY_ARN", SIGNING_KEY_ARN)
    world = sample_world()
    before = world.fake.snapshot()
    answer = invoke(world, *place, sample_event(*place))
    assert (world.fake.snapshot() == before) == (place in LISTS)
    asked = {name: value for name, value in sample_event(*place).items() if name in answer}
    assert {name: answer[name] for name in asked} == asked


def test_what_operators_samples_do_is_felt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_KEY_ARN", SIGNING_KEY_ARN)
    world = sample_world()
    answers = {module: invoke(world, folder, module, sample_event(folder, module)) for folder, module in OPERATORS}
    assert answers["set_client_status"]["status"] == "DISABLED"
    assert answers["revoke_api_key"]["revoked"] is True
    assert answers["publish_signing_key"]["kid"] == sample_event("operators", "switch_signing_key")["kid"]
    assert answers["retire_signing_key"]["state"] == "RETIRED"
    key = answers["create_api_key"]
    event = sample_event("auth", "access_token")
    event["headers"] |= {"x-api-key": key["api_key"], "x-api-secret": key["api_secret"]}
    event["requestContext"]["http"]["sourceIp"] = "192.0.2.77"  # in the network that the sample names
    assert invoke(world, "auth", "access_token", event)["statusCode"] == 200


@every_endpoint
def test_a_sample_is_what_the_gateway_makes_of_such_a_request(place: Place) -> None:
    declaration, event = DECLARATIONS[place], sample_event(*place)
    context, path = event["requestContext"], declaration.path.format_map(event.get("pathParameters", {}))
    assert event["version"] == "2.0"
    assert event["routeKey"] == context["routeKey"] == f"{declaration.method} {declaration.path}"
    assert (context["http"]["method"], context["http"]["path"]) == (declaration.method, path)
    assert event["rawPath"] == path
    assert list(event["headers"]) == sorted(name.lower() for name in event["headers"])
    assert ("authorization" in event["headers"]) == (declaration.scope is not None)
    if "body" in event:
        assert event["headers"]["content-length"] == str(len(event["body"].encode()))


@every_endpoint
def test_a_sample_has_just_the_scope_that_its_endpoint_asks_for(place: Place) -> None:
    declaration, context = DECLARATIONS[place], sample_event(*place)["requestContext"]
    verdict: dict[str, Any] = context.get("authorizer", {}).get("lambda", {})
    assert verdict.get("scope") == declaration.scope
    assert verdict.get("exp", FAR_FUTURE) == FAR_FUTURE


@pytest.mark.parametrize("place", [place for place, each in DECLARATIONS.items() if each.body], ids="/".join)
def test_the_body_of_a_sample_is_documented(place: Place) -> None:
    declaration = DECLARATIONS[place]
    check_request(declaration.method, declaration.path, json.loads(sample_event(*place)["body"]))


def test_storing_the_samples_again_adds_what_is_missing_and_leaves_the_rest() -> None:
    world = sample_world()
    stored = world.fake.snapshot()
    store_samples(world.runtime.connection)
    assert world.fake.snapshot() == stored
    invoke(world, "assets", "delete", sample_event("assets", "delete"))
    deleted = world.fake.snapshot()
    store_samples(world.runtime.connection)
    assert world.fake.snapshot() == deleted
