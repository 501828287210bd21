"""RFC 6749 §3.3: what a token may do is what was asked for, and never more than its key holds."""

import pytest

from coffer.auth.errors import InvalidScope
from coffer.auth.scopes import Scope, grant, parse, recognized, render

HELD = frozenset({Scope.ASSETS_READ, Scope.ASSETS_WRITE, Scope.LEDGERS_READ})


def test_every_scope_is_a_resource_and_an_action() -> None:
    money = {"assets", "accounts", "balances", "operations", "transactions", "wallets"}
    structure = {"organizations", "ledgers", "portfolios", "segments"}
    expected = {f"{resource}:{action}" for resource in money | structure for action in ("read", "write")}
    assert set(Scope) == expected | {"settlement:write", "registry:read"}


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("assets:read", {Scope.ASSETS_READ}),
        ("ledgers:read assets:read", {Scope.ASSETS_READ, Scope.LEDGERS_READ}),
        ("assets:read assets:read", {Scope.ASSETS_READ}),
    ],
)
def test_a_scope_parameter_is_a_set_of_names(text: str, scopes: set[Scope]) -> None:
    assert parse(text) == scopes


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "assets:read ",
        " assets:read",
        "assets:read  ledgers:read",
        "assets:read\tledgers:read",
        "assets:read,ledgers:read",
        "Assets:read",
        "assets",
        "assets:*",
        "assets:delete",
        "settlement:read",
        "registry:write",
        'assets:read "\\',
        "assets:read\x00",
        "\ud800",
    ],
)
def test_an_unknown_or_malformed_scope_is_refused_in_words_that_repeat_nothing(text: str) -> None:
    with pytest.raises(InvalidScope, match=r"^scope must be known scope names with one space between them$"):
        parse(text)


@pytest.mark.parametrize("requested", [None, ""])
def test_a_token_gets_all_of_the_keys_scopes_unless_it_asks(requested: str | None) -> None:
    assert grant(requested, HELD) == HELD


def test_a_token_can_ask_for_less() -> None:
    assert grant("assets:read", HELD) == {Scope.ASSETS_READ}


def test_a_token_can_ask_for_everything_that_the_key_holds() -> None:
    assert grant("ledgers:read assets:write assets:read", HELD) == HELD


def test_a_token_that_asks_for_more_than_the_key_holds_gets_nothing() -> None:
    with pytest.raises(InvalidScope, match=r"^the API key does not hold ledgers:write wallets:read$"):
        grant("wallets:read assets:read ledgers:write", HELD)


def test_a_set_of_scopes_has_one_text() -> None:
    assert (
        render([Scope.LEDGERS_READ, Scope.ASSETS_WRITE, Scope.ASSETS_READ]) == "assets:read assets:write ledgers:read"
    )


def test_a_claim_written_by_a_later_version_grants_what_this_one_knows() -> None:
    assert recognized("assets:read vaults:open ledgers:read") == {Scope.ASSETS_READ, Scope.LEDGERS_READ}
    assert recognized("") == frozenset()
