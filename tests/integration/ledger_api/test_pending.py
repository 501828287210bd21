"""Pending transactions: the money is held, then delivered or given back, once, whoever has been blocked meanwhile."""

from collections.abc import Callable

import pytest

from tests.integration.ledger_api.bank import ALICE, BOB, OUTSIDE, SHOP, Bank, Body, leg, moves, payment, send
from tests.integration.ledger_api.books import done, gone, made, refused
from tests.integration.ledger_api.chains import at_the_next
from tests.integration.stores import Everything, on_every_store

MOST = 98
"""Postings that a transaction may have: beside them a commit with a key writes the record and that of the key."""


def operations(transaction: Body) -> list[tuple[str, str, str, str, str]]:
    """What each operation does and what stood before and after it: available and on hold."""
    return [
        (
            each["type"],
            each["direction"],
            each["accountAlias"],
            "{available} {onHold}".format(**each["balance"]),
            "{available} {onHold}".format(**each["balanceAfter"]),
        )
        for each in transaction["operations"]
    ]


# ---------------------------------------------------------------------------------------------- hold, commit and cancel


@on_every_store
def test_a_pending_transaction_holds_the_money_of_its_source(bank: Bank) -> None:
    answer = made(bank.pay(ALICE, SHOP, "60", pending=True))
    assert answer.json["status"] == {"code": "PENDING", "description": None}
    assert (answer.json["source"], answer.json["destination"]) == ([ALICE], [SHOP])
    assert operations(answer.json) == [("ON_HOLD", "debit", ALICE, "100 0", "40 60")]
    assert answer.json["operations"][0]["status"]["code"] == "PENDING"
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("40", "60"), ("0", "0"))
    assert bank.get(answer.id) == answer.json


@on_every_store
def test_a_commit_delivers_it(bank: Bank) -> None:
    held = made(bank.post("json", {"send": send("60", [leg(ALICE, "60")], [leg(SHOP, 90), leg(BOB)]), "pending": True}))
    bank.world.clock.now += 1000
    answer = made(bank.settle(held.id, "commit"))
    assert answer.json["status"]["code"] == "APPROVED"
    assert operations(answer.json) == [
        ("ON_HOLD", "debit", ALICE, "100 0", "40 60"),
        ("DEBIT", "debit", ALICE, "40 60", "40 0"),
        ("CREDIT", "credit", SHOP, "0 0", "54 0"),
        ("CREDIT", "credit", BOB, "0 0", "6 0"),
    ]
    assert [each["status"]["code"] for each in answer.json["operations"]] == ["PENDING", *["APPROVED"] * 3]
    assert answer.json["operations"][:1] == held.json["operations"]
    assert len({each["id"] for each in answer.json["operations"]}) == 4
    assert answer.json["updatedAt"] > answer.json["createdAt"]
    assert {each["createdAt"] for each in answer.json["operations"][1:]} == {answer.json["updatedAt"]}
    assert [bank.stands(alias) for alias in (ALICE, SHOP, BOB)] == [("40", "0"), ("54", "0"), ("6", "0")]
    assert bank.get(held.id) == answer.json


@on_every_store
def test_a_cancel_gives_it_back(bank: Bank) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    answer = made(bank.settle(held, "cancel"))
    assert answer.json["status"]["code"] == "CANCELED"
    assert operations(answer.json) == [
        ("ON_HOLD", "debit", ALICE, "100 0", "40 60"),
        ("RELEASE", "credit", ALICE, "40 60", "100 0"),
    ]
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("100", "0"), ("0", "0"))
    assert bank.get(held) == answer.json


def test_an_outflow_may_be_pending(bank: Bank) -> None:
    held = made(bank.outflow(ALICE, "60", pending=True)).id
    assert bank.stands(ALICE) == ("40", "60")
    answer = made(bank.settle(held, "commit"))
    assert moves(answer) == [("ON_HOLD", ALICE, "60"), ("DEBIT", ALICE, "60"), ("CREDIT", OUTSIDE, "60")]
    assert bank.sum() == 0


def test_what_is_on_hold_cannot_be_spent(bank: Bank, everything: Everything) -> None:
    bank.hold(ALICE, SHOP, "60")
    before = everything()
    refused(bank.pay(ALICE, SHOP, "40.01"), 422, "0018")
    refused(bank.pay(ALICE, SHOP, "40.01", pending=True), 422, "0018")
    assert everything() == before
    made(bank.pay(ALICE, SHOP, "40"))
    assert bank.stands(ALICE) == ("0", "60")


def test_holds_are_apart(bank: Bank) -> None:
    first, second, third = (bank.hold(ALICE, SHOP, value) for value in ("10", "20", "30"))
    made(bank.settle(second, "commit"))
    assert bank.stands(ALICE) == ("40", "40")
    made(bank.settle(third, "cancel"))
    assert bank.stands(ALICE) == ("70", "10")
    made(bank.settle(first, "commit"))
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("70", "0"), ("30", "0"))


def test_an_account_with_money_on_hold_cannot_be_deleted(bank: Bank, everything: Everything) -> None:
    held = bank.hold(ALICE, SHOP, "100")
    before = everything()
    refused(bank.client.delete(bank.path(ALICE)), 400, "0012")
    assert everything() == before
    made(bank.settle(held, "commit"))
    gone(bank.client.delete(bank.path(ALICE)))


def test_a_pending_one_can_be_noted_upon_and_settled_all_the_same(bank: Bank) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    done(bank.client.patch(f"{bank.transactions}/{held}", {"description": "soon"}))
    (operation,) = bank.get(held)["operations"]
    done(bank.client.patch(f"{bank.transactions}/{held}/operations/{operation['id']}", {"metadata": {"a": 1}}))
    answer = made(bank.settle(held, "commit"))
    assert answer.json["description"] == "soon"
    assert [each["metadata"] for each in answer.json["operations"]] == [{"a": 1}, {}, {}]


# -------------------------------------------------------------------------------------------------------- at most once


@pytest.mark.parametrize("second", ["commit", "cancel"])
@pytest.mark.parametrize("first", ["commit", "cancel"])
def test_each_is_done_at_most_once_and_never_both(bank: Bank, everything: Everything, first: str, second: str) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    made(bank.settle(held, first))
    before = everything()
    status = {"commit": "APPROVED", "cancel": "CANCELED"}[first]
    assert f"is {status}" in refused(bank.settle(held, second), 409, "0099")
    assert everything() == before


@pytest.mark.parametrize("second", ["commit", "cancel"])
@pytest.mark.parametrize("first", ["commit", "cancel"])
def test_whoever_comes_second_at_the_same_moment_is_refused(bank: Bank, first: str, second: str) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    at_the_next("transact_write_items", bank.world, lambda: made(bank.settle(held, first)))
    refused(bank.settle(held, second), 409, "0099")
    assert bank.status(held) == {"commit": "APPROVED", "cancel": "CANCELED"}[first]


@pytest.mark.parametrize("second", ["commit", "cancel"])
@pytest.mark.parametrize("first", ["commit", "cancel"])
def test_also_when_the_first_comes_between_what_the_second_has_read(bank: Bank, first: str, second: str) -> None:
    """Seen are then the hold as it was, and balances that it has left already."""
    held = bank.hold(ALICE, SHOP, "60")
    at_the_next("query", bank.world, lambda: made(bank.settle(held, first)))
    refused(bank.settle(held, second), 409, "0099")
    assert bank.status(held) == {"commit": "APPROVED", "cancel": "CANCELED"}[first]


@pytest.mark.parametrize("step", ["commit", "cancel"])
@pytest.mark.parametrize("kind", ["json", "annotation"])
def test_what_was_never_pending_is_neither_committed_nor_canceled(
    bank: Bank, everything: Everything, kind: str, step: str
) -> None:
    paid = made(bank.post(kind, payment(ALICE, SHOP, "10"))).id
    before = everything()
    refused(bank.settle(paid, step), 409, "0099")
    assert everything() == before


# --------------------------------------------------------------------------------------------------------------- flags


def block(bank: Bank) -> None:
    """Blocks the source."""
    bank.block(ALICE)


def forbid(bank: Bank) -> None:
    """Switches off what the source may do."""
    bank.allow(ALICE, allowSending=False, allowReceiving=False)


@pytest.mark.parametrize("restrict", [block, forbid])
def test_a_blocked_sources_hold_can_still_be_canceled(bank: Bank, restrict: Callable[[Bank], None]) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    restrict(bank)
    made(bank.settle(held, "cancel"))
    assert bank.stands(ALICE) == ("100", "0")


@pytest.mark.parametrize("restrict", [block, forbid])
def test_and_committed(bank: Bank, restrict: Callable[[Bank], None]) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    restrict(bank)
    made(bank.settle(held, "commit"))
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("40", "0"), ("60", "0"))


def test_a_blocked_destination_refuses_the_commit_and_the_hold_stays(bank: Bank, everything: Everything) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    bank.block(SHOP)
    before = everything()
    assert "@shop is blocked" in refused(bank.settle(held, "commit"), 422, "0024")
    assert everything() == before
    assert (bank.status(held), bank.stands(ALICE)) == ("PENDING", ("40", "60"))
    bank.block(SHOP, blocked=False)
    made(bank.settle(held, "commit"))


def test_one_that_may_not_receive_refuses_it_too_and_the_hold_can_be_canceled(
    bank: Bank, everything: Everything
) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    bank.allow(SHOP, allowReceiving=False)
    before = everything()
    assert "@shop may not receive" in refused(bank.settle(held, "commit"), 422, "0024")
    assert everything() == before
    made(bank.settle(held, "cancel"))
    assert bank.stands(ALICE) == ("100", "0")


def test_a_hold_may_be_made_for_whoever_may_not_receive_yet(bank: Bank) -> None:
    """Flags are checked when money is taken and when it is delivered."""
    bank.allow(SHOP, allowReceiving=False)
    held = bank.hold(ALICE, SHOP, "60")
    bank.allow(SHOP, allowReceiving=True)
    made(bank.settle(held, "commit"))


def test_a_deleted_destination_refuses_the_commit_and_the_hold_stays(bank: Bank, everything: Everything) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    gone(bank.client.delete(bank.path(SHOP)))
    before = everything()
    refused(bank.settle(held, "commit"), 422, "0019")
    assert everything() == before
    assert bank.status(held) == "PENDING"
    made(bank.settle(held, "cancel"))
    assert bank.stands(ALICE) == ("100", "0")


def test_so_does_a_closed_balance(bank: Bank, everything: Everything) -> None:
    made(bank.client.post(f"{bank.path(SHOP)}/balances", {"key": "escrow"}))
    body = {"send": send("60", [leg(ALICE, "60")], [leg(SHOP, balanceKey="escrow")]), "pending": True}
    held = made(bank.post("json", body)).id
    bank.close(SHOP, "escrow")
    before = everything()
    refused(bank.settle(held, "commit"), 422, "0019")
    assert everything() == before
    made(bank.settle(held, "cancel"))


# ----------------------------------------------------------------------------------------------------------- no bodies


@pytest.mark.parametrize("step", ["commit", "cancel", "revert"])
@pytest.mark.parametrize("body", [{"force": True}, {"description": "x"}, payment(ALICE, SHOP, "60")])
def test_a_commit_a_cancel_and_a_revert_have_no_body(bank: Bank, everything: Everything, step: str, body: Body) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    before = everything()
    refused(bank.post(f"{held}/{step}", body), 400, "0053", next(iter(body)))
    assert everything() == before


@pytest.mark.parametrize("body", [None, "", "{}", " {\n} "], ids=["none", "nothing", "an empty object", "a padded one"])
def test_or_an_empty_one(bank: Bank, body: str | None) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    made(bank.post(f"{held}/commit", body))
    made(bank.post(f"{held}/revert", body))


@pytest.mark.parametrize("body", ["[]", "null", "{", "commit"])
def test_anything_else_is_malformed(bank: Bank, everything: Everything, body: str) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    before = everything()
    for step in ("commit", "cancel", "revert"):
        refused(bank.post(f"{held}/{step}", body), 400, "0094")
    assert everything() == before


# ---------------------------------------------------------------------------------------------------------------- size


def many(legs: int, alias: str = SHOP) -> Body:
    """A pending payment of a cent to each of so many legs."""
    value = f"{legs / 100:.2f}"
    return {"send": send(value, [leg(ALICE, value)], [leg(alias, "0.01") for _ in range(legs)]), "pending": True}


def test_the_largest_hold_can_be_committed_with_a_key_and_reverted(bank: Bank) -> None:
    held = made(bank.post("json", many(MOST - 1))).id
    assert len(made(bank.settle(held, "commit", "one")).json["operations"]) == 1 + MOST
    assert bank.stands(SHOP) == ("0.97", "0")
    assert len(made(bank.settle(held, "revert", "two")).json["operations"]) == MOST
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("100", "0"), ("0", "0"))


def test_a_hold_that_could_not_be_committed_in_100_items_is_refused_at_once(bank: Bank, everything: Everything) -> None:
    before = everything()
    assert "99 postings" in refused(bank.post("json", many(MOST)), 413, "0143")
    assert "99 postings" in refused(bank.post("json", {**many(MOST), "pending": False}), 413, "0143")
    assert everything() == before


def test_nor_may_it_be_one_that_could_not_be_reverted_because_of_the_shards_of_its_destination(
    bank: Bank, everything: Everything
) -> None:
    """Each of the shards may have to give back a part of what one of them got."""
    bank.open("@sharded", shards=16)
    before = everything()
    refused(bank.post("json", many(7, "@sharded")), 413, "0143")
    refused(bank.post("json", {**many(7, "@sharded"), "pending": False}), 413, "0143")
    assert everything() == before
    made(bank.post("json", many(6, "@sharded")))


def test_nor_one_whose_source_pays_from_too_many_shards(bank: Bank, everything: Everything) -> None:
    bank.open("@sharded", shards=16)
    bank.fund("@sharded", *["1"] * 16)
    legs = [leg(BOB, "0.01") for _ in range(82)]
    body = {"send": send("16", [leg("@sharded", "16")], [*legs, leg(SHOP)]), "pending": True}
    before = everything()
    assert "99 postings" in refused(bank.post("json", body), 413, "0143")
    assert everything() == before
    body = {"send": send("16", [leg("@sharded", "16")], [*legs[1:], leg(SHOP)]), "pending": True}
    held = made(bank.post("json", body)).id
    made(bank.settle(held, "commit", "one"))
    made(bank.settle(held, "revert", "two"))
    assert bank.stands("@sharded") == ("16", "0")
