"""Changes of an account: what is noted of it, and whether it is blocked."""

from __future__ import annotations

from typing import Any

import pytest

from coffer.store.keys import account as key_of
from coffer.store.values import Item
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.bad import Bad, check
from tests.integration.ledger_api.books import NOBODYS, done, made, refused
from tests.integration.ledger_api.till import Till
from tests.integration.stores import Everything, on_every_store

HOUR = 3_600_000
NOTED = {
    "name": "Alice",
    "entityId": "customer 42",
    "status": {"code": "001", "description": "Active"},
    "metadata": {"stays": 1, "goes": 2},
}
BLOCK, LET_GO = {"blocked": True}, {"blocked": False}


@pytest.fixture
def account(till: Till) -> str:
    """The path of an account of which everything is noted."""
    return till.open("@alice", **NOTED)


def changed(till: Till, account: str, change: dict[str, Any]) -> dict[str, Any]:
    """What a change changes of an account, but for the moment of the change; it answers what is stored then."""
    before = done(till.client.get(account))
    after = done(till.client.patch(account, change))
    assert after == done(till.client.get(account))
    assert after["updatedAt"] > before["updatedAt"]
    return {name: value for name, value in after.items() if value != before[name] and name != "updatedAt"}


# -------------------------------------------------------------------------------------------------------- what is noted


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Bob"},
        {"entityId": "customer 43"},
        {"status": {"code": "002", "description": None}},
        {"metadata": {"stays": 1, "comes": "ação"}},
        {"metadata": {}},
        {"blocked": True},
        {"name": None},
        {"entityId": None},
        {"name": "Bob", "entityId": None, "blocked": True, "metadata": {"a": True}},
    ],
)
def test_a_patch_changes_what_it_names_and_nothing_else(till: Till, account: str, change: dict[str, Any]) -> None:
    assert changed(till, account, change) == change


def test_a_status_is_replaced_as_a_whole(till: Till, account: str) -> None:
    assert changed(till, account, {"status": {"code": "001"}}) == {"status": {"code": "001", "description": None}}


def test_metadata_is_replaced_as_a_whole(till: Till, account: str) -> None:
    assert changed(till, account, {"metadata": {"stays": 1}}) == {"metadata": {"stays": 1}}


def test_a_patch_that_names_nothing_changes_nothing(till: Till, account: str) -> None:
    assert changed(till, account, {}) == {}


def test_a_patch_back_to_what_it_was_is_fine(till: Till, account: str) -> None:
    assert changed(till, account, {**NOTED, "blocked": False}) == {}


def test_what_was_taken_away_can_be_given_again(till: Till, account: str) -> None:
    assert changed(till, account, {"name": None}) == {"name": None}
    assert changed(till, account, {"name": "Alice"}) == {"name": "Alice"}


def test_a_clock_that_was_set_back_makes_no_change_older_than_what_it_changes(till: Till, account: str) -> None:
    created = done(till.client.get(account))
    till.world.clock.now -= HOUR
    assert done(till.client.patch(account, {"name": "Bob"}))["updatedAt"] == created["updatedAt"]


BAD: dict[str, tuple[dict[str, Any], Bad]] = {
    **{
        f"a new {field}": ({"name": "Bob", field: value}, Bad("", "0053", field, "Leave out"))
        for field, value in (
            ("assetCode", "USD"),
            ("type", "savings"),
            ("alias", "@bob"),
            ("parentAccountId", NOBODYS),
            ("shards", 2),
            ("id", NOBODYS),
            ("createdAt", "2026-01-15T10:40:00.000Z"),
            ("deletedAt", None),
            ("allowSending", False),
            ("entity_id", "x"),
        )
    },
    **{
        f"{field} {value!r:.20}": ({field: value}, Bad("", code, field, says))
        for field, value, code, says in (
            ("name", "", "0047", "at least 1"),
            ("name", "x" * 257, "0047", "at most 256"),
            ("name", 5, "0047", "must be a string"),
            ("entityId", " ", "0047", "blank"),
            ("portfolioId", "x", "0047", "UUID"),
            ("segmentId", "x", "0047", "UUID"),
            ("blocked", None, "0047", "must be a valid boolean"),
            ("blocked", "true", "0047", "must be a valid boolean"),
            ("blocked", 0, "0047", "must be a valid boolean"),
            ("status", None, "0047", "must be an object"),
            ("status", "ACTIVE", "0047", "must be an object"),
            ("metadata", None, "0051", "must be an object"),
            ("metadata", {"a": []}, "0067", "is nested"),
        )
    },
}
"""Changes that are none."""


@pytest.mark.parametrize(("change", "bad"), BAD.values(), ids=BAD)
def test_a_bad_change_is_refused_and_nothing_is_stored(
    till: Till, account: str, everything: Everything, change: dict[str, Any], bad: Bad
) -> None:
    before = everything()
    check(till.client.patch(account, change), bad)
    assert everything() == before


@on_every_store
def test_an_external_account_cannot_be_changed(till: Till, everything: Everything) -> None:
    account = f"{till.accounts}/{done(till.client.get(f'{till.accounts}/external/BRL'))['id']}"
    before = everything()
    for change in ({}, BLOCK, {"name": "Outside"}, {"metadata": {"a": 1}}):
        refused(till.client.patch(account, change), 400, "0074")
    assert everything() == before


# -------------------------------------------------------------------------------------------------------------- blocked


def blocks(chain: list[Item]) -> list[tuple[object, object]]:
    """Of each entry of a chain its type, and whether the balance is blocked after it."""
    return [(entry["type"], entry["blocked"]) for entry in chain]


def standing(entry: Item) -> tuple[object, ...]:
    """What an entry that only blocks leaves as it was."""
    kept = ("available", "on_hold", "allow_sending", "allow_receiving", "closed", "balance_id", "asset_id", "opened")
    return tuple(entry[name] for name in kept)


@on_every_store
@pytest.mark.parametrize("shards", [1, 3])
def test_blocking_is_an_entry_on_every_chain_of_every_balance(till: Till, everything: Everything, shards: int) -> None:
    account = till.open("@bob", shards=shards)
    till.bring("@bob", "5")
    till.open_key(account, "savings", allowSending=False)
    keys = ("default", "savings")
    before = [chain for key in keys for chain in chains.of(everything, till.books, "@bob", key, shards=shards)]
    assert done(till.client.patch(account, BLOCK))["blocked"] is True
    done(till.client.patch(account, LET_GO))
    after = [chain for key in keys for chain in chains.of(everything, till.books, "@bob", key, shards=shards)]
    for old, new in zip(before, after, strict=True):
        assert blocks(new) == [*blocks(old), ("CHANGE", True), ("CHANGE", False)]
        assert {standing(entry) for entry in new[len(old) :]} == {standing(old[-1])}
    for number in (-2, -1):
        assert len({(chain[number]["created_at"], chain[number]["attempt"]) for chain in after}) == 1


def test_all_the_chains_that_an_account_can_have_are_blocked_at_once(till: Till, everything: Everything) -> None:
    account = till.open("@bob", shards=16)
    further = ["1", "2", "3", "4"]
    for key in further:
        till.open_key(account, key)
    refused(till.client.post(f"{account}/balances", {"key": "5"}), 422, "9010")
    done(till.client.patch(account, BLOCK))
    for key in ("default", *further):
        assert {chain[-1]["blocked"] for chain in chains.of(everything, till.books, "@bob", key, shards=16)} == {True}


def test_blocking_what_is_blocked_and_letting_go_what_is_not_is_no_entry(
    till: Till, account: str, everything: Everything
) -> None:
    for change, entries in ((LET_GO, 1), (BLOCK, 2), (BLOCK, 2), (LET_GO, 3), (LET_GO, 3)):
        assert done(till.client.patch(account, change)).items() >= change.items()
        assert [len(chain) for chain in chains.of(everything, till.books, "@alice")] == [entries]
        assert till.stands() == ("0", "0", entries)


def test_other_changes_are_no_entries(till: Till, account: str, everything: Everything) -> None:
    done(till.client.patch(account, {"name": None, "metadata": {}, "status": {"code": "9"}, "entityId": "x"}))
    assert [len(chain) for chain in chains.of(everything, till.books, "@alice")] == [1]


def test_a_blocked_account_neither_sends_nor_receives_until_it_is_let_go(till: Till, account: str) -> None:
    till.bring("@alice", "5")
    done(till.client.patch(account, BLOCK))
    outside, inside = (till.outside, "5", "default"), ("@alice", "5", "default")
    refused(till.send(outside, inside), 422, "0024")
    refused(till.send(inside, outside), 422, "0024")
    refused(till.send(inside, outside, pending=True), 422, "0024")
    assert till.stands() == ("5", "0", 3)
    done(till.client.patch(account, LET_GO))
    made(till.send(outside, inside))
    made(till.send(inside, outside))
    assert till.stands() == ("5", "0", 6)


def test_what_a_blocked_account_holds_can_be_given_back_and_spent(till: Till, account: str) -> None:
    till.bring("@alice", "5")
    first, second = (till.take("@alice", value, pending=True) for value in ("1", "2"))
    done(till.client.patch(account, BLOCK))
    till.settle(first, "cancel")
    till.settle(second, "commit")
    assert till.stands() == ("3", "0", 7)


def test_money_that_comes_while_an_account_is_blocked_comes_first_or_not_at_all(till: Till, account: str) -> None:
    chains.at_the_next("transact_write_items", till.world, lambda: till.bring("@alice", "5"))
    done(till.client.patch(account, BLOCK))
    assert till.stands() == ("5", "0", 3)
    refused(till.send((till.outside, "5", "default"), ("@alice", "5", "default")), 422, "0024")


@pytest.mark.parametrize("moment", ["query", "transact_write_items"])
def test_money_that_is_on_its_way_when_an_account_is_blocked_does_not_come(
    till: Till, account: str, moment: str
) -> None:
    chains.at_the_next(moment, till.world, lambda: done(till.client.patch(account, BLOCK)))
    refused(till.send((till.outside, "5", "default"), ("@alice", "5", "default")), 422, "0024")
    assert till.stands() == ("0", "0", 2)


@pytest.mark.parametrize("moment", ["query", "transact_write_items"])
def test_of_two_changes_at_the_same_time_both_are_made(till: Till, account: str, moment: str) -> None:
    chains.at_the_next(moment, till.world, lambda: done(till.client.patch(account, {"name": "Bob"})))
    after = done(till.client.patch(account, {"blocked": True, "entityId": None}))
    assert (after["name"], after["blocked"], after["entityId"]) == ("Bob", True, None)
    assert done(till.client.get(account)) == after


def test_of_two_blocks_at_the_same_time_one_is_an_entry(till: Till, account: str, everything: Everything) -> None:
    chains.at_the_next("transact_write_items", till.world, lambda: done(till.client.patch(account, BLOCK)))
    assert done(till.client.patch(account, BLOCK))["blocked"] is True
    (chain,) = chains.of(everything, till.books, "@alice")
    assert blocks(chain) == [("OPEN", False), ("CHANGE", True)]


def test_what_is_null_is_not_stored(till: Till, account: str, everything: Everything) -> None:
    done(till.client.patch(account, {"name": None, "entityId": None}))
    stored = chains.stored(everything, key_of(till.books.ref, account.rpartition("/")[2])) or {}
    assert stored["alias"] == "@alice"
    assert not {"name", "entity_id"} & stored.keys()
