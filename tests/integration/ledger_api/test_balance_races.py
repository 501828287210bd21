"""What happens to a balance between the reading and the writing of a request: one comes first, and the other sees it.

`LOOKED_UP`: it has been found where the balance is, and not yet how it stands. `READ`: everything has been read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from coffer.store.values import Item
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.books import done, gone, made, refused
from tests.integration.ledger_api.till import Till
from tests.integration.stores import Everything
from tests.support.world import Answer

LOOKED_UP = "query"
READ = "transact_write_items"

at_any_moment = pytest.mark.parametrize("moment", [LOOKED_UP, READ])
on_any_number_of_shards = pytest.mark.parametrize("shards", [1, 3])


def flags(entry: Item) -> tuple[object, ...]:
    """What may be done with a balance, after an entry."""
    return entry["allow_sending"], entry["allow_receiving"], entry["blocked"], entry["closed"]


# -------------------------------------------------------------------------------------------------------- opening a key


@at_any_moment
def test_of_two_who_open_one_key_one_finds_it_taken(till: Till, everything: Everything, moment: str) -> None:
    account = till.open("@alice", shards=3)
    between: list[Mapping[Any, Any]] = []

    def open_it() -> None:
        till.open_key(account, "savings", allowSending=False)
        between.append(everything())

    chains.at_the_next(moment, till.world, open_it)
    refused(till.client.post(f"{account}/balances", {"key": "savings"}), 409, "9009", "key")
    assert [everything()] == between
    assert till.balance("@alice", "savings")["allowSending"] is False


@at_any_moment
def test_of_two_keys_that_are_opened_at_once_both_are_there(till: Till, moment: str) -> None:
    account = till.open("@alice")
    chains.at_the_next(moment, till.world, lambda: till.open_key(account, "savings"))
    till.open_key(account, "fees")
    assert {row["key"] for row in till.rows("@alice")} == {"default", "savings", "fees"}


@at_any_moment
@on_any_number_of_shards
def test_a_key_that_is_opened_while_its_account_is_blocked_is_blocked_too(
    till: Till, everything: Everything, moment: str, shards: int
) -> None:
    account = till.open("@alice", shards=shards)
    chains.at_the_next(moment, till.world, lambda: done(till.client.patch(account, {"blocked": True})))
    till.open_key(account, "savings")
    (*_, newest), *others = chains.of(everything, till.books, "@alice", "savings", shards=shards)
    assert newest["blocked"] is True
    assert [chain[-1]["blocked"] for chain in others] == [True] * (shards - 1)
    refused(till.send((till.outside, "5", "default"), ("@alice", "5", "savings")), 422, "0024")


@at_any_moment
@on_any_number_of_shards
def test_an_account_that_is_blocked_while_a_key_is_opened_is_blocked_in_all_keys(
    till: Till, everything: Everything, moment: str, shards: int
) -> None:
    account = till.open("@alice", shards=shards)
    chains.at_the_next(moment, till.world, lambda: till.open_key(account, "savings"))
    assert done(till.client.patch(account, {"blocked": True}))["blocked"] is True
    for key in ("default", "savings"):
        blocked = chains.of(everything, till.books, "@alice", key, shards=shards)
        assert [[entry["type"] for entry in chain] for chain in blocked] == [["OPEN", "CHANGE"]] * shards
        assert {chain[-1]["blocked"] for chain in blocked} == {True}


@at_any_moment
def test_a_key_that_is_opened_while_its_account_is_deleted_is_not_there(
    till: Till, everything: Everything, moment: str
) -> None:
    account = till.open("@alice")
    between: list[Mapping[Any, Any]] = []

    def delete() -> None:
        gone(till.client.delete(account))
        between.append(everything())

    chains.at_the_next(moment, till.world, delete)
    refused(till.client.post(f"{account}/balances", {"key": "savings"}), 404, "0007")
    assert [everything()] == between


@at_any_moment
@on_any_number_of_shards
def test_an_account_that_is_deleted_while_a_key_is_opened_goes_with_all_its_keys(
    till: Till, everything: Everything, moment: str, shards: int
) -> None:
    account = till.open("@alice", shards=shards)
    chains.at_the_next(moment, till.world, lambda: till.open_key(account, "savings"))
    gone(till.client.delete(account))
    for key in ("default", "savings"):
        closed = chains.of(everything, till.books, "@alice", key, shards=shards)
        assert [[entry["type"] for entry in chain] for chain in closed] == [["OPEN", "CLOSE"]] * shards
    assert [row["alias"] for row in done(till.client.get(till.balances))["items"]] == ["@external/BRL"]


@at_any_moment
def test_an_account_is_not_deleted_over_money_in_a_key_that_was_opened_meanwhile(till: Till, moment: str) -> None:
    account = till.open("@alice")

    def open_and_fill() -> None:
        till.open_key(account, "savings")
        till.bring("@alice", "5", "savings")

    chains.at_the_next(moment, till.world, open_and_fill)
    refused(till.client.delete(account), 400, "0012")
    assert till.stands("@alice", "savings") == ("5", "0", 2)


# ------------------------------------------------------------------------------------------------------- deleting a key


def delete_it(till: Till, balance: str, _: str) -> None:
    """Deletes a balance."""
    gone(till.client.delete(balance))


def open_it_again(till: Till, balance: str, account: str) -> None:
    """Deletes a balance, and opens one with money under the same key."""
    gone(till.client.delete(balance))
    till.open_key(account, "savings")
    till.bring("@alice", "5", "savings")


def delete_its_account(till: Till, _: str, account: str) -> None:
    """Deletes a balance with its account."""
    gone(till.client.delete(account))


def get(till: Till, balance: str) -> Answer:
    """Gets it."""
    return till.client.get(balance)


def get_history(till: Till, balance: str) -> Answer:
    """Gets it as it stood."""
    return till.client.get(f"{balance}/history?date=2026-01-15")


def change(till: Till, balance: str) -> Answer:
    """Switches it off."""
    return till.client.patch(balance, {"allowSending": False, "allowReceiving": False})


def delete(till: Till, balance: str) -> Answer:
    """Deletes it."""
    return till.client.delete(balance)


@pytest.mark.parametrize(
    ("moment", "ask"),
    [
        *((LOOKED_UP, each) for each in (get, get_history, change, delete)),
        *((READ, each) for each in (change, delete)),
    ],
)
@pytest.mark.parametrize("meanwhile", [delete_it, open_it_again, delete_its_account])
@on_any_number_of_shards
def test_a_balance_that_is_deleted_meanwhile_is_404_and_whatever_came_after_it_is_left_alone(
    till: Till,
    everything: Everything,
    *,
    moment: str,
    ask: Callable[[Till, str], Answer],
    meanwhile: Callable[[Till, str, str], None],
    shards: int,
) -> None:
    account = till.open("@alice", shards=shards)
    balance = till.open_key(account, "savings")
    between: list[Mapping[Any, Any]] = []

    def act() -> None:
        meanwhile(till, balance, account)
        between.append(everything())

    chains.at_the_next(moment, till.world, act)
    assert balance.rpartition("/")[2] in refused(ask(till, balance), 404, "0007")
    assert [everything()] == between
    chains.of(everything, till.books, "@alice", "savings", shards=shards)


def test_the_external_balance_of_an_asset_that_is_made_again_meanwhile_is_404(till: Till) -> None:
    balance = till.path(till.outside)
    chains.at_the_next(LOOKED_UP, till.world, till.make_asset_again)
    refused(till.client.get(balance), 404, "0007")


@at_any_moment
@on_any_number_of_shards
def test_a_balance_into_which_money_comes_meanwhile_is_not_deleted(till: Till, moment: str, shards: int) -> None:
    balance = till.open_key(till.open("@alice", shards=shards), "savings")
    chains.at_the_next(moment, till.world, lambda: till.bring("@alice", "5", "savings"))
    refused(till.client.delete(balance), 400, "0093")
    assert till.stands("@alice", "savings") == ("5", "0", shards + 1)


@at_any_moment
def test_money_that_comes_after_a_deletion_finds_no_balance(till: Till, everything: Everything, moment: str) -> None:
    balance = till.open_key(till.open("@alice"), "savings")
    between: list[Mapping[Any, Any]] = []

    def delete() -> None:
        gone(till.client.delete(balance))
        between.append(everything())

    chains.at_the_next(moment, till.world, delete)
    refused(till.send((till.outside, "5", "default"), ("@alice", "5", "savings")), 422, "0019")
    assert [everything()] == between


# ------------------------------------------------------------------------------------------------------- changing flags


def test_of_two_changes_of_different_flags_both_are_made(till: Till, everything: Everything) -> None:
    till.open("@alice", shards=2)
    balance = till.path()
    chains.at_the_next(READ, till.world, lambda: done(till.client.patch(balance, {"allowSending": False})))
    after = done(till.client.patch(balance, {"allowReceiving": False}))
    assert (after["allowSending"], after["allowReceiving"], after["version"]) == (False, False, 6)
    for chain in chains.of(everything, till.books, "@alice", shards=2):
        assert [flags(entry) for entry in chain] == [
            (True, True, False, False),
            (False, True, False, False),
            (False, False, False, False),
        ]


def test_a_change_that_another_one_made_meanwhile_is_not_made_again(till: Till) -> None:
    till.open("@alice")
    balance = till.path()
    chains.at_the_next(READ, till.world, lambda: done(till.client.patch(balance, {"allowSending": False})))
    assert done(till.client.patch(balance, {"allowSending": False}))["version"] == 2


def test_a_change_of_flags_and_a_block_at_the_same_time_are_both_made(till: Till, everything: Everything) -> None:
    account = till.open("@alice")
    balance = till.path()
    chains.at_the_next(READ, till.world, lambda: done(till.client.patch(account, {"blocked": True})))
    done(till.client.patch(balance, {"allowSending": False}))
    ((*_, newest),) = chains.of(everything, till.books, "@alice")
    assert flags(newest) == (False, True, True, False)


def test_money_that_comes_meanwhile_stays_when_flags_are_changed(till: Till) -> None:
    till.open("@alice")
    balance = till.path()
    chains.at_the_next(READ, till.world, lambda: till.bring("@alice", "5"))
    after = done(till.client.patch(balance, {"allowReceiving": False}))
    assert (after["available"], after["version"]) == ("5", 3)


@pytest.mark.parametrize(
    ("field", "source", "destination"),
    [("allowSending", "@alice", "@bob"), ("allowReceiving", "@bob", "@alice")],
)
def test_a_posting_sees_a_flag_that_is_changed_while_it_is_planned(
    till: Till, field: str, source: str, destination: str
) -> None:
    for alias in ("@alice", "@bob"):
        till.open(alias)
        till.bring(alias, "5")
    balance = till.path("@alice")
    chains.at_the_next(READ, till.world, lambda: done(till.client.patch(balance, {field: False})))
    refused(till.send((source, "5", "default"), (destination, "5", "default")), 422, "0024")
    assert made(till.send((destination, "5", "default"), (source, "5", "default"))).json["status"]["code"] == "APPROVED"
