"""Who is calling: no verdict, no service."""

from typing import Any

import pytest

from coffer.api.caller import Caller, identify, verdict_of
from coffer.auth.scopes import Scope
from coffer.ledger.refusal import Reason, Refusal

NOW = 1_768_473_600_000
GOOD = {"verdict": "ok", "client_id": "cli_1", "scope": "assets:read ledgers:read", "exp": "1768473601"}


def event(verdict: object, **headers: str) -> dict[str, Any]:
    """An event with what the authorizer left in it."""
    return {"headers": headers, "requestContext": {"authorizer": {"lambda": verdict}}}


def refused(event: dict[str, Any], now: int = NOW) -> Reason:
    """Why a caller is refused."""
    with pytest.raises(Refusal) as refusal:
        identify(event, now)
    return refusal.value.reason


def test_a_good_verdict_says_who_is_calling_and_what_the_token_lets_it_do() -> None:
    caller = identify(event(GOOD, authorization="Bearer x"), NOW)
    assert caller == Caller("cli_1", frozenset({Scope.ASSETS_READ, Scope.LEDGERS_READ}))


def test_a_scope_that_this_version_does_not_know_grants_nothing() -> None:
    assert identify(event({**GOOD, "scope": "assets:read moons:write"}), NOW).scopes == {Scope.ASSETS_READ}


def test_a_caller_needs_the_very_scope_and_no_other_one_of_the_resource() -> None:
    caller = Caller("cli_1", frozenset({Scope.ASSETS_READ}))
    caller.require(Scope.ASSETS_READ)
    with pytest.raises(Refusal, match="assets:write"):
        caller.require(Scope.ASSETS_WRITE)


@pytest.mark.parametrize(
    "event",
    [
        {"headers": {}, "requestContext": {}},
        {"headers": {}, "requestContext": {"authorizer": {}}},
        event(None),
        event({}),
        event(None, **{"x-api-key": "authorization"}),
    ],
)
def test_without_a_token_and_a_verdict_the_token_is_missing(event: dict[str, Any]) -> None:
    assert refused(event) is Reason.TOKEN_MISSING
    assert verdict_of(event) == {}


@pytest.mark.parametrize(
    "verdict",
    [
        None,
        {},
        {"verdict": "invalid_token"},
        {"verdict": "OK"},
        {"verdict": True},
        {**GOOD, "verdict": "fine"},
        {name: value for name, value in GOOD.items() if name != "verdict"},
        {name: value for name, value in GOOD.items() if name != "client_id"},
        {name: value for name, value in GOOD.items() if name != "scope"},
        {name: value for name, value in GOOD.items() if name != "exp"},
        {**GOOD, "exp": 1_768_473_601},
        {**GOOD, "client_id": None},
    ],
)
def test_a_token_without_a_whole_and_good_verdict_is_a_bad_one(verdict: object) -> None:
    assert refused(event(verdict, authorization="Bearer x")) is Reason.TOKEN_INVALID


def test_a_bad_verdict_is_one_even_where_the_header_is_not_seen() -> None:
    assert refused(event({"verdict": "invalid_token"})) is Reason.TOKEN_INVALID


def test_a_verdict_of_an_expired_token_says_so() -> None:
    assert refused(event({"verdict": "token_expired"}, authorization="Bearer x")) is Reason.TOKEN_EXPIRED


@pytest.mark.parametrize("later", [1000, 1001, 60_000])
def test_a_good_verdict_that_was_kept_beyond_the_tokens_life_is_an_expired_one(later: int) -> None:
    assert refused(event(GOOD), NOW + later) is Reason.TOKEN_EXPIRED


def test_until_its_last_millisecond_a_token_is_good() -> None:
    assert identify(event(GOOD), NOW + 999).client_id == "cli_1"
