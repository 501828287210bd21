"""An asset is deleted when no account of its ledger holds any of it, all at once, or not at all.

Its external account's 16 shards stand for all the others: what is inside the ledger has left them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from coffer.ids import unpack
from coffer.ledger.entries import EXTERNAL_SHARDS
from coffer.ledger.refusal import Reason, Refusal
from coffer.store import keys
from coffer.store.values import text
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.books import ASSET, Books, counted, done, gone, made, refused
from tests.integration.stores import Everything, on_every_store

SMALLEST = "0." + "0" * 35 + "1"
LARGEST = "9" * 60 + "." + "9" * 36

type Moves = Mapping[int, str]


@pytest.fixture
def asset(books: Books) -> str:
    """The path of an asset, BTC."""
    return f"{books.assets}/{books.add('BTC', name='Bitcoin').id}"


# ---------------------------------------------------------------------------------------------------- nothing inside


@pytest.mark.parametrize(
    "moves",
    [
        {},
        {0: "-5", 3: "5"},
        {0: "-0.1", 7: "-0.2", 15: "0.3"},
        {1: f"-{SMALLEST}", 2: SMALLEST},
        {4: f"-{LARGEST}", 5: LARGEST},
        {4: "-1" + "0" * 59, 5: "1" + "0" * 59, 6: f"-{SMALLEST}", 7: SMALLEST},
        dict(zip(range(EXTERNAL_SHARDS), ["-1", "1"] * 8, strict=True)),
    ],
    ids=["untouched", "moved", "fractions", "smallest", "largest", "both", "every shard"],
)
def test_when_the_shards_sum_to_zero_all_of_them_are_closed(
    books: Books, asset: str, everything: Everything, moves: Moves
) -> None:
    if moves:
        chains.move(books, "BTC", moves)
    before = chains.read(everything, books, "BTC")
    gone(books.client.delete(asset))
    after = chains.read(everything, books, "BTC")
    for old, new in zip(before, after, strict=True):
        *same, closing = new
        head = same[-1]
        assert same == old
        assert (closing["type"], closing["closed"]) == ("CLOSE", True)
        assert (closing["available"], closing["on_hold"]) == (head["available"], head["on_hold"])
        assert closing["opened"] == 1
    assert len({(chain[-1]["created_at"], chain[-1]["attempt"]) for chain in after}) == 1


@on_every_store
def test_a_delete_releases_everything_and_touches_nothing_else(
    books: Books, asset: str, everything: Everything
) -> None:
    books.add("ETH", name="Ether")
    before = everything()
    gone(books.client.delete(asset))
    after = everything()
    asset_id = asset.rpartition("/")[2]
    account = unpack(text(chains.read(everything, books, "BTC")[0][0], "account_id"))
    balance = unpack(text(chains.read(everything, books, "BTC")[0][0], "balance_id"))

    removed = [
        keys.asset_code(books.ref, "BTC"),
        keys.asset_name(books.ref, "Bitcoin"),
        keys.account(books.ref, account),
        keys.balance(books.ref, balance),
    ]
    assert set(before) - set(after) == {(key.pk, key.sk) for key in removed}

    closing = {(name, "000000000002") for name in chains.names(books, "BTC")}
    assert set(after) - set(before) == closing

    changed = [keys.asset(books.ref, asset_id), keys.ledger(books.ref)]
    assert {key for key in before if key in after and before[key] != after[key]} == {
        (key.pk, key.sk) for key in changed
    }
    assert "deleted_at" in (chains.stored(everything, changed[0]) or {})
    assert counted(books.client.head(f"{books.assets}/metrics/count")) == 1


# ------------------------------------------------------------------------------------------------------ money inside


@pytest.mark.parametrize(
    "moves",
    [
        {0: "-1"},
        {15: "-0.00000001"},
        {7: f"-{SMALLEST}"},
        {0: "-1" + "0" * 59, 1: "1" + "0" * 59, 2: f"-{SMALLEST}"},
        {0: f"-{LARGEST}"},
        {0: "-5", 3: "4.99999999"},
        {0: "-0.1", 1: "-0.2", 2: "0.29999999999999998"},
    ],
    ids=["one", "a satoshi", "smallest", "smallest among largest", "largest", "not quite zero", "zero to a float"],
)
def test_when_they_sum_to_anything_else_the_asset_stays_and_nothing_changes(
    books: Books, asset: str, everything: Everything, moves: Moves
) -> None:
    chains.move(books, "BTC", moves)
    before = everything()
    said = refused(books.client.delete(asset), 422, "0016")
    assert "still hold BTC" in said
    assert "@external/BTC" in said
    assert everything() == before
    assert done(books.client.get(asset))["code"] == "BTC"


def test_what_is_on_hold_in_a_shard_counts_too(books: Books, asset: str, everything: Everything) -> None:
    chains.move(books, "BTC", {0: "-3"}, on_hold={0: "2"})
    before = everything()
    refused(books.client.delete(asset), 422, "0016")
    assert everything() == before
    chains.move(books, "BTC", {1: "1"})
    gone(books.client.delete(asset))


@on_every_store
def test_when_all_has_been_moved_out_it_can_be_deleted(books: Books, asset: str) -> None:
    chains.move(books, "BTC", {0: "-3"})
    refused(books.client.delete(asset), 422, "0016")
    chains.move(books, "BTC", {9: "3"})
    gone(books.client.delete(asset))


def test_money_in_another_asset_does_not_hold_it(books: Books, asset: str) -> None:
    books.add("ETH")
    chains.move(books, "ETH", {0: "-3"})
    gone(books.client.delete(asset))


def test_money_in_the_same_asset_of_another_ledger_does_not_hold_it(books: Books, asset: str) -> None:
    other = Books(books.client, books.organization_id, made(books.client.post(books.ledgers, {"name": "Second"})).id)
    other.add("BTC")
    chains.move(other, "BTC", {0: "-3"})
    gone(books.client.delete(asset))


# -------------------------------------------------------------------------------------------------- at the same time


@pytest.mark.parametrize("shard", [0, 7, 15])
def test_a_deposit_that_comes_first_is_seen_and_the_asset_stays(
    books: Books, asset: str, everything: Everything, shard: int
) -> None:
    between: list[Mapping[Any, Any]] = []

    def deposit() -> None:
        chains.move(books, "BTC", {shard: "-0.00000001"})
        between.append(everything())

    chains.at_the_next("transact_write_items", books.world, deposit)
    refused(books.client.delete(asset), 422, "0016")
    assert [everything()] == between


def test_money_that_comes_and_goes_at_the_same_time_is_closed_over(
    books: Books, asset: str, everything: Everything
) -> None:
    chains.at_the_next("transact_write_items", books.world, lambda: chains.move(books, "BTC", {0: "-5", 3: "5"}))
    gone(books.client.delete(asset))
    after = chains.read(everything, books, "BTC")
    assert [len(chain) for chain in after] == [3, 2, 2, 3, *[2] * 12]
    assert [chain[-1]["available"] for chain in after] == ["-5", "0", "0", "5", *["0"] * 12]
    assert {chain[-1]["closed"] for chain in after} == {True}


def test_a_deposit_that_comes_second_finds_no_place(books: Books, asset: str, everything: Everything) -> None:
    chains.at_the_next("transact_write_items", books.world, lambda: gone(books.client.delete(asset)))
    with pytest.raises(Refusal) as late:
        chains.move(books, "BTC", {0: "-5"})
    assert late.value.reason is Reason.UNAVAILABLE  # it wants the same place for as long as it has time
    assert [len(chain) for chain in chains.read(everything, books, "BTC")] == [2] * EXTERNAL_SHARDS


def test_of_two_deletes_one_finds_the_asset_gone(books: Books, asset: str, everything: Everything) -> None:
    between: list[Mapping[Any, Any]] = []

    def delete() -> None:
        gone(books.client.delete(asset))
        between.append(everything())

    chains.at_the_next("transact_write_items", books.world, delete)
    refused(books.client.delete(asset), 404, "0007")
    assert [everything()] == between


def test_a_name_that_is_given_at_the_same_time_is_released_too(books: Books, asset: str) -> None:
    chains.at_the_next(
        "transact_write_items", books.world, lambda: done(books.client.patch(asset, {"name": "Renamed"}))
    )
    gone(books.client.delete(asset))
    books.add("A", name="Bitcoin")
    books.add("B", name="Renamed")
    books.add("BTC", name="Again")


def test_an_asset_that_is_made_again_at_the_same_time_is_left_alone(
    books: Books, asset: str, everything: Everything
) -> None:
    between: list[Mapping[Any, Any]] = []

    def make_again() -> None:
        gone(books.client.delete(asset))
        made(books.client.post(books.assets, ASSET))
        between.append(everything())

    chains.at_the_next("transact_write_items", books.world, make_again)
    refused(books.client.delete(asset), 404, "0007")
    assert [everything()] == between
    assert books.listed() == ["BTC"]


def test_what_happens_to_an_asset_that_is_made_again_meanwhile_says_nothing_of_the_old_one(
    books: Books, asset: str
) -> None:
    def make_again() -> None:
        gone(books.client.delete(asset))
        books.add("BTC", name="Again")
        chains.move(books, "BTC", {0: "-5"})

    # Between the reading of the asset and that of its external account.
    chains.at_the_next("query", books.world, make_again)
    refused(books.client.delete(asset), 404, "0007")
