"""Nothing comes out of an endpoint but what the OpenAPI document tells: its sample request, spoilt in many ways."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from coffer.auth.metadata import TOKEN_PATH
from local.samples import API_SECRET, LEDGER, ORGANIZATION
from tests.support.documented import check_answer
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults
from tests.support.samples import invoke, sample_event, sample_world
from tests.support.template import table_definition
from tools.endpoints import endpoints

type Event = dict[str, Any]

DECLARATIONS = {
    (folder, module): endpoint.declaration
    for folder, module, endpoint in endpoints()
    if endpoint.declaration.path != "$default"
}

VERDICTS = [None, {}, {"verdict": "token_expired"}, {"verdict": "invalid_token"}]
IDS = ["x", "019BC13D-A000-7000-8000-000000000001", "019bc13d-a000-7000-8000-0000000000ff", ORGANIZATION, LEDGER]
QUERIES = [
    "nothing=known",
    "limit=0",
    "limit=1",
    "page=0",
    "page=2",
    "page=1&cursor=x",
    "cursor=x",
    "sort_order=up",
    "start_date=yesterday",
    "start_date=2026-02-01&end_date=2026-01-01",
    "type=money",
    "metadata.key=value",
    "limit=1&limit=1",
]
KEYS = [{}, {"x-idempotency": ""}, {"x-idempotency": "one", "idempotency-key": "another"}]
BODIES = ["", "{", "[]", "{}", '{"a": 1, "a": 2}', '{"a":' * 11 + "1" + "}" * 11, '{"a": NaN}', f'"{"x" * 300_000}"']
VALUES: list[object] = [
    None,
    1,
    "",
    " ",
    "x" * 3_000,
    "XX",
    "btc",
    "Chainlink",
    "Trial",
    "019bc13d-a000-7000-8000-0000000000ff",
    [],
    {},
    {"key": {"nested": 1}},
    {"": 1},
    {"key": "x" * 3_000},
    {"country": "XX"},
]
FORMS = [
    {},
    {"grant_type": "password"},
    {"grant_type": "client_credentials"},
    {"grant_type": "client_credentials", "scope": "everything"},
    {"grant_type": "client_credentials", "x": "x" * 300_000},
]


@pytest.mark.parametrize("place", DECLARATIONS, ids="/".join)
def test_every_answer_to_a_request_of_any_kind_is_documented(place: tuple[str, str]) -> None:
    declaration = DECLARATIONS[place]
    world = sample_world()
    for event in spoilt(sample_event(*place)):
        check_answer(declaration.method, declaration.path, invoke(world, *place, event))


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerError", "ValidationException"])
@pytest.mark.parametrize("place", DECLARATIONS, ids="/".join)
def test_every_answer_while_the_table_fails_is_documented(place: tuple[str, str], code: str) -> None:
    declaration = DECLARATIONS[place]
    fake = FakeDynamoDB(table_definition())
    faults = Faults(fake)
    world = sample_world(faults, fake=fake)
    faults.fail(None, code, probability=1.0)
    check_answer(declaration.method, declaration.path, invoke(world, *place, sample_event(*place)))


def spoilt(event: Event) -> Iterator[Event]:
    """An event as it is, and with one thing or another wrong with it."""
    yield event
    yield event  # done before
    yield from _of_caller(event)
    for name in event.get("pathParameters", {}):
        for identity in IDS:
            yield event | {"pathParameters": event["pathParameters"] | {name: identity}}
    for query in QUERIES:
        yield event | {"rawQueryString": query}
    yield from _of_body(event)
    if event["rawPath"] == TOKEN_PATH:
        yield from _of_token(event)


def _of_caller(event: Event) -> Iterator[Event]:
    context = event["requestContext"]
    if "authorizer" not in context:
        return
    for verdict in [*VERDICTS, context["authorizer"]["lambda"] | {"scope": ""}]:
        yield event | {"requestContext": context | {"authorizer": {"lambda": verdict}}}
    yield event | {"headers": {}, "requestContext": context | {"authorizer": {}}}


def _of_body(event: Event) -> Iterator[Event]:
    body = json.loads(event.get("body", "null"))
    if body is None:
        return
    for headers in KEYS:
        yield event | {"headers": _without_key(event["headers"]) | headers}
    for text in BODIES:
        yield event | {"body": text}
    unkeyed = event | {"headers": _without_key(event["headers"])}
    for changed in _bodies(body):
        yield event | {"body": json.dumps(changed)}
        yield unkeyed | {"body": json.dumps(changed)}


def _bodies(body: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    yield {**body, "unknown": 1}
    for name in {*body, "name", "status", "metadata"}:
        yield {other: value for other, value in body.items() if other != name}
        for value in VALUES:
            yield {**body, name: value}
    yield {**body, "type": "currency"}


def _of_token(event: Event) -> Iterator[Event]:
    bare = {name: value for name, value in event["headers"].items() if not name.startswith("x-api-")}
    yield event | {"headers": bare}
    yield event | {"headers": event["headers"] | {"x-api-secret": "wrong"}}
    form = bare | {"content-type": "application/x-www-form-urlencoded"}
    credentials = {"client_id": event["headers"]["x-api-key"], "client_secret": API_SECRET}
    for fields in FORMS:
        for secret in ({}, credentials):
            yield event | {"headers": form, "body": urlencode({**fields, **secret})}


def _without_key(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "x-idempotency"}
