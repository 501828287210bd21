"""A code whose asset was deleted can be given again: to another asset, on the same chains, which go on."""

from __future__ import annotations

import pytest

from coffer.ids import unpack
from coffer.ledger.entries import EXTERNAL_SHARDS
from coffer.store import keys
from coffer.store.values import Item, text
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.books import ASSET, Books, counted, done, gone, made, refused
from tests.integration.stores import Everything, on_every_store

HOUR = 3_600_000


def asset(books: Books, **fields: object) -> str:
    """Makes BTC; its path."""
    return f"{books.assets}/{made(books.client.post(books.assets, {**ASSET, **fields})).id}"


def account_of(entry: Item) -> str:
    """The account that an entry belongs to."""
    return unpack(text(entry, "account_id"))


def test_a_new_asset_opens_its_external_account_with_an_entry_in_each_of_16_shards(
    books: Books, everything: Everything
) -> None:
    asset_id = asset(books, decimals=8).rpartition("/")[2]
    opened = chains.read(everything, books, "BTC")
    assert [len(chain) for chain in opened] == [1] * EXTERNAL_SHARDS
    for shard, (entry,) in enumerate(opened):
        assert (entry["type"], entry["opened"], entry["closed"]) == ("OPEN", 1, False)
        assert (entry["available"], entry["on_hold"]) == ("0", "0")
        assert (entry["asset_code"], entry["decimals"], unpack(text(entry, "asset_id"))) == ("BTC", 8, asset_id)
        assert (entry["shard"], entry["shards"]) == (shard, EXTERNAL_SHARDS)
    assert len({(entry["account_id"], entry["balance_id"], entry["attempt"]) for (entry,) in opened}) == 1


def test_the_external_account_is_found_by_its_alias_and_its_balance(books: Books, everything: Everything) -> None:
    asset(books)
    entry = chains.read(everything, books, "BTC")[0][0]
    account = chains.stored(everything, keys.account(books.ref, account_of(entry))) or {}
    alias = chains.stored(everything, keys.alias(books.ref, "@external/BTC")) or {}
    balance = chains.stored(everything, keys.balance(books.ref, unpack(text(entry, "balance_id")))) or {}
    assert (account["alias"], account["type"], account["asset_code"]) == ("@external/BTC", "external", "BTC")
    assert alias["account_id"] == balance["account_id"] == entry["account_id"]
    assert account["balances"] == {"default": entry["balance_id"]}
    assert "gsi1pk" in account
    assert "gsi1pk" in balance


@on_every_store
def test_the_code_and_the_name_may_be_used_again_for_another_asset(books: Books) -> None:
    first = asset(books)
    gone(books.client.delete(first))
    second = asset(books, decimals=2, type="others")
    assert second != first
    answer = done(books.client.get(second))
    assert (answer["decimals"], answer["type"]) == (2, "others")
    refused(books.client.get(first), 404, "0007")
    refused(books.client.delete(first), 404, "0007")
    assert counted(books.client.head(f"{books.assets}/metrics/count")) == 1


@on_every_store
def test_the_new_assets_chains_go_on_from_where_the_old_ones_ended(books: Books, everything: Everything) -> None:
    first = asset(books)
    chains.move(books, "BTC", {0: "-5", 3: "5"})
    gone(books.client.delete(first))
    second = asset(books, decimals=2)
    for shard, chain in enumerate(chains.read(everything, books, "BTC")):
        *_, closing, opening = chain
        assert len(chain) == (4 if shard in {0, 3} else 3)
        assert (opening["type"], opening["closed"], opening["available"]) == ("OPEN", False, "0")
        assert opening["previous"] == closing["hash"]
        assert opening["opened"] == len(chain)
        assert unpack(text(opening, "asset_id")) == second.rpartition("/")[2]
        assert opening["decimals"] == 2


def test_later_entries_bear_the_sequence_at_which_their_account_was_opened(
    books: Books, everything: Everything
) -> None:
    gone(books.client.delete(asset(books)))
    asset(books)
    chains.move(books, "BTC", {0: "-5"})
    assert [entry["opened"] for entry in chains.read(everything, books, "BTC")[0]] == [1, 1, 3, 3]


def test_what_stood_in_the_old_account_does_not_come_into_the_new_one(books: Books) -> None:
    first = asset(books)
    chains.move(books, "BTC", {0: "-5", 3: "5"})
    gone(books.client.delete(first))
    second = asset(books)
    chains.move(books, "BTC", {0: "-5"})
    refused(books.client.delete(second), 422, "0016")
    chains.move(books, "BTC", {1: "5"})
    gone(books.client.delete(second))


def test_the_new_external_account_is_another_one_and_the_old_one_stays_dead(
    books: Books, everything: Everything
) -> None:
    gone(books.client.delete(asset(books)))
    asset(books)
    first, _, second = (account_of(entry) for entry in chains.read(everything, books, "BTC")[0])
    assert first != second
    alias = chains.stored(everything, keys.alias(books.ref, "@external/BTC")) or {}
    assert chains.stored(everything, keys.account(books.ref, first)) is None
    assert chains.stored(everything, keys.account(books.ref, second))
    assert unpack(text(alias, "account_id")) == second


def test_so_it_goes_for_as_many_times_as_one_likes(books: Books, everything: Everything) -> None:
    for _ in range(4):
        gone(books.client.delete(asset(books)))
    asset(books)
    chain = chains.read(everything, books, "BTC")[15]
    assert [entry["type"] for entry in chain] == [*["OPEN", "CLOSE"] * 4, "OPEN"]
    assert [entry["opened"] for entry in chain] == [1, 1, 3, 3, 5, 5, 7, 7, 9]
    assert len({account_of(entry) for entry in chain}) == 5


@pytest.mark.parametrize("back", [1, HOUR, 24 * HOUR])
def test_time_does_not_run_backwards_along_a_chain_whatever_the_clock_does(
    books: Books, everything: Everything, back: int
) -> None:
    first = asset(books)
    chains.move(books, "BTC", {0: "-5", 3: "5"})
    books.world.clock.now -= back
    gone(books.client.delete(first))
    books.world.clock.now -= back
    asset(books)
    for chain in chains.read(everything, books, "BTC"):
        assert [entry["type"] for entry in chain][-2:] == ["CLOSE", "OPEN"]
    newest = [chain[-1]["created_at"] for chain in chains.read(everything, books, "BTC")]
    assert len(set(newest)) == 1


def test_the_old_assets_name_with_another_code_starts_chains_of_its_own(books: Books, everything: Everything) -> None:
    gone(books.client.delete(asset(books)))
    asset(books, code="XBT")
    assert [len(chain) for chain in chains.read(everything, books, "XBT")] == [1] * EXTERNAL_SHARDS
    assert [len(chain) for chain in chains.read(everything, books, "BTC")] == [2] * EXTERNAL_SHARDS


def test_a_deleted_ledgers_codes_are_new_in_another_ledger_of_its_name(books: Books, everything: Everything) -> None:
    gone(books.client.delete(asset(books)))
    gone(books.client.delete(books.ledger))
    again = Books(books.client, books.organization_id, made(books.client.post(books.ledgers, {"name": "Main"})).id)
    asset(again)
    assert [len(chain) for chain in chains.read(everything, again, "BTC")] == [1] * EXTERNAL_SHARDS


@pytest.mark.parametrize("moment", ["transact_write_items", "query"])
def test_of_two_who_make_it_again_at_the_same_time_one_finds_the_code_taken(books: Books, moment: str) -> None:
    gone(books.client.delete(asset(books)))
    chains.at_the_next(moment, books.world, lambda: asset(books, name="First"))
    refused(books.client.post(books.assets, ASSET), 409, "0003", "code")
    assert [row["name"] for row in done(books.client.get(books.assets))] == ["First"]
