"""Balances: what an account holds under each of its keys, over however many shards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from coffer.ids import unpack
from coffer.ledger.entries import EXTERNAL_SHARDS
from coffer.store import keys
from coffer.store.values import Item, text
from coffer.times import rfc3339
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.bad import Bad, check
from tests.integration.ledger_api.books import NOBODYS, Books, done, gone, made, refused
from tests.integration.ledger_api.till import Till, open_till
from tests.integration.stores import Everything, on_every_store
from tests.support.world import World

KEY = "order 42"
HOUR = 3_600_000

on_any_number_of_shards = pytest.mark.parametrize("shards", [1, 3])


@pytest.fixture
def account(till: Till) -> str:
    """The path of the account @alice."""
    return till.open("@alice")


def flags(chain: list[Item]) -> list[tuple[object, object]]:
    """After each entry of a chain, whether the balance may send and receive."""
    return [(entry["allow_sending"], entry["allow_receiving"]) for entry in chain]


# --------------------------------------------------------------------------------------------------------- further keys


@on_every_store
def test_a_key_is_enough_for_a_further_balance(till: Till, account: str) -> None:
    answer = made(till.client.post(f"{account}/balances", {"key": "savings"})).json
    expected = {
        "organizationId": till.books.organization_id,
        "ledgerId": till.books.ledger_id,
        "accountId": account.rpartition("/")[2],
        "alias": "@alice",
        "key": "savings",
        "assetCode": "BRL",
        "available": "0",
        "onHold": "0",
        "version": 1,
        "accountType": "deposit",
        "allowSending": True,
        "allowReceiving": True,
        "metadata": {},
        "deletedAt": None,
    }
    assert answer.items() >= expected.items()
    assert answer.keys() == expected.keys() | {"id", "createdAt", "updatedAt"}
    assert answer["createdAt"] == answer["updatedAt"]
    assert done(till.client.get(f"{till.balances}/{answer['id']}")) == answer
    assert till.rows("@alice") == [till.balance("@alice"), answer]


@on_any_number_of_shards
def test_a_further_balance_is_on_as_many_shards_as_its_account(till: Till, everything: Everything, shards: int) -> None:
    account = till.open("@bob", shards=shards)
    balance = till.open_key(account, "savings", allowSending=False).rpartition("/")[2]
    opened = chains.of(everything, till.books, "@bob", "savings", shards=shards)
    assert [[(entry["type"], entry["shard"], entry["shards"]) for entry in chain] for chain in opened] == [
        [("OPEN", shard, shards)] for shard in range(shards)
    ]
    assert {unpack(text(chain[0], "balance_id")) for chain in opened} == {balance}
    assert [flags(chain) for chain in opened] == [[(False, True)]] * shards
    assert till.stands("@bob", "savings") == ("0", "0", shards)


@pytest.mark.parametrize("sending", [True, False])
@pytest.mark.parametrize("receiving", [True, False])
def test_flags_may_be_given_from_the_beginning(till: Till, account: str, *, sending: bool, receiving: bool) -> None:
    till.open_key(account, "savings", allowSending=sending, allowReceiving=receiving)
    balance = till.balance("@alice", "savings")
    assert (balance["allowSending"], balance["allowReceiving"]) == (sending, receiving)
    answer = till.send((till.outside, "5", "default"), ("@alice", "5", "savings"))
    assert answer.status == (201 if receiving else 422)


@pytest.mark.parametrize("key", ["a", "Savings", "x" * 100, "AZaz09@:_.-", "@external", "DEFAULT", "0"])
def test_a_key_is_made_of_what_an_alias_is(till: Till, account: str, key: str) -> None:
    till.open_key(account, key)
    till.bring("@alice", "5", key)
    assert (till.stands("@alice", key), till.stands("@alice")) == (("5", "0", 2), ("0", "0", 1))


def test_each_key_holds_money_of_its_own(till: Till, account: str) -> None:
    for key in ("savings", "Savings"):
        till.open_key(account, key)
    till.bring("@alice", "5")
    till.bring("@alice", "3", "savings")
    made(till.send(("@alice", "2", "savings"), ("@alice", "2", "Savings")))
    refused(till.send(("@alice", "2", "savings"), ("@alice", "2", "Savings")), 422, "0018")
    held = {key: till.stands("@alice", key) for key in ("default", "savings", "Savings")}
    assert held == {"default": ("5", "0", 2), "savings": ("1", "0", 3), "Savings": ("2", "0", 2)}


def test_a_balance_of_a_key_that_was_not_opened_is_not_there(till: Till, account: str) -> None:
    till.open_key(account, "savings")
    refused(till.send((till.outside, "5", "default"), ("@alice", "5", "Savings")), 422, "0019")


BAD: dict[str, tuple[dict[str, Any], Bad]] = {
    "no key": ({}, Bad("", "0009", "key", "is required")),
    **{
        f"a key {key!r:.20}": ({"key": key}, Bad("", code, "key", says))
        for key, code, says in (
            ("", "0096", "1 to 100 characters"),
            ("x" * 101, "0096", "1 to 100 characters"),
            ("a#b", "0096", "1 to 100 characters"),
            ("a/b", "0096", "1 to 100 characters"),
            ("a b", "0096", "1 to 100 characters"),
            ("savings\n", "0096", "1 to 100 characters"),
            ("poupança", "0096", "1 to 100 characters"),
            (5, "0047", "must be a string"),
            (None, "0047", "must be a string"),
        )
    },
    **{
        f"{field} {value!r}": ({"key": "savings", field: value}, Bad("", "0047", field, "must be a valid boolean"))
        for field in ("allowSending", "allowReceiving")
        for value in (None, "true", 1)
    },
    **{
        f"a field that is called {field}": ({"key": "savings", field: "x"}, Bad("", "0053", field, "Leave out"))
        for field in ("more", "id", "available", "assetCode", "alias", "version", "metadata", "allow_sending", "shards")
    },
}
"""Bodies that open no balance."""


@pytest.mark.parametrize(("body", "bad"), BAD.values(), ids=BAD)
def test_a_bad_field_is_named_and_nothing_is_stored(
    till: Till, account: str, everything: Everything, body: dict[str, Any], bad: Bad
) -> None:
    before = everything()
    check(till.client.post(f"{account}/balances", body), bad)
    assert everything() == before


@on_every_store
def test_a_key_is_given_once_in_an_account(till: Till, account: str, everything: Everything) -> None:
    till.open_key(account, "savings")
    before = everything()
    for key in ("default", "savings"):
        assert key in refused(till.client.post(f"{account}/balances", {"key": key}), 409, "9009", "key")
    assert everything() == before
    till.open_key(till.open("@bob"), "savings")


def test_an_external_account_has_only_its_default_balance(till: Till, everything: Everything) -> None:
    account = done(till.client.get(f"{till.accounts}/external/BRL"))["id"]
    before = everything()
    for key in ("savings", "default"):
        refused(till.client.post(f"{till.accounts}/{account}/balances", {"key": key}), 400, "0124")
    assert everything() == before


@pytest.mark.parametrize(("shards", "most"), [(1, 49), (2, 32), (3, 24), (15, 6), (16, 5)])
def test_an_account_has_as_many_balances_as_can_be_closed_in_one_write(
    till: Till, everything: Everything, shards: int, most: int
) -> None:
    account = till.open("@bob", shards=shards)
    balances = [till.open_key(account, str(number)) for number in range(1, most)]
    before = everything()
    refused(till.client.post(f"{account}/balances", {"key": "more"}), 422, "9010")
    assert everything() == before
    assert len(till.rows("@bob")) == most
    gone(till.client.delete(balances[-1]))
    till.open_key(account, "more")


def test_without_an_account_there_are_no_balances(till: Till) -> None:
    nobodys = f"{till.accounts}/{NOBODYS}"
    refused(till.client.post(f"{nobodys}/balances", {"key": "savings"}), 404, "0007")
    refused(till.client.get(f"{nobodys}/balances"), 404, "0007")
    refused(till.client.get(f"{till.accounts}/alias/@nobody/balances"), 404, "0007")
    refused(till.client.get(f"{till.books.ledgers}/{NOBODYS}/balances"), 404, "0037")


@on_every_store
def test_a_blocked_accounts_new_key_is_blocked_until_it_is_let_go(
    till: Till, account: str, everything: Everything
) -> None:
    done(till.client.patch(account, {"blocked": True}))
    till.open_key(account, "savings")
    refused(till.send((till.outside, "5", "default"), ("@alice", "5", "savings")), 422, "0024")
    done(till.client.patch(account, {"blocked": False}))
    till.bring("@alice", "5", "savings")
    (chain,) = chains.of(everything, till.books, "@alice", "savings")
    assert [(entry["type"], entry["blocked"]) for entry in chain] == [
        ("OPEN", True),
        ("CHANGE", False),
        ("CREDIT", False),
    ]


# ---------------------------------------------------------------------------------------------------------- idempotency


@on_every_store
def test_with_an_idempotency_key_a_balance_is_opened_once(till: Till, account: str, everything: Everything) -> None:
    first = made(till.client.post(f"{account}/balances", {"key": "savings"}, Idempotency_Key=KEY))
    till.bring("@alice", "5", "savings")
    before = everything()
    again = made(till.client.post(f"{account}/balances", {"key": "savings"}, Idempotency_Key=KEY))
    assert (again.body, again.headers["X-Idempotency-Replayed"]) == (first.body, "true")
    for body in ({"key": "fees"}, {"key": "savings", "allowSending": True}):
        refused(till.client.post(f"{account}/balances", body, Idempotency_Key=KEY), 422, "0084")
    assert everything() == before


def test_a_replay_shows_a_balance_as_it_was_opened_whatever_became_of_it(till: Till, account: str) -> None:
    first = made(till.client.post(f"{account}/balances", {"key": "savings"}, Idempotency_Key=KEY))
    gone(till.client.delete(f"{till.balances}/{first.id}"))
    assert made(till.client.post(f"{account}/balances", {"key": "savings"}, Idempotency_Key=KEY)).body == first.body
    assert [row["key"] for row in till.rows("@alice")] == ["default"]


def test_a_refused_request_does_not_use_up_its_idempotency_key(till: Till, account: str) -> None:
    refused(till.client.post(f"{account}/balances", {"key": "default"}, Idempotency_Key=KEY), 409, "9009", "key")
    made(till.client.post(f"{account}/balances", {"key": "savings"}, Idempotency_Key=KEY))


# ---------------------------------------------------------------------------------------------------------- what stands


@on_every_store
def test_a_version_counts_the_entries(till: Till, account: str) -> None:
    assert till.stands() == ("0", "0", 1)
    till.bring("@alice", "10.50")
    assert till.stands() == ("10.5", "0", 2)
    till.take("@alice", "2.250")
    assert till.stands() == ("8.25", "0", 3)
    held = till.take("@alice", "8.25", pending=True)
    assert till.stands() == ("0", "8.25", 4)
    done(till.client.patch(till.path(), {"allowSending": False}))
    assert till.stands() == ("0", "8.25", 5)
    done(till.client.patch(account, {"blocked": True, "name": "Alice"}))
    assert till.stands() == ("0", "8.25", 6)
    done(till.client.patch(account, {"name": None}))
    refused(till.send((till.outside, "1", "default"), ("@alice", "1", "default")), 422, "0024")
    assert till.stands() == ("0", "8.25", 6)
    till.settle(held, "commit")
    assert till.stands() == ("0", "0", 7)


def test_a_balance_is_as_old_as_its_key_and_as_new_as_its_newest_entry(till: Till) -> None:
    till.world.clock.now += HOUR
    account = till.open("@bob", shards=3)
    opened = till.balance("@bob")
    assert opened["createdAt"] == opened["updatedAt"] == done(till.client.get(account))["createdAt"]
    till.world.clock.now += HOUR
    brought = till.bring("@bob", "5").json
    assert till.balance("@bob")["createdAt"] == opened["createdAt"]
    assert till.balance("@bob")["updatedAt"] == brought["createdAt"]


@pytest.mark.parametrize("shards", [2, 16])
def test_a_balance_is_the_sum_of_its_shards(till: Till, everything: Everything, shards: int) -> None:
    till.open("@bob", shards=shards)
    for number in range(1, 11):
        till.bring("@bob", f"0.{number:02}")
    till.take("@bob", "0.25")
    till.take("@bob", "0.20", pending=True)
    heads = [chain[-1] for chain in chains.of(everything, till.books, "@bob", shards=shards)]
    assert len({head["available"] for head in heads}) > 1
    entries = sum(int(text(head, "sk")) for head in heads)
    assert entries > shards + 10
    assert till.stands("@bob") == ("0.1", "0.2", entries)


@on_every_store
@pytest.mark.usefixtures("account")
def test_an_external_balance_is_what_is_inside_below_zero(till: Till) -> None:
    for value in ("10", "0.5", "3"):
        till.bring("@alice", value)
    till.take("@alice", "1.25")
    held = till.take("@alice", "2", pending=True)
    assert till.stands(till.outside)[:2] == ("-12.25", "0")
    till.settle(held, "commit")
    assert till.stands(till.outside) == ("-10.25", "0", EXTERNAL_SHARDS + 5)
    assert till.stands() == ("10.25", "0", 7)
    (row,) = till.rows(till.outside)
    assert (row["key"], row["accountType"], row["alias"]) == ("default", "external", "@external/BRL")


def test_the_least_and_the_most_are_told_exactly(till: Till) -> None:
    least, most = "0." + "0" * 35 + "1", "9" * 60 + "." + "9" * 36
    for alias, value in (("@least", least), ("@most", most)):
        till.open(alias)
        till.bring(alias, value)
        assert till.stands(alias) == (value, "0", 2)


# ----------------------------------------------------------------------------------------------------------- get, lists


@on_every_store
def test_a_balance_is_the_same_wherever_it_is_read(till: Till, account: str) -> None:
    till.open_key(account, "savings")
    till.bring("@alice", "5", "savings")
    rows = till.rows("@alice")
    assert done(till.client.get(f"{account}/balances"))["items"] == rows
    assert [done(till.client.get(f"{till.balances}/{row['id']}")) for row in rows] == rows
    external = done(till.client.get(f"{till.accounts}/external/BRL/balances"))["items"]
    assert done(till.client.get(till.balances))["items"] == [*external, *rows]


def test_a_balance_is_in_its_ledger_and_in_no_other(till: Till, account: str, world: World) -> None:
    savings = till.open_key(account, "savings").rpartition("/")[2]
    ledger_id = made(till.client.post(till.books.ledgers, {"name": "Second"})).id
    other = open_till(Books(till.client, till.books.organization_id, ledger_id))
    for client, balances in ((till.client, other.balances), (world.client(), till.balances)):
        refused(client.get(f"{balances}/{savings}"), 404, "0007")
        refused(client.get(f"{balances}/{savings}/history?date=2026-01-15"), 404, "0007")
        refused(client.patch(f"{balances}/{savings}", {"allowSending": False}), 404, "0007")
        refused(client.delete(f"{balances}/{savings}"), 404, "0007")
    assert [row["alias"] for row in done(till.client.get(other.balances))["items"]] == ["@external/BRL"]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_the_id_of_something_else_is_no_balances(till: Till, account: str, method: str) -> None:
    for identity in (NOBODYS, account.rpartition("/")[2], till.books.ledger_id):
        body = {"allowSending": False} if method == "PATCH" else None
        refused(till.client.send(method, f"{till.balances}/{identity}", body, {}), 404, "0007")
    for identity in ("default", "x"):
        body = {"allowSending": False} if method == "PATCH" else None
        refused(till.client.send(method, f"{till.balances}/{identity}", body, {}), 400, "0065", "balance_id")


def page(till: Till, path: str, query: str = "") -> Any:  # noqa: ANN401 -- the envelope of a page
    """A page of a list of balances."""
    return done(till.client.get(f"{path}?{query}"))


def walk(
    till: Till, path: str, query: str, cursor: str | None = None, *, way: str = "next_cursor"
) -> list[list[tuple[str, str]]]:
    """Alias and key of the balances on each page, from the first or from a cursor on, one way or the other."""
    found = page(till, path, f"{query}&cursor={cursor}" if cursor else query)
    names = [(row["alias"], row["key"]) for row in found["items"]]
    return [names, *(walk(till, path, query, found[way], way=way) if found[way] else [])]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_cursors_lead_through_all_balances_of_a_ledger_and_back(till: Till, account: str, order: str) -> None:
    bob = till.open("@bob", shards=2)
    for path, key in ((account, "c"), (bob, "a"), (account, "b")):
        till.open_key(path, key)
    expected = [
        ("@external/BRL", "default"),
        ("@alice", "default"),
        ("@bob", "default"),
        ("@alice", "c"),
        ("@bob", "a"),
        ("@alice", "b"),
    ][:: 1 if order == "asc" else -1]
    query = f"limit=4&sort_order={order}"
    assert walk(till, till.balances, query) == [expected[:4], expected[4:]]
    last = page(till, till.balances, f"{query}&page=2")
    assert walk(till, till.balances, query, last["prev_cursor"], way="prev_cursor") == [expected[:4]]


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("owner", ["id", "alias"])
def test_cursors_lead_through_the_balances_of_an_account_and_back(
    till: Till, account: str, owner: str, order: str
) -> None:
    for key in ("d", "a", "c", "b"):
        till.open_key(account, key)
    expected = [("@alice", key) for key in ("default", "d", "a", "c", "b")][:: 1 if order == "asc" else -1]
    path = f"{account}/balances" if owner == "id" else f"{till.accounts}/alias/@alice/balances"
    query = f"limit=2&sort_order={order}"
    assert walk(till, path, query) == [expected[:2], expected[2:4], expected[4:]]
    last = page(till, path, f"{query}&page=3")
    assert walk(till, path, query, last["prev_cursor"], way="prev_cursor") == [expected[2:4], expected[:2]]
    assert page(till, path) | {"items": []} == {
        "items": [],
        "limit": 10,
        "page": 1,
        "next_cursor": None,
        "prev_cursor": None,
    }


def test_a_cursor_skips_and_repeats_nothing_while_balances_come_and_go(till: Till, account: str) -> None:
    paths = {key: till.open_key(account, key) for key in ("1", "2", "3", "4", "5")}
    for path in (till.balances, f"{account}/balances"):
        first = page(till, path, "limit=3&start_date=2026-01-15")
        seen = [row["key"] for row in first["items"]]
        onwards = seen[-1]
        gone(till.client.delete(paths.pop(onwards)))  # the cursor stands on it
        rest = walk(till, path, "limit=3&start_date=2026-01-15", first["next_cursor"])
        assert [key for keys in rest for _, key in keys] == [key for key in paths if key not in seen]


def test_dates_bound_a_list_of_balances(till: Till, account: str) -> None:
    moments = {}
    for key in ("1", "2", "3"):
        till.world.clock.now += HOUR
        moments[key] = done(till.client.get(till.open_key(account, key)))["createdAt"]
    for path in (till.balances, f"{account}/balances"):
        for query, expected in (
            (f"start_date={moments['2']}", ["2", "3"]),
            (f"start_date={moments['1']}&end_date={moments['2']}", ["1", "2"]),
            (f"start_date={rfc3339(till.world.clock.now + HOUR)}", []),
        ):
            assert [row["key"] for row in page(till, path, query)["items"]] == expected


def test_balances_have_no_metadata_and_no_filters(till: Till, account: str) -> None:
    for path in (till.balances, f"{account}/balances", f"{till.accounts}/external/BRL/balances"):
        assert page(till, path, "metadata.a=1")["items"] == []
        for name in ("key", "asset_code", "alias", "account_id"):
            refused(till.client.get(f"{path}?{name}=x"), 400, "0082", name)


def test_a_cursor_is_of_one_list(till: Till, account: str) -> None:
    till.open_key(account, "savings")
    by_alias = f"{till.accounts}/alias/@alice/balances"
    cursors = {
        path: page(till, path, "limit=1")["next_cursor"] for path in (till.balances, f"{account}/balances", by_alias)
    }
    for path in (*cursors, f"{till.accounts}/external/BRL/balances"):
        for origin, cursor in cursors.items():
            if origin != path:
                refused(till.client.get(f"{path}?limit=1&cursor={cursor}"), 400, "0082", "cursor")


# --------------------------------------------------------------------------------------------------------------- change


@on_any_number_of_shards
def test_a_change_of_flags_is_an_entry_on_every_shard(till: Till, everything: Everything, shards: int) -> None:
    till.open("@bob", shards=shards)
    till.open_key(f"{till.accounts}/{till.balance('@bob')['accountId']}", "savings")
    till.bring("@bob", "5")
    before = chains.of(everything, till.books, "@bob", shards=shards)
    balance = till.path("@bob")
    after = done(till.client.patch(balance, {"allowSending": False}))
    assert (after["allowSending"], after["allowReceiving"], after["available"]) == (False, True, "5")
    assert done(till.client.get(balance)) == after
    assert after["version"] == 2 * shards + 1
    done(till.client.patch(balance, {"allowSending": True, "allowReceiving": False}))
    for old, new in zip(before, chains.of(everything, till.books, "@bob", shards=shards), strict=True):
        assert new[: len(old)] == old
        assert [entry["type"] for entry in new[len(old) :]] == ["CHANGE", "CHANGE"]
        assert flags(new[len(old) :]) == [(False, True), (True, False)]
        assert {(entry["available"], entry["on_hold"], entry["blocked"]) for entry in new[len(old) :]} == {
            (old[-1]["available"], "0", False)
        }
    assert till.stands("@bob", "savings") == ("0", "0", shards)


@pytest.mark.usefixtures("account")
def test_flags_that_are_so_already_are_no_entry(till: Till, everything: Everything) -> None:
    balance = till.path()
    for change, entries in (
        ({}, 1),
        ({"allowSending": True}, 1),
        ({"allowSending": False}, 2),
        ({"allowSending": False}, 2),
        ({}, 2),
        ({"allowSending": False, "allowReceiving": True}, 2),
        ({"allowReceiving": False}, 3),
    ):
        before = everything()
        answer = done(till.client.patch(balance, change))
        assert answer.items() >= change.items()
        assert answer["version"] == entries
        assert answer == done(till.client.get(balance))
        assert len(everything()) - len(before) in {0, 1}
        assert [len(chain) for chain in chains.of(everything, till.books, "@alice")] == [entries]


@pytest.mark.parametrize("key", ["default", "savings"])
def test_what_is_switched_off_is_refused_until_it_is_switched_on(till: Till, account: str, key: str) -> None:
    till.open_key(account, "savings")
    till.bring("@alice", "9", key)
    balance = till.path("@alice", key)
    outside, inside = (till.outside, "1", "default"), ("@alice", "1", key)
    done(till.client.patch(balance, {"allowSending": False}))
    refused(till.send(inside, outside), 422, "0024")
    refused(till.send(inside, outside, pending=True), 422, "0024")
    made(till.send(outside, inside))
    done(till.client.patch(balance, {"allowSending": True, "allowReceiving": False}))
    refused(till.send(outside, inside), 422, "0024")
    made(till.send(inside, outside))
    held = made(till.send(inside, outside, pending=True))
    till.settle(held, "cancel")  # what is given back is not received
    done(till.client.patch(balance, {"allowReceiving": True}))
    made(till.send(outside, inside))


def test_one_balance_is_switched_off_and_the_others_are_not(till: Till, account: str) -> None:
    savings = till.open_key(account, "savings")
    done(till.client.patch(savings, {"allowReceiving": False}))
    till.bring("@alice", "5")
    refused(till.send((till.outside, "5", "default"), ("@alice", "5", "savings")), 422, "0024")


CHANGES: dict[str, tuple[dict[str, Any], Bad]] = {
    **{
        f"{field} {value!r}": ({field: value}, Bad("", "0047", field, "must be a valid boolean"))
        for field in ("allowSending", "allowReceiving")
        for value in (None, "false", 0)
    },
    **{
        f"a new {field}": ({"allowSending": False, field: value}, Bad("", "0053", field, "Leave out"))
        for field, value in (
            ("key", "savings"),
            ("available", "1000"),
            ("onHold", "0"),
            ("version", 1),
            ("alias", "@bob"),
            ("blocked", False),
            ("metadata", {}),
            ("deletedAt", None),
            ("allow_sending", False),
        )
    },
}
"""Changes that are none."""


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(("change", "bad"), CHANGES.values(), ids=CHANGES)
def test_a_bad_change_is_refused_and_nothing_is_stored(
    till: Till, everything: Everything, change: dict[str, Any], bad: Bad
) -> None:
    balance = till.path()
    before = everything()
    check(till.client.patch(balance, change), bad)
    assert everything() == before


@on_every_store
def test_an_external_balance_can_be_neither_changed_nor_deleted(till: Till, everything: Everything) -> None:
    balance = till.path(till.outside)
    before = everything()
    for change in ({}, {"allowSending": False}, {"allowReceiving": True}):
        refused(till.client.patch(balance, change), 400, "0074")
    refused(till.client.delete(balance), 400, "0074")
    assert everything() == before


@pytest.mark.usefixtures("account")
def test_a_clock_that_was_set_back_makes_no_change_older_than_what_it_changes(till: Till) -> None:
    brought = till.bring("@alice", "5").json
    till.world.clock.now -= HOUR
    assert done(till.client.patch(till.path(), {"allowSending": False}))["updatedAt"] == brought["createdAt"]


# --------------------------------------------------------------------------------------------------------------- delete


@on_any_number_of_shards
def test_a_deleted_balance_is_gone_and_nothing_else_is_touched(till: Till, everything: Everything, shards: int) -> None:
    account = till.open("@bob", shards=shards)
    balance = till.open_key(account, "savings")
    till.open_key(account, "fees")
    before = everything()
    gone(till.client.delete(balance))
    after = everything()
    for answer in (
        till.client.get(balance),
        till.client.get(f"{balance}/history?date=2026-01-15"),
        till.client.patch(balance, {}),
        till.client.delete(balance),
    ):
        refused(answer, 404, "0007")
    assert [row["key"] for row in till.rows("@bob")] == ["default", "fees"]
    assert [row["key"] for row in done(till.client.get(till.balances))["items"]] == ["default", "default", "fees"]

    identity = keys.balance(till.books.ref, balance.rpartition("/")[2])
    noted = keys.account(till.books.ref, account.rpartition("/")[2])
    closed = chains.of(everything, till.books, "@bob", "savings", shards=shards)
    assert [[entry["type"] for entry in chain] for chain in closed] == [["OPEN", "CLOSE"]] * shards
    assert before.keys() - after.keys() == {(identity.pk, identity.sk)}
    assert after.keys() - before.keys() == {(chain[-1]["pk"], chain[-1]["sk"]) for chain in closed}
    assert {key for key in before.keys() & after.keys() if before[key] != after[key]} == {(noted.pk, noted.sk)}


def test_a_deleted_balance_sends_and_receives_nothing(till: Till, account: str, everything: Everything) -> None:
    gone(till.client.delete(till.open_key(account, "savings")))
    till.bring("@alice", "5")
    before = everything()
    for other in ((till.outside, "5", "default"), ("@alice", "5", "default")):
        refused(till.send(other, ("@alice", "5", "savings")), 422, "0019")
        refused(till.send(("@alice", "5", "savings"), other), 422, "0019")
    assert everything() == before


def available(till: Till) -> None:
    """Money that is there."""
    till.bring("@bob", "5", "savings")


def on_hold(till: Till) -> None:
    """Money of which all is held."""
    till.bring("@bob", "5", "savings")
    till.take("@bob", "5", "savings", pending=True)


@on_any_number_of_shards
@pytest.mark.parametrize("something", [available, on_hold])
def test_a_balance_in_which_something_is_left_stays(
    till: Till,
    everything: Everything,
    something: Callable[[Till], None],
    shards: int,
) -> None:
    balance = till.open_key(till.open("@bob", shards=shards), "savings")
    something(till)
    before = everything()
    assert "savings" in refused(till.client.delete(balance), 400, "0093")
    assert everything() == before


def test_a_default_balance_goes_with_its_account_only(till: Till, account: str, everything: Everything) -> None:
    till.open_key(account, "savings")
    default = till.path()
    before = everything()
    assert "Delete the account" in refused(till.client.delete(default), 400, "0047")
    assert everything() == before


@on_every_store
@on_any_number_of_shards
def test_a_key_can_be_opened_again_for_a_balance_that_starts_anew(
    till: Till, everything: Everything, shards: int
) -> None:
    account = till.open("@bob", shards=shards)
    first = till.open_key(account, "savings", allowReceiving=False)
    done(till.client.patch(first, {"allowReceiving": True}))
    till.bring("@bob", "5", "savings")
    till.take("@bob", "5", "savings")
    gone(till.client.delete(first))
    second = till.open_key(account, "savings")
    assert second != first
    answer = done(till.client.get(second))
    assert (answer["available"], answer["version"], answer["allowReceiving"]) == ("0", shards, True)
    refused(till.client.get(first), 404, "0007")
    till.bring("@bob", "3", "savings")
    assert till.stands("@bob", "savings") == ("3", "0", shards + 1)
    for chain in chains.of(everything, till.books, "@bob", "savings", shards=shards):
        opened = [number for number, entry in enumerate(chain, start=1) if entry["type"] == "OPEN"]
        assert len(opened) == 2
        assert [entry["opened"] for entry in chain] == [
            opened[0] if number < opened[1] else opened[1] for number in range(1, len(chain) + 1)
        ]
        assert chain[opened[1] - 2]["closed"] is True


def test_so_it_goes_for_as_many_times_as_one_likes(till: Till, account: str, everything: Everything) -> None:
    ids = set()
    for _ in range(4):
        balance = till.open_key(account, "savings")
        ids.add(balance)
        assert till.stands("@alice", "savings") == ("0", "0", 1)
        gone(till.client.delete(balance))
    assert len(ids) == 4
    (chain,) = chains.of(everything, till.books, "@alice", "savings")
    assert [(entry["type"], entry["opened"]) for entry in chain] == [
        (kind, opened) for opened in (1, 3, 5, 7) for kind in ("OPEN", "CLOSE")
    ]


def test_a_clock_that_was_set_back_makes_no_opening_older_than_the_closing_before_it(
    till: Till, account: str, everything: Everything
) -> None:
    balance = till.open_key(account, "savings")
    till.world.clock.now += HOUR
    gone(till.client.delete(balance))
    till.world.clock.now -= 2 * HOUR
    till.open_key(account, "savings")
    (chain,) = chains.of(everything, till.books, "@alice", "savings")  # which checks that time does not run backwards
    assert chain[-1]["created_at"] == chain[-2]["created_at"]
