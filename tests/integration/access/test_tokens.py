"""Who is served: every route but the open ones takes a token, and that with its own scope."""

from __future__ import annotations

from collections.abc import Mapping
from copy import replace
from typing import Any

import pytest

from coffer.api.errors import Face
from coffer.api.request import MAX_WALLET_ID
from coffer.auth.scopes import Scope
from coffer.ledger.refusal import Reason
from tests.integration.access.routes import (
    CLOSED,
    EXAMPLES,
    OPEN,
    Route,
    ask,
    body_of,
    check_refused,
    example_of,
    make_scene,
    of_every_parameter,
    of_every_route,
    target,
)
from tests.integration.stores import Everything
from tests.support.world import Answer, Client, World
from tools.endpoints import endpoints

NEVER_A_TOKEN = {
    "GET /health",
    "GET /version",
    "POST /api/v1/auth/token",
    "GET /.well-known/jwks.json",
    "GET /.well-known/oauth-authorization-server",
    "ANY $default",
}


def test_the_matrix_covers_every_route_of_the_template() -> None:
    assert CLOSED
    for route in CLOSED:
        example_of(route)
    assert set(EXAMPLES) == set(map(str, CLOSED))


def test_the_templates_routes_are_those_of_the_endpoints() -> None:
    declared = [(endpoint.declaration.method, endpoint.declaration.path) for _, _, endpoint in endpoints()]
    assert sorted(declared) == sorted((route.method, route.path) for route in CLOSED + OPEN)


def test_no_other_route_is_open() -> None:
    assert set(map(str, OPEN)) == NEVER_A_TOKEN


# --------------------------------------------------------------------------------------------------------------- scopes


@of_every_route
def test_a_token_with_the_routes_scope_is_enough(client: Client, route: Route) -> None:
    ids = make_scene(client, route)
    allowed = replace(client, scopes=frozenset({example_of(route).scope}))
    assert ask(allowed, route, ids).status in {200, 201, 204}


@of_every_route
def test_a_token_with_every_other_scope_is_not(
    world: World, client: Client, everything: Everything, route: Route
) -> None:
    ids = make_scene(client, route)
    before, calls = everything(), len(world.recorder.calls)
    for scopes in (frozenset(Scope) - {example_of(route).scope}, frozenset[Scope]()):
        answer = ask(replace(client, scopes=scopes), route, ids)
        check_refused(answer, route, Reason.SCOPE_MISSING)
        assert example_of(route).scope in answer.json["message"]
    assert (everything(), len(world.recorder.calls)) == (before, calls)


# ------------------------------------------------------------------------------------------------------------- verdicts


def _without_authorizer(event: dict[str, Any]) -> dict[str, Any]:
    context = {name: value for name, value in event["requestContext"].items() if name != "authorizer"}
    return {**event, "requestContext": context}


def no_token(event: dict[str, Any]) -> dict[str, Any]:
    """The event of a request without a token."""
    headers = {name: value for name, value in event["headers"].items() if name != "authorization"}
    return {**_without_authorizer(event), "headers": headers}


def no_verdict(event: dict[str, Any]) -> dict[str, Any]:
    """The event of a request with a token that nobody has looked at."""
    return _without_authorizer(event)


def with_verdict(event: dict[str, Any], verdict: Mapping[str, object] | None) -> dict[str, Any]:
    """The event of a request of whose token the authorizer says something else."""
    return {**event, "requestContext": {**event["requestContext"], "authorizer": {"lambda": verdict}}}


def verdict_of(event: dict[str, Any]) -> dict[str, str]:
    """What the authorizer says of the token."""
    verdict: dict[str, str] = event["requestContext"]["authorizer"]["lambda"]
    return verdict


VERDICTS = {
    "no token": (Reason.TOKEN_MISSING, no_token),
    "no verdict": (Reason.TOKEN_INVALID, no_verdict),
    "an empty verdict": (Reason.TOKEN_INVALID, lambda event: with_verdict(event, {})),
    "null for a verdict": (Reason.TOKEN_INVALID, lambda event: with_verdict(event, None)),
    "a bad token": (Reason.TOKEN_INVALID, lambda event: with_verdict(event, {"verdict": "invalid_token"})),
    "a bad token of a known client": (
        Reason.TOKEN_INVALID,
        lambda event: with_verdict(event, {**verdict_of(event), "verdict": "invalid_token"}),
    ),
    "an unknown verdict": (
        Reason.TOKEN_INVALID,
        lambda event: with_verdict(event, {**verdict_of(event), "verdict": "fine"}),
    ),
    "an expired token": (Reason.TOKEN_EXPIRED, lambda event: with_verdict(event, {"verdict": "token_expired"})),
    "a verdict that outlived its token": (
        Reason.TOKEN_EXPIRED,
        lambda event: with_verdict(event, {**verdict_of(event), "exp": "1700000000"}),
    ),
}


def ask_with(client: Client, route: Route, ids: Mapping[str, str], case: str) -> Answer:
    """The answer to a route's valid request whose event is changed."""
    _, change = VERDICTS[case]
    body = body_of(route, ids)
    endpoint, event = client.event(route.method, target(route, ids), body, {})
    return client.world.call(change(event), endpoint)


@of_every_route
@pytest.mark.parametrize("case", VERDICTS)
def test_no_verdict_no_service(world: World, client: Client, everything: Everything, route: Route, case: str) -> None:
    ids = make_scene(client, route)
    before, calls = everything(), len(world.recorder.calls)
    reason, _ = VERDICTS[case]
    answer = ask_with(client, route, ids, case)
    check_refused(answer, route, reason)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (everything(), len(world.recorder.calls)) == (before, calls)


@of_every_route
def test_a_token_is_good_until_its_time_is_over_and_then_expired(client: Client, route: Route) -> None:
    ids = make_scene(client, route)
    body = body_of(route, ids)
    endpoint, event = client.event(route.method, target(route, ids), body, {})
    client.world.clock.now = int(verdict_of(event)["exp"]) * 1000
    check_refused(client.world.call(event, endpoint), route, Reason.TOKEN_EXPIRED)
    client.world.clock.now = int(verdict_of(event)["exp"]) * 1000 - 10
    assert client.world.call(event, endpoint).status in {200, 201, 204}


# ------------------------------------------------------------------------------------------------------------------ ids

MALFORMED_IDS = [
    "x",
    "0",
    "null",
    "metrics",
    "..",
    "%",
    "#",
    "é",
    "\x00",
    "019bc13da0007000800000000000000",
    "019BC13D-A000-7000-8000-000000000000",
    "{019bc13d-a000-7000-8000-000000000000}",
    "019bc13d-a000-7000-8000-000000000000\n",
    "x" * 5_000,
]
MALFORMED = {
    "alias": ["", " ", "%", "#", "é", "\x00", "a b", "a/b", "@alice\n", "@external/", "@external/btc", "x" * 101],
    "code": ["", "btc", "1INCH", "B-C", "BTC\n", "É", "\x00", "@external/BTC", "X" * 101],
}
"""What a parameter cannot be; of all others, what cannot be an id."""


@of_every_parameter
def test_a_malformed_id_is_refused_by_its_name(
    world: World, client: Client, everything: Everything, route: Route, parameter: str
) -> None:
    ids = make_scene(client, route)
    body = body_of(route, ids)
    endpoint, event = client.event(route.method, target(route, ids), body, {})
    before, calls = everything(), len(world.recorder.calls)
    for malformed in MALFORMED.get(parameter, MALFORMED_IDS):
        changed = {**event, "pathParameters": {**event["pathParameters"], parameter: malformed}}
        answer = world.call(changed, endpoint)
        # The wallet API takes any short text for an id: what is none of ours is simply not there.
        short = route.face is Face.WALLET and len(malformed) <= MAX_WALLET_ID
        check_refused(answer, route, Reason.ENTITY_NOT_FOUND if short else Reason.PATH_PARAMETER)
        assert parameter in answer.json["message"]
    assert (everything(), len(world.recorder.calls)) == (before, calls)
