"""Reverts: the opposite of what moved, once; whoever got the money gives it back, if it is still there."""

from functools import partial

import pytest

from coffer.store.values import mappings
from tests.integration.ledger_api.bank import ALICE, BOB, OUTSIDE, SHOP, Bank, Body, leg, moves, payment, send
from tests.integration.ledger_api.books import done, gone, made, refused
from tests.integration.ledger_api.chains import at_the_next
from tests.integration.stores import Everything, on_every_store

SHARED = {"send": send("30.01", [leg(ALICE, "30.01")], [leg(SHOP, 90), leg(BOB)]), "description": "order 42"}
NOTE: Body = {"description": "goods", "chartOfAccounts": "1000", "metadata": {"line": 1}}


# ---------------------------------------------------------------------------------------------------- what is reverted


@on_every_store
def test_a_revert_is_the_opposite_transaction(bank: Bank) -> None:
    paid = made(bank.post("json", {**SHARED, "metadata": {"orderId": "42"}, "code": "TR42"}))
    answer = made(bank.settle(paid.id, "revert"))
    expected = {
        "parentTransactionId": paid.id,
        "status": {"code": "APPROVED", "description": None},
        "assetCode": "BRL",
        "amount": "30.01",
        "source": [SHOP, BOB],
        "destination": [ALICE],
        "description": None,
        "code": None,
        "metadata": {},
        "expiresAt": None,
    }
    assert answer.json.items() >= expected.items()
    assert answer.json.keys() == paid.json.keys()
    assert answer.json["transactionDate"] == answer.json["createdAt"]
    assert moves(answer) == [("DEBIT", SHOP, "27"), ("DEBIT", BOB, "3.01"), ("CREDIT", ALICE, "30.01")]
    assert [each["balanceAfter"]["available"] for each in answer.json["operations"]] == ["0", "0", "100"]
    assert bank.get(answer.id) == answer.json
    assert [bank.stands(alias) for alias in (ALICE, SHOP, BOB)] == [("100", "0"), ("0", "0"), ("0", "0")]


def test_the_one_that_is_reverted_stays_as_it_was_but_for_its_time(bank: Bank) -> None:
    paid = made(bank.post("json", SHARED)).json
    bank.world.clock.now += 1000
    answer = made(bank.settle(paid["id"], "revert")).json
    assert bank.get(paid["id"]) == {**paid, "updatedAt": answer["createdAt"]}


def test_what_was_noted_of_its_legs_goes_with_them(bank: Bank) -> None:
    body = {"send": send("5", [leg(ALICE, "5", **NOTE)], [leg(SHOP, "5")])}
    answer = made(bank.settle(made(bank.post("json", body)).id, "revert"))
    debit, credit = answer.json["operations"]
    assert (debit["description"], debit["metadata"]) == (None, {})
    assert credit.items() >= NOTE.items()


def test_an_inflow_is_reverted_to_the_outside(bank: Bank) -> None:
    paid = made(bank.inflow(SHOP, "50")).id
    answer = made(bank.settle(paid, "revert"))
    assert moves(answer) == [("DEBIT", SHOP, "50"), ("CREDIT", OUTSIDE, "50")]
    assert bank.stands(SHOP) == ("0", "0")
    assert bank.sum() == 0


def test_an_outflow_is_reverted_from_the_outside(bank: Bank) -> None:
    paid = made(bank.outflow(ALICE, "100")).id
    answer = made(bank.settle(paid, "revert"))
    assert moves(answer) == [("DEBIT", OUTSIDE, "100"), ("CREDIT", ALICE, "100")]
    assert bank.stands(ALICE) == ("100", "0")


def test_a_committed_hold_is_reverted(bank: Bank) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    made(bank.settle(held, "commit"))
    answer = made(bank.settle(held, "revert"))
    assert moves(answer) == [("DEBIT", SHOP, "60"), ("CREDIT", ALICE, "60")]
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("100", "0"), ("0", "0"))


def test_a_transaction_of_a_batch_is_reverted(bank: Bank) -> None:
    batch = made(bank.post("batch", {"transactions": [payment(ALICE, SHOP, "10")] * 2, "atomic": True})).json
    answer = made(bank.settle(batch["transactions"][1]["transaction"]["id"], "revert"))
    assert moves(answer) == [("DEBIT", SHOP, "10"), ("CREDIT", ALICE, "10")]
    assert bank.stands(SHOP) == ("10", "0")


def test_legs_that_came_to_nothing_give_nothing_back(bank: Bank) -> None:
    body = {"send": send("0.01", [leg(ALICE, "0.01")], [leg(BOB, 50), leg(SHOP, 50)])}
    answer = made(bank.settle(made(bank.post("json", body)).id, "revert"))
    assert answer.json["source"] == [BOB, SHOP]
    assert moves(answer) == [("DEBIT", SHOP, "0.01"), ("CREDIT", ALICE, "0.01")]


def test_a_balance_that_got_several_parts_gives_all_of_them_back(bank: Bank) -> None:
    body = {"send": send("30", [leg(ALICE, "10"), leg(ALICE, "20")], [leg(SHOP, "5"), leg(SHOP, "25")])}
    answer = made(bank.settle(made(bank.post("json", body)).id, "revert"))
    assert moves(answer) == [
        ("DEBIT", SHOP, "5"),
        ("DEBIT", SHOP, "25"),
        ("CREDIT", ALICE, "10"),
        ("CREDIT", ALICE, "20"),
    ]
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("100", "0"), ("0", "0"))


# -------------------------------------------------------------------------------------------------- only once, and what


def test_it_is_done_once_and_never_again(bank: Bank, everything: Everything) -> None:
    paid = made(bank.pay(ALICE, SHOP, "10")).id
    made(bank.inflow(SHOP, "1000"))
    made(bank.settle(paid, "revert"))
    before = everything()
    refused(bank.settle(paid, "revert"), 409, "0087")
    refused(bank.settle(paid, "revert", "a key"), 409, "0087")
    assert everything() == before


def test_of_two_reverts_with_two_keys_exactly_one_is_made(bank: Bank) -> None:
    paid = made(bank.pay(ALICE, SHOP, "10")).id
    made(bank.inflow(SHOP, "1000"))
    at_the_next("transact_write_items", bank.world, lambda: made(bank.settle(paid, "revert", "one")))
    refused(bank.settle(paid, "revert", "two"), 409, "0087")
    assert bank.stands(ALICE) == ("100", "0")
    assert [bank.get(each)["parentTransactionId"] for each in bank.listed("limit=100")].count(paid) == 1


def test_also_when_one_comes_between_what_the_other_has_read(bank: Bank) -> None:
    """Seen is then that there was no revert, and a balance that has given the money back already."""
    paid = made(bank.pay(ALICE, SHOP, "10")).id
    at_the_next("query", bank.world, lambda: made(bank.settle(paid, "revert", "one")))
    refused(bank.settle(paid, "revert", "two"), 409, "0087")


def test_a_revert_is_never_reverted(bank: Bank, everything: Everything) -> None:
    revert = made(bank.settle(made(bank.pay(ALICE, SHOP, "10")).id, "revert")).id
    before = everything()
    refused(bank.settle(revert, "revert"), 409, "0088")
    assert everything() == before


@pytest.mark.parametrize("status", ["PENDING", "CANCELED", "NOTED"])
def test_only_what_is_approved_is_reverted(bank: Bank, everything: Everything, status: str) -> None:
    if status == "NOTED":
        transaction_id = made(bank.post("annotation", payment(ALICE, SHOP, "10"))).id
    else:
        transaction_id = bank.hold(ALICE, SHOP, "10")
    if status == "CANCELED":
        made(bank.settle(transaction_id, "cancel"))
    before = everything()
    assert f"is {status}" in refused(bank.settle(transaction_id, "revert"), 422, "0089")
    assert everything() == before


# ---------------------------------------------------------------------------------------------- when it cannot be done


def test_without_the_money_it_is_refused_and_can_be_done_later(bank: Bank, everything: Everything) -> None:
    paid = made(bank.pay(ALICE, SHOP, "10")).id
    made(bank.outflow(SHOP, "0.01"))
    before = everything()
    assert "@shop has 9.99" in refused(bank.settle(paid, "revert"), 422, "0018")
    assert everything() == before
    made(bank.inflow(SHOP, "0.01"))
    made(bank.settle(paid, "revert"))


def test_what_is_on_hold_is_not_there(bank: Bank) -> None:
    paid = made(bank.pay(ALICE, SHOP, "10")).id
    bank.hold(SHOP, BOB, "0.01")
    refused(bank.settle(paid, "revert"), 422, "0018")


@pytest.mark.parametrize(("alias", "flag"), [(SHOP, "allowSending"), (ALICE, "allowReceiving")])
def test_whoever_may_not_send_gives_nothing_back_and_whoever_may_not_receive_gets_nothing(
    bank: Bank, everything: Everything, alias: str, flag: str
) -> None:
    paid = made(bank.pay(ALICE, SHOP, "10")).id
    bank.allow(alias, **{flag: False})
    before = everything()
    assert alias in refused(bank.settle(paid, "revert"), 422, "0024")
    assert everything() == before
    bank.allow(alias, **{flag: True})
    bank.block(alias)
    assert "is blocked" in refused(bank.settle(paid, "revert"), 422, "0024")
    bank.block(alias, blocked=False)
    made(bank.settle(paid, "revert"))


@pytest.mark.parametrize("alias", [ALICE, SHOP])
def test_from_or_to_an_account_that_is_gone_it_is_refused(bank: Bank, everything: Everything, alias: str) -> None:
    paid = made(bank.pay(ALICE, SHOP, "100")).id
    if alias == SHOP:
        made(bank.outflow(SHOP, "100"))
    gone(bank.client.delete(bank.path(alias)))
    before = everything()
    refused(bank.settle(paid, "revert"), 422, "0019")
    assert everything() == before


def test_what_was_of_another_asset_of_the_same_code_stays_dead(bank: Bank, everything: Everything) -> None:
    paid = made(bank.outflow(ALICE, "100")).id
    (asset,) = done(bank.client.get(bank.books.assets))
    gone(bank.client.delete(f"{bank.books.assets}/{asset['id']}"))
    bank.books.add("BRL", name="Another")
    before = everything()
    refused(bank.settle(paid, "revert"), 422, "0030")
    assert everything() == before


# -------------------------------------------------------------------------------------------------------------- shards


def shards_that_paid(bank: Bank, transaction_id: str) -> list[tuple[object, object]]:
    """Which shards paid, and how much, as the record says."""
    (source,) = mappings(bank.record(transaction_id), "source")
    return [(each["shard"], each["amount"]) for each in mappings(source, "postings")]


def test_if_the_shard_that_got_it_has_spent_it_others_pay(bank: Bank) -> None:
    bank.open("@sharded", shards=4)
    bank.fund("@sharded", "0", "6", "5", "0")
    paid = made(bank.pay(ALICE, "@sharded", "10", bank.key_for("json", {4: 0}))).id
    spent = made(bank.outflow("@sharded", "10", bank.key_for("outflow", {4: 0})))
    assert shards_that_paid(bank, spent.id) == [(0, "10")]
    answer = made(bank.settle(paid, "revert"))
    assert moves(answer) == [("DEBIT", "@sharded", "6"), ("DEBIT", "@sharded", "4"), ("CREDIT", ALICE, "10")]
    assert shards_that_paid(bank, answer.id) == [(1, "6"), (2, "4")]
    assert bank.stands("@sharded") == ("1", "0")
    assert bank.stands(ALICE) == ("100", "0")


def test_if_it_has_not_it_gives_it_back_itself(bank: Bank) -> None:
    bank.open("@sharded", shards=4)
    bank.fund("@sharded", "0", "60", "50", "0")
    paid = made(bank.pay(ALICE, "@sharded", "10", bank.key_for("json", {4: 3}))).id
    answer = made(bank.settle(paid, "revert"))
    assert shards_that_paid(bank, answer.id) == [(3, "10")]


def test_if_all_of_them_together_have_not_enough_it_is_refused(bank: Bank, everything: Everything) -> None:
    bank.open("@sharded", shards=4)
    paid = made(bank.pay(ALICE, "@sharded", "10")).id
    made(bank.outflow("@sharded", "10"))
    bank.fund("@sharded", "3", "3", "3", "0.99")
    before = everything()
    assert "@sharded has 9.99" in refused(bank.settle(paid, "revert"), 422, "0018")
    assert everything() == before
    made(bank.inflow("@sharded", "0.01"))
    assert len(moves(made(bank.settle(paid, "revert")))) == 4 + 1


def test_a_payer_of_many_shards_gets_back_on_each_what_it_paid(bank: Bank) -> None:
    bank.open("@sharded", shards=4)
    bank.fund("@sharded", "3", "4", "5", "6")
    paid = made(bank.pay("@sharded", SHOP, "18"))
    made(bank.settle(paid.id, "revert"))
    assert [bank.entries("@sharded", shard)[-1]["available"] for shard in range(4)] == ["3", "4", "5", "6"]


# ------------------------------------------------------------------------------------------------------------- replays


def test_a_revert_with_a_key_is_given_again_and_one_of_another_transaction_is_another(bank: Bank) -> None:
    first, second = (made(bank.pay(ALICE, SHOP, "10")).id for _ in range(2))
    reverts = [made(bank.settle(each, "revert", "one")) for each in (first, second)]
    assert reverts[0].id != reverts[1].id
    again = [partial(bank.settle, each, "revert", "one") for each in (first, second)]
    assert [made(request()).body for request in again] == [revert.body for revert in reverts]
    assert bank.stands(ALICE) == ("100", "0")
