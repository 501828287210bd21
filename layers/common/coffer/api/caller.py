"""Who is calling, from the verdict that the authorizer left in the event. No verdict, no service.

The authorizer lets every request through: an HTTP API cannot shape the answer to a refused one, and callers need to
tell an expired token from a bad one. So whatever is not clearly a good verdict is refused here.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from coffer.auth.scopes import Scope, recognized
from coffer.ledger.refusal import Reason, Refusal


class Verdict(StrEnum):
    """What the authorizer finds, under `verdict` in its context."""

    GOOD = "ok"
    EXPIRED = "token_expired"
    INVALID = "invalid_token"


class Caller(NamedTuple):
    """An authenticated client, and what its token lets it do."""

    client_id: str
    scopes: frozenset[Scope]

    def require(self, scope: Scope) -> None:
        """`Refusal(SCOPE_MISSING)` unless the token has the scope."""
        if scope not in self.scopes:
            raise Refusal(
                Reason.SCOPE_MISSING, f"The token lacks the scope {scope}. Get one from an API key that holds it."
            )


def verdict_of(event: Mapping[str, Any]) -> Mapping[str, object]:
    """What the authorizer left in the event; nothing where none was asked."""
    verdict: Mapping[str, object] | None = event["requestContext"].get("authorizer", {}).get("lambda")
    return verdict or {}


def identify(event: Mapping[str, Any], now: int) -> Caller:
    """The caller of a request at `now` (milliseconds since 1970).

    Raises `Refusal` for TOKEN_MISSING, TOKEN_EXPIRED and TOKEN_INVALID. The expiry is checked again: the gateway keeps
    a verdict for a minute, which may be longer than the token lives.
    """
    verdict = verdict_of(event)
    match verdict:
        case {"verdict": Verdict.GOOD, "client_id": str(client_id), "scope": str(scope), "exp": str(expiry)} if (
            expiry.isdecimal()
        ):
            if int(expiry) * 1000 <= now:
                raise expired()
            return Caller(client_id, recognized(scope))
        case {"verdict": Verdict.EXPIRED}:
            raise expired()
        case {} if not verdict and "authorization" not in event.get("headers", {}):
            raise Refusal(
                Reason.TOKEN_MISSING,
                "The request has no token. Get one from POST /api/v1/auth/token and send it as Authorization: Bearer …",
            )
    raise Refusal(
        Reason.TOKEN_INVALID, "The token is not valid (invalid_token). Get a new one from POST /api/v1/auth/token."
    )


def expired() -> Refusal:
    """The answer to a token whose time is over."""
    return Refusal(
        Reason.TOKEN_EXPIRED, "The token has expired (token_expired). Get a new one from POST /api/v1/auth/token."
    )
