"""The statement of an account: its operations in the order of time, over all of its balances and their shards."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from copy import replace
from itertools import cycle, pairwise
from typing import Any

import pytest

from coffer.ids import operation_id, unpack
from coffer.ledger.entries import EXTERNAL_SHARDS
from coffer.store.table import READS_AT_ONCE
from coffer.store.values import Item, number, text
from coffer.times import rfc3339
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.books import NOBODYS, Books, done, gone, made, refused
from tests.integration.ledger_api.till import Till, leg, open_till
from tests.integration.stores import Everything, on_every_store
from tests.support.pool import Pool
from tests.support.world import World

HOUR = 3_600_000
DAY = 24 * HOUR
KEYS = ("default", "savings")
MOVING = {"DEBIT", "CREDIT", "ON_HOLD", "RELEASE", "SPEND"}

type Pages = list[list[dict[str, Any]]]


def page(till: Till, account: str, query: str = "") -> Any:  # noqa: ANN401 -- the envelope of a page
    """A page of a statement."""
    return done(till.client.get(f"{account}/operations?{query}"))


def rows(till: Till, account: str, query: str = "") -> list[dict[str, Any]]:
    """The operations on a page."""
    found: list[dict[str, Any]] = page(till, account, query)["items"]
    return found


def ids(operations: list[dict[str, Any]]) -> list[str]:
    """Which operations these are."""
    return [each["id"] for each in operations]


def nothing() -> None:
    """What happens between two pages, unless a test wants it otherwise."""


def walk(
    till: Till,
    account: str,
    query: str,
    cursor: str | None = None,
    *,
    way: str = "next_cursor",
    between: Callable[[], object] = nothing,
) -> Pages:
    """The pages from the first or from a cursor on, to the end, or with `prev_cursor` to the beginning."""
    pages = []
    while True:
        found = page(till, account, f"{query}&cursor={cursor}" if cursor else query)
        pages.append(found["items"])
        cursor = found[way]
        if cursor is None:
            return pages
        between()


def flat(pages: Pages) -> list[str]:
    """Which operations are on some pages."""
    return [operation for each in pages for operation in ids(each)]


def moved(
    everything: Everything, till: Till, alias: str = "@alice", held: tuple[str, ...] = KEYS, *, shards: int = 3
) -> list[Item]:
    """The entries by which money moved on all chains of some balances, in the order of a statement."""
    entries = [
        entry
        for key in held
        for chain in chains.of(everything, till.books, alias, key, shards=shards)
        for entry in chain
        if entry["type"] in MOVING and entry["opened"] == chain[-1]["opened"]
    ]
    return sorted(
        entries,
        key=lambda each: (
            number(each, "created_at"),
            text(each, "balance_id"),
            number(each, "shard"),
            text(each, "sk"),
        ),
    )


def made_by(entries: list[Item]) -> list[str]:
    """The operations that made some entries."""
    return [operation_id(unpack(text(each, "transaction_id")), number(each, "operation")) for each in entries]


def business(till: Till) -> Iterator[object]:
    """Money that moves in every way on the balances of @alice, for as long as it is asked for."""
    for key in cycle(KEYS):
        till.world.clock.now += HOUR
        yield till.bring("@alice", "4", key)
        yield till.bring("@alice", "3", key)
        yield till.bring("@alice", "3", key)
        yield till.take("@alice", "1", key)
        held = [till.take("@alice", "2", key, pending=True) for _ in range(2)]
        yield till.settle(held[0], "commit")
        yield till.settle(held[1], "cancel")


@pytest.fixture
def account(till: Till) -> str:
    """The path of the account @alice, which has two balances of three shards."""
    path = till.open("@alice", shards=3)
    till.open_key(path, "savings")
    return path


@pytest.fixture
def busy(till: Till, account: str) -> str:
    """The same, after 24 transactions."""
    for _, _ in zip(range(24), business(till), strict=False):
        pass
    return account


# ---------------------------------------------------------------------------------------------------------- a statement


@on_every_store
def test_a_statement_has_the_operations_of_an_account_oldest_first(till: Till) -> None:
    account = till.open("@alice")
    till.open("@bob")
    transactions = [till.bring("@alice", "10"), till.pay("@alice", "@bob", "4"), till.take("@bob", "1")]
    transactions.append(till.settle(till.take("@alice", "2", pending=True), "commit"))
    found = page(till, account)
    expected = [
        operation
        for transaction in transactions
        for operation in transaction.json["operations"]
        if operation["accountAlias"] == "@alice"
    ]
    assert found == {"items": expected, "limit": 10, "page": 1, "next_cursor": None, "prev_cursor": None}
    assert [(each["type"], each["balanceAfter"]["available"]) for each in expected] == [
        ("CREDIT", "10"),
        ("DEBIT", "6"),
        ("ON_HOLD", "4"),
        ("DEBIT", "4"),
    ]
    assert ids(rows(till, account, "sort_order=desc")) == ids(expected)[::-1]


def test_a_new_account_has_an_empty_statement(till: Till, account: str) -> None:
    assert rows(till, account) == rows(till, account, "sort_order=desc&type=DEBIT&start_date=2026-01-15") == []


def test_only_what_moves_money_is_in_a_statement(till: Till, account: str) -> None:
    done(till.client.patch(account, {"blocked": True}))
    done(till.client.patch(account, {"blocked": False, "name": "Alice"}))
    done(till.client.patch(till.path(), {"allowSending": False}))
    (brought,) = (each for each in till.bring("@alice", "5").json["operations"] if each["accountAlias"] == "@alice")
    assert rows(till, account) == [brought]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_all_balances_and_shards_are_in_one_statement_in_the_order_of_time(
    till: Till, busy: str, everything: Everything, order: str
) -> None:
    entries = moved(everything, till)
    assert len({(each["balance_id"], each["shard"]) for each in entries}) > 4
    found = rows(till, busy, f"limit=100&sort_order={order}")
    assert ids(found) == made_by(entries)[:: 1 if order == "asc" else -1]
    assert {each["balanceKey"] for each in found} == set(KEYS)


def test_an_operation_tells_what_stood_on_its_chain_before_and_after_it(
    till: Till, busy: str, everything: Everything
) -> None:
    def stood(entry: Item) -> dict[str, object]:
        return {"available": entry["available"], "onHold": entry["on_hold"], "version": int(text(entry, "sk"))}

    told = {each["id"]: (each["balance"], each["balanceAfter"]) for each in rows(till, busy, "limit=100")}
    for key in KEYS:
        for chain in chains.of(everything, till.books, "@alice", key, shards=3):
            for before, after in pairwise(chain):
                assert told.pop(*made_by([after])) == (stood(before), stood(after))
    assert told == {}


def test_an_external_accounts_statement_is_merged_from_all_its_shards(
    till: Till, busy: str, everything: Everything
) -> None:
    assert busy
    external = f"{till.accounts}/{done(till.client.get(f'{till.accounts}/external/BRL'))['id']}"
    entries = moved(everything, till, "@external/BRL", ("default",), shards=EXTERNAL_SHARDS)
    assert len({number(each, "shard") for each in entries}) > 4
    assert ids(rows(till, external, "limit=100")) == made_by(entries)
    assert flat(walk(till, external, "limit=4&sort_order=desc")) == made_by(entries)[::-1]


def test_where_a_page_goes_on_is_looked_for_on_all_shards_at_once(till: Till) -> None:
    till.open("@alice")
    for _ in range(64):
        till.bring("@alice", "1")
    outside = done(till.client.get(f"{till.books.ledger}/accounts/external/{till.code}"))["id"]
    account = f"{till.books.ledger}/accounts/{outside}"
    world, pool = till.world, Pool()
    first = page(till, account)
    world.runtime = replace(world.runtime, connection=replace(world.runtime.connection, pool=pool))
    alone: list[str] = []
    world.fake.on_call = lambda called, _: None if pool.inside else alone.append(called)
    second = page(till, account, f"cursor={first['next_cursor']}")
    assert pool.mapped == [READS_AT_ONCE - 1] * 2
    assert alone == ["get_item", "batch_get_item"]  # the account, and the records
    assert len(second["items"]) == 10


def test_without_an_account_there_is_no_statement(till: Till, world: World, account: str) -> None:
    refused(till.client.get(f"{till.accounts}/{NOBODYS}/operations"), 404, "0007")
    refused(till.client.get(f"{till.accounts}/x/operations"), 400, "0065", "account_id")
    refused(world.client().get(f"{account}/operations"), 404, "0007")


# ------------------------------------------------------------------------------------------------------- pages, cursors


@on_every_store
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_cursors_lead_through_the_whole_statement_and_back(till: Till, order: str) -> None:
    account = till.open("@alice", shards=2)
    till.open_key(account, "savings")
    for key in ("default", "savings", "savings", "default", "savings", "default", "default"):
        till.bring("@alice", "5", key)
    expected = ids(rows(till, account, f"limit=100&sort_order={order}"))
    query = f"limit=3&sort_order={order}"
    assert [ids(each) for each in walk(till, account, query)] == [expected[:3], expected[3:6], expected[6:]]
    last = page(till, account, f"{query}&page=3")
    assert ids(last["items"]) == expected[6:]
    back = walk(till, account, query, last["prev_cursor"], way="prev_cursor")
    assert [ids(each) for each in back] == [expected[3:6], expected[:3]]


@pytest.mark.parametrize("limit", [1, 2, 5, 7, 100])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_of_any_size_come_to_the_same_statement(till: Till, busy: str, limit: int, order: str) -> None:
    whole = ids(rows(till, busy, f"limit=100&sort_order={order}"))
    pages = walk(till, busy, f"limit={limit}&sort_order={order}")
    assert flat(pages) == whole
    assert {len(each) for each in pages[:-1]} <= {limit}
    numbered = [ids(rows(till, busy, f"limit={limit}&sort_order={order}&page={n}")) for n in range(1, len(pages) + 1)]
    assert numbered == [ids(each) for each in pages]


@pytest.mark.parametrize("limit", [1, 3])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_operations_of_one_moment_are_neither_skipped_nor_repeated(
    till: Till, account: str, everything: Everything, limit: int, order: str
) -> None:
    to = [leg("BRL", "@alice", "1", key) for key in KEYS for _ in range(3)]
    send = {"asset": "BRL", "value": "6", "distribute": {"to": to}}
    source = {"from": [leg("BRL", till.outside, "6")]}
    transaction = {"send": {**send, "source": source}}
    batch = {"atomic": True, "transactions": [transaction] * 4}
    made(till.client.post(f"{till.transactions}/batch", batch))
    entries = moved(everything, till)
    assert (len(entries), len({each["created_at"] for each in entries})) == (24, 1)
    expected = made_by(entries)[:: 1 if order == "asc" else -1]
    query = f"limit={limit}&sort_order={order}"
    assert flat(walk(till, account, query)) == expected
    last = page(till, account, f"{query}&page={24 // limit}")
    back = walk(till, account, query, last["prev_cursor"], way="prev_cursor")
    assert flat(back[::-1]) == expected[:-limit]


@pytest.mark.parametrize("limit", [1, 4, 6])
def test_what_is_posted_between_two_pages_comes_at_the_end(
    till: Till, busy: str, everything: Everything, limit: int
) -> None:
    going_on, first = business(till), made_by(moved(everything, till))
    rounds = iter(range(3))

    def between() -> None:
        for _, _ in zip(range(2 if next(rounds, None) is not None else 0), going_on, strict=False):
            pass

    pages = walk(till, busy, f"limit={limit}", between=between)
    whole = made_by(moved(everything, till))
    assert flat(pages) == whole
    assert whole[: len(first)] == first
    assert len(whole) >= len(first) + 6


@pytest.mark.parametrize("limit", [1, 4, 6])
def test_what_is_posted_between_two_pages_backwards_in_time_is_not_among_the_rest(
    till: Till, busy: str, everything: Everything, limit: int
) -> None:
    before = made_by(moved(everything, till))
    going_on = business(till)
    pages = walk(till, busy, f"limit={limit}&sort_order=desc", between=lambda: next(going_on))
    assert flat(pages) == before[::-1]
    last = page(till, busy, f"limit={limit}&page=3")
    back = walk(till, busy, f"limit={limit}", last["prev_cursor"], way="prev_cursor", between=lambda: next(going_on))
    assert flat(back[::-1]) == before[: 2 * limit]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_on_one_chain_nothing_is_skipped_or_repeated_whatever_the_clocks_do(
    till: Till, everything: Everything, order: str
) -> None:
    account = till.open("@bob")
    for _ in range(6):
        till.bring("@bob", "5")
    first = made_by(moved(everything, till, "@bob", ("default",), shards=1))
    back = iter([HOUR, 1, DAY, HOUR])

    def between() -> None:
        step = next(back, None)
        if step is not None:
            till.world.clock.now -= step
            till.bring("@bob", "1")
            till.take("@bob", "1")

    pages = walk(till, account, f"limit=2&sort_order={order}", between=between)
    after = made_by(moved(everything, till, "@bob", ("default",), shards=1))
    assert flat(pages) == (after if order == "asc" else first[::-1])
    assert len(after) > len(first)


def test_at_the_end_of_a_statement_there_is_no_cursor_until_it_goes_on(till: Till, account: str) -> None:
    for _ in range(2):
        till.bring("@alice", "5")
    first = page(till, account, "limit=1")
    second = page(till, account, f"limit=1&cursor={first['next_cursor']}")
    assert (first["prev_cursor"], second["next_cursor"]) == (None, None)
    till.bring("@alice", "5")
    again = page(till, account, f"limit=1&cursor={first['next_cursor']}")
    assert again["items"] == second["items"]
    assert len(rows(till, account, f"limit=1&cursor={again['next_cursor']}")) == 1


def test_a_balance_that_is_deleted_between_two_pages_leaves_no_gap_in_the_others(till: Till, account: str) -> None:
    for key in ("default", "savings", "default", "savings", "default", "default"):
        till.bring("@alice", "5", key)
    till.take("@alice", "10", "savings")
    expected = [each["id"] for each in rows(till, account, "limit=100") if each["balanceKey"] == "default"]
    first = page(till, account, "limit=2")
    assert first["items"][-1]["balanceKey"] == "savings"
    gone(till.client.delete(till.path("@alice", "savings")))
    rest = walk(till, account, "limit=2", first["next_cursor"])
    assert [ids(first["items"])[0], *flat(rest)] == expected


# -------------------------------------------------------------------------------------------------------------- filters


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_dates_bound_a_statement_and_both_are_inclusive(
    till: Till, busy: str, everything: Everything, order: str
) -> None:
    entries = moved(everything, till)
    moments = sorted({number(each, "created_at") for each in entries})
    bounds = [moments[0] - 1, moments[0], moments[3], moments[3] + 1, moments[-2], moments[-1], moments[-1] + 1]
    for first in bounds:
        for last in bounds:
            query = f"limit=100&sort_order={order}&start_date={rfc3339(first)}&end_date={rfc3339(last)}"
            if last < first:
                refused(till.client.get(f"{busy}/operations?{query}"), 400, "0078", "end_date")
                continue
            within = [each for each in entries if first <= number(each, "created_at") <= last]
            assert ids(rows(till, busy, query)) == made_by(within)[:: 1 if order == "asc" else -1]


def test_one_bound_is_enough_and_a_day_is_all_of_its_moments(till: Till, account: str) -> None:
    midnight = till.world.clock.now // DAY * DAY + DAY
    brought = []
    for moment in (midnight - 1, midnight, midnight + DAY - 1, midnight + DAY):
        till.world.clock.now = moment - 1
        brought.append(ids([each for each in till.bring("@alice", "1").json["operations"] if each["type"] == "CREDIT"]))
    before, first, last, after = (one for (one,) in brought)
    day = rfc3339(midnight)[:10]
    assert ids(rows(till, account, f"start_date={day}&end_date={day}")) == [first, last]
    assert ids(rows(till, account, f"start_date={day}")) == [first, last, after]
    assert ids(rows(till, account, f"end_date={day}")) == [before, first, last]
    assert ids(rows(till, account, "start_date=1900-01-01&end_date=1969-12-31")) == []
    assert ids(rows(till, account, "start_date=0001-01-01&end_date=9999-12-31")) == [before, first, last, after]


def test_with_clocks_set_back_dates_bound_by_the_moments_that_were_given(till: Till, everything: Everything) -> None:
    account = till.open("@bob", shards=2)
    till.open_key(account, "savings")
    for turn, key in enumerate(("default", "savings") * 5):
        till.bring("@bob", "5", key)
        till.world.clock.now += HOUR if turn % 3 else -2 * HOUR
    entries = moved(everything, till, "@bob", shards=2)
    for moment in {number(each, "created_at") for each in entries}:
        date = rfc3339(moment)
        upto = made_by([each for each in entries if number(each, "created_at") <= moment])
        onwards = made_by([each for each in entries if number(each, "created_at") >= moment])
        assert ids(rows(till, account, f"limit=100&end_date={date}")) == upto
        assert flat(walk(till, account, f"limit=2&end_date={date}")) == upto
        assert flat(walk(till, account, f"limit=2&start_date={date}")) == onwards


@pytest.mark.parametrize("kind", ["DEBIT", "CREDIT", "ON_HOLD", "RELEASE"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_statement_can_be_of_one_type(till: Till, busy: str, kind: str, order: str) -> None:
    whole = rows(till, busy, f"limit=100&sort_order={order}")
    expected = [each for each in whole if each["type"] == kind]
    assert len(expected) > 2
    query = f"type={kind}&sort_order={order}"
    assert rows(till, busy, f"limit=100&{query}") == expected
    assert flat(walk(till, busy, f"limit=2&{query}")) == ids(expected)
    assert ids(rows(till, busy, f"limit=2&page=2&{query}")) == ids(expected)[2:4]


@pytest.mark.parametrize("kind", ["", "debit", "SPEND", "OPEN", "CHANGE", "DEBIT,CREDIT"])
def test_any_other_type_is_refused(till: Till, account: str, kind: str) -> None:
    refused(till.client.get(f"{account}/operations?type={kind}"), 400, "0082", "type")


@pytest.mark.parametrize("name", ["status", "asset_code", "direction", "balance_key", "Type", "description"])
def test_what_a_statement_cannot_be_filtered_by_is_named(till: Till, account: str, name: str) -> None:
    refused(till.client.get(f"{account}/operations?{name}=x"), 400, "0082", name)


def test_all_the_metadata_that_is_given_must_match_by_its_type(till: Till, account: str) -> None:
    to = [
        {**leg("BRL", "@alice", "1"), "metadata": metadata}
        for metadata in ({"kind": "a", "n": 1}, {"kind": "b", "n": 1}, {"kind": "a", "n": "1"}, {"on": True}, {})
    ]
    send = {"asset": "BRL", "value": "5", "distribute": {"to": to}}
    made(till.client.post(f"{till.transactions}/inflow", {"send": send, "metadata": {"kind": "a"}}))
    noted = [each["metadata"] for each in rows(till, account)]
    for query, wanted in (
        ("metadata.kind=a", [{"kind": "a", "n": 1}, {"kind": "a", "n": "1"}]),
        ("metadata.kind=a&metadata.n=1.0", [{"kind": "a", "n": 1}]),
        ("metadata.on=true", [{"on": True}]),
        ("metadata.on=true&type=DEBIT", []),
        ("metadata.kind=c", []),
    ):
        assert [each["metadata"] for each in rows(till, account, query)] == [each for each in noted if each in wanted]


def test_a_filter_sees_what_is_noted_now(till: Till, account: str) -> None:
    operations = [each for _ in range(6) for each in till.bring("@alice", "5").json["operations"]]
    mine = [each for each in operations if each["accountAlias"] == "@alice"]
    for each in mine[::2]:
        path = f"{till.transactions}/{each['transactionId']}/operations/{each['id']}"
        done(till.client.patch(path, {"metadata": {"seen": True}}))
    assert flat(walk(till, account, "limit=2&metadata.seen=true")) == ids(mine[::2])
    assert flat(walk(till, account, "limit=2&metadata.seen=true&sort_order=desc")) == ids(mine[::2])[::-1]


# ----------------------------------------------------------------------------------------------- cursors from elsewhere


def forged(cursor: str, position: str) -> str:
    """A cursor of the same list with another place in it."""
    binding, backwards, page, _ = json.loads(urlsafe_b64decode(cursor + "=="))
    return urlsafe_b64encode(json.dumps([binding, backwards, page, position]).encode()).decode().rstrip("=")


@pytest.mark.parametrize("query", ["sort_order=desc", "type=CREDIT", "metadata.a=1", "start_date=2026-01-15"])
def test_a_cursor_of_another_selection_is_refused(till: Till, busy: str, query: str) -> None:
    cursor = page(till, busy, "limit=1")["next_cursor"]
    refused(till.client.get(f"{busy}/operations?limit=1&{query}&cursor={cursor}"), 400, "0082", "cursor")


def test_a_cursor_of_another_list_or_account_is_refused(till: Till, busy: str) -> None:
    bob = till.open("@bob")
    for _ in range(2):
        till.bring("@bob", "5")
    ledger_id = made(till.client.post(till.books.ledgers, {"name": "Second"})).id
    other = open_till(Books(till.client, till.books.organization_id, ledger_id)).open("@alice")
    lists = [f"{busy}/operations", f"{bob}/operations", till.transactions, f"{busy}/balances"]
    cursors = {path: done(till.client.get(f"{path}?limit=1"))["next_cursor"] for path in lists}
    assert all(cursors.values())
    for path in (*lists, f"{other}/operations"):
        for origin, cursor in cursors.items():
            if origin != path:
                refused(till.client.get(f"{path}?limit=1&cursor={cursor}"), 400, "0082", "cursor")


@pytest.mark.parametrize(
    "position",
    [
        "x",
        "001768473600000",
        "001768473600000#-Oj0EP-0UN9kV_BfNdxjjV#00",
        "001768473600000#short#00#000000000001",
        "001768473600000#-Oj0EP-0UN9kV_BfNdxjjV#0#000000000001",
        "001768473600000#-Oj0EP-0UN9kV_BfNdxjjV#00#1",
        "00176847360000#-Oj0EP-0UN9kV_BfNdxjjV#00#000000000001",
        "00176847360000x#-Oj0EP-0UN9kV_BfNdxjjV#00#000000000001",
        "001768473600000#-Oj0EP-0UN9kV_BfNdxjjV#00#000000000001#",
    ],
)
def test_a_place_that_is_none_is_refused(till: Till, busy: str, position: str) -> None:
    cursor = forged(page(till, busy, "limit=1")["next_cursor"], position)
    refused(till.client.get(f"{busy}/operations?limit=1&cursor={cursor}"), 400, "0082", "cursor")


@pytest.mark.parametrize("cursor", ["", "x", "null", "e30", "W10", "%00"])
def test_what_is_no_cursor_is_refused(till: Till, busy: str, cursor: str) -> None:
    refused(till.client.get(f"{busy}/operations?cursor={cursor}"), 400, "0082", "cursor")


def test_a_place_that_was_made_up_stays_in_the_statement(till: Till, busy: str) -> None:
    """It is only ever looked for among the account's own entries."""
    till.open("@bob")
    till.bring("@bob", "5")
    whole = ids(rows(till, busy, "limit=100"))
    real = page(till, busy, "limit=1")["next_cursor"]
    _, mark, shard, _ = json.loads(urlsafe_b64decode(real + "=="))[3].split("#")
    for position, expected in (
        ("000000000000000#----------------------#00#000000000000", whole),
        ("999999999999999#zzzzzzzzzzzzzzzzzzzzzz#99#999999999999", []),
        (f"000000000000000#{mark}#{shard}#999999999999", None),
        (f"999999999999999#{mark}#{shard}#000000000000", None),
    ):
        found = ids(rows(till, busy, f"limit=100&cursor={forged(real, position)}"))
        assert found == expected if expected is not None else set(found) <= set(whole)


# ------------------------------------------------------------------------------------------------------- beginning anew


@on_every_store
def test_the_statement_of_a_key_that_is_opened_again_starts_anew(till: Till) -> None:
    account = till.open("@alice", shards=2)
    for value in ("5", "3"):
        balance = till.open_key(account, "savings")
        till.bring("@alice", value)
        till.bring("@alice", value, "savings")
        held = [(each["balanceKey"], each["amount"]["value"]) for each in rows(till, account)]
        assert held[-2:] == [("default", value), ("savings", value)]
        assert [amount for key, amount in held if key == "savings"] == [value]
        till.take("@alice", value, "savings")
        gone(till.client.delete(balance))
    assert [each["balanceKey"] for each in rows(till, account)] == ["default", "default"]


def test_the_statement_of_an_asset_that_is_made_again_starts_anew(till: Till) -> None:
    till.open("@alice")
    till.bring("@alice", "5")
    till.take("@alice", "5")
    till.make_asset_again()
    external = f"{till.accounts}/{done(till.client.get(f'{till.accounts}/external/BRL'))['id']}"
    assert rows(till, external) == rows(till, external, "sort_order=desc") == []
    till.open("@bob")
    till.bring("@bob", "3")
    (row,) = rows(till, external, "start_date=2026-01-01")
    assert (row["amount"]["value"], row["balanceAfter"]) == ("3", {"available": "-3", "onHold": "0", "version": 2})
