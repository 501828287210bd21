"""Batches over HTTP: many payments in one request, posted once however often it is sent."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.stack.books import CREATED, EMPTY, UNPROCESSABLE, Body, Books, made, payment, refusals, together

PAYMENTS = 30
PAYER = "@payer"
PAYEES = [f"@payee-{number}" for number in range(5)]
REPLAYED = "X-Idempotency-Replayed"


@pytest.fixture
def payroll(books: Books) -> Books:
    """A ledger with an account that has 27 and some that have nothing."""
    books.open(PAYER, *PAYEES)
    made(books.inflow(PAYER, "27", "funds"))
    return books


def batch(**fields: object) -> Body:
    """30 payments of 1 from one account, to five."""
    return {"transactions": [payment(PAYER, PAYEES[number % 5], "1") for number in range(PAYMENTS)], **fields}


def results(answer: Any) -> list[tuple[int, str | None]]:  # noqa: ANN401 -- JSON
    """What became of each transaction: the status, and the code if it was refused."""
    assert [each["index"] for each in answer["transactions"]] == list(range(PAYMENTS))
    return [(each["status"], each["error"] and each["error"]["code"]) for each in answer["transactions"]]


def test_what_a_batch_could_not_pay_is_paid_when_it_is_sent_again_and_nothing_twice(payroll: Books) -> None:
    send = partial(payroll.post, "transactions/batch", batch(), "march")
    first = made(send())
    assert results(first) == [(CREATED, None)] * 27 + [(UNPROCESSABLE, "0018")] * 3
    assert payroll.standing(PAYER) == EMPTY
    made(payroll.inflow(PAYER, "10", "more funds"))
    second, third = send(), send()
    assert results(made(second)) == [(CREATED, None)] * 30
    assert made(second)["transactions"][:27] == first["transactions"][:27]
    assert third.content == second.content
    assert (second.headers.get(REPLAYED), third.headers.get(REPLAYED)) == (None, "true")
    assert payroll.standing(PAYER) == (Decimal(7), Decimal(0))
    assert {payroll.standing(payee) for payee in PAYEES} == {(Decimal(6), Decimal(0))}


def test_an_atomic_batch_that_cannot_be_paid_in_full_pays_nothing(payroll: Books) -> None:
    send = partial(payroll.post, "transactions/batch", batch(atomic=True), "march")
    assert refusals([send()]) == {(UNPROCESSABLE, "0018")}
    assert payroll.standing(PAYER) == (Decimal(27), Decimal(0))
    made(payroll.inflow(PAYER, "3", "more funds"))
    paid, again = send(), send()
    assert results(made(paid)) == [(CREATED, None)] * 30
    assert made(again) == made(paid)
    assert (paid.headers.get(REPLAYED), again.headers.get(REPLAYED)) == (None, "true")
    assert payroll.standing(PAYER) == EMPTY


@pytest.mark.parametrize("atomic", [False, True])
def test_a_batch_that_is_sent_many_times_at_once_is_posted_once(payroll: Books, *, atomic: bool) -> None:
    made(payroll.inflow(PAYER, "33", "more funds"))  # enough for two
    answers = together([partial(payroll.post, "transactions/batch", batch(atomic=atomic), "march")] * 16)
    assert {answer.text for answer in answers} == {answers[0].text}
    assert results(made(answers[0])) == [(CREATED, None)] * 30
    assert payroll.standing(PAYER) == (Decimal(30), Decimal(0))
    paid = [each["id"] for each in payroll.items("transactions") if each["source"] == [PAYER]]
    assert sorted(paid) == sorted(each["transaction"]["id"] for each in answers[0].json()["transactions"])
