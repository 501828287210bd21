"""Operations: what a transaction does to each balance, and what is noted of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from coffer.ids import operation_id
from coffer.store import keys
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.bad import Bad, check
from tests.integration.ledger_api.books import NOBODYS, Books, done, gone, made, refused
from tests.integration.ledger_api.till import Till, leg, open_till
from tests.integration.stores import Everything, on_every_store
from tests.support.world import Answer, World

HOUR = 3_600_000
READ = "transact_write_items"


@pytest.fixture
def account(till: Till) -> str:
    """The path of the account @alice, which has 10."""
    path = till.open("@alice")
    till.bring("@alice", "10")
    return path


def of(transaction: Answer, alias: str = "@alice") -> list[dict[str, Any]]:
    """The operations of a transaction on the balances of an account."""
    return [each for each in transaction.json["operations"] if each["accountAlias"] == alias]


def path(till: Till, operation: dict[str, Any]) -> str:
    """Where an operation is got."""
    return f"{till.accounts}/{operation['accountId']}/operations/{operation['id']}"


def changing(till: Till, operation: dict[str, Any]) -> str:
    """Where an operation is changed."""
    return f"{till.transactions}/{operation['transactionId']}/operations/{operation['id']}"


# ------------------------------------------------------------------------------------------------------------------ get


@on_every_store
@pytest.mark.usefixtures("account")
def test_an_operation_is_got_as_its_transaction_has_it(till: Till) -> None:
    till.open("@bob")
    paid = till.pay("@alice", "@bob", "4")
    for operation in paid.json["operations"]:
        assert done(till.client.get(path(till, operation))) == operation
    debit, credit = paid.json["operations"]
    expected = {
        "organizationId": till.books.organization_id,
        "ledgerId": till.books.ledger_id,
        "transactionId": paid.id,
        "type": "DEBIT",
        "direction": "debit",
        "assetCode": "BRL",
        "amount": {"value": "4"},
        "balance": {"available": "10", "onHold": "0", "version": 2},
        "balanceAfter": {"available": "6", "onHold": "0", "version": 3},
        "balanceAffected": True,
        "accountId": till.balance("@alice")["accountId"],
        "accountAlias": "@alice",
        "balanceId": till.balance("@alice")["id"],
        "balanceKey": "default",
        "description": None,
        "chartOfAccounts": None,
        "status": {"code": "APPROVED", "description": None},
        "metadata": {},
        "createdAt": paid.json["createdAt"],
        "updatedAt": paid.json["createdAt"],
        "deletedAt": None,
    }
    assert debit == expected | {"id": debit["id"]}
    assert (credit["type"], credit["direction"], credit["accountAlias"]) == ("CREDIT", "credit", "@bob")
    assert credit["balance"] == {"available": "0", "onHold": "0", "version": 1}
    assert credit["balanceAfter"] == {"available": "4", "onHold": "0", "version": 2}


def an_inflow(till: Till) -> Answer:
    """Money that comes in."""
    return till.bring("@alice", "4")


def an_outflow(till: Till) -> Answer:
    """Money that goes out."""
    return till.take("@alice", "4")


def a_hold(till: Till) -> Answer:
    """Money that is held."""
    return till.take("@alice", "4", pending=True)


def a_commit(till: Till) -> Answer:
    """Money that was held and goes out."""
    return till.settle(a_hold(till), "commit")


def a_cancel(till: Till) -> Answer:
    """Money that was held and is given back."""
    return till.settle(a_hold(till), "cancel")


def a_revert(till: Till) -> Answer:
    """Money that went out and comes back."""
    return till.settle(an_outflow(till), "revert")


HELD = ("ON_HOLD", "debit", "PENDING", ("10", "0", 2), ("6", "4", 3))


@pytest.mark.parametrize(
    ("post", "told"),
    [
        (an_inflow, [("CREDIT", "credit", "APPROVED", ("10", "0", 2), ("14", "0", 3))]),
        (an_outflow, [("DEBIT", "debit", "APPROVED", ("10", "0", 2), ("6", "0", 3))]),
        (a_hold, [HELD]),
        (a_commit, [HELD, ("DEBIT", "debit", "APPROVED", ("6", "4", 3), ("6", "0", 4))]),
        (a_cancel, [HELD, ("RELEASE", "credit", "CANCELED", ("6", "4", 3), ("10", "0", 4))]),
        (a_revert, [("CREDIT", "credit", "APPROVED", ("6", "0", 3), ("10", "0", 4))]),
    ],
)
@pytest.mark.usefixtures("account")
def test_an_operation_tells_what_stood_before_and_after_it(
    till: Till, post: Callable[[Till], Answer], told: list[object]
) -> None:
    def stood(balance: dict[str, Any]) -> tuple[str, str, int]:
        return balance["available"], balance["onHold"], balance["version"]

    operations = of(post(till))
    till.bring("@alice", "1")  # which changes nothing of what stood then
    found = [done(till.client.get(path(till, each))) for each in operations]
    assert found == operations
    assert [
        (each["type"], each["direction"], each["status"]["code"], stood(each["balance"]), stood(each["balanceAfter"]))
        for each in found
    ] == told


def test_what_is_only_noted_affects_no_balance(till: Till, account: str) -> None:
    before = till.stands()
    send = {
        "asset": "BRL",
        "value": "1000",
        "source": {"from": [leg("BRL", "@alice", "1000")]},
        "distribute": {"to": [leg("BRL", till.outside, "1000")]},
    }
    (operation,) = of(made(till.client.post(f"{till.transactions}/annotation", {"send": send})))
    assert done(till.client.get(path(till, operation))) == operation
    assert (operation["balanceAffected"], operation["status"]["code"]) == (False, "NOTED")
    assert operation["balance"] == operation["balanceAfter"] == {"available": "10", "onHold": "0", "version": 2}
    assert till.stands() == before
    assert operation["id"] not in {row["id"] for row in done(till.client.get(f"{account}/operations"))["items"]}


def test_of_a_sharded_account_an_operation_tells_its_shards_balance(till: Till, everything: Everything) -> None:
    till.open("@bob", shards=3)
    for value in ("1", "2", "3", "4", "5", "6"):
        (operation,) = of(till.bring("@bob", value), "@bob")
        heads = [chain[-1] for chain in chains.of(everything, till.books, "@bob", shards=3)]
        after = operation["balanceAfter"]
        assert (after["available"], after["version"]) in {(head["available"], int(str(head["sk"]))) for head in heads}
    paid = of(till.take("@bob", "21"), "@bob")
    assert len(paid) > 1
    assert {each["balanceAfter"]["available"] for each in paid} == {"0"}
    assert [done(till.client.get(path(till, each))) for each in paid] == paid


@pytest.mark.usefixtures("account")
def test_an_operation_bears_what_is_noted_of_its_leg(till: Till) -> None:
    noted = {"description": "rent", "chartOfAccounts": "1.1.0", "metadata": {"flat": 3}}
    send = {"asset": "BRL", "value": "5", "source": {"from": [{**leg("BRL", "@alice", "5"), **noted}]}}
    body = {"send": send, "pending": True, "description": "May", "metadata": {"of": "the transaction"}}
    held = made(till.client.post(f"{till.transactions}/outflow", body))
    operations = of(till.settle(held, "commit"))
    assert [each["type"] for each in operations] == ["ON_HOLD", "DEBIT"]
    for each in operations:
        assert each.items() >= noted.items()
        assert done(till.client.get(path(till, each))) == each


@pytest.mark.usefixtures("account")
def test_the_operations_of_an_external_account_are_got_like_others(till: Till) -> None:
    (operation,) = of(till.bring("@alice", "1"), till.outside)
    assert done(till.client.get(path(till, operation))) == operation
    assert operation["balanceAfter"]["available"] in {"-1", "-11"}  # of its shard


def test_an_operation_on_a_key_that_was_opened_again_counts_from_there(till: Till, account: str) -> None:
    for _ in range(2):
        balance = till.open_key(account, "savings")
        (brought,) = of(till.bring("@alice", "5", "savings"))
        (taken,) = of(till.take("@alice", "5", "savings"))
        gone(till.client.delete(balance))
        for operation, version in ((brought, 2), (taken, 3)):
            assert operation["balanceAfter"]["version"] == version
            assert operation["balanceId"] == balance.rpartition("/")[2]
            assert done(till.client.get(path(till, operation))) == operation


# ------------------------------------------------------------------------------------------------------------ not there


def test_an_operation_on_another_account_is_not_there(till: Till, account: str) -> None:
    bob = till.open("@bob")
    paid = till.pay("@alice", "@bob", "4")
    (debit,), (credit,) = of(paid), of(paid, "@bob")
    refused(till.client.get(f"{account}/operations/{credit['id']}"), 404, "0007")
    refused(till.client.get(f"{bob}/operations/{debit['id']}"), 404, "0007")
    refused(till.client.get(f"{till.accounts}/{NOBODYS}/operations/{debit['id']}"), 404, "0007")


def test_what_is_no_operation_is_not_there(till: Till, account: str) -> None:
    (debit,) = of(paid := till.take("@alice", "4"))
    for identity in (paid.id, operation_id(paid.id, 3), operation_id(paid.id, 1023), NOBODYS, debit["balanceId"]):
        assert identity in refused(till.client.get(f"{account}/operations/{identity}"), 404, "0007")
    refused(till.client.get(f"{account}/operations/x"), 400, "0065", "operation_id")


def test_before_a_commit_its_operations_are_not_there(till: Till, account: str) -> None:
    held = till.take("@alice", "4", pending=True)
    later = f"{account}/operations/{operation_id(held.id, 2)}"
    refused(till.client.get(later), 404, "0007")
    till.settle(held, "commit")
    assert done(till.client.get(later))["type"] == "DEBIT"


def test_an_operation_is_in_its_ledger_and_in_no_other(till: Till, account: str, world: World) -> None:
    (debit,) = of(till.take("@alice", "4"))
    ledger_id = made(till.client.post(till.books.ledgers, {"name": "Second"})).id
    other = open_till(Books(till.client, till.books.organization_id, ledger_id))
    for client, at in ((till.client, other), (world.client(), till)):
        refused(client.get(path(at, debit)), 404, "0007")
        refused(client.patch(changing(at, debit), {"description": "mine"}), 404, "0007")
    assert done(till.client.get(f"{account}/operations/{debit['id']}")) == debit


# --------------------------------------------------------------------------------------------------------------- change


def rent(till: Till) -> Answer:
    """An outflow of which something is noted, sent with an idempotency key."""
    noted = {"description": "rent", "metadata": {"stays": 1, "goes": 2}}
    send = {"asset": "BRL", "value": "4", "source": {"from": [{**leg("BRL", "@alice", "4"), **noted}]}}
    body = {"send": send, "description": "May", "metadata": {"of": "the transaction"}}
    return made(till.client.post(f"{till.transactions}/outflow", body, Idempotency_Key="1"))


@pytest.fixture
def noted(till: Till, account: str) -> dict[str, Any]:
    """An operation of which something is noted."""
    assert account
    (operation,) = of(rent(till))
    return operation


@pytest.mark.parametrize(
    "change",
    [
        {"description": "food"},
        {"metadata": {"stays": 1, "comes": "ação"}},
        {"description": None, "metadata": {}},
        {},
    ],
)
def test_a_patch_changes_what_it_names_and_nothing_else(
    till: Till, noted: dict[str, Any], change: dict[str, Any]
) -> None:
    after = done(till.client.patch(changing(till, noted), change))
    assert after == noted | change | {"updatedAt": after["updatedAt"]}
    assert after["updatedAt"] > noted["updatedAt"]
    assert done(till.client.get(path(till, noted))) == after
    account = path(till, noted).removesuffix(f"/{noted['id']}")
    assert done(till.client.get(account))["items"][-1] == after
    transaction = done(till.client.get(f"{till.transactions}/{noted['transactionId']}"))
    assert transaction["operations"][0] == after
    assert (transaction["description"], transaction["metadata"]) == ("May", {"of": "the transaction"})


def test_the_transactions_own_notes_are_others(till: Till, noted: dict[str, Any]) -> None:
    transaction = f"{till.transactions}/{noted['transactionId']}"
    done(till.client.patch(changing(till, noted), {"description": "food"}))
    after = done(till.client.patch(transaction, {"description": "June", "metadata": {}}))
    assert (after["description"], after["operations"][0]["description"]) == ("June", "food")
    assert after["operations"][0]["metadata"] == noted["metadata"]


def test_each_operation_of_a_leg_has_notes_of_its_own(till: Till, account: str) -> None:
    held = till.take("@alice", "4", pending=True)
    (first,) = of(held)
    done(till.client.patch(changing(till, first), {"description": "held"}))
    _, second = of(till.settle(held, "commit"))
    assert second["description"] is None
    done(till.client.patch(changing(till, second), {"metadata": {"spent": True}}))
    rows = done(till.client.get(f"{account}/operations"))["items"][-2:]
    assert [(row["description"], row["metadata"]) for row in rows] == [("held", {}), (None, {"spent": True})]


@on_every_store
def test_a_change_is_never_in_an_entry(till: Till, noted: dict[str, Any], everything: Everything) -> None:
    before = everything()
    done(till.client.patch(changing(till, noted), {"description": "of a person", "metadata": {"name": "Alice"}}))
    after = everything()
    record = keys.transaction(till.books.ref, noted["transactionId"])
    assert before.keys() == after.keys()
    assert [key for key in before if before[key] != after[key]] == [(record.pk, record.sk)]


def test_a_replay_shows_an_operation_as_it_was_first(till: Till, noted: dict[str, Any]) -> None:
    done(till.client.patch(changing(till, noted), {"description": "food", "metadata": {}}))
    again = rent(till)
    assert again.headers["X-Idempotency-Replayed"] == "true"
    assert of(again) == [noted]


BAD: dict[str, tuple[dict[str, Any], Bad]] = {
    "a long description": ({"description": "x" * 257}, Bad("", "0047", "description", "at most 256")),
    "a description that is a number": ({"description": 5}, Bad("", "0047", "description", "must be a string")),
    "metadata that is null": ({"metadata": None}, Bad("", "0051", "metadata", "must be an object")),
    "metadata that is nested": ({"metadata": {"a": {}}}, Bad("", "0067", "metadata", "is nested")),
    **{
        f"a new {field}": ({"description": "food", field: value}, Bad("", "0053", field, "Leave out"))
        for field, value in (
            ("type", "CREDIT"),
            ("amount", {"value": "1000"}),
            ("accountId", NOBODYS),
            ("balanceAfter", {}),
            ("chartOfAccounts", "1"),
            ("status", {"code": "PENDING"}),
            ("createdAt", "2026-01-15T10:40:00.000Z"),
        )
    },
}
"""Changes that are none."""


@pytest.mark.parametrize(("change", "bad"), BAD.values(), ids=BAD)
def test_a_bad_change_is_refused_and_nothing_is_stored(
    till: Till, noted: dict[str, Any], everything: Everything, change: dict[str, Any], bad: Bad
) -> None:
    before = everything()
    check(till.client.patch(changing(till, noted), change), bad)
    assert everything() == before


def test_an_operation_of_another_transaction_is_not_there(
    till: Till, noted: dict[str, Any], everything: Everything
) -> None:
    (other,) = of(till.take("@alice", "1"))
    before = everything()
    for transaction, operation in (
        (other["transactionId"], noted["id"]),
        (noted["transactionId"], other["id"]),
        (noted["transactionId"], operation_id(noted["transactionId"], 3)),
        (noted["transactionId"], noted["transactionId"]),
        (noted["transactionId"], NOBODYS),
        (noted["id"], noted["id"]),
        (NOBODYS, noted["id"]),
    ):
        answer = till.client.patch(f"{till.transactions}/{transaction}/operations/{operation}", {"description": "x"})
        refused(answer, 404, "0007")
    assert everything() == before


def test_of_two_changes_at_the_same_time_both_are_made(till: Till, noted: dict[str, Any]) -> None:
    def meanwhile() -> None:
        done(till.client.patch(changing(till, noted), {"description": "food"}))

    chains.at_the_next(READ, till.world, meanwhile)
    after = done(till.client.patch(changing(till, noted), {"metadata": {}}))
    assert (after["description"], after["metadata"]) == ("food", {})
    assert done(till.client.get(path(till, noted))) == after


@pytest.mark.usefixtures("account")
def test_a_change_and_a_commit_at_the_same_time_are_both_made(till: Till) -> None:
    held = till.take("@alice", "4", pending=True)
    (first,) = of(held)
    chains.at_the_next(READ, till.world, lambda: till.settle(held, "commit"))
    done(till.client.patch(changing(till, first), {"description": "held"}))
    after = done(till.client.get(f"{till.transactions}/{held.id}"))
    assert (after["status"]["code"], after["operations"][0]["description"]) == ("APPROVED", "held")
    assert till.stands() == ("6", "0", 4)


def test_a_clock_that_was_set_back_makes_no_change_older_than_what_it_changes(
    till: Till, noted: dict[str, Any]
) -> None:
    till.world.clock.now -= HOUR
    assert done(till.client.patch(changing(till, noted), {"description": "x"}))["updatedAt"] == noted["updatedAt"]
