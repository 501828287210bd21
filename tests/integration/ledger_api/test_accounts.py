"""Accounts: who holds something of an asset in a ledger, each found by an id and by an alias."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from coffer.ledger.entries import EXTERNAL_SHARDS
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.bad import Bad, check
from tests.integration.ledger_api.books import NOBODYS, Books, done, gone, made, refused
from tests.integration.ledger_api.till import Till, open_till
from tests.integration.stores import Everything, on_every_store
from tests.support.world import Answer, World

KEY = "order 42"
LEAST = {"assetCode": "BRL", "type": "deposit"}


# --------------------------------------------------------------------------------------------------------------- create


def test_an_asset_and_a_type_are_enough(till: Till) -> None:
    answer = made(till.client.post(till.accounts, LEAST)).json
    expected = {
        "organizationId": till.books.organization_id,
        "ledgerId": till.books.ledger_id,
        **LEAST,
        "alias": answer["id"],
        "name": None,
        "parentAccountId": None,
        "entityId": None,
        "portfolioId": None,
        "segmentId": None,
        "blocked": False,
        "shards": 1,
        "status": {"code": "ACTIVE", "description": None},
        "metadata": {},
        "deletedAt": None,
    }
    assert answer.items() >= expected.items()
    assert answer.keys() == expected.keys() | {"id", "createdAt", "updatedAt"}
    assert answer["createdAt"] == answer["updatedAt"]


@on_every_store
def test_whatever_is_noted_of_an_account_is_kept_as_it_is_sent(till: Till) -> None:
    body = {
        **LEAST,
        "type": "Conta à vista",
        "name": "Alice's savings",
        "alias": "@alice:savings_1.x-y",
        "parentAccountId": till.open("@parent").rpartition("/")[2],
        "entityId": "customer 42",
        "blocked": True,
        "shards": 3,
        "status": {"code": "001", "description": "Pre-launch"},
        "metadata": {"text": "ação 😀", "rate": 12.5, "vip": True},
    }
    answer = made(till.client.post(till.accounts, body))
    assert answer.json.items() >= body.items()
    assert done(till.client.get(f"{till.accounts}/{answer.id}")) == answer.json


@on_every_store
def test_an_account_is_got_by_its_id_and_by_its_alias(till: Till) -> None:
    path = till.open("@alice")
    till.open("@bob")
    account = done(till.client.get(path))
    assert account["alias"] == "@alice"
    assert done(till.client.get(f"{till.accounts}/alias/@alice")) == account


def test_without_an_alias_an_account_goes_by_its_id(till: Till) -> None:
    created = made(till.client.post(till.accounts, {**LEAST, "alias": None}))
    assert done(till.client.get(f"{till.accounts}/alias/{created.id}")) == created.json
    refused(till.client.post(till.accounts, till.body(created.id)), 409, "0020", "alias")


@pytest.mark.parametrize("kind", ["x", "deposit", "external", "Conta à vista 😀", "x" * 256])
def test_a_type_is_free_text(till: Till, kind: str) -> None:
    assert done(till.client.get(till.open(type=kind)))["type"] == kind


@pytest.mark.parametrize("shards", range(1, 17))
def test_an_account_begins_with_nothing_in_a_default_balance_of_so_many_shards(
    till: Till, everything: Everything, shards: int
) -> None:
    account = done(till.client.get(till.open(shards=shards)))
    (balance,) = till.rows("@alice")
    expected = {
        "accountId": account["id"],
        "alias": "@alice",
        "key": "default",
        "assetCode": "BRL",
        "available": "0",
        "onHold": "0",
        "version": shards,
        "allowSending": True,
        "allowReceiving": True,
    }
    assert (account["shards"], balance.items() >= expected.items()) == (shards, True)
    opened = chains.of(everything, till.books, "@alice", shards=shards)
    assert [[entry["type"] for entry in chain] for chain in opened] == [["OPEN"]] * shards
    assert [(chain[0]["shard"], chain[0]["shards"]) for chain in opened] == [(n, shards) for n in range(shards)]


def test_an_account_may_be_blocked_from_the_beginning(till: Till) -> None:
    till.open("@alice", blocked=True)
    refused(till.send((till.outside, "5", "default"), ("@alice", "5", "default")), 422, "0024")


def test_accounts_of_several_assets_are_in_one_ledger(till: Till) -> None:
    till.books.add("USD")
    till.open("@alice")
    till.open("@alice:usd", assetCode="USD")
    assert [row["assetCode"] for row in done(till.client.get(till.accounts))["items"]] == ["BRL", "USD", "BRL", "USD"]


# ---------------------------------------------------------------------------------------------------------------- alias


@pytest.mark.parametrize(
    "alias", ["a", "@alice", "x" * 100, "AZaz09@:_.-", "acc_01KF:usdt.ethereum", "@external", "external", "@external:x"]
)
def test_an_alias_is_letters_digits_and_a_few_signs(till: Till, alias: str) -> None:
    till.open(alias)
    assert done(till.client.get(f"{till.accounts}/alias/{alias}"))["alias"] == alias
    till.bring(alias, "5")
    assert till.stands(alias) == ("5", "0", 2)


@on_every_store
def test_an_alias_is_given_once(till: Till, everything: Everything) -> None:
    till.open("@alice")
    before = everything()
    refused(till.client.post(till.accounts, till.body("@alice", name="Another")), 409, "0020", "alias")
    assert everything() == before


def test_an_alias_is_given_once_in_a_ledger_whatever_the_asset(till: Till) -> None:
    till.books.add("USD")
    till.open("@alice")
    refused(till.client.post(till.accounts, till.body("@alice", assetCode="USD")), 409, "0020", "alias")


def test_aliases_are_compared_exactly(till: Till) -> None:
    paths = {till.open(alias) for alias in ("@alice", "@Alice", "alice", "@alice.")}
    assert len(paths) == 4


def test_another_ledger_may_use_the_same_alias(till: Till) -> None:
    ledger_id = made(till.client.post(till.books.ledgers, {"name": "Second"})).id
    other = open_till(Books(till.client, till.books.organization_id, ledger_id))
    assert till.open("@alice").rpartition("/")[2] != other.open("@alice").rpartition("/")[2]


@on_every_store
def test_an_alias_is_never_given_again_also_after_its_account_was_deleted(till: Till, everything: Everything) -> None:
    gone(till.client.delete(till.open("@alice")))
    before = everything()
    refused(till.client.post(till.accounts, till.body("@alice")), 409, "0020", "alias")
    assert everything() == before


# --------------------------------------------------------------------------------------------------------------- parent


def test_a_parent_is_an_account_of_the_same_asset(till: Till) -> None:
    parent = till.open("@parent").rpartition("/")[2]
    child = till.open("@child", parentAccountId=parent)
    assert done(till.client.get(child))["parentAccountId"] == parent
    grandchild = till.open("@grandchild", parentAccountId=child.rpartition("/")[2])
    assert done(till.client.get(grandchild))["parentAccountId"] == child.rpartition("/")[2]


def test_a_child_keeps_the_id_of_a_parent_that_is_deleted(till: Till) -> None:
    parent = till.open("@parent")
    child = till.open("@child", parentAccountId=parent.rpartition("/")[2])
    gone(till.client.delete(parent))
    assert done(till.client.get(child))["parentAccountId"] == parent.rpartition("/")[2]


def of_nobody(_: Till) -> str:
    """An id that no account has."""
    return NOBODYS


def of_another_asset(till: Till) -> str:
    """An account of another asset."""
    till.books.add("USD")
    return till.open("@parent", assetCode="USD").rpartition("/")[2]


def of_another_ledger(till: Till) -> str:
    """An account of another ledger's asset of the same code."""
    ledger_id = made(till.client.post(till.books.ledgers, {"name": "Second"})).id
    other = open_till(Books(till.client, till.books.organization_id, ledger_id))
    return other.open("@parent").rpartition("/")[2]


def that_was_deleted(till: Till) -> str:
    """An account that is no more."""
    parent = till.open("@parent")
    gone(till.client.delete(parent))
    return parent.rpartition("/")[2]


def of_an_asset_that_was_deleted(till: Till) -> str:
    """An account of an asset in whose place there is another one of the same code."""
    parent = till.open("@parent")
    till.make_asset_again()
    return parent.rpartition("/")[2]


@pytest.mark.parametrize(
    "parent", [of_nobody, of_another_asset, of_another_ledger, that_was_deleted, of_an_asset_that_was_deleted]
)
def test_any_other_parent_is_refused(till: Till, everything: Everything, parent: Callable[[Till], str]) -> None:
    body = till.body("@child", parentAccountId=parent(till))
    before = everything()
    refused(till.client.post(till.accounts, body), 400, "0029", "parentAccountId")
    assert everything() == before


# ------------------------------------------------------------------------------------------------------------- refusals

FIELDS: dict[str, tuple[dict[str, Any], Bad]] = {
    "no asset": ({"type": "deposit"}, Bad("", "0009", "assetCode", "is required")),
    "no type": ({"assetCode": "BRL"}, Bad("", "0009", "type", "is required")),
    **{
        f"a field that is called {field}": ({**LEAST, field: "x"}, Bad("", "0053", field, "Leave out"))
        for field in ("more", "id", "balance", "available", "createdAt", "organizationId", "asset_code", "allowSending")
    },
    **{
        f"{field} {value!r:.20}": ({**LEAST, field: value}, Bad("", code, field, says))
        for field, value, code, says in (
            ("assetCode", "brl", "0004", "must be upper case: BRL"),
            ("assetCode", "", "0033", "letters A-Z and digits"),
            ("assetCode", "1BRL", "0033", "first a letter"),
            ("assetCode", "BR-L", "0033", "letters A-Z and digits"),
            ("assetCode", "BRL#default", "0033", "letters A-Z and digits"),
            ("assetCode", "X" * 101, "0033", "1 to 100"),
            ("assetCode", 5, "0047", "must be a string"),
            ("assetCode", None, "0047", "must be a string"),
            ("alias", "", "0096", "1 to 100 characters"),
            ("alias", "x" * 101, "0096", "1 to 100 characters"),
            ("alias", "@external/BRL", "0096", "may not start with @external/"),
            ("alias", "@external/x", "0096", "may not start with @external/"),
            ("alias", "@external/", "0096", "may not start with @external/"),
            ("alias", "@alice#1", "0096", "1 to 100 characters"),
            ("alias", "@alice/1", "0096", "1 to 100 characters"),
            ("alias", "alice smith", "0096", "1 to 100 characters"),
            ("alias", "@alice\n", "0096", "1 to 100 characters"),
            ("alias", "@ação", "0096", "1 to 100 characters"),
            ("alias", "٣", "0096", "1 to 100 characters"),
            ("alias", 5, "0047", "must be a string"),
            ("blocked", "true", "0047", "must be a valid boolean"),
            ("blocked", 1, "0047", "must be a valid boolean"),
            ("blocked", None, "0047", "must be a valid boolean"),
            ("shards", 0, "0047", "greater than or equal to 1"),
            ("shards", -1, "0047", "greater than or equal to 1"),
            ("shards", 17, "0047", "less than or equal to 16"),
            ("shards", "2", "0047", "must be a whole number"),
            ("shards", True, "0047", "must be a whole number"),
            ("shards", 1.5, "0047", "must be a whole number"),
            ("shards", 10**30, "0047", "must be a whole number"),
            ("shards", None, "0047", "must be a whole number"),
            ("type", None, "0047", "must be a string"),
            ("status", "ACTIVE", "0047", "must be an object"),
            ("metadata", None, "0051", "must be an object"),
            ("metadata", {"a": {}}, "0067", "is nested"),
        )
    },
    **{
        f"{field} {what}": ({**LEAST, field: value}, Bad("", "0047", field, says))
        for field in ("type", "name", "entityId")
        for what, value, says in (
            ("empty", "", "at least 1"),
            ("blank", " \t", "blank"),
            ("long", "x" * 257, "at most 256"),
            ("numeric", 5, "must be a string"),
        )
    },
    **{
        f"{field} {what}": ({**LEAST, field: value}, Bad("", "0047", field, says))
        for field in ("parentAccountId", "portfolioId", "segmentId")
        for what, value, says in (
            ("malformed", "acme", "UUID"),
            ("in upper case", NOBODYS.replace("0", "A"), "lower case"),
            ("numeric", 5, "must be a string"),
        )
    },
}
"""Bodies that open no account."""


@pytest.mark.parametrize(("body", "bad"), FIELDS.values(), ids=FIELDS)
def test_a_bad_field_is_named_and_nothing_is_stored(
    till: Till, everything: Everything, body: dict[str, Any], bad: Bad
) -> None:
    before = everything()
    check(till.client.post(till.accounts, body), bad)
    assert everything() == before


def test_all_that_is_missing_is_named_at_once(till: Till) -> None:
    refused(till.client.post(till.accounts, {}), 400, "0009", "assetCode", "type")


@on_every_store
def test_an_asset_must_be_there(till: Till, everything: Everything) -> None:
    before = everything()
    assert "USD" in refused(till.client.post(till.accounts, till.body(assetCode="USD")), 404, "0034", "assetCode")
    assert everything() == before


def test_an_asset_of_another_ledger_or_one_that_was_deleted_is_not_there(till: Till, everything: Everything) -> None:
    ledger_id = made(till.client.post(till.books.ledgers, {"name": "Second"})).id
    Books(till.client, till.books.organization_id, ledger_id).add("USD")
    till.delete_asset()
    before = everything()
    for code in ("USD", "BRL"):
        refused(till.client.post(till.accounts, till.body(assetCode=code)), 404, "0034", "assetCode")
    assert everything() == before


def test_without_a_ledger_there_are_no_accounts(till: Till) -> None:
    nowhere = f"{till.books.ledgers}/{NOBODYS}/accounts"
    refused(till.client.post(nowhere, LEAST), 404, "0037")
    refused(till.client.get(nowhere), 404, "0037")
    refused(till.client.head(f"{nowhere}/metrics/count"), 404, "0037")
    refused(till.client.get(f"{nowhere}/{NOBODYS}"), 404, "0007")


# ------------------------------------------------------------------------------------------------------------------ get


def test_an_account_is_in_its_ledger_and_in_no_other(till: Till, world: World) -> None:
    account_id = till.open("@alice").rpartition("/")[2]
    ledger_id = made(till.client.post(till.books.ledgers, {"name": "Second"})).id
    other = f"{till.books.ledgers}/{ledger_id}/accounts"
    for client, accounts in ((till.client, other), (world.client(), till.accounts)):
        refused(client.get(f"{accounts}/{account_id}"), 404, "0007")
        refused(client.get(f"{accounts}/alias/@alice"), 404, "0007")
        refused(client.get(f"{accounts}/external/BRL"), 404, "0007")
        refused(client.patch(f"{accounts}/{account_id}", {"blocked": True}), 404, "0007")
        refused(client.delete(f"{accounts}/{account_id}"), 404, "0007")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_the_id_of_something_else_is_no_accounts(till: Till, method: str) -> None:
    till.open("@alice")
    for identity in (NOBODYS, till.balance()["id"], till.books.ledger_id):
        body = {"blocked": True} if method == "PATCH" else None
        refused(till.client.send(method, f"{till.accounts}/{identity}", body, {}), 404, "0007")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("identity", ["x", "@alice", NOBODYS.upper().replace("0", "A"), NOBODYS.replace("-", "")])
def test_an_id_is_a_uuid(till: Till, method: str, identity: str) -> None:
    body = {"blocked": True} if method == "PATCH" else None
    refused(till.client.send(method, f"{till.accounts}/{identity}", body, {}), 400, "0065", "account_id")


def test_an_alias_that_nobody_has_is_404(till: Till) -> None:
    till.open("@alice")
    for alias in ("@bob", "@Alice", "@external", "x" * 100):
        assert alias in refused(till.client.get(f"{till.accounts}/alias/{alias}"), 404, "0007")


@pytest.mark.parametrize("alias", ["a b", "a#b", "ação", "x" * 101, "a,b", "*"])
def test_what_can_be_no_alias_is_400(till: Till, alias: str) -> None:
    refused(till.client.get(f"{till.accounts}/alias/{alias}"), 400, "0065", "alias")


# ------------------------------------------------------------------------------------------------- the external account


def by_alias(till: Till, alias: str) -> Answer:
    """An account by an alias that has a slash, which a path holds encoded: the gateway hands it over decoded."""
    endpoint, event = till.client.event("GET", f"{till.accounts}/alias/x", None, {})
    return till.world.call({**event, "pathParameters": {**event["pathParameters"], "alias": alias}}, endpoint)


@on_every_store
def test_an_asset_comes_with_an_external_account(till: Till) -> None:
    account = done(till.client.get(f"{till.accounts}/external/BRL"))
    expected = {
        "alias": "@external/BRL",
        "assetCode": "BRL",
        "type": "external",
        "blocked": False,
        "shards": EXTERNAL_SHARDS,
        "name": None,
        "metadata": {},
    }
    assert account.items() >= expected.items()
    assert done(by_alias(till, "@external/BRL")) == account
    assert done(till.client.get(f"{till.accounts}/{account['id']}")) == account


@pytest.mark.parametrize("code", ["USD", "BR", "BRL1", "X" * 100])
def test_no_asset_no_external_account(till: Till, code: str) -> None:
    refused(till.client.get(f"{till.accounts}/external/{code}"), 404, "0007")
    refused(till.client.get(f"{till.accounts}/external/{code}/balances"), 404, "0007")
    refused(by_alias(till, f"@external/{code}"), 404, "0007")


@pytest.mark.parametrize("code", ["brl", "1BRL", "BR-L", "X" * 101])
def test_what_can_be_no_code_is_400(till: Till, code: str) -> None:
    refused(till.client.get(f"{till.accounts}/external/{code}"), 400, "0065", "code")
    refused(till.client.get(f"{till.accounts}/external/{code}/balances"), 400, "0065", "code")
    refused(by_alias(till, f"@external/{code}"), 400, "0065", "alias")


def test_a_deleted_assets_external_account_is_gone_until_there_is_a_new_one(till: Till) -> None:
    path = f"{till.accounts}/external/BRL"
    old = done(till.client.get(path))
    till.delete_asset()
    refused(till.client.get(path), 404, "0007")
    refused(by_alias(till, "@external/BRL"), 404, "0007")
    till.books.add("BRL")
    new = done(till.client.get(path))
    assert new["id"] != old["id"]
    assert new["createdAt"] > old["createdAt"]
    refused(till.client.get(f"{till.accounts}/{old['id']}"), 404, "0007")


# ---------------------------------------------------------------------------------------------------------- idempotency


@on_every_store
def test_with_a_key_an_account_is_opened_once(till: Till, everything: Everything) -> None:
    first = made(till.client.post(till.accounts, till.body("@alice", shards=2), Idempotency_Key=KEY))
    before = everything()
    again = made(till.client.post(till.accounts, till.body("@alice", shards=2), Idempotency_Key=KEY))
    assert again.body == first.body
    assert again.headers["X-Idempotency-Replayed"] == "true"
    assert everything() == before


def test_the_same_key_with_another_body_is_refused(till: Till, everything: Everything) -> None:
    made(till.client.post(till.accounts, LEAST, Idempotency_Key=KEY))
    before = everything()
    for fields in ({"alias": "@alice"}, {"shards": 2}, {"shards": 1}, {"blocked": False}, {"type": "Deposit"}):
        refused(till.client.post(till.accounts, {**LEAST, **fields}, Idempotency_Key=KEY), 422, "0084")
    assert everything() == before


def test_a_replay_shows_the_account_as_it_was_opened_whatever_became_of_it(till: Till) -> None:
    first = made(till.client.post(till.accounts, LEAST, Idempotency_Key=KEY))
    path = f"{till.accounts}/{first.id}"
    done(till.client.patch(path, {"name": "Renamed", "blocked": True}))
    assert made(till.client.post(till.accounts, LEAST, Idempotency_Key=KEY)).body == first.body
    gone(till.client.delete(path))
    till.delete_asset()
    assert made(till.client.post(till.accounts, LEAST, Idempotency_Key=KEY)).body == first.body
    refused(till.client.get(path), 404, "0007")


def test_a_refused_request_does_not_use_up_its_key(till: Till) -> None:
    till.open("@alice")
    refused(till.client.post(till.accounts, till.body("@alice"), Idempotency_Key=KEY), 409, "0020", "alias")
    first = made(till.client.post(till.accounts, till.body("@bob"), Idempotency_Key=KEY))
    assert "X-Idempotency-Replayed" not in first.headers


def test_without_a_key_and_an_alias_each_request_opens_an_account(till: Till) -> None:
    assert len({made(till.client.post(till.accounts, LEAST)).id for _ in range(3)}) == 3
