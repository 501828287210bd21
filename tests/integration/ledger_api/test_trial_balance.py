"""The trial balance: per asset, what accounts hold is what has come in from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from random import Random
from typing import Any

import pytest

from coffer.store.trial_balance import MOST
from coffer.times import parse
from tests.integration.ledger_api.books import NOBODYS, Books, done, gone, made, open_books, refused
from tests.integration.stores import on_every_store
from tests.integration.verification.operator import verify_ledger
from tests.integration.verification.rich import HOUR, leg, open_account, post, send
from tests.support.crowd import CrowdedWorld
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.template import table_definition
from tests.support.world import Answer, World


def ask(books: Books) -> Answer:
    """The answer."""
    return books.client.get(f"{books.ledger}/trial-balance")


def totals(books: Books) -> Mapping[str, Any]:
    """What is answered of the one asset there is."""
    (asset,) = done(ask(books))["assets"]
    assert asset["difference"] == "0"
    return dict(asset)


@on_every_store
def test_what_is_inside_has_come_in_from_outside(books: Books) -> None:
    asset = books.add("BRL")
    open_account(books, "@alice", shards=3)
    bob = open_account(books, "@bob").id
    made(books.client.post(f"{books.ledger}/accounts/{bob}/balances", {"key": "savings"}))
    post(books, "100.50", "@external/BRL", "@alice")
    post(books, "30", "@alice", [leg("@bob", "10"), leg("@bob", "20", "savings")])
    post(books, "7", "@alice", "@bob", pending=True)
    post(books, "0.5", "@bob", "@external/BRL")
    answer = done(ask(books))
    assert answer["assets"] == [
        {
            "assetId": asset.id,
            "assetCode": "BRL",
            "accounts": 2,
            "inside": "100",
            "outside": "-100",
            "difference": "0",
        }
    ]


def test_assets_are_in_the_order_of_their_codes(books: Books) -> None:
    for code in ("USDT", "BRL", "BTC"):
        books.add(code)
    open_account(books, "@alice", assetCode="BTC")
    assets = done(ask(books))["assets"]
    assert [(each["assetCode"], each["accounts"]) for each in assets] == [("BRL", 0), ("BTC", 1), ("USDT", 0)]


def test_it_is_of_the_moment_when_it_is_asked_for(books: Books) -> None:
    books.add("BRL")
    before = books.world.clock.now
    assert before < parse(done(ask(books))["asOf"]) <= books.world.clock.now


def test_it_is_never_older_than_what_it_counts(books: Books) -> None:
    books.add("BRL")
    open_account(books, "@alice")
    moment = parse(post(books, "1", "@external/BRL", "@alice").json["createdAt"])
    books.world.clock.now -= HOUR
    assert parse(done(ask(books))["asOf"]) == moment


def test_a_ledger_without_assets_has_none(books: Books) -> None:
    assert done(ask(books))["assets"] == []


def test_of_an_asset_that_was_deleted_nothing_is_left(books: Books) -> None:
    former = books.add("BTC")
    open_account(books, "@alice", assetCode="BTC")
    gone(books.client.delete(f"{books.assets}/{former.id}"))
    assert done(ask(books))["assets"] == []
    again = books.add("BTC")
    assert (totals(books)["assetId"], totals(books)["accounts"]) == (again.id, 0)


def test_an_account_that_was_deleted_counts_no_more(books: Books) -> None:
    books.add("BRL")
    open_account(books, "@alice")
    gone(books.client.delete(f"{books.ledger}/accounts/{open_account(books, '@bob').id}"))
    assert totals(books)["accounts"] == 1


def test_a_ledger_that_is_not_there_is_not_found(books: Books) -> None:
    refused(books.client.get(f"{books.ledgers}/{NOBODYS}/trial-balance"), 404, "0037")


def test_it_takes_no_parameters(books: Books) -> None:
    refused(books.client.get(f"{books.ledger}/trial-balance?date=2026-01-15"), 400, "0082", "date")


# --------------------------------------------------------------------------------------------------------------- large


@pytest.fixture
def large(books: Books) -> Books:
    """A ledger of more chains than are summed on the spot."""
    books.add("BRL")
    for number in range(MOST // 16):
        open_account(books, f"@{number}", shards=16)
    post(books, "100", "@external/BRL", "@1")
    return books


def test_a_large_ledger_has_to_be_verified_first(large: Books) -> None:
    answer = ask(large)
    assert "verified" in refused(answer, 503, "9004")
    assert answer.headers["Retry-After"]


def test_of_a_large_ledger_it_is_as_it_was_last_verified(large: Books) -> None:
    large.world.clock.now += HOUR
    large.world.time_left = 1_000
    verified = verify_ledger(large.world, large.ref)
    post(large, "5", "@external/BRL", "@2")
    large.world.time_left = 10
    assert totals(large)["inside"] == "100"
    assert totals(large)["accounts"] == MOST // 16
    assert done(ask(large))["asOf"] == verified["as_of"]
    large.world.clock.now += HOUR
    large.world.time_left = 1_000
    verify_ledger(large.world, large.ref)
    assert totals(large)["inside"] == "105"


def test_a_large_ledger_is_not_read_in_vain(large: Books) -> None:
    large.world.recorder.calls.clear()
    ask(large)
    assert [call.operation for call in large.world.recorder.calls].count("query") < 10


# ------------------------------------------------------------------------------------------------------- what is wrong


def forge(books: Books, **changes: object) -> None:
    """Changes the newest entry of @alice behind Coffer's back."""
    fake = books.world.fake
    key = max(key for key in fake.snapshot() if "#BALANCE#@alice#" in str(key[0]))
    fake.put_item(TableName=fake.table, Item={**fake.snapshot()[key], **changes})  # type: ignore[dict-item]


def test_sums_that_are_not_zero_are_not_answered(books: Books) -> None:
    books.add("BRL")
    open_account(books, "@alice")
    post(books, "100", "@external/BRL", "@alice")
    forge(books, available={"S": "101"})
    refused(ask(books), 503, "9004")


def test_but_if_they_were_verified_they_are_told_with_the_difference(books: Books) -> None:
    books.add("BRL")
    open_account(books, "@alice")
    post(books, "100", "@external/BRL", "@alice")
    books.world.clock.now += HOUR
    forge(books, available={"S": "101"})
    assert verify_ledger(books.world, books.ref)["found"]
    (asset,) = done(ask(books))["assets"]
    assert (asset["inside"], asset["outside"], asset["difference"]) == ("101", "-100", "1")


# ------------------------------------------------------------------------------------------------------- what goes on


@pytest.mark.parametrize("seed", range(10))
def test_an_index_that_trails_makes_it_late_and_never_wrong(seed: int) -> None:
    fake = FakeDynamoDB(table_definition(), lag=Random(seed))  # noqa: S311 -- it must be repeatable
    books = open_books(World(fake=fake, seed=seed).client())
    for code in ("BRL", "BTC"):
        books.add(code)
    for alias in ("@alice", "@bob"):
        open_account(books, alias)
        post(books, "10", "@external/BRL", alias)
        answer = ask(books)
        if answer.status == 503:
            refused(answer, 503, "9004")
        else:
            brl, btc = answer.json["assets"]
            assert (brl["difference"], btc["difference"]) == ("0", "0")
    fake.settle()
    brl, btc = done(ask(books))["assets"]
    assert (brl["accounts"], brl["inside"], btc["accounts"]) == (2, "20", 0)


@pytest.mark.parametrize("seed", range(5))
def test_while_money_moves_no_sum_is_torn(seed: int) -> None:
    world = CrowdedWorld(seed)
    books = open_books(world.client())
    books.add("BRL")
    for alias, shards in (("@alice", 2), ("@bob", 1)):
        open_account(books, alias, shards=shards)
        post(books, "100", "@external/BRL", alias)
    transactions = f"{books.ledger}/transactions/json"

    def requests() -> Iterator[partial[Answer]]:
        for _ in range(8):
            yield partial(books.client.post, transactions, send("1", "@alice", "@bob"))
            yield partial(ask, books)
            yield partial(books.client.post, transactions, send("2", "@bob", "@alice", pending=True))

    answers = [each for each in world.together(requests(), in_flight=4) if "assets" in (each.json or {})]
    assert answers
    for answer in answers:
        (asset,) = answer.json["assets"]
        assert (asset["inside"], asset["outside"], asset["difference"]) == ("200", "-200", "0")
