"""Lists of transactions: filters, dates, order, pages, cursors, counts, and lists that are too long for one answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

from coffer.ids import transaction_id
from coffer.store import keys
from tests.integration.ledger_api.bank import ALICE, BOB, SHOP, Bank, Body, leg, open_bank, payment, send
from tests.integration.ledger_api.books import NOBODYS, counted, done, made, open_books, refused
from tests.integration.stores import on_every_store
from tests.support.world import Client

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

HOUR = 3_600_000
PAGE = 4_000_000
LAMBDA_ANSWER = 6 * 1024 * 1024
"""Bytes that a function may answer: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
MOST_SEEN = 5_000
"""Rows that one request looks at."""


@pytest.fixture
def empty(client: Client) -> Bank:
    """A bank in which nothing has happened yet."""
    bank = Bank(open_books(client))
    bank.books.add("BRL", name="Real", type="currency", decimals=2)
    bank.open(ALICE)
    return bank


def fill(bank: Bank, number: int) -> list[str]:
    """So many inflows of one each; the ids, every other one of which follows from a key and not from the time."""
    return [made(bank.inflow(ALICE, "1", f"key {each}" if each % 2 else None)).id for each in range(number)]


def page(bank: Bank, query: str) -> Body:
    """A page of the list."""
    return dict(done(bank.client.get(f"{bank.transactions}?{query}")))


def walk(bank: Bank, query: str, cursor: str | None = None, *, backwards: bool = False) -> list[list[str]]:
    """The ids on each page, from the first or from a cursor on to the last one, or with `backwards` to the first."""
    found = page(bank, f"{query}&cursor={cursor}" if cursor else query)
    onwards = found["prev_cursor" if backwards else "next_cursor"]
    ids = [row["id"] for row in found["items"]]
    return [ids, *(walk(bank, query, onwards, backwards=backwards) if onwards else [])]


# ------------------------------------------------------------------------------------------------------ order and pages


@on_every_store
def test_transactions_are_listed_as_they_are_in_the_order_of_creation(empty: Bank) -> None:
    ids = fill(empty, 4)
    assert empty.listed() == ids
    assert empty.listed("sort_order=desc") == ids[::-1]
    assert [row["id"] for row in page(empty, "limit=100")["items"]] == ids
    assert page(empty, "limit=100")["items"] == [empty.get(each) for each in ids]


def test_a_page_has_ten_rows_unless_it_is_told(empty: Bank) -> None:
    ids = fill(empty, 12)
    first = page(empty, "")
    assert ([row["id"] for row in first["items"]], first["limit"], first["page"]) == (ids[:10], 10, 1)
    assert empty.listed("limit=11") == ids[:11]
    assert empty.listed("page=2") == ids[10:]
    assert empty.listed("page=3&limit=3&sort_order=desc") == ids[::-1][6:9]
    assert empty.listed("page=9") == []


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_cursors_lead_through_the_whole_list_and_back(empty: Bank, order: str) -> None:
    ids = fill(empty, 7)
    expected = ids if order == "asc" else ids[::-1]
    assert walk(empty, f"limit=3&sort_order={order}") == [expected[:3], expected[3:6], expected[6:]]
    last = page(empty, f"limit=3&sort_order={order}&page=3")
    back = walk(empty, f"limit=3&sort_order={order}", last["prev_cursor"], backwards=True)
    assert back == [expected[3:6], expected[:3]]


def test_transactions_of_one_moment_are_not_lost_between_pages(empty: Bank) -> None:
    """All that one write makes has one moment."""
    body = {"send": send("1", to=[leg(ALICE)])}
    batch = {"transactions": [{"send": send("1", [leg("@external/BRL")], body["send"]["distribute"]["to"])}] * 9}
    made(empty.post("batch", {**batch, "atomic": True}))
    whole = empty.listed("limit=100")
    assert len(set(whole)) == 9
    assert len({row["createdAt"] for row in page(empty, "limit=100")["items"]}) == 1
    assert [each for ids in walk(empty, "limit=2") for each in ids] == whole
    assert [each for ids in walk(empty, "limit=2&sort_order=desc") for each in ids] == whole[::-1]


def test_a_cursor_skips_and_repeats_nothing_while_transactions_are_made_and_settled(bank: Bank) -> None:
    ids = [bank.listed()[0], *(bank.hold(ALICE, SHOP, "1") for _ in range(5))]
    first = page(bank, "limit=2")
    for each in ids[1:]:
        made(bank.settle(each, "commit"))
    ids += fill(bank, 2)
    assert [[row["id"] for row in first["items"]], *walk(bank, "limit=2", first["next_cursor"])] == [
        ids[:2],
        ids[2:4],
        ids[4:6],
        ids[6:],
    ]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("limit=0", "0080", "limit"),
        ("limit=101", "0080", "limit"),
        ("sort_order=up", "0081", "sort_order"),
        ("start_date=yesterday", "0077", "start_date"),
        ("start_date=2026-01-02&end_date=2026-01-01", "0078", "end_date"),
        ("statuses=APPROVED", "0082", "statuses"),
        ("assetCode=BRL", "0082", "assetCode"),
        ("cursor=x", "0082", "cursor"),
        ("status=APPROVED&status=PENDING", "0082", "status"),
    ],
)
def test_a_bad_query_is_refused(empty: Bank, query: str, code: str, field: str) -> None:
    refused(empty.client.get(f"{empty.transactions}?{query}"), 400, code, field)


# ------------------------------------------------------------------------------------------------------------- filters


def test_transactions_are_filtered_by_status(bank: Bank) -> None:
    (funded,) = bank.listed()
    paid = made(bank.pay(ALICE, SHOP, "10")).id
    held, committed, canceled = (bank.hold(ALICE, SHOP, "1") for _ in range(3))
    made(bank.settle(committed, "commit"))
    made(bank.settle(canceled, "cancel"))
    noted = made(bank.post("annotation", payment(ALICE, SHOP, "1"))).id
    revert = made(bank.settle(paid, "revert")).id
    assert bank.listed("status=APPROVED") == [funded, paid, committed, revert]
    assert bank.listed("status=PENDING") == [held]
    assert bank.listed("status=CANCELED") == [canceled]
    assert bank.listed("status=NOTED") == [noted]
    assert bank.listed("status=approved") == []
    assert bank.listed("status=APPROVED&sort_order=desc&limit=2") == [revert, committed]


def test_transactions_are_filtered_by_asset_and_metadata(bank: Bank) -> None:
    bank.books.add("BTC")
    bank.open("@bit", asset="BTC")
    coins = made(bank.inflow("@bit", "1", asset="BTC", metadata={"order": "a", "n": 1})).id
    first = made(bank.pay(ALICE, SHOP, "1", metadata={"order": "a", "n": 2, "express": True})).id
    second = made(bank.pay(ALICE, SHOP, "1", metadata={"order": "b"})).id
    assert bank.listed("asset_code=BTC") == [coins]
    assert bank.listed("asset_code=BRL&metadata.order=a") == [first]
    assert bank.listed("metadata.order=a") == [coins, first]
    assert bank.listed("metadata.order=a&metadata.n=2.0&metadata.express=true") == [first]
    assert bank.listed("metadata.order=b") == [second]
    assert bank.listed("metadata.order=B") == []
    done(bank.client.patch(f"{bank.transactions}/{second}", {"metadata": {"order": "a"}}))
    assert bank.listed("metadata.order=a") == [coins, first, second]


def test_dates_are_those_of_creation_and_both_are_inclusive(empty: Bank) -> None:
    moments = {}
    for number in range(1, 5):
        answer = made(empty.inflow(ALICE, "1", f"key {number}", transactionDate="2020-01-01T00:00:00Z"))
        moments[number] = (answer.id, answer.json["createdAt"])
        empty.world.clock.now += HOUR
    ids = [each for each, _ in moments.values()]
    (_, second), (_, third) = moments[2], moments[3]
    assert empty.listed(f"start_date={second}") == ids[1:]
    assert empty.listed(f"end_date={third}") == ids[:3]
    assert empty.listed(f"start_date={second}&end_date={third}") == ids[1:3]
    assert empty.listed(f"start_date={second}&end_date={second}&sort_order=desc") == [ids[1]]
    assert empty.listed("start_date=2026-01-15&end_date=2026-01-15") == ids
    assert empty.listed("end_date=2026-01-14") == []
    assert walk(empty, f"limit=1&start_date={second}&end_date={third}") == [[ids[1]], [ids[2]]]


@pytest.mark.parametrize("year", ["0001", "1969", "2025"])
def test_a_list_may_begin_long_ago(empty: Bank, year: str) -> None:
    ids = fill(empty, 2)
    assert empty.listed(f"start_date={year}-01-01") == ids
    assert empty.listed(f"end_date={year}-01-01") == []


@pytest.mark.parametrize("year", ["2027", "2286", "2287", "2500", "9999"])
def test_a_list_may_end_in_a_far_future(empty: Bank, year: str) -> None:
    ids = fill(empty, 2)
    assert empty.listed(f"end_date={year}-12-31") == ids
    assert empty.listed(f"start_date={year}-12-31") == []


# ------------------------------------------------------------------------------------------------------- other ledgers


def test_a_ledger_lists_its_own_transactions_and_counts_them(bank: Bank) -> None:
    other = open_bank(bank.client)
    fill(bank, 3)
    assert len(bank.listed()) == 4
    assert len(other.listed()) == 1
    assert counted(bank.client.head(f"{bank.transactions}/metrics/count")) == 4
    made(bank.settle(bank.hold(ALICE, SHOP, "1"), "cancel"))
    assert counted(bank.client.head(f"{bank.transactions}/metrics/count")) == 5
    refused(bank.world.client().get(bank.transactions), 404, "0037")


def test_a_ledger_without_transactions_has_an_empty_list_and_one_that_is_not_there_none(empty: Bank) -> None:
    assert page(empty, "") == {"items": [], "limit": 10, "page": 1, "next_cursor": None, "prev_cursor": None}
    assert counted(empty.client.head(f"{empty.transactions}/metrics/count")) == 0
    nowhere = f"{empty.books.ledgers}/{NOBODYS}/transactions"
    refused(empty.client.get(nowhere), 404, "0037")
    refused(empty.client.get(f"{nowhere}?status=PENDING"), 404, "0037")
    refused(empty.client.head(f"{nowhere}/metrics/count"), 404, "0037")


# ----------------------------------------------------------------------------------------------------------- long lists


def multiply(bank: Bank, original: str, times: int) -> list[str]:
    """Makes copies of a transaction's record in the table, an hour later, which is much faster than to make them."""
    fake = bank.world.fake
    key = keys.transaction(bank.books.ref, original)
    item = fake.snapshot()[key.pk, key.sk]
    bank.world.clock.now += HOUR
    ids = [transaction_id(bank.world.runtime.new_id(bank.world.clock())) for _ in range(times)]
    for each in ids:
        listed = keys.transactions_index(bank.books.ref, each, bank.world.clock())
        place = {name: {"S": value} for name, value in listed.items()}
        copy = {**item, **place, "pk": {"S": keys.transaction(bank.books.ref, each).pk}}
        fake.put_item(TableName=fake.table, Item=cast("dict[str, UniversalAttributeValueTypeDef]", copy))
    return ids


def check_size(bank: Bank, query: str) -> list[str]:
    """Walks through a list, each page of which must be one that a Lambda can answer; the ids on all pages."""
    ids, cursor = [], ""
    while True:
        answer = bank.client.get(f"{bank.transactions}?{query}{cursor}")
        found = done(answer)
        assert len((answer.body or "").encode()) <= PAGE
        payload = {"statusCode": answer.status, "headers": dict(answer.headers), "body": answer.body}
        assert len(json.dumps(payload, ensure_ascii=False).encode()) <= LAMBDA_ANSWER
        ids += [row["id"] for row in found["items"]]
        if not found["next_cursor"]:
            return ids
        cursor = f"&cursor={found['next_cursor']}"


def test_a_page_of_large_transactions_ends_early_and_nothing_is_lost(bank: Bank) -> None:
    """A hundred of them are more than one call of the service reads together, and more than one answer holds."""
    large = {str(number): "v" * 2_000 for number in range(8)}
    legs = [leg(ALICE, "1", metadata=large)], [leg(SHOP, 50, metadata=large), leg(BOB, metadata=large)]
    original = made(bank.post("json", {"send": send("1", *legs), "metadata": large})).id
    ids = multiply(bank, original, 120)
    assert check_size(bank, "limit=100")[-120:] == ids
    assert check_size(bank, "limit=100&sort_order=desc&asset_code=BRL")[:120] == ids[::-1]


def test_a_page_of_transactions_with_many_legs_ends_early_and_nothing_is_lost(bank: Bank) -> None:
    """What is answered of a leg is larger than what is stored of it."""
    legs = [leg(SHOP, {"percentage": "0.5"}) for _ in range(96)]
    original = made(bank.post("inflow", {"send": send("1000", to=[*legs, leg(BOB)])})).id
    ids = multiply(bank, original, 100)
    assert check_size(bank, "limit=100")[-100:] == ids


def test_a_filter_that_few_rows_pass_ends_the_page_early_with_a_cursor(empty: Bank) -> None:
    first = made(empty.inflow(ALICE, "1", metadata={"wanted": True})).id
    multiply(empty, made(empty.inflow(ALICE, "1")).id, MOST_SEEN)
    last = made(empty.inflow(ALICE, "1", metadata={"wanted": True})).id
    assert walk(empty, "metadata.wanted=true") == [[first], [last]]
