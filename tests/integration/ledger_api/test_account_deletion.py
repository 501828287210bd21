"""An account is deleted when nothing is left in any of its balances: all of them at once, and for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from coffer.store import keys
from coffer.store.values import Value, number
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.books import NOBODYS, counted, done, gone, made, refused
from tests.integration.ledger_api.till import Till
from tests.integration.stores import Everything, on_every_store

HOUR = 3_600_000
LOOKED_UP, READ = "query", "transact_write_items"

on_any_number_of_shards = pytest.mark.parametrize("shards", [1, 3])


# --------------------------------------------------------------------------------------------------------- nothing left


@on_every_store
def test_a_deleted_account_is_gone_with_its_balances(till: Till) -> None:
    account = till.open("@alice")
    savings = till.open_key(account, "savings")
    default = till.path()
    till.open("@bob")
    gone(till.client.delete(account))
    for path in (account, f"{till.accounts}/alias/@alice", default, savings):
        refused(till.client.get(path), 404, "0007")
    for path in (account, default):
        refused(till.client.patch(path, {}), 404, "0007")
    for path in (account, default, savings):
        refused(till.client.delete(path), 404, "0007")
    assert [row["alias"] for row in done(till.client.get(till.accounts))["items"]] == ["@external/BRL", "@bob"]
    assert [row["alias"] for row in done(till.client.get(till.balances))["items"]] == ["@external/BRL", "@bob"]
    assert counted(till.client.head(f"{till.accounts}/metrics/count")) == 2


def test_nothing_is_told_of_a_deleted_account(till: Till) -> None:
    account = till.open("@alice")
    till.bring("@alice", "5")
    taken = till.take("@alice", "5")
    (operation,) = (each for each in taken.json["operations"] if each["accountAlias"] == "@alice")
    gone(till.client.delete(account))
    for path in (
        f"{account}/balances",
        f"{account}/balances/history?date=2026-01-15",
        f"{account}/operations",
        f"{till.accounts}/alias/@alice/balances",
    ):
        refused(till.client.get(path), 404, "0007")
    refused(till.client.post(f"{account}/balances", {"key": "savings"}), 404, "0007")
    # What it did in a transaction is the transaction's too.
    assert operation in done(till.client.get(f"{till.transactions}/{taken.id}"))["operations"]


@on_every_store
@on_any_number_of_shards
def test_a_delete_closes_the_chains_removes_what_was_noted_and_touches_nothing_else(
    till: Till, everything: Everything, shards: int
) -> None:
    account = till.open("@alice", shards=shards, metadata={"secret": "of a person"})
    savings = till.open_key(account, "savings").rpartition("/")[2]
    default = till.balance()["id"]
    till.open("@bob")
    before = everything()
    gone(till.client.delete(account))
    after = everything()

    ref = till.books.ref
    removed = [
        keys.account(ref, account.rpartition("/")[2]),
        keys.balance(ref, default),
        keys.balance(ref, savings),
    ]
    assert before.keys() - after.keys() == {(key.pk, key.sk) for key in removed}
    assert {key: before[key] for key in before.keys() & after.keys()} == {
        key: after[key] for key in before.keys() & after.keys()
    }
    default_chains, savings_chains = (
        chains.of(everything, till.books, "@alice", key, shards=shards) for key in ("default", "savings")
    )
    closed = [*default_chains, *savings_chains]
    assert len(after.keys() - before.keys()) == len(closed)
    assert [[entry["type"] for entry in chain] for chain in closed] == [["OPEN", "CLOSE"]] * len(closed)
    assert len({(chain[-1]["created_at"], chain[-1]["attempt"]) for chain in closed}) == 1
    assert chains.stored(everything, keys.alias(ref, "@alice"))


def test_what_came_and_went_does_not_stand_in_the_way(till: Till, everything: Everything) -> None:
    account = till.open("@alice", shards=2)
    till.open_key(account, "savings")
    till.bring("@alice", "5")
    till.bring("@alice", "5", "savings")
    till.take("@alice", "2")
    till.settle(till.take("@alice", "3", pending=True), "commit")
    till.settle(till.take("@alice", "5", "savings", pending=True), "cancel")
    till.take("@alice", "5", "savings")
    gone(till.client.delete(account))
    for key in ("default", "savings"):
        for chain in chains.of(everything, till.books, "@alice", key, shards=2):
            assert (chain[-1]["type"], chain[-1]["closed"]) == ("CLOSE", True)


def test_a_blocked_account_can_be_deleted(till: Till) -> None:
    account = till.open("@alice", blocked=True)
    gone(till.client.delete(account))
    refused(till.client.get(account), 404, "0007")


@pytest.mark.parametrize(("shards", "balances"), [(1, 49), (3, 24), (16, 5)])
def test_as_many_balances_as_an_account_can_have_are_closed_in_one_write(
    till: Till, everything: Everything, shards: int, balances: int
) -> None:
    account = till.open("@alice", shards=shards)
    further = [str(number) for number in range(1, balances)]
    for key in further:
        till.open_key(account, key)
    gone(till.client.delete(account))
    (write,) = (call for call in till.world.recorder.calls[-2:] if call.operation == READ)
    assert len(write.request["TransactItems"]) == balances * (shards + 1) + 1
    for key in ("default", *further):
        assert {chain[-1]["closed"] for chain in chains.of(everything, till.books, "@alice", key, shards=shards)} == {
            True
        }


def test_a_clock_that_was_set_back_makes_no_closing_older_than_what_it_closes(
    till: Till, everything: Everything
) -> None:
    account = till.open("@alice", shards=2)
    till.bring("@alice", "5")
    till.take("@alice", "5")
    newest = max(number(chain[-1], "created_at") for chain in chains.of(everything, till.books, "@alice", shards=2))
    till.world.clock.now -= HOUR
    gone(till.client.delete(account))
    closings = [chain[-1]["created_at"] for chain in chains.of(everything, till.books, "@alice", shards=2)]
    assert closings == [newest, newest]


# ------------------------------------------------------------------------------------------------------- something left


def available(till: Till, key: str) -> None:
    """Money that is there."""
    till.bring("@alice", "5", key)


def on_hold(till: Till, key: str) -> None:
    """Money of which all is held."""
    till.bring("@alice", "5", key)
    till.take("@alice", "5", key, pending=True)


def least(till: Till, key: str) -> None:
    """As little as can be left."""
    till.bring("@alice", "5." + "0" * 35 + "1", key)
    till.take("@alice", "5", key)


@on_any_number_of_shards
@pytest.mark.parametrize("key", ["default", "savings"])
@pytest.mark.parametrize("something", [available, on_hold, least])
def test_an_account_with_money_in_any_of_its_balances_stays(
    till: Till, everything: Everything, something: Callable[[Till, str], None], key: str, shards: int
) -> None:
    account = till.open("@alice", shards=shards)
    till.open_key(account, "savings")
    something(till, key)
    before = everything()
    assert "@alice" in refused(till.client.delete(account), 400, "0012")
    assert everything() == before


def test_an_account_with_money_in_any_of_its_shards_stays(till: Till, everything: Everything) -> None:
    where: set[Value] = set()
    for alias in "abcdefghijkl":
        account = till.open(alias, shards=3)
        till.bring(alias, "5")
        refused(till.client.delete(account), 400, "0012")
        for chain in chains.of(everything, till.books, alias, shards=3):
            where.update(entry["shard"] for entry in chain if entry["available"] == "5")
    assert where == {0, 1, 2}


@on_every_store
def test_an_external_account_cannot_be_deleted(till: Till, everything: Everything) -> None:
    account = done(till.client.get(f"{till.accounts}/external/BRL"))["id"]
    before = everything()
    refused(till.client.delete(f"{till.accounts}/{account}"), 400, "0074")
    assert everything() == before


def test_an_account_that_was_never_there_cannot_be_deleted(till: Till, everything: Everything) -> None:
    before = everything()
    assert NOBODYS in refused(till.client.delete(f"{till.accounts}/{NOBODYS}"), 404, "0007")
    assert everything() == before


# ----------------------------------------------------------------------------------------------------- money afterwards


@on_any_number_of_shards
def test_no_money_comes_to_or_from_an_account_that_was_deleted(till: Till, everything: Everything, shards: int) -> None:
    account = till.open("@alice", shards=shards)
    till.open_key(account, "savings")
    till.open("@bob")
    till.bring("@bob", "5")
    gone(till.client.delete(account))
    before = everything()
    for key in ("default", "savings"):
        for other in ((till.outside, "5", "default"), ("@bob", "5", "default")):
            refused(till.send(other, ("@alice", "5", key)), 422, "0019")
            refused(till.send(("@alice", "5", key), other), 422, "0019")
            refused(till.send(("@alice", "5", key), other, pending=True), 422, "0019")
    assert everything() == before


def test_a_hold_for_an_account_that_was_deleted_meanwhile_can_only_be_given_back(till: Till) -> None:
    till.open("@alice")
    bob = till.open("@bob")
    till.bring("@alice", "5")
    held = till.pay("@alice", "@bob", "5", pending=True)
    gone(till.client.delete(bob))
    refused(till.client.post(f"{till.transactions}/{held.id}/commit", None), 422, "0019")
    assert till.stands() == ("0", "5", 3)
    till.settle(held, "cancel")
    assert till.stands() == ("5", "0", 4)


def test_what_came_from_an_account_that_was_deleted_cannot_be_reverted(till: Till, everything: Everything) -> None:
    alice = till.open("@alice")
    till.open("@bob")
    till.bring("@alice", "5")
    paid = till.pay("@alice", "@bob", "5")
    gone(till.client.delete(alice))
    before = everything()
    refused(till.client.post(f"{till.transactions}/{paid.id}/revert", None), 422, "0019")
    assert everything() == before


# ----------------------------------------------------------------------------------------------------- at the same time


@pytest.mark.parametrize("moment", [LOOKED_UP, READ])
@pytest.mark.parametrize("key", ["default", "savings"])
@on_any_number_of_shards
def test_an_account_into_which_money_comes_meanwhile_stays(till: Till, moment: str, key: str, shards: int) -> None:
    account = till.open("@alice", shards=shards)
    till.open_key(account, "savings")
    chains.at_the_next(moment, till.world, lambda: till.bring("@alice", "5", key))
    refused(till.client.delete(account), 400, "0012")
    assert till.stands("@alice", key) == ("5", "0", shards + 1)


@pytest.mark.parametrize("moment", [LOOKED_UP, READ])
@pytest.mark.parametrize("key", ["default", "savings"])
@on_any_number_of_shards
def test_money_that_is_on_its_way_when_an_account_is_deleted_does_not_come(
    till: Till, everything: Everything, *, moment: str, key: str, shards: int
) -> None:
    account = till.open("@alice", shards=shards)
    till.open_key(account, "savings")
    between: list[Mapping[Any, Any]] = []

    def delete() -> None:
        gone(till.client.delete(account))
        between.append(everything())

    chains.at_the_next(moment, till.world, delete)
    refused(till.send((till.outside, "5", "default"), ("@alice", "5", key)), 422, "0019")
    assert [everything()] == between


@pytest.mark.parametrize("moment", [LOOKED_UP, READ])
def test_of_two_deletes_one_finds_the_account_gone(till: Till, everything: Everything, moment: str) -> None:
    account = till.open("@alice")
    between: list[Mapping[Any, Any]] = []

    def delete() -> None:
        gone(till.client.delete(account))
        between.append(everything())

    chains.at_the_next(moment, till.world, delete)
    refused(till.client.delete(account), 404, "0007")
    assert [everything()] == between


@pytest.mark.parametrize("moment", [LOOKED_UP, READ])
def test_a_change_of_an_account_that_is_deleted_meanwhile_is_not_made(
    till: Till, everything: Everything, moment: str
) -> None:
    account = till.open("@alice")
    between: list[Mapping[Any, Any]] = []

    def delete() -> None:
        gone(till.client.delete(account))
        between.append(everything())

    chains.at_the_next(moment, till.world, delete)
    refused(till.client.patch(account, {"blocked": True}), 404, "0007")
    assert [everything()] == between


@pytest.mark.parametrize("change", [{"name": "Bob"}, {"blocked": True}])
def test_an_account_that_is_changed_meanwhile_is_deleted_all_the_same(
    till: Till, everything: Everything, change: dict[str, object]
) -> None:
    account = till.open("@alice")
    chains.at_the_next(READ, till.world, lambda: done(till.client.patch(account, change)))
    gone(till.client.delete(account))
    refused(till.client.get(account), 404, "0007")
    ((*_, newest),) = chains.of(everything, till.books, "@alice")
    assert newest["type"] == "CLOSE"


def test_the_asset_of_deleted_accounts_can_be_deleted_and_their_aliases_stay_taken(till: Till) -> None:
    gone(till.client.delete(till.open("@alice")))
    till.make_asset_again()
    refused(till.client.post(till.accounts, till.body("@alice")), 409, "0020", "alias")
    made(till.client.post(till.accounts, till.body("@bob")))
