"""The emulator is stopped in the middle of traffic, and started again: what was acknowledged is there, once."""

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
from local.stack import Stack
from tests.stack.books import CREATED, EXTERNAL, NOBODY, Books, connected, made, open_books, warm
from tests.support.burst import definite

CALLERS = 4
PAYMENTS = 12
"""How many each caller makes."""
BEFORE = 8
"""How many have been acknowledged, of all callers together, when the emulator is told to stop."""
TRIES = 30
"""How often a caller asks at most until somebody answers."""

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
    """Traffic in whose middle the emulator was stopped by SIGTERM, and started again."""

    books: Books
    payments: Sequence[Payment]


@pytest.fixture(scope="module")
def stopped(stack: Stack, home: Home) -> Iterator[Stopped]:
    """Callers that pay until each of their payments is acknowledged, whatever happens to the emulator."""
    with connected(stack, stack.new_access("Stopping")) as client:
        books = open_books(client)
        books.open(ALICE, BOB)
        made(books.inflow(ALICE, str(FUNDS), "funds"))
        warm(partial(books.pay, NOBODY, EXTERNAL, "1", "warm"))
        begun = Event()
        paid: list[Payment] = []
        with ThreadPoolExecutor(CALLERS) as pool:
            calling = [pool.submit(_pay, books, caller, paid, begun) for caller in range(CALLERS)]
            begun.wait(timeout=120)
            emulator = Emulator(home)
            assert emulator.stop()
            assert emulator.start()
            for each in calling:
                each.result()
        yield Stopped(books, paid)


def _pay(books: Books, caller: int, paid: list[Payment], begun: Event) -> None:
    for number in range(PAYMENTS):
        key = f"payment {caller} {number}"
        paid.append(_until_answered(books, key))
        if len(paid) >= BEFORE:
            begun.set()


def _until_answered(books: Books, key: str) -> Payment:
    """A payment, sent again with its key as long as nobody answers, or the answer is that something went wrong."""
    for unanswered in range(TRIES):
        try:
            answer, _ = definite(partial(books.pay, ALICE, BOB, "1", key))
        except httpx.TransportError:
            sleep(1)
            continue
        if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
            return Payment(key, answer, unanswered)
        sleep(1)
    raise AssertionError(f"nobody answers {key}")


def test_what_is_paid_while_the_emulator_stops_and_starts_is_paid_once(stopped: Stopped) -> None:
    assert {payment.answer.status_code for payment in stopped.payments} == {CREATED}
    assert len({payment.answer.json()["id"] for payment in stopped.payments}) == FUNDS
    assert stopped.books.standing(ALICE) == (Decimal(0), Decimal(0))
    assert stopped.books.standing(BOB) == (Decimal(FUNDS), Decimal(0))


def test_it_was_stopped_in_the_middle(stopped: Stopped) -> None:
    assert any(payment.unanswered for payment in stopped.payments)
    assert len([payment for payment in stopped.payments if not payment.unanswered]) >= BEFORE


def test_what_was_acknowledged_before_is_told_again_afterwards(stopped: Stopped) -> None:
    for payment in stopped.payments[:BEFORE]:
        again = stopped.books.pay(ALICE, BOB, "1", payment.key)
        assert (again.status_code, again.text) == (CREATED, payment.answer.text)
        assert again.headers["X-Idempotency-Replayed"] == "true"
