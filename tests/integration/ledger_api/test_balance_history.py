"""The past of a balance: what stood in it at any moment since it was opened, whatever the clocks did."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, log2
from typing import Any

import pytest

from coffer.ledger.amounts import add
from coffer.ledger.entries import EXTERNAL_SHARDS
from coffer.store.values import Item, number, text
from coffer.times import parse, rfc3339
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.books import NOBODYS, done, gone, refused
from tests.integration.ledger_api.till import Till
from tests.integration.stores import Everything, on_every_store

HOUR = 3_600_000
DAY = 24 * HOUR
KEYS = ("default", "savings")


@pytest.fixture
def account(till: Till) -> str:
    """The path of the account @alice."""
    return till.open("@alice")


def then(till: Till, path: str, moment: int | str) -> Any:  # noqa: ANN401 -- a balance, or those of an account
    """What stood at a moment or on a day, at the path of a balance or of an account's balances."""
    date = moment if isinstance(moment, str) else rfc3339(moment)
    return done(till.client.get(f"{path}/history?date={date}"))


def stood(balance: dict[str, Any]) -> tuple[str, str, int]:
    """What was available and on hold in a balance, and its version."""
    return balance["available"], balance["onHold"], balance["version"]


def at(balance: list[list[Item]], moment: int) -> tuple[Decimal, Decimal, int] | None:
    """What stood at a moment, found by going through all entries of a balance's chains; None before it was opened."""
    heads = [[each for each in chain if number(each, "created_at") <= moment] for chain in balance]
    if not any(heads):
        return None
    return (
        add(Decimal(text(head[-1], "available")) for head in heads),
        add(Decimal(text(head[-1], "on_hold")) for head in heads),
        sum(map(len, heads)),
    )


def told(balance: dict[str, Any]) -> tuple[Decimal, Decimal, int]:
    """The same, as it is answered."""
    available, on_hold, version = stood(balance)
    return Decimal(available), Decimal(on_hold), version


def business(till: Till, *, back: int = 0) -> None:
    """Money that moves in every way in both balances of @alice, while the clock goes on and, now and then, back."""
    for turn in range(4):
        for key in KEYS:
            till.bring("@alice", "8", key)
            till.take("@alice", "1", key)
            held = till.take("@alice", "2", key, pending=True)
            till.world.clock.now += HOUR if turn % 2 else -back
            till.settle(held, "commit" if turn % 3 else "cancel")
        done(till.client.patch(till.path(), {"allowSending": True, "allowReceiving": turn % 2 == 0}))
        done(till.client.patch(till.path(), {"allowReceiving": True}))


# ----------------------------------------------------------------------------------------------------------- any moment


@on_every_store
def test_a_balance_is_told_as_it_stood_after_each_entry(till: Till, account: str) -> None:
    moments = [parse(done(till.client.get(account))["createdAt"])]
    for value in ("5", "3"):
        till.world.clock.now += HOUR
        moments.append(parse(till.bring("@alice", value).json["createdAt"]))
    till.world.clock.now += HOUR
    moments.append(parse(till.take("@alice", "6", pending=True).json["createdAt"]))
    expected = [("0", "0", 1), ("5", "0", 2), ("8", "0", 3), ("2", "6", 4)]
    balance = till.path()
    for moment, following, standing in zip(moments, [*moments[1:], moments[-1] + HOUR], expected, strict=True):
        for each in (moment, moment + 1, following - 1):
            assert stood(then(till, balance, each)) == standing
    assert then(till, balance, moments[-1] + DAY) == done(till.client.get(balance))


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("back", [0, HOUR])
def test_before_at_and_after_every_entry_it_stood_as_the_entries_say(
    till: Till, everything: Everything, shards: int, back: int
) -> None:
    account = till.open("@alice", shards=shards)
    till.open_key(account, "savings")
    business(till, back=back)
    for key in KEYS:
        balance, path = chains.of(everything, till.books, "@alice", key, shards=shards), till.path("@alice", key)
        moments = {number(each, "created_at") + step for chain in balance for each in chain for step in (-1, 0, 1)}
        assert len(moments) > 12
        for moment in moments:
            answer = till.client.get(f"{path}/history?date={rfc3339(moment)}")
            expected = at(balance, moment)
            assert (told(done(answer)) if answer.status == 200 else None) == expected
            of_account = {row["key"]: row for row in then(till, f"{account}/balances", moment)["items"]}
            assert (told(of_account[key]) if key in of_account else None) == expected


def test_what_could_be_done_with_a_balance_is_told_as_it_was_then(till: Till, account: str) -> None:
    balance = till.path()
    first = till.world.clock.now
    till.world.clock.now += HOUR
    done(till.client.patch(balance, {"allowSending": False}))
    second = till.world.clock.now
    till.world.clock.now += HOUR
    done(till.client.patch(balance, {"allowReceiving": False, "allowSending": True}))
    done(till.client.patch(account, {"blocked": True}))
    flags = [
        (row["allowSending"], row["allowReceiving"], row["version"])
        for row in (then(till, balance, moment) for moment in (first, second, till.world.clock.now))
    ]
    assert flags == [(True, True, 1), (False, True, 2), (True, False, 4)]


@pytest.mark.usefixtures("account")
def test_a_balance_that_is_told_of_the_past_is_the_same_in_all_else(till: Till) -> None:
    brought = till.bring("@alice", "5").json["createdAt"]
    till.world.clock.now += HOUR
    till.bring("@alice", "3")
    now = till.balance()
    past = then(till, till.path(), brought)
    assert past == now | {"available": "5", "version": 2, "updatedAt": brought}


@pytest.mark.usefixtures("account")
def test_several_entries_of_one_moment_are_told_as_the_last_of_them(till: Till) -> None:
    moment = parse(till.bring("@alice", "5").json["createdAt"])
    till.world.clock.now -= HOUR
    for value in ("1", "2", "3"):
        till.bring("@alice", value)
    assert stood(then(till, till.path(), moment)) == ("11", "0", 5)
    assert stood(then(till, till.path(), moment - 1)) == ("0", "0", 1)


@pytest.mark.usefixtures("account")
def test_an_external_balance_has_a_past_over_all_its_shards(till: Till, everything: Everything) -> None:
    balance = till.path(till.outside)
    for value in range(1, 13):
        till.world.clock.now += HOUR if value % 3 else -2 * HOUR
        till.bring("@alice", str(value))
    shards = chains.read(everything, till.books, "BRL")
    for moment in {number(each, "created_at") for chain in shards for each in chain}:
        assert told(then(till, balance, moment)) == at(shards, moment)
    assert stood(then(till, balance, "2030-01-01")) == ("-78", "0", EXTERNAL_SHARDS + 12)
    by_account = f"{till.accounts}/{till.balance(till.outside)['accountId']}/balances"
    assert then(till, by_account, "2030-01-01")["items"] == till.rows(till.outside)


# ----------------------------------------------------------------------------------------------------- moments and days


@pytest.mark.usefixtures("account")
def test_a_day_is_told_at_its_end_in_utc(till: Till) -> None:
    midnight = till.world.clock.now // DAY * DAY + DAY
    for moment, value in ((midnight - 1, "1"), (midnight, "2"), (midnight + DAY - 1, "4"), (midnight + DAY, "8")):
        till.world.clock.now = moment - 1
        till.bring("@alice", value)
    days = [rfc3339(midnight + step * DAY)[:10] for step in (-1, 0, 1, 2)]
    held = [then(till, till.path(), day)["available"] for day in days]
    assert held == ["1", "7", "15", "15"]


@pytest.mark.parametrize(
    "date",
    [
        "2026-01-15T10:40:05Z",
        "2026-01-15T10:40:05.000Z",
        "2026-01-15T10:40:05.000999999Z",
        "2026-01-15t10:40:05z",
        "2026-01-15T12:40:05%2B02:00",
        "2026-01-15T07:10:05-03:30",
    ],
)
@pytest.mark.usefixtures("account")
def test_a_moment_may_be_written_in_any_way_that_rfc_3339_has(till: Till, date: str) -> None:
    moment = parse("2026-01-15T10:40:05.000Z")
    till.world.clock.now = moment - 1
    till.bring("@alice", "5")
    till.world.clock.now = moment
    till.bring("@alice", "3")
    assert then(till, till.path(), date)["available"] == "5"


def test_the_future_is_as_things_stand(till: Till, account: str) -> None:
    till.bring("@alice", "5")
    for date in ("9999-12-31", "2999-01-01T00:00:00Z", till.world.clock.now + HOUR):
        assert then(till, till.path(), date) == till.balance()
        assert then(till, f"{account}/balances", date) == {"items": till.rows("@alice")}


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("", "0082", "date"),
        ("?date=", "0077", "date"),
        ("?date=yesterday", "0077", "date"),
        ("?date=15/01/2026", "0077", "date"),
        ("?date=2026-02-30", "0077", "date"),
        ("?date=2026-1-5", "0077", "date"),
        ("?date=2026-01-15T10:40:00", "0077", "date"),
        ("?date=2026-01-15T25:00:00Z", "0077", "date"),
        ("?date=2026-01-15T10:40:00+01:00", "0077", "date"),  # a plus is a blank in a query
        ("?date=1768473600000", "0077", "date"),
        ("?date=10000-01-01", "0077", "date"),
        ("?date=9999-12-31T23:59:59-12:00", "0077", "date"),
        ("?date=٢٠٢٦-01-15", "0077", "date"),
        ("?date=2026-01-15&date=2026-01-15", "0082", "date"),
        ("?date=2026-01-15&limit=10", "0082", "limit"),
        ("?Date=2026-01-15", "0082", "Date"),
        ("?start_date=2026-01-15", "0082", "start_date"),
    ],
)
def test_a_date_is_required_and_must_be_one(till: Till, account: str, query: str, code: str, field: str) -> None:
    for path in (till.path(), f"{account}/balances"):
        refused(till.client.get(f"{path}/history{query}"), 400, code, field)


# -------------------------------------------------------------------------------------------------- before it was there


@on_every_store
def test_before_it_was_opened_a_balance_is_not_there_and_left_out(till: Till) -> None:
    till.world.clock.now += HOUR
    account = till.open("@alice", shards=2)
    first = parse(done(till.client.get(account))["createdAt"])
    till.world.clock.now += HOUR
    savings = till.open_key(account, "savings")
    second = parse(done(till.client.get(savings))["createdAt"])
    default = till.path()
    for moment, keys in ((first - 1, []), (first, ["default"]), (second - 1, ["default"]), (second, list(KEYS))):
        assert [row["key"] for row in then(till, f"{account}/balances", moment)["items"]] == keys
        for key, path in (("default", default), ("savings", savings)):
            answer = till.client.get(f"{path}/history?date={rfc3339(moment)}")
            if key in keys:
                assert stood(done(answer)) == ("0", "0", 2)
            else:
                assert path.rpartition("/")[2] in refused(answer, 404, "0007")


@pytest.mark.parametrize("date", ["1969-12-31", "0001-01-01", "1970-01-01T00:00:00Z", "2025-12-31"])
def test_long_ago_there_was_nothing(till: Till, account: str, date: str) -> None:
    refused(till.client.get(f"{till.path()}/history?date={date}"), 404, "0007")
    assert then(till, f"{account}/balances", date) == {"items": []}


def test_what_is_not_there_has_no_past(till: Till, account: str) -> None:
    savings = till.open_key(account, "savings")
    till.world.clock.now += HOUR
    gone(till.client.delete(savings))
    for path in (savings, f"{till.balances}/{NOBODYS}", f"{till.accounts}/{NOBODYS}/balances"):
        refused(till.client.get(f"{path}/history?date=2026-01-15"), 404, "0007")
    assert [row["key"] for row in then(till, f"{account}/balances", "2026-01-15")["items"]] == ["default"]
    for path in (f"{till.balances}/x", f"{till.accounts}/x/balances"):
        assert till.client.get(f"{path}/history?date=2026-01-15").json["code"] == "0065"


@on_every_store
def test_a_key_that_was_opened_again_has_a_past_from_there_on(till: Till) -> None:
    account = till.open("@alice", shards=2)
    first = till.open_key(account, "savings")
    till.bring("@alice", "5", "savings")
    full = till.world.clock.now
    till.world.clock.now += HOUR
    till.take("@alice", "5", "savings")
    gone(till.client.delete(first))
    between = till.world.clock.now
    till.world.clock.now += HOUR
    second = till.open_key(account, "savings")
    till.bring("@alice", "3", "savings")
    for moment in (full, between):
        refused(till.client.get(f"{second}/history?date={rfc3339(moment)}"), 404, "0007")
        assert [row["key"] for row in then(till, f"{account}/balances", moment)["items"]] == ["default"]
    assert stood(then(till, second, till.world.clock.now)) == ("3", "0", 3)
    opened = parse(done(till.client.get(second))["createdAt"])
    assert stood(then(till, second, opened)) == ("0", "0", 2)


def test_an_asset_that_was_made_again_has_an_external_past_from_there_on(till: Till) -> None:
    till.open("@alice")
    till.bring("@alice", "5")
    full = till.world.clock.now
    till.world.clock.now += HOUR
    till.take("@alice", "5")
    till.make_asset_again()
    made = till.world.clock.now
    till.world.clock.now += HOUR
    till.open("@bob")
    till.bring("@bob", "3")
    balance = till.path(till.outside)
    account = f"{till.accounts}/{till.balance(till.outside)['accountId']}/balances"
    refused(till.client.get(f"{balance}/history?date={rfc3339(full)}"), 404, "0007")
    assert then(till, account, full) == {"items": []}
    assert stood(then(till, balance, made)) == ("0", "0", EXTERNAL_SHARDS)
    assert stood(then(till, balance, till.world.clock.now)) == ("-3", "0", EXTERNAL_SHARDS + 1)


# ---------------------------------------------------------------------------------------------------------------- reads


def reads(till: Till, path: str, moment: int) -> tuple[Any, int]:
    """What stood at a moment, and how many reads it took beside the one that finds out where the balances are."""
    till.world.recorder.calls.clear()
    found = then(till, path, moment)
    calls = till.world.recorder.calls
    assert {call.operation for call in calls} <= {"get_item", "batch_get_item", "query"}
    assert all(call.request.get("Limit", 1) == 1 for call in calls)
    return found, len(calls) - 1


def test_of_a_thousand_entries_a_moment_is_found_in_a_dozen_reads(till: Till, account: str) -> None:
    moments = chains.lengthen(till.books, "@alice", 999)
    assert len(moments) == 1_000
    balance = till.path()
    for sequence in {0, 1, 2, 498, 499, 500, 501, 997, 998, 999, *range(7, 1_000, 41)}:
        for moment in (moments[sequence], moments[sequence] + chains.SECOND - 1):
            found, taken = reads(till, balance, moment)
            assert stood(found) == (str(sequence), "0", sequence + 1)
            assert taken <= 2 + log2(1_000)
    assert reads(till, balance, moments[-1])[1] == 1
    found, taken = reads(till, f"{account}/balances", moments[300])
    assert [stood(row) for row in found["items"]] == [("300", "0", 301)]
    assert taken <= 2 + log2(1_000)
    till.world.recorder.calls.clear()
    refused(till.client.get(f"{balance}/history?date={rfc3339(moments[0] - 1)}"), 404, "0007")
    assert len(till.world.recorder.calls) - 1 <= 2 + log2(1_000)


@pytest.mark.parametrize("entries", [1, 2, 3, 4, 5, 8, 9, 16, 17, 33])
@pytest.mark.usefixtures("account")
def test_of_n_entries_a_moment_is_found_in_2_and_log2_n_reads(till: Till, entries: int) -> None:
    moments = chains.lengthen(till.books, "@alice", entries - 1)
    balance = till.path()
    for sequence, moment in enumerate(moments):
        found, taken = reads(till, balance, moment)
        assert stood(found) == (str(sequence), "0", sequence + 1)
        assert taken <= 1 + ceil(log2(entries))


def test_so_it_is_on_each_shard(till: Till) -> None:
    till.open("@alice", shards=3)
    lengths = {0: 200, 1: 50, 2: 3}
    moments = {shard: chains.lengthen(till.books, "@alice", length, shard=shard) for shard, length in lengths.items()}
    limit = 1 + sum(2 + log2(length + 1) for length in lengths.values())
    for moment in moments[0][::13]:
        found, taken = reads(till, till.path(), moment)
        assert int(found["available"]) == sum(sum(each <= moment for each in moments[shard]) - 1 for shard in lengths)
        assert taken <= limit
