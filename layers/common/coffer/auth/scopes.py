"""What a token may do: the closed set of scopes, and RFC 6749 §3.3's scope parameter."""

from collections.abc import Iterable
from enum import StrEnum

from coffer.auth.errors import InvalidScope


class Scope(StrEnum):
    """`<resource>:<action>`. Settlement is only ever written, the registry only ever read."""

    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    ASSETS_READ = "assets:read"
    ASSETS_WRITE = "assets:write"
    BALANCES_READ = "balances:read"
    BALANCES_WRITE = "balances:write"
    LEDGERS_READ = "ledgers:read"
    LEDGERS_WRITE = "ledgers:write"
    OPERATIONS_READ = "operations:read"
    OPERATIONS_WRITE = "operations:write"
    ORGANIZATIONS_READ = "organizations:read"
    ORGANIZATIONS_WRITE = "organizations:write"
    PORTFOLIOS_READ = "portfolios:read"
    PORTFOLIOS_WRITE = "portfolios:write"
    REGISTRY_READ = "registry:read"
    SEGMENTS_READ = "segments:read"
    SEGMENTS_WRITE = "segments:write"
    SETTLEMENT_WRITE = "settlement:write"
    TRANSACTIONS_READ = "transactions:read"
    TRANSACTIONS_WRITE = "transactions:write"
    WALLETS_READ = "wallets:read"
    WALLETS_WRITE = "wallets:write"


UNLESS_NAMED = frozenset(Scope) - {Scope.SETTLEMENT_WRITE}
"""What an API key holds when no scopes are named: all but what credits deposits and ends withdrawals."""


def parse(text: str) -> frozenset[Scope]:
    """The scopes of a parameter: known names with one space between them, in any order, repetitions allowed.

    Raises InvalidScope, with a message fit for RFC 6749 §5.2's `error_description`: it repeats nothing of the caller's.
    """
    try:
        return frozenset(Scope(name) for name in text.split(" "))
    except ValueError:
        raise InvalidScope("scope must be known scope names with one space between them") from None


def grant(requested: str | None, held: frozenset[Scope]) -> frozenset[Scope]:
    """The scopes of a new token: those asked for, or all that the API key holds if none were.

    A parameter without a value counts as left out (RFC 6749 §3.2). Raises InvalidScope unless the key holds them all:
    who asks for something learns that it is missing here, not at the first 403.
    """
    if not requested:
        return held
    scopes = parse(requested)
    if excess := scopes - held:
        raise InvalidScope(f"the API key does not hold {render(excess)}")
    return scopes


def render(scopes: Iterable[Scope]) -> str:
    """The one text of a set of scopes: sorted, one space between."""
    return " ".join(sorted(scopes))


def recognized(text: str) -> frozenset[Scope]:
    """The scopes of a token's claim that this version knows; a name that it does not know grants nothing.

    While a new version is rolled out, tokens that it has minted already meet endpoints of the old one.
    """
    return frozenset(Scope(name) for name in text.split(" ") if name in Scope)
