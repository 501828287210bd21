"""Lists of accounts: their order, their filters, pages and cursors; and how many there are."""

from __future__ import annotations

from typing import Any

import pytest

from coffer.times import rfc3339
from tests.integration.ledger_api.books import Books, counted, done, gone, made, refused
from tests.integration.ledger_api.till import Till
from tests.integration.stores import on_every_store

DAY = 86_400_000


def page(till: Till, query: str = "") -> Any:  # noqa: ANN401 -- the envelope of a page
    """A page of the list."""
    return done(till.client.get(f"{till.accounts}?{query}"))


def listed(till: Till, query: str = "") -> list[str]:
    """The aliases on a page, in its order."""
    return [row["alias"] for row in page(till, query)["items"]]


def walk(till: Till, query: str, cursor: str | None = None, *, way: str = "next_cursor") -> list[list[str]]:
    """The aliases on each page, from the first or from a cursor on, to the end or with `prev_cursor` to the start."""
    found = page(till, f"{query}&cursor={cursor}" if cursor else query)
    aliases = [row["alias"] for row in found["items"]]
    return [aliases, *(walk(till, query, found[way], way=way) if found[way] else [])]


def named(*numbers: int) -> list[str]:
    """The aliases of the accounts with these numbers."""
    return [f"@{number}" for number in numbers]


def fill(till: Till, count: int, **fields: object) -> list[str]:
    """Opens so many accounts, numbered from 1; their paths."""
    return [till.open(alias, **fields) for alias in named(*range(1, count + 1))]


# --------------------------------------------------------------------------------------------------------------- a list


@on_every_store
def test_a_list_has_the_accounts_as_they_are_got_in_the_order_of_their_creation(till: Till) -> None:
    paths = [f"{till.accounts}/external/BRL", *(till.open(alias) for alias in ("@c", "@a", "@b"))]
    assert page(till)["items"] == [done(till.client.get(path)) for path in paths]
    assert page(till) | {"items": []} == {
        "items": [],
        "limit": 10,
        "page": 1,
        "next_cursor": None,
        "prev_cursor": None,
    }


def test_a_ledger_without_assets_has_no_accounts(books: Books) -> None:
    assert done(books.client.get(f"{books.ledger}/accounts"))["items"] == []
    assert counted(books.client.head(f"{books.ledger}/accounts/metrics/count")) == 0


def test_an_order_is_of_creation_however_many_there_are(till: Till) -> None:
    fill(till, 40)
    assert listed(till, "limit=100") == ["@external/BRL", *named(*range(1, 41))]
    assert listed(till, "limit=100&sort_order=desc") == [*named(*range(40, 0, -1)), "@external/BRL"]
    assert listed(till, "limit=5&sort_order=desc") == named(40, 39, 38, 37, 36)


def test_a_change_does_not_move_an_account(till: Till) -> None:
    first, _ = fill(till, 2)
    done(till.client.patch(first, {"name": "Renamed", "blocked": True}))
    assert listed(till) == ["@external/BRL", *named(1, 2)]


def test_dates_bound_a_list_and_both_are_inclusive(till: Till) -> None:
    moments = {}
    for number in range(1, 5):
        till.world.clock.now += DAY
        moments[number] = done(till.client.get(till.open(f"@{number}")))["createdAt"]
    assert listed(till, f"start_date={moments[2]}") == named(2, 3, 4)
    assert listed(till, f"start_date={moments[2]}&end_date={moments[3]}") == named(2, 3)
    assert listed(till, f"end_date={moments[1]}&sort_order=desc") == [*named(1), "@external/BRL"]
    assert listed(till, f"start_date={moments[3][:10]}&end_date={moments[3][:10]}") == named(3)
    assert listed(till, f"start_date={rfc3339(till.world.clock.now + DAY)}") == []


# -------------------------------------------------------------------------------------------------------------- filters


@pytest.fixture
def filled(till: Till) -> Till:
    """A till with accounts that differ."""
    till.books.add("USD")
    till.open("@1", type="deposit", name="Alice", status={"code": "001"}, metadata={"vip": True, "tier": 1})
    till.open("@2", type="savings", name="Alice", status={"code": "002"}, metadata={"vip": False, "tier": "1"})
    till.open("@3", type="deposit", name="Bob", assetCode="USD", metadata={"vip": "true", "tier": 2.5})
    till.open("@4", type="savings", status={"code": "002"}, assetCode="USD", blocked=True)
    return till


@pytest.mark.parametrize(
    ("query", "aliases"),
    [
        ("asset_code=BRL", ["@external/BRL", "@1", "@2"]),
        ("asset_code=USD", ["@external/USD", "@3", "@4"]),
        ("asset_code=usd", []),
        ("alias=@2", ["@2"]),
        ("alias=@external/USD", ["@external/USD"]),
        ("alias=@", []),
        ("alias=", []),
        ("alias=@2%20", []),
        (f"alias={'x' * 3_000}", []),
        ("alias=@2&type=savings", ["@2"]),
        ("alias=@2&type=deposit", []),
        ("alias=@2&limit=1&page=2", []),
        ("alias=@2&start_date=2026-01-15&end_date=2026-01-15", ["@2"]),
        ("alias=@2&end_date=2026-01-14&sort_order=desc", []),
        ("type=deposit", ["@1", "@3"]),
        ("type=external", ["@external/BRL", "@external/USD"]),
        ("type=Deposit", []),
        ("status=002", ["@2", "@4"]),
        ("status=ACTIVE", ["@external/BRL", "@external/USD", "@3"]),
        ("name=Alice", ["@1", "@2"]),
        ("name=alice", []),
        ("name=", []),
        ("name=Alice&status=002", ["@2"]),
        ("asset_code=USD&type=savings&status=002", ["@4"]),
        ("asset_code=USD&sort_order=desc", ["@4", "@3", "@external/USD"]),
        ("metadata.vip=true", ["@1", "@3"]),
        ("metadata.vip=false", ["@2"]),
        ("metadata.tier=1", ["@1", "@2"]),
        ("metadata.tier=1.0", ["@1"]),
        ("metadata.tier=2.50", ["@3"]),
        ("metadata.vip=true&metadata.tier=1", ["@1"]),
        ("metadata.vip=true&asset_code=USD", ["@3"]),
        ("metadata.other=1", []),
        ("type=deposit&limit=1", ["@1"]),
        ("type=deposit&limit=1&page=2", ["@3"]),
    ],
)
def test_accounts_are_filtered_by_what_is_noted_of_them(filled: Till, query: str, aliases: list[str]) -> None:
    assert listed(filled, query) == aliases


def test_an_alias_is_found_among_however_many_without_looking_at_others(till: Till) -> None:
    for number in range(30):
        till.open(f"@{number}")
    till.world.recorder.calls.clear()
    assert listed(till, "alias=@29") == ["@29"]
    assert [call.operation for call in till.world.recorder.calls] == ["get_item"] * 2


def test_an_alias_of_an_account_that_was_deleted_is_nobodys(till: Till) -> None:
    gone(till.client.delete(till.open("@1")))
    assert listed(till, "alias=@1") == []


def test_a_filter_sees_an_account_as_it_is_now(till: Till) -> None:
    account = till.open("@1", name="Alice", metadata={"vip": True})
    done(till.client.patch(account, {"name": "Bob", "metadata": {"vip": False}}))
    assert listed(till, "name=Alice") == listed(till, "metadata.vip=true") == []
    assert listed(till, "name=Bob&metadata.vip=false") == ["@1"]


def test_a_filter_fills_its_pages_from_however_many_accounts_it_takes(till: Till) -> None:
    for number in range(1, 25):
        till.open(f"@{number}", metadata={"third": number % 3 == 0})
    assert walk(till, "metadata.third=true&limit=5") == [named(3, 6, 9, 12, 15), named(18, 21, 24)]


@pytest.mark.parametrize(
    "name", ["blocked", "shards", "entity_id", "parent_account_id", "assetCode", "id", "available"]
)
def test_what_accounts_cannot_be_filtered_by_is_named(till: Till, name: str) -> None:
    refused(till.client.get(f"{till.accounts}?{name}=1"), 400, "0082", name)


# ------------------------------------------------------------------------------------------------------- pages, cursors


@on_every_store
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_cursors_lead_through_the_whole_list_and_back(till: Till, order: str) -> None:
    fill(till, 6)
    expected = ["@external/BRL", *named(*range(1, 7))][:: 1 if order == "asc" else -1]
    query = f"limit=3&sort_order={order}"
    assert walk(till, query) == [expected[:3], expected[3:6], expected[6:]]
    last = page(till, f"{query}&page=3")
    assert walk(till, query, last["prev_cursor"], way="prev_cursor") == [expected[3:6], expected[:3]]
    assert listed(till, f"{query}&page=2") == expected[3:6]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_cursor_skips_and_repeats_nothing_while_accounts_come_and_go(till: Till, order: str) -> None:
    paths = dict(enumerate(fill(till, 9), start=1))
    query = f"limit=3&type=deposit&sort_order={order}"
    first = page(till, query)
    seen = [row["alias"] for row in first["items"]]
    # One that was seen goes, so does the one that the cursor stands on, one that comes next, and a last one comes.
    for number in (1, 3, 4) if order == "asc" else (9, 7, 6):
        gone(till.client.delete(paths[number]))
    till.open("@10")
    rest = walk(till, query, first["next_cursor"])
    if order == "asc":
        assert (seen, rest) == (named(1, 2, 3), [named(5, 6, 7), named(8, 9, 10)])
    else:
        assert (seen, rest) == (named(9, 8, 7), [named(5, 4, 3), named(2, 1)])


def test_a_cursor_is_of_one_list_of_one_selection(till: Till) -> None:
    fill(till, 3)
    cursor = page(till, "limit=1")["next_cursor"]
    for query in ("type=deposit", "sort_order=desc", "metadata.a=1", "start_date=2026-01-15"):
        refused(till.client.get(f"{till.accounts}?limit=1&{query}&cursor={cursor}"), 400, "0082", "cursor")
    for path in (till.balances, till.transactions, till.books.assets, f"{till.accounts}/alias/@1/balances"):
        refused(till.client.get(f"{path}?limit=1&cursor={cursor}"), 400, "0082", "cursor")
    ledger_id = made(till.client.post(till.books.ledgers, {"name": "Second"})).id
    other = f"{till.books.ledgers}/{ledger_id}/accounts"
    refused(till.client.get(f"{other}?limit=1&cursor={cursor}"), 400, "0082", "cursor")


# ---------------------------------------------------------------------------------------------------------------- count


@on_every_store
def test_a_count_is_of_all_accounts_external_ones_included_and_of_none_that_were_deleted(till: Till) -> None:
    path = f"{till.accounts}/metrics/count"
    assert counted(till.client.head(path)) == 1
    first, *_ = fill(till, 3)
    assert counted(till.client.head(path)) == 4
    till.open_key(first, "savings")
    gone(till.client.delete(first))
    assert counted(till.client.head(path)) == 3
    assert listed(till) == ["@external/BRL", *named(2, 3)]
    till.books.add("USD")
    assert counted(till.client.head(path)) == 4
    till.delete_asset()
    assert counted(till.client.head(path)) == 3
    assert listed(till) == [*named(2, 3), "@external/USD"]


def test_a_count_knows_no_filters(till: Till) -> None:
    refused(till.client.head(f"{till.accounts}/metrics/count?type=deposit"), 400, "0082", "type")
