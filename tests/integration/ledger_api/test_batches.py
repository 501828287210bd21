"""Batches: many transactions in one request, each by itself or all of them together."""

import json
from collections.abc import Callable, Mapping
from copy import replace
from functools import partial
from itertools import batched
from typing import Any

import pytest

from coffer.times import rfc3339
from tests.integration.ledger_api.bank import (
    ALICE,
    BOB,
    NOBODY,
    OUTSIDE,
    SHOP,
    Bank,
    Body,
    leg,
    moves,
    open_bank,
    payment,
    send,
)
from tests.integration.ledger_api.books import NOBODYS, done, gone, made, refused, replayed
from tests.integration.stores import Everything
from tests.support.audit import problems
from tests.support.crowd import CrowdedWorld
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults
from tests.support.template import table_definition
from tests.support.world import Answer, Call, World

REPLAYED = "X-Idempotency-Replayed"
WRITE = "transact_write_items"
LARGEST_ANSWER = 6 * 1024 * 1024
"""Bytes of what a function of Lambda's may answer, as JSON."""
MOST_TOGETHER = 33
"""Transactions of two legs that fit one write, beside the record of the batch's key."""

type Result = tuple[int, str | None]
"""What became of a transaction: the status, and the code if it was refused."""

MADE: Result = (201, None)
POOR: Result = (422, "0018")

each_way = pytest.mark.parametrize("atomic", [False, True], ids=["each by itself", "all together"])


def batch(*transactions: Body, **fields: object) -> Body:
    """The body of a batch."""
    return {"transactions": list(transactions), **fields}


def results(answer: Answer) -> list[Result]:
    """What became of each transaction of a batch, which is said of each in the order in which they were sent."""
    listed = made(answer).json["transactions"]
    assert [each["index"] for each in listed] == list(range(len(listed)))
    assert all((each["transaction"] is None) == (each["error"] is not None) for each in listed)
    return [(each["status"], each["error"] and each["error"]["code"]) for each in listed]


def transactions(answer: Answer) -> list[Any]:
    """The transactions that a batch has made, and None for those that it has not."""
    return [each["transaction"] for each in made(answer).json["transactions"]]


def written(world: World, act: Callable[[], object]) -> list[int]:
    """Of how many items each write is that something takes, none of which fails."""
    calls = called(world, act)
    assert not any(call.failed for call in calls)
    return [len(call.request["TransactItems"]) for call in calls if call.operation == WRITE]


def called(world: World, act: Callable[[], object]) -> list[Call]:
    """The calls to the table that something takes."""
    seen = len(world.recorder.calls)
    act()
    return world.recorder.calls[seen:]


# ------------------------------------------------------------------------------------------------------- each by itself


def test_each_stands_alone_and_the_answer_says_in_order_what_became_of_it(bank: Bank) -> None:
    answer = bank.post(
        "batch",
        batch(
            payment(ALICE, SHOP, "30"),
            payment(ALICE, SHOP, "71"),
            payment(ALICE, NOBODY, "1"),
            payment(ALICE, BOB, "70"),
        ),
    )
    assert results(answer) == [MADE, POOR, (422, "0019"), MADE]
    _, poor, unknown, _ = answer.json["transactions"]
    assert poor["error"].keys() == {"code", "title", "message"}
    assert "@alice has 70 BRL available" in poor["error"]["message"]
    assert NOBODY in unknown["error"]["message"]
    assert [bank.stands(alias) for alias in (ALICE, BOB, SHOP)] == [("0", "0"), ("70", "0"), ("30", "0")]
    assert bank.sum() == 0


def test_what_it_makes_are_transactions_like_any_other(bank: Bank) -> None:
    noted = {
        "description": "order 42",
        "code": "TR42",
        "metadata": {"order": "42"},
        "transactionDate": "2026-01-01T00:00:00.000Z",
        "chartOfAccountsGroupName": "sales",
    }
    sent = batch(payment(ALICE, SHOP, "30", **noted), payment(ALICE, BOB, "5"))
    first, second = transactions(bank.post("batch", sent))
    assert {name: first[name] for name in noted} == noted
    assert [bank.get(each["id"]) for each in (first, second)] == [first, second]
    assert set(bank.listed()[-2:]) == {first["id"], second["id"]}
    statement = done(bank.client.get(f"{bank.path(ALICE)}/operations"))["items"]
    assert [each["transactionId"] for each in statement[-2:]] == [first["id"], second["id"]]
    assert statement[-2:] == [first["operations"][0], second["operations"][0]]
    made(bank.settle(first["id"], "revert"))
    assert bank.stands(SHOP) == ("0", "0")


def test_each_spends_what_those_before_it_have_brought(bank: Bank) -> None:
    answer = bank.post(
        "batch", batch(payment(OUTSIDE, BOB, "50"), payment(BOB, SHOP, "50"), payment(SHOP, ALICE, "50"))
    )
    assert results(answer) == [MADE] * 3
    assert [bank.stands(alias) for alias in (ALICE, BOB, SHOP)] == [("150", "0"), ("0", "0"), ("0", "0")]
    inflow, payed, _ = transactions(answer)
    assert inflow["operations"][1]["balanceAfter"] == payed["operations"][0]["balance"]
    assert [each["balance"]["available"] for each in payed["operations"]] == ["50", "0"]
    assert len({each["createdAt"] for each in transactions(answer)}) == 1


def test_and_not_what_those_after_it_will_bring(bank: Bank) -> None:
    answer = bank.post("batch", batch(payment(BOB, SHOP, "50"), payment(OUTSIDE, BOB, "50"), payment(BOB, SHOP, "50")))
    assert results(answer) == [POOR, MADE, MADE]


def test_what_is_refused_leaves_its_money_to_those_after_it(bank: Bank) -> None:
    bank.block(SHOP)
    answer = bank.post("batch", batch(payment(ALICE, SHOP, "100"), payment(ALICE, BOB, "100")))
    assert results(answer) == [(422, "0024"), MADE]


def test_a_transaction_twice_in_a_batch_is_made_twice(bank: Bank) -> None:
    first, second = transactions(bank.post("batch", batch(*[payment(ALICE, SHOP, "10")] * 2), "one"))
    assert first["id"] != second["id"]
    assert bank.stands(SHOP) == ("20", "0")


@pytest.mark.parametrize("name", ["idempotencyKey", "X-Idempotency", "key"])
def test_its_transactions_have_no_keys_of_their_own(bank: Bank, everything: Everything, name: str) -> None:
    before = everything()
    body = batch(payment(ALICE, SHOP, "10"), payment(ALICE, SHOP, "10", **{name: "one"}))
    refused(bank.post("batch", body), 400, "0053", f"transactions.1.{name}")
    assert everything() == before


def test_it_may_move_several_assets_and_each_transaction_one(bank: Bank) -> None:
    bank.books.add("USD", type="currency", decimals=2)
    bank.open("@dollars", asset="USD")
    dollars = {"send": send("5", [leg("@external/USD")], [leg("@dollars")], asset="USD")}
    mixed = {"send": send("5", [leg(ALICE)], [leg("@dollars")])}
    answer = bank.post("batch", batch(payment(ALICE, SHOP, "5"), mixed, dollars))
    assert results(answer) == [MADE, (422, "0030"), MADE]
    assert (bank.stands("@dollars"), bank.stands(SHOP)) == (("5", "0"), ("5", "0"))


def test_each_of_its_transactions_may_have_many_legs(bank: Bank) -> None:
    shared = {"send": send("10", [leg(ALICE)], [leg(BOB, 90), leg(SHOP)])}
    first, second = transactions(bank.post("batch", batch(shared, shared)))
    assert [each["amount"]["value"] for each in first["operations"]] == ["10", "9", "1"]
    assert [each["balanceAfter"]["available"] for each in second["operations"]] == ["80", "18", "2"]


REFUSED: Mapping[str, tuple[Body, int, str, str | None]] = {
    "nothing": (payment(ALICE, SHOP, "0"), 422, "0125", None),
    "to itself": (payment(ALICE, ALICE, "1"), 422, "0090", None),
    "a leg that says nothing": (
        {"send": send("1", [{"accountAlias": ALICE}], [leg(SHOP)])},
        400,
        "0072",
        "send.source.from.0",
    ),
    "what comes from outside, pending": (payment(OUTSIDE, SHOP, "1", pending=True), 422, "0098", None),
    "an expiry of what is not pending": (
        payment(ALICE, SHOP, "1", expiresAt="2027-01-01T00:00:00.000Z"),
        400,
        "0047",
        "expiresAt",
    ),
    "too many legs": ({"send": send("50", [leg(ALICE, "1")] * 50, [leg(SHOP, "1")] * 50)}, 413, "0143", None),
}
"""What is refused by itself, whatever the ledger stands at: status, code, field."""

STATE: Mapping[str, tuple[Body, int, str, str | None]] = {
    "legs that are not the value": ({"send": send("2", [leg(ALICE, "1")], [leg(SHOP)])}, 422, "0073", None),
    "too much": (payment(ALICE, SHOP, "100.01"), 422, "0018", None),
    "to nobody": (payment(ALICE, NOBODY, "1"), 422, "0019", None),
    "from who is blocked": (payment("@blocked", SHOP, "1"), 422, "0024", None),
    "too fine": (payment(ALICE, SHOP, "0.001"), 422, "9008", None),
    "of the future": (
        payment(ALICE, SHOP, "1", transactionDate="2027-01-01T00:00:00.000Z"),
        422,
        "0121",
        "transactionDate",
    ),
    "expired already": (
        payment(ALICE, SHOP, "1", pending=True, expiresAt="2025-01-01T00:00:00.000Z"),
        400,
        "0083",
        "expiresAt",
    ),
}
"""What is refused when the heads have been read."""

in_every_way = pytest.mark.parametrize(
    ("bad", "status", "code", "field"), [*REFUSED.values(), *STATE.values()], ids=[*REFUSED, *STATE]
)


@in_every_way
def test_whatever_one_is_refused_for_the_others_are_made(
    bank: Bank, bad: Body, status: int, code: str, field: str | None
) -> None:
    bank.open("@blocked", "1")
    bank.block("@blocked")
    answer = bank.post("batch", batch(payment(ALICE, SHOP, "1"), bad, payment(ALICE, SHOP, "1")))
    assert results(answer) == [MADE, (status, code), MADE]
    assert list(answer.json["transactions"][1]["error"].get("fields", ())) == ([field] if field else [])
    assert bank.stands(SHOP) == ("2", "0")


# -------------------------------------------------------------------------------------------------------- all together


@in_every_way
def test_if_one_of_those_that_belong_together_is_refused_nothing_is_done_and_it_is_named(
    bank: Bank, bad: Body, status: int, code: str, field: str | None
) -> None:
    bank.open("@blocked", "1")
    bank.block("@blocked")
    good = payment(ALICE, SHOP, "0.01")
    before = bank.world.fake.snapshot()
    place = f"transactions.2.{field}" if field else "transactions.2"
    message = refused(bank.post("batch", batch(good, good, bad, good, atomic=True), "one"), status, code, place)
    assert "because of transaction 2 (counted from 0)" in message
    assert bank.world.fake.snapshot() == before


def test_the_first_one_that_is_refused_is_named(bank: Bank, everything: Everything) -> None:
    before = everything()
    sent = batch(payment(ALICE, SHOP, "60"), payment(ALICE, BOB, "60"), payment(ALICE, NOBODY, "1"), atomic=True)
    assert "@alice has 40 BRL" in refused(bank.post("batch", sent), 422, "0018", "transactions.1")
    assert everything() == before


def test_those_that_belong_together_follow_each_other_too(bank: Bank) -> None:
    sent = batch(payment(OUTSIDE, BOB, "50"), payment(BOB, SHOP, "50"), payment(SHOP, ALICE, "50"), atomic=True)
    assert results(bank.post("batch", sent)) == [MADE] * 3
    assert bank.stands(ALICE) == ("150", "0")


@pytest.mark.parametrize("key", [None, "one"], ids=["without a key", "with a key"])
def test_as_many_as_fit_one_write_can_belong_together(bank: Bank, everything: Everything, key: str | None) -> None:
    before = everything()
    sent = batch(*[payment(ALICE, SHOP, "1")] * (MOST_TOGETHER + 1), atomic=True)
    refused(bank.post("batch", sent, key), 413, "0143", f"transactions.{MOST_TOGETHER}")
    assert everything() == before
    assert results(bank.post("batch", batch(*sent["transactions"][1:], atomic=True), key)) == [MADE] * MOST_TOGETHER
    assert bank.stands(SHOP) == (str(MOST_TOGETHER), "0")


# --------------------------------------------------------------------------------------------------------------- sizes


@each_way
def test_30_payments_from_one_account_are_one_write(bank: Bank, *, atomic: bool) -> None:
    sent = batch(*(payment(ALICE, (BOB, SHOP)[number % 2], "1") for number in range(30)), atomic=atomic)
    assert written(bank.world, lambda: made(bank.post("batch", sent))) == [30 * 3]
    assert bank.stands(ALICE) == ("70", "0")
    assert [entry["type"] for entry in bank.entries(ALICE)][-30:] == ["DEBIT"] * 30


@pytest.mark.parametrize(("atomic", "writes"), [(False, [1, 90]), (True, [91])])
def test_with_a_key_its_record_is_one_item_more(bank: Bank, *, atomic: bool, writes: list[int]) -> None:
    sent = batch(*[payment(ALICE, SHOP, "1")] * 30, atomic=atomic)
    assert written(bank.world, lambda: made(bank.post("batch", sent, "one"))) == writes


def test_every_chain_is_read_once_for_all_of_them(bank: Bank) -> None:
    calls = called(bank.world, lambda: made(bank.post("batch", batch(*[payment(ALICE, SHOP, "1")] * 30))))
    assert [call.operation for call in calls] == ["get_item", "query", "query", WRITE]


def test_100_payments_from_one_account_never_conflict_with_each_other(bank: Bank) -> None:
    sent = batch(*[payment(ALICE, SHOP, "1")] * 100)
    assert written(bank.world, lambda: made(bank.post("batch", sent))) == [99, 99, 99, 3]
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("0", "0"), ("100", "0"))
    assert problems(bank.world.fake.snapshot()) == []


def test_large_ones_are_divided_into_as_many_writes_as_it_takes(bank: Bank) -> None:
    large = {"send": send("0.97", [leg(ALICE)], [leg(SHOP, "0.01")] * 97)}
    sent = batch(large, payment(ALICE, SHOP, "1"), large, large)
    assert written(bank.world, lambda: made(bank.post("batch", sent))) == [99, 3, 99, 99]
    assert bank.stands(SHOP) == ("3.91", "0")


def test_an_answer_has_room_for_all_that_was_posted_however_many_shards_pay_for_what_is_noted_once(bank: Bank) -> None:
    """What was posted can be told, also when the batch is sent again."""
    noted = {str(number): '"' * 1_000 for number in range(4)}  # as text within text, a quote takes four bytes
    aliases = [f"@payer{number}" for number in range(18)]
    for number, alias in enumerate(aliases):
        bank.open(alias, shards=16)
        bank.fund(alias, *["1"] * 16, nth=number)
    large = [
        {"send": send("96", [leg(alias, "16", metadata=noted) for alias in some], [leg(SHOP)])}
        for some in batched(aliases, 6, strict=True)
    ]
    sent = batch(*large, payment(ALICE, SHOP, "1"))
    answer = bank.post("batch", sent, "one")
    assert results(answer) == [MADE, MADE, (413, "0143"), MADE]
    assert "Send it in another batch" in answer.json["transactions"][2]["error"]["message"]
    assert (bank.stands(aliases[-1]), bank.stands(SHOP)) == (("16", "0"), ("193", "0"))
    assert 3_000_000 < len(json.dumps(answer.body, ensure_ascii=False)) < LARGEST_ANSWER
    again = bank.post("batch", sent, "one")
    assert (again.status, again.body) == (answer.status, answer.body)
    assert results(bank.post("batch", batch(large[2]))) == [MADE]


BAD: Mapping[str, tuple[object, str, str]] = {
    "101": (batch(*[payment(ALICE, SHOP, "0.01")] * 101), "0047", "transactions"),
    "none": (batch(), "0047", "transactions"),
    "no list": ({}, "0009", "transactions"),
    "an object": ({"transactions": payment(ALICE, SHOP, "1")}, "0047", "transactions"),
    "a word for atomic": (batch(payment(ALICE, SHOP, "1"), atomic="true"), "0047", "atomic"),
    "a field that is not known": (batch(payment(ALICE, SHOP, "1"), pending=True), "0053", "pending"),
}


@pytest.mark.parametrize(("body", "code", "field"), BAD.values(), ids=BAD)
def test_a_batch_is_1_to_100_transactions(
    bank: Bank, everything: Everything, body: object, code: str, field: str
) -> None:
    before = everything()
    refused(bank.post("batch", body), 400, code, field)
    assert everything() == before


@each_way
def test_one_transaction_is_a_batch(bank: Bank, *, atomic: bool) -> None:
    assert results(bank.post("batch", batch(payment(ALICE, SHOP, "1"), atomic=atomic))) == [MADE]


# --------------------------------------------------------------------------------------------------------------- holds


@each_way
def test_holds_of_a_batch_are_settled_like_any_other(bank: Bank, *, atomic: bool) -> None:
    sent = batch(*[payment(ALICE, SHOP, "40", pending=True)] * 2, payment(ALICE, BOB, "20"), atomic=atomic)
    first, second, _ = transactions(bank.post("batch", sent))
    assert [first["status"]["code"], second["status"]["code"]] == ["PENDING"] * 2
    assert bank.stands(ALICE) == ("0", "80")
    assert moves(made(bank.settle(first["id"], "commit")))[1:] == [("DEBIT", ALICE, "40"), ("CREDIT", SHOP, "40")]
    made(bank.settle(second["id"], "cancel"))
    assert [bank.stands(alias) for alias in (ALICE, BOB, SHOP)] == [("40", "0"), ("20", "0"), ("40", "0")]


def test_what_one_holds_is_not_there_for_those_after_it(bank: Bank) -> None:
    sent = batch(payment(ALICE, SHOP, "60", pending=True), payment(ALICE, SHOP, "41"), payment(SHOP, BOB, "1"))
    assert results(bank.post("batch", sent)) == [MADE, POOR, POOR]


def test_holds_of_a_batch_expire(bank: Bank) -> None:
    expiry = rfc3339(bank.world.clock.now + 60_000)
    sent = batch(*(payment(ALICE, SHOP, "10", pending=True, expiresAt=expiry) for _ in range(2)))
    first, second = transactions(bank.post("batch", sent))
    made(bank.settle(first["id"], "commit"))
    bank.world.clock.now += 60_000
    refused(bank.settle(second["id"], "commit"), 409, "0099")
    assert bank.expire() == 1
    assert (bank.status(second["id"]), bank.stands(ALICE)) == ("CANCELED", ("90", "0"))


# ---------------------------------------------------------------------------------------------------------------- keys


@each_way
def test_a_batch_that_was_posted_whole_is_answered_again_and_says_so(
    bank: Bank, everything: Everything, *, atomic: bool
) -> None:
    request = partial(bank.post, "batch", batch(*[payment(ALICE, SHOP, "10")] * 3, atomic=atomic), "one")
    first, before = made(request()), everything()
    assert REPLAYED not in first.headers
    replayed(request(), first)
    assert everything() == before


@each_way
def test_its_first_answer_is_given_whatever_has_become_of_its_transactions(bank: Bank, *, atomic: bool) -> None:
    sent = batch(
        *(payment(ALICE, SHOP, "10", pending=True) for _ in range(2)), payment(ALICE, SHOP, "10"), atomic=atomic
    )
    request = partial(bank.post, "batch", sent, "one")
    first = made(request())
    held, canceled, paid = (each["id"] for each in transactions(first))
    made(bank.settle(held, "commit"))
    made(bank.settle(canceled, "cancel"))
    made(bank.settle(paid, "revert"))
    done(bank.client.patch(f"{bank.transactions}/{paid}", {"description": "returned"}))
    replayed(request(), first)


@each_way
def test_its_first_answer_is_given_when_the_ledger_is_gone(bank: Bank, everything: Everything, *, atomic: bool) -> None:
    request = partial(bank.post, "batch", batch(payment(ALICE, SHOP, "100"), atomic=atomic), "one")
    first = made(request())
    made(bank.outflow(SHOP, "100"))
    (asset,) = done(bank.client.get(bank.books.assets))
    gone(bank.client.delete(f"{bank.books.assets}/{asset['id']}"))
    gone(bank.client.delete(bank.books.ledger))
    before = everything()
    replayed(request(), first)
    refused(bank.post("batch", batch(payment(ALICE, SHOP, "100"), atomic=atomic), "two"), 404, "0037")
    assert everything() == before


def test_what_was_refused_is_tried_again_and_what_was_posted_is_not(bank: Bank, everything: Everything) -> None:
    request = partial(bank.post, "batch", batch(*[payment(ALICE, SHOP, "60")] * 3), "one")
    first = request()
    assert results(first) == [MADE, POOR, POOR]
    before = everything()
    second = request()
    assert (second.status, second.body) == (first.status, first.body)
    assert REPLAYED not in second.headers  # it was tried, which might have had another end
    assert everything() == before
    made(bank.inflow(ALICE, "20"))
    third = request()
    assert results(third) == [MADE, MADE, POOR]
    assert REPLAYED not in third.headers
    assert transactions(third)[0] == transactions(first)[0]
    made(bank.inflow(ALICE, "60"))
    last = request()
    assert results(last) == [MADE] * 3
    assert REPLAYED not in last.headers
    assert transactions(last)[:2] == transactions(third)[:2]
    replayed(request(), last)
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("0", "0"), ("180", "0"))


def test_what_is_refused_by_itself_is_no_reason_to_try_again(bank: Bank, everything: Everything) -> None:
    never = [body for body, *_ in REFUSED.values()]
    for number, sent in enumerate((batch(*never), batch(payment(ALICE, SHOP, "1"), *never))):
        request = partial(bank.post, "batch", sent, f"key {number}")
        first, before = made(request()), everything()
        assert REPLAYED not in first.headers
        replayed(request(), first)
        assert everything() == before


def test_those_who_are_refused_have_no_more_to_pay_with_for_what_they_paid_before(bank: Bank) -> None:
    """The first answer was lost; the money that the second one would miss is what the first one has spent."""
    request = partial(bank.post, "batch", batch(payment(ALICE, SHOP, "100"), payment(BOB, SHOP, "1")), "one")
    assert results(request()) == [MADE, POOR]
    assert results(request()) == [MADE, POOR]
    assert bank.stands(SHOP) == ("100", "0")


@each_way
@pytest.mark.parametrize(
    "change",
    [
        {"transactions": [payment(ALICE, SHOP, "10"), payment(ALICE, SHOP, "11")]},
        {"transactions": [payment(ALICE, SHOP, "10")]},
        {"transactions": [payment(ALICE, SHOP, "10")] * 3},
        {"transactions": [payment(ALICE, SHOP, "1000")]},
        {"transactions": [payment(ALICE, NOBODY, "1")]},
    ],
    ids=["another amount", "fewer", "more", "too much", "to nobody"],
)
def test_another_body_under_the_same_key_is_refused_and_nothing_is_done(
    bank: Bank, everything: Everything, change: Body, *, atomic: bool
) -> None:
    sent = batch(*[payment(ALICE, SHOP, "10")] * 2, atomic=atomic)
    first, before = made(bank.post("batch", sent, "one")), everything()
    refused(bank.post("batch", {**sent, **change}, "one"), 422, "0084")
    assert everything() == before
    replayed(bank.post("batch", sent, "one"), first)


@each_way
def test_together_or_each_by_itself_is_not_the_same_body(bank: Bank, everything: Everything, *, atomic: bool) -> None:
    sent = batch(payment(ALICE, SHOP, "10"), atomic=atomic)
    made(bank.post("batch", sent, "one"))
    before = everything()
    refused(bank.post("batch", {**sent, "atomic": not atomic}, "one"), 422, "0084")
    assert everything() == before


def test_what_is_refused_by_itself_is_another_body_too(bank: Bank, everything: Everything) -> None:
    made(bank.post("batch", batch(payment(ALICE, SHOP, "10")), "one"))
    before = everything()
    refused(bank.post("batch", batch(payment(ALICE, SHOP, "0")), "one"), 422, "0084")
    assert everything() == before


def test_a_batch_of_which_nothing_could_be_posted_has_its_key_all_the_same(bank: Bank, everything: Everything) -> None:
    """It was answered, transaction by transaction, and goes on when it is sent again."""
    for number, nothing in enumerate((payment(BOB, SHOP, "1"), payment(BOB, SHOP, "0"))):
        made(bank.post("batch", batch(nothing), f"key {number}"))
        before = everything()
        refused(bank.post("batch", batch(payment(ALICE, SHOP, "1")), f"key {number}"), 422, "0084")
        assert everything() == before


def test_those_that_belong_together_do_not_use_up_their_key_when_they_are_refused(bank: Bank) -> None:
    poor = batch(payment(ALICE, SHOP, "60"), payment(ALICE, SHOP, "60"), atomic=True)
    refused(bank.post("batch", poor, "one"), 422, "0018", "transactions.1")
    other = batch(payment(ALICE, SHOP, "60"), atomic=True)
    assert REPLAYED not in made(bank.post("batch", other, "one")).headers


def test_without_a_key_a_batch_is_posted_as_often_as_it_is_sent(bank: Bank) -> None:
    for _ in range(2):
        assert results(bank.post("batch", batch(payment(ALICE, SHOP, "10")))) == [MADE]
    assert bank.stands(SHOP) == ("20", "0")


def test_a_key_of_a_batch_is_no_key_of_a_single_transaction(bank: Bank) -> None:
    made(bank.post("batch", batch(payment(ALICE, SHOP, "10")), "one"))
    assert REPLAYED not in made(bank.pay(ALICE, SHOP, "10", "one")).headers
    assert bank.stands(SHOP) == ("20", "0")


# ------------------------------------------------------------------------------------------- a ledger that is not there


@each_way
@pytest.mark.parametrize("key", [None, "one"], ids=["without a key", "with a key"])
@pytest.mark.parametrize(
    "bad", [payment(ALICE, SHOP, "1"), *(body for body, *_ in [*REFUSED.values(), *STATE.values()])]
)
def test_a_ledger_that_is_not_there_is_not_found_whatever_the_batch(
    bank: Bank, everything: Everything, bad: Body, key: str | None, *, atomic: bool
) -> None:
    elsewhere = (
        replace(bank.books, ledger_id=NOBODYS),
        replace(bank.books, organization_id=NOBODYS),
        replace(bank.books, client=bank.world.client()),
    )
    before = everything()
    for books in elsewhere:
        refused(Bank(books).post("batch", batch(bad, bad, atomic=atomic), key), 404, "0037")
    assert everything() == before


# -------------------------------------------------------------------------------------------------------------- faults

FAULTY = batch(
    payment(OUTSIDE, "@sharded", "30"),
    payment("@sharded", SHOP, "45"),
    payment("@poor", SHOP, "1"),
    payment(ALICE, ALICE, "1"),
    payment(ALICE, BOB, "40", pending=True),
    *[payment(ALICE, SHOP, "1")] * 33,
    payment(SHOP, BOB, "78"),
)
"""What comes to two writes: a payment that takes two shards, two that are refused, a hold, and many more."""
OUTCOME = [MADE, MADE, POOR, (422, "0090"), MADE, *[MADE] * 33, MADE]

FAULTY_TOGETHER = batch(*FAULTY["transactions"][:2], *FAULTY["transactions"][4:20], atomic=True)


def shaken() -> tuple[Bank, Faults]:
    """A bank over a table whose calls fail as planned; an account of two shards has 10 on each."""
    fake = FakeDynamoDB(table_definition())
    faults = Faults(fake)
    bank = open_bank(World(faults, fake=fake).client())
    bank.open("@poor")
    bank.open("@sharded", shards=2)
    bank.fund("@sharded", "10", "10")
    return bank, faults


def sound(bank: Bank) -> list[tuple[str, str]]:
    """What stands in all accounts, where no money has come or gone."""
    assert problems(bank.world.fake.snapshot()) == []
    assert bank.sum() == 0
    return [bank.stands(alias) for alias in (ALICE, BOB, SHOP, "@sharded")]


def calm(body: Body, key: str | None) -> tuple[list[Result], list[tuple[str, str]], int]:
    """What becomes of a batch when nothing fails, what stands afterwards, and how many calls it takes."""
    bank, faults = shaken()
    before = len(faults.calls)
    answer = bank.post("batch", body, key)
    taken = len(faults.calls) - before
    return results(answer), sound(bank), taken


STRIKES: Mapping[str, Callable[[Faults, int], object]] = {
    "not sent": lambda faults, nth: faults.refuse_connection(nth=nth),
    "answer lost": lambda faults, nth: faults.lose_answer(nth=nth),
    "server error when it was applied": lambda faults, nth: faults.fail(
        None, "InternalServerError", applied=True, nth=nth
    ),
}

bodies = pytest.mark.parametrize("body", [FAULTY, FAULTY_TOGETHER], ids=["each by itself", "all together"])


@bodies
@pytest.mark.parametrize("key", [None, "one"], ids=["without a key", "with a key"])
@pytest.mark.parametrize("strike", STRIKES.values(), ids=STRIKES)
def test_whichever_call_fails_all_is_posted_once_and_nobody_is_told_wrong(
    body: Body, key: str | None, strike: Callable[[Faults, int], object]
) -> None:
    outcome, standing, calls = calm(body, key)
    for nth in range(1, calls + 1):
        bank, faults = shaken()
        strike(faults, nth)
        assert results(bank.post("batch", body, key)) == outcome, nth
        assert faults.struck == 1, nth
        assert sound(bank) == standing, nth


@bodies
def test_a_batch_that_was_cut_off_anywhere_goes_on_when_it_is_sent_again(body: Body) -> None:
    outcome, standing, calls = calm(body, "one")
    for nth in range(1, calls + 1):
        for strike in (faults_before, faults_after):
            bank, faults = shaken()
            strike(faults, nth)
            assert bank.post("batch", body, "one").status == 500, nth
            faults.plans.clear()
            again = bank.post("batch", body, "one")
            assert results(again) == outcome, nth
            assert sound(bank) == standing, nth
            assert transactions(bank.post("batch", body, "one")) == transactions(again), nth


def faults_before(faults: Faults, nth: int) -> None:
    """The request ends at a call, which is not made."""
    faults.fail(None, "AccessDeniedException", nth=range(nth, 1_000_000))


def faults_after(faults: Faults, nth: int) -> None:
    """The request ends at a call, which is made."""
    faults.fail(None, "AccessDeniedException", applied=True, nth=nth)
    faults.fail(None, "AccessDeniedException", nth=range(nth, 1_000_000))


# --------------------------------------------------------------------------------------------------------------- races


@each_way
@pytest.mark.parametrize("seed", range(3))
def test_a_batch_that_is_sent_many_times_at_once_is_posted_once(seed: int, *, atomic: bool) -> None:
    world = CrowdedWorld(seed)
    bank = open_bank(world.client())
    world.time_left = 60.0
    sent = batch(*[payment(ALICE, SHOP, "4")] * 25, atomic=atomic)
    answers = world.together([partial(bank.post, "batch", sent, "one")] * 16)
    assert {answer.body for answer in answers} == {answers[0].body}
    assert results(answers[0]) == [MADE] * 25
    assert sum(REPLAYED not in answer.headers for answer in answers) == 1
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("0", "0"), ("100", "0"))
    assert problems(world.fake.snapshot()) == []


@pytest.mark.parametrize("seed", range(3))
def test_batches_that_want_the_same_money_get_it_once(seed: int) -> None:
    world = CrowdedWorld(seed)
    bank = open_bank(world.client())
    world.time_left = 60.0
    sent = batch(*[payment(ALICE, SHOP, "1")] * 12)
    answers = world.together([partial(bank.post, "batch", sent, f"key {number}") for number in range(10)])
    outcomes = [result for answer in answers for result in results(answer)]
    assert (outcomes.count(MADE), outcomes.count(POOR)) == (100, 20)
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("0", "0"), ("100", "0"))
    assert problems(world.fake.snapshot()) == []
