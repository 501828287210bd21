"""Transactions: what is asked for in each form, what is answered, and what stands in the accounts afterwards."""

import re
from typing import Any

import pytest

from coffer.ids import operation_id
from tests.integration.ledger_api.bank import ALICE, BOB, OUTSIDE, SHOP, Bank, Body, leg, moves, payment, send
from tests.integration.ledger_api.books import NOBODYS, done, made, refused
from tests.integration.stores import Everything, on_every_store

ORDER: Body = {
    "description": "order 42",
    "code": "TR42",
    "chartOfAccountsGroupName": "SALES",
    "transactionDate": "2026-01-14T09:00:00.000Z",
    "metadata": {"orderId": "42", "express": True, "weight": 1.5},
}
"""What is noted of a transaction."""

NOTE: Body = {"description": "goods", "chartOfAccounts": "1000", "metadata": {"line": 1}}
"""What is noted of a leg."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def stood(operation: Any) -> list[tuple[str, str, int]]:  # noqa: ANN401 -- JSON
    """What stood before an operation, and after it."""
    return [
        (balance["available"], balance["onHold"], balance["version"])
        for balance in (operation["balance"], operation["balanceAfter"])
    ]


# -------------------------------------------------------------------------------------------------------- what is made


@on_every_store
def test_a_transaction_moves_money_and_tells_all_of_it(bank: Bank) -> None:
    body = {**ORDER, "send": send("30.00", [leg(ALICE, "30.00", **NOTE)], [leg(SHOP, 90), leg(BOB)])}
    answer = made(bank.post("json", body))
    transaction = answer.json
    expected = {
        "organizationId": bank.books.organization_id,
        "ledgerId": bank.books.ledger_id,
        "parentTransactionId": None,
        **ORDER,
        "status": {"code": "APPROVED", "description": None},
        "assetCode": "BRL",
        "amount": "30",
        "source": [ALICE],
        "destination": [SHOP, BOB],
        "expiresAt": None,
        "deletedAt": None,
    }
    assert transaction.items() >= expected.items()
    assert transaction.keys() == expected.keys() | {"id", "operations", "createdAt", "updatedAt"}
    assert MOMENT.fullmatch(transaction["createdAt"])
    assert transaction["updatedAt"] == transaction["createdAt"]
    assert moves(answer) == [("DEBIT", ALICE, "30"), ("CREDIT", SHOP, "27"), ("CREDIT", BOB, "3")]
    assert bank.get(answer.id) == transaction
    assert [bank.stands(alias) for alias in (ALICE, SHOP, BOB)] == [("70", "0"), ("27", "0"), ("3", "0")]


def test_an_operation_says_whose_balance_it_moves_and_what_stood_before_and_after(bank: Bank) -> None:
    body = {"send": send("30", [leg(ALICE, "30", **NOTE)], [leg(SHOP, "30")])}
    transaction = made(bank.post("json", body)).json
    debit, credit = transaction["operations"]
    balance = bank.balance(ALICE)
    expected = {
        "organizationId": bank.books.organization_id,
        "ledgerId": bank.books.ledger_id,
        "transactionId": transaction["id"],
        "type": "DEBIT",
        "direction": "debit",
        "assetCode": "BRL",
        "amount": {"value": "30"},
        "balance": {"available": "100", "onHold": "0", "version": 2},
        "balanceAfter": {"available": "70", "onHold": "0", "version": 3},
        "balanceAffected": True,
        "accountId": balance["accountId"],
        "accountAlias": ALICE,
        "balanceId": balance["id"],
        "balanceKey": "default",
        **NOTE,
        "status": {"code": "APPROVED", "description": None},
        "createdAt": transaction["createdAt"],
        "updatedAt": transaction["createdAt"],
        "deletedAt": None,
    }
    assert debit.items() >= expected.items()
    assert debit.keys() == expected.keys() | {"id"}
    assert (credit["type"], credit["direction"], credit["accountAlias"]) == ("CREDIT", "credit", SHOP)
    assert stood(credit) == [("0", "0", 1), ("30", "0", 2)]
    assert (credit["description"], credit["chartOfAccounts"], credit["metadata"]) == (None, None, {})
    assert [debit["id"], credit["id"]] == [operation_id(transaction["id"], number) for number in (1, 2)]
    assert balance["version"] == 3


def test_what_was_not_noted_is_null(bank: Bank) -> None:
    transaction = made(bank.pay(ALICE, SHOP, "1")).json
    for field in ("description", "code", "chartOfAccountsGroupName", "expiresAt", "parentTransactionId"):
        assert transaction[field] is None
    assert transaction["metadata"] == {}
    assert transaction["transactionDate"] == transaction["createdAt"]


def test_an_account_that_is_named_by_several_legs_is_listed_once(bank: Bank) -> None:
    body = {"send": send("30", [leg(ALICE, "10"), leg(ALICE, "20")], [leg(SHOP, 50), leg(BOB, 25), leg(SHOP, 25)])}
    answer = made(bank.post("json", body))
    assert (answer.json["source"], answer.json["destination"]) == ([ALICE], [SHOP, BOB])
    assert [stood(each)[1] for each in answer.json["operations"]] == [
        ("90", "0", 3),
        ("70", "0", 4),
        ("15", "0", 2),
        ("7.5", "0", 2),
        ("22.5", "0", 3),
    ]
    assert (bank.stands(ALICE), bank.stands(SHOP), bank.stands(BOB)) == (("70", "0"), ("22.5", "0"), ("7.5", "0"))


def test_a_leg_may_name_any_balance_of_its_account(bank: Bank) -> None:
    made(bank.client.post(f"{bank.path(ALICE)}/balances", {"key": "savings"}))
    body = {"send": send("40", [leg(ALICE, "40")], [leg(ALICE, "40", balanceKey="savings")])}
    debit, credit = made(bank.post("json", body)).json["operations"]
    assert (debit["balanceKey"], credit["balanceKey"]) == ("default", "savings")
    assert credit["balanceId"] == bank.balance(ALICE, "savings")["id"]
    assert (bank.stands(ALICE), bank.stands(ALICE, "savings")) == (("60", "0"), ("40", "0"))


# ---------------------------------------------------------------------------------------------------------- in and out


def test_an_inflow_comes_from_the_external_account(bank: Bank) -> None:
    answer = made(bank.post("inflow", {**ORDER, "send": send("50", to=[leg(BOB, 40), leg(SHOP, **NOTE)])}))
    assert (answer.json["status"]["code"], answer.json["amount"]) == ("APPROVED", "50")
    assert (answer.json["source"], answer.json["destination"]) == ([OUTSIDE], [BOB, SHOP])
    assert moves(answer) == [("DEBIT", OUTSIDE, "50"), ("CREDIT", BOB, "20"), ("CREDIT", SHOP, "30")]
    assert answer.json.items() >= ORDER.items()
    assert answer.json["operations"][2].items() >= NOTE.items()
    assert (bank.stands(BOB), bank.stands(SHOP)) == (("20", "0"), ("30", "0"))


def test_the_external_account_goes_below_zero_by_what_is_inside(bank: Bank) -> None:
    made(bank.inflow(BOB, "50.25"))
    external = done(bank.client.get(f"{bank.accounts}/external/BRL/balances"))["items"]
    assert [(each["available"], each["onHold"]) for each in external] == [("-150.25", "0")]
    made(bank.outflow(BOB, "0.25"))
    external = done(bank.client.get(f"{bank.accounts}/external/BRL/balances"))["items"]
    assert [each["available"] for each in external] == ["-150"]
    assert bank.sum() == 0


@on_every_store
def test_an_outflow_goes_to_the_external_account(bank: Bank) -> None:
    made(bank.inflow(BOB, "10"))
    answer = made(bank.post("outflow", {**ORDER, "send": send("30", [leg(ALICE, "25"), leg(BOB, **NOTE)])}))
    assert (answer.json["source"], answer.json["destination"]) == ([ALICE, BOB], [OUTSIDE])
    assert moves(answer) == [("DEBIT", ALICE, "25"), ("DEBIT", BOB, "5"), ("CREDIT", OUTSIDE, "30")]
    assert answer.json.items() >= ORDER.items()
    assert answer.json["operations"][1].items() >= NOTE.items()
    assert (bank.stands(ALICE), bank.stands(BOB)) == (("75", "0"), ("5", "0"))


def test_the_external_account_may_be_named_like_any_other(bank: Bank) -> None:
    assert moves(made(bank.pay(OUTSIDE, BOB, "5"))) == [("DEBIT", OUTSIDE, "5"), ("CREDIT", BOB, "5")]
    assert moves(made(bank.pay(BOB, OUTSIDE, "2"))) == [("DEBIT", BOB, "2"), ("CREDIT", OUTSIDE, "2")]
    assert bank.stands(BOB) == ("3", "0")


# --------------------------------------------------------------------------------------------------------- annotations


def test_an_annotation_is_noted_and_moves_nothing(bank: Bank) -> None:
    before = (bank.balance(ALICE), bank.balance(SHOP))
    body = {**ORDER, "send": send("30", [leg(ALICE, "30", **NOTE)], [leg(SHOP, 90), leg(BOB)])}
    answer = made(bank.post("annotation", body))
    assert answer.json.items() >= {**ORDER, "source": [ALICE], "destination": [SHOP, BOB], "amount": "30"}.items()
    assert answer.json["status"] == {"code": "NOTED", "description": None}
    assert moves(answer) == [("DEBIT", ALICE, "30"), ("CREDIT", SHOP, "27"), ("CREDIT", BOB, "3")]
    debit, credit, _ = answer.json["operations"]
    assert debit.items() >= {**NOTE, "balanceAffected": False, "status": answer.json["status"]}.items()
    assert stood(debit) == [("100", "0", 2)] * 2
    assert stood(credit) == [("0", "0", 1)] * 2
    assert (bank.balance(ALICE), bank.balance(SHOP)) == before
    assert bank.get(answer.id) == answer.json


def test_an_annotation_asks_neither_for_funds_nor_for_leave(bank: Bank) -> None:
    bank.block(SHOP)
    assert made(bank.post("annotation", payment(SHOP, ALICE, "1000000"))).json["status"]["code"] == "NOTED"
    assert (bank.stands(SHOP), bank.stands(ALICE)) == (("0", "0"), ("100", "0"))


def test_what_is_noted_is_in_no_statement(bank: Bank) -> None:
    made(bank.post("annotation", payment(ALICE, SHOP, "30")))
    assert done(bank.client.get(f"{bank.path(SHOP)}/operations"))["items"] == []


# --------------------------------------------------------------------------------------------------------------- dates


def test_a_transaction_date_may_lie_in_the_past_and_is_answered_in_utc(bank: Bank) -> None:
    answer = made(bank.pay(ALICE, SHOP, "1", transactionDate="1999-12-31T23:00:00-02:00"))
    assert answer.json["transactionDate"] == "2000-01-01T01:00:00.000Z"
    assert answer.json["createdAt"].startswith("2026-01-15")


def test_a_transaction_date_of_this_moment_does_not_lie_in_the_future(bank: Bank) -> None:
    bank.world.clock.now -= 1
    answer = made(bank.pay(ALICE, SHOP, "1", transactionDate="2026-01-15T10:40:00.000Z"))
    assert answer.json["transactionDate"] == "2026-01-15T10:40:00.000Z"


# ------------------------------------------------------------------------------------------------------- get and patch


@on_every_store
def test_description_and_metadata_can_be_changed_and_nothing_else_does(bank: Bank) -> None:
    path = f"{bank.transactions}/{made(bank.pay(ALICE, SHOP, '1', **ORDER)).id}"
    before = done(bank.client.get(path))
    bank.world.clock.now += 1000
    after = done(bank.client.patch(path, {"description": "order 43", "metadata": {"orderId": "43"}}))
    assert after == {
        **before,
        "description": "order 43",
        "metadata": {"orderId": "43"},
        "updatedAt": after["updatedAt"],
    }
    assert after["updatedAt"] > before["updatedAt"]
    assert done(bank.client.get(path)) == after


def test_what_a_patch_leaves_out_stays_and_null_takes_the_description_away(bank: Bank) -> None:
    path = f"{bank.transactions}/{made(bank.pay(ALICE, SHOP, '1', **ORDER)).id}"
    assert done(bank.client.patch(path, {"metadata": {}}))["description"] == "order 42"
    after = done(bank.client.patch(path, {"description": None}))
    assert (after["description"], after["metadata"]) == (None, {})


@pytest.mark.parametrize(
    "field", ["code", "status", "amount", "pending", "transactionDate", "chartOfAccountsGroupName"]
)
def test_nothing_else_of_a_transaction_can_be_changed(bank: Bank, everything: Everything, field: str) -> None:
    path = f"{bank.transactions}/{made(bank.pay(ALICE, SHOP, '1')).id}"
    before = everything()
    refused(bank.client.patch(path, {"description": "x", field: None}), 400, "0053", field)
    assert everything() == before


def test_of_an_operation_the_same_can_be_changed(bank: Bank) -> None:
    transaction = made(bank.post("json", {"send": send("1", [leg(ALICE, "1", **NOTE)], [leg(SHOP)])})).json
    debit, credit = transaction["operations"]
    changed = {"description": "goods returned", "metadata": {"line": 2}}
    after = done(bank.client.patch(f"{bank.transactions}/{transaction['id']}/operations/{debit['id']}", changed))
    assert after == {**debit, **changed, "updatedAt": after["updatedAt"]}
    read = bank.get(transaction["id"])
    assert read == {**transaction, "operations": [after, credit], "updatedAt": after["updatedAt"]}
    assert done(bank.client.get(f"{bank.path(ALICE)}/operations/{debit['id']}")) == after


def test_a_transaction_that_is_not_there_is_not_found(bank: Bank, everything: Everything) -> None:
    other = f"{bank.transactions}/{NOBODYS}"
    operation = made(bank.pay(ALICE, SHOP, "1")).json["operations"][0]["id"]
    before = everything()
    for path in (other, f"{bank.transactions}/{operation}"):
        refused(bank.client.get(path), 404, "0007")
        refused(bank.client.patch(path, {"description": "x"}), 404, "0007")
        for step in ("commit", "cancel", "revert"):
            refused(bank.client.post(f"{path}/{step}", None), 404, "0007")
    assert everything() == before


def test_a_transaction_is_in_its_ledger_and_of_its_client_alone(bank: Bank) -> None:
    transaction_id = bank.hold(ALICE, SHOP, "1")
    other = made(bank.client.post(bank.books.ledgers, {"name": "Second"})).id
    elsewhere = f"{bank.books.ledgers}/{other}/transactions/{transaction_id}"
    here = f"{bank.transactions}/{transaction_id}"
    for client, path in ((bank.client, elsewhere), (bank.world.client(), here)):
        refused(client.get(path), 404, "0007")
        for step in ("commit", "cancel", "revert"):
            refused(client.post(f"{path}/{step}", None), 404, "0007")
    assert bank.status(transaction_id) == "PENDING"


@pytest.mark.parametrize(
    ("method", "step"), [("GET", ""), ("PATCH", ""), ("POST", "/commit"), ("POST", "/cancel"), ("POST", "/revert")]
)
def test_what_is_no_id_is_refused_as_such(bank: Bank, method: str, step: str) -> None:
    body = {"description": "x"} if method == "PATCH" else None
    answer = bank.client.send(method, f"{bank.transactions}/42{step}", body, {})
    refused(answer, 400, "0065", "transaction_id")
