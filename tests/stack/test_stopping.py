"""The stack goes down in the middle of traffic, and up again: what was acknowledged is there, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from threading import Event
from time import sleep

import httpx
import pytest

from local.emulator import Emulator
from local.home import Home
from local.stack import Stack, down, up
from tests.stack.books import CREATED, EXTERNAL, NOBODY, Books, connected, made, open_books, warm
from tests.support.burst import definite

CALLERS = 4
PAYMENTS = 12
"""How many each caller makes."""
BEFORE = 8
"""How many have been acknowledged, of all callers together, when the stack goes down."""
TRIES = 30
"""How often a caller asks at most until somebody answers, once the stack is there again."""

ALICE, BOB = "@alice", "@bob"
FUNDS = CALLERS * PAYMENTS


@dataclass(frozen=True, slots=True)
class Payment:
    """What one caller has heard of one payment, and how often it got no answer before."""

    key: str
    answer: httpx.Response
    unanswered: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """Traffic in whose middle the emulator was stopped by SIGTERM, and the stack brought up again."""

    books: Books
    payments: Sequence[Payment]
    again: Stack


@pytest.fixture(scope="module")
def stopped(stack: Stack, home: Home) -> Iterator[Stopped]:
    """Callers that pay until each of their payments is acknowledged, whatever happens to the stack."""
    with connected(stack, stack.new_access("Stopping")) as client:
        books = open_books(client)
        books.open(ALICE, BOB)
        made(books.inflow(ALICE, str(FUNDS), "funds"))
        warm(partial(books.pay, NOBODY, EXTERNAL, "1", "warm"))
        begun, back = Event(), Event()
        paid: list[Payment] = []
        with ThreadPoolExecutor(CALLERS) as pool:
            calling = [pool.submit(_pay, books, caller, paid, begun, back) for caller in range(CALLERS)]
            begun.wait(timeout=120)
            try:
                assert down(home)
                assert not Emulator(home).is_running()
                again = up(home)
            finally:
                back.set()
            for each in calling:
                each.result()
        yield Stopped(books, paid, again)


def _pay(books: Books, caller: int, paid: list[Payment], begun: Event, back: Event) -> None:
    for number in range(PAYMENTS):
        paid.append(_until_answered(books, f"payment {caller} {number}", back))
        if len(paid) >= BEFORE:
            begun.set()


def _until_answered(books: Books, key: str, back: Event) -> Payment:
    """A payment, sent again with its key as long as nobody answers, or the answer is that something went wrong."""
    unanswered, tries = 0, TRIES
    while True:
        try:
            answer, _ = definite(partial(books.pay, ALICE, BOB, "1", key))
        except httpx.TransportError as error:
            heard = repr(error)
        else:
            if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                return Payment(key, answer, unanswered)
            heard = f"{answer.status_code} {answer.text}"
        unanswered += 1
        tries -= back.is_set()
        assert tries, f"{key} is not answered: {heard}"
        sleep(1)


def test_what_is_paid_while_the_stack_goes_down_and_up_is_paid_once(stopped: Stopped) -> None:
    assert {payment.answer.status_code for payment in stopped.payments} == {CREATED}
    assert len({payment.answer.json()["id"] for payment in stopped.payments}) == FUNDS
    assert stopped.books.standing(ALICE) == (Decimal(0), Decimal(0))
    assert stopped.books.standing(BOB) == (Decimal(FUNDS), Decimal(0))


def test_it_went_down_in_the_middle(stopped: Stopped) -> None:
    assert any(payment.unanswered for payment in stopped.payments)
    assert len([payment for payment in stopped.payments if not payment.unanswered]) >= BEFORE


def test_the_stack_is_the_same_afterwards(stack: Stack, stopped: Stopped) -> None:
    assert (stopped.again.base_url, stopped.again.access) == (stack.base_url, stack.access)


def test_what_was_acknowledged_before_is_told_again_afterwards(stopped: Stopped) -> None:
    for payment in stopped.payments[:BEFORE]:
        again = stopped.books.pay(ALICE, BOB, "1", payment.key)
        assert (again.status_code, again.text) == (CREATED, payment.answer.text)
        assert again.headers["X-Idempotency-Replayed"] == "true"
