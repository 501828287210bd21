"""Many who want the same thing at once, over HTTP: it happens as often as it may, and everybody else is told."""

from decimal import Decimal
from functools import partial

import httpx
import pytest

from tests.stack.books import (
    CONFLICT,
    CREATED,
    EMPTY,
    NOBODY,
    NOTHING,
    UNPROCESSABLE,
    Books,
    Standing,
    made,
    refusals,
    together,
    warm,
)

ALICE, SHOP = "@alice", "@shop"


@pytest.fixture
def shop(books: Books) -> Books:
    """A ledger with an account that has 60 and one that has nothing."""
    books.open(ALICE, SHOP)
    made(books.inflow(ALICE, "60", "wages"))
    return books


def held(shop: Books) -> str:
    """The id of a transaction that holds all that Alice has."""
    return str(made(shop.pay(ALICE, SHOP, "60", "held", pending=True))["id"])


def standing(available: int, on_hold: int = 0) -> Standing:
    """What stands in an account."""
    return Decimal(available), Decimal(on_hold)


def winner(answers: list[httpx.Response]) -> int:
    """Which one of some answers is 201; there must be just one."""
    (position,) = (position for position, answer in enumerate(answers) if answer.status_code == CREATED)
    return position


def test_of_50_commits_of_one_transaction_exactly_one_succeeds(shop: Books) -> None:
    transaction_id = held(shop)
    warm(partial(shop.settle, NOTHING, "commit", "warm"))
    answers = together(partial(shop.settle, transaction_id, "commit", f"commit {number}") for number in range(50))
    assert answers[winner(answers)].json()["status"]["code"] == "APPROVED"
    assert refusals(answers) == {(CONFLICT, "0099")}
    assert (shop.standing(ALICE), shop.standing(SHOP)) == (EMPTY, standing(60))


def test_of_25_commits_against_25_cancels_of_one_transaction_exactly_one_succeeds(shop: Books) -> None:
    transaction_id = held(shop)
    warm(partial(shop.settle, NOTHING, "commit", "warm"), partial(shop.settle, NOTHING, "cancel", "warm"))
    steps = ["commit", "cancel"] * 25
    answers = together(
        partial(shop.settle, transaction_id, step, f"{step} {number}") for number, step in enumerate(steps)
    )
    assert refusals(answers) == {(CONFLICT, "0099")}
    committed = steps[winner(answers)] == "commit"
    settled = shop.get(f"transactions/{transaction_id}")
    assert settled["status"]["code"] == ("APPROVED" if committed else "CANCELED")
    assert (shop.standing(ALICE), shop.standing(SHOP)) == (
        (EMPTY, standing(60)) if committed else (standing(60), EMPTY)
    )


def test_50_commits_with_one_key_get_the_same_answer(shop: Books) -> None:
    transaction_id = held(shop)
    warm(partial(shop.settle, NOTHING, "commit", "warm"))
    answers = together([partial(shop.settle, transaction_id, "commit", "one")] * 50)
    assert refusals(answers) == set()
    assert len({answer.text for answer in answers}) == 1
    assert sum("X-Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert shop.standing(SHOP) == standing(60)


def test_of_50_reverts_of_one_transaction_exactly_one_succeeds(shop: Books) -> None:
    made(shop.inflow(SHOP, "1000", "takings"))  # enough for more than one
    transaction_id = made(shop.pay(ALICE, SHOP, "10", "paid"))["id"]
    warm(partial(shop.settle, NOTHING, "revert", "warm"))
    answers = together(partial(shop.settle, transaction_id, "revert", f"revert {number}") for number in range(50))
    assert answers[winner(answers)].json()["parentTransactionId"] == transaction_id
    assert refusals(answers) == {(CONFLICT, "0087")}
    assert (shop.standing(ALICE), shop.standing(SHOP)) == (standing(60), standing(1000))
    parents = [each["parentTransactionId"] for each in shop.items("transactions")]
    assert parents.count(transaction_id) == 1


@pytest.mark.parametrize("shards", [1, 4])
def test_of_100_debits_of_1_from_a_balance_of_60_exactly_60_succeed(books: Books, shards: int) -> None:
    books.open(ALICE, shards=shards)
    warm(partial(books.inflow, NOBODY, "1", "warm"), partial(books.outflow, NOBODY, "1", "warm"))
    assert refusals(together(partial(books.inflow, ALICE, "5", f"credit {number}") for number in range(12))) == set()
    answers = together(partial(books.outflow, ALICE, "1", f"debit {number}") for number in range(100))
    assert [answer.status_code for answer in answers].count(CREATED) == 60
    assert refusals(answers) == {(UNPROCESSABLE, "0018")}
    assert books.standing(ALICE) == EMPTY


def test_50_payments_with_one_key_are_one(shop: Books) -> None:
    warm(partial(shop.pay, NOBODY, SHOP, "1", "warm"))
    answers = together([partial(shop.pay, ALICE, SHOP, "60", "one")] * 50)
    assert refusals(answers) == set()
    assert len({answer.text for answer in answers}) == 1
    assert (shop.standing(ALICE), shop.standing(SHOP)) == (EMPTY, standing(60))
