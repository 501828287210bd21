"""An asset is deleted while its money moves, over HTTP: never over money, and nothing is posted after it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from random import Random
from time import monotonic, sleep

import httpx
import pytest

from local.stack import Stack
from tests.stack.books import (
    CREATED,
    EMPTY,
    EXTERNAL,
    GONE,
    NOBODY,
    NOT_FOUND,
    UNPROCESSABLE,
    Books,
    connected,
    made,
    open_books,
    refusals,
    together,
    warm,
)
from tests.support.burst import Request, definite

ALIASES = [f"@trader-{number}" for number in range(4)]
NEWCOMER = "@newcomer"
ROUNDS = 5
BUSY = 5
"""Turns that a trader takes at once; after them he pauses, so that the asset can be deleted some time."""
SECONDS = 120
"""How long traders go on if nobody deletes their asset."""


@dataclass(frozen=True, slots=True)
class Posted:
    """An answer, and when its request was first sent."""

    began: float
    answer: httpx.Response


@dataclass(frozen=True, slots=True)
class Trader:
    """Brings money in, passes it on and takes it out again; between two such turns, nothing of his is inside."""

    books: Books
    alias: str
    partner: str
    random: Random
    posted: list[Posted] = field(default_factory=list)

    def trade(self) -> None:
        """Goes on until something is refused."""
        end = monotonic() + SECONDS
        while (began := monotonic()) < end:
            if not all(map(self._succeeds, self._turn(f"{self.alias} {len(self.posted)}"))):
                return
            if len(self.posted) > BUSY * 3:
                sleep(self.random.uniform(0, 2) * (monotonic() - began))

    def _turn(self, key: str) -> Iterator[Request]:
        value = f"{self.random.randrange(100)}.{self.random.randrange(1, 10**8):08}"
        yield partial(self.books.inflow, self.alias, value, f"in {key}")
        yield partial(self.books.pay, self.alias, self.partner, value, f"on {key}")
        yield partial(self.books.outflow, self.partner, value, f"out {key}")

    def _succeeds(self, request: Request) -> bool:
        began = monotonic()
        answer, _ = definite(request)
        self.posted.append(Posted(began, answer))
        return answer.status_code == CREATED


@dataclass(frozen=True, slots=True)
class Fire:
    """What traders posted until their asset was deleted, as was answered at the moment `deleted`."""

    books: Books
    asset_id: str
    traders: list[Trader]
    deleted: float


@pytest.fixture(scope="module", params=range(ROUNDS))
def fire(stack: Stack, request: pytest.FixtureRequest) -> Iterator[Fire]:
    """Traders whose asset somebody deletes: in vain, until by chance nothing is inside."""
    with connected(stack, stack.new_access("Traders")) as client:
        books = open_books(client)
        books.open(*ALIASES)
        warm(
            partial(books.inflow, NOBODY, "1", "warm"),
            partial(books.outflow, NOBODY, "1", "warm"),
            partial(books.pay, NOBODY, EXTERNAL, "1", "warm"),
        )
        partners = [*ALIASES[1:], ALIASES[0]]
        traders = [
            Trader(books, *pair, Random(f"{request.param} {pair}"))  # noqa: S311 -- it must be repeatable
            for pair in zip(ALIASES, partners, strict=True)
        ]
        asset_id = books.asset_id()
        with ThreadPoolExecutor(len(traders)) as pool:
            trading = [pool.submit(trader.trade) for trader in traders]
            tries = delete(books, asset_id)
            deleted = monotonic()
            for each in trading:
                each.result()
        posted = sum(len(trader.posted) for trader in traders)
        print(f"deleted at the {tries}. try, {posted} postings")
        yield Fire(books, asset_id, traders, deleted)


def delete(books: Books, asset_id: str) -> int:
    """Deletes an asset, which is refused while there is money; how many tries it took."""
    tries = 1
    while True:
        answer, repeated = definite(partial(books.delete, f"assets/{asset_id}"))
        if answer.status_code == GONE or (repeated and answer.status_code == NOT_FOUND):
            return tries
        assert refusals([answer]) == {(UNPROCESSABLE, "0016")}
        tries += 1


def test_no_posting_succeeds_once_the_deletion_is_answered(fire: Fire) -> None:
    later = [posted.answer for trader in fire.traders for posted in trader.posted if posted.began > fire.deleted]
    again = together(partial(fire.books.inflow, alias, "1", "again") for alias in ALIASES)
    for answer in (*later, *again):
        assert (answer.status_code, answer.json()["code"]) == (UNPROCESSABLE, "0019")


def test_an_asset_is_deleted_only_when_all_that_came_in_has_gone_out(fire: Fire) -> None:
    """Whoever had got money in could pass it on and take it out, and then there was no getting in any more."""
    for trader in fire.traders:
        *before, last = (posted.answer for posted in trader.posted)
        assert refusals(before) == set()
        assert len(before) % 3 == 0
        assert refusals([last]) == {(UNPROCESSABLE, "0019")}
    standings = fire.books.standings()
    assert {standings[alias] for alias in ALIASES} == {EMPTY}


def test_a_deleted_asset_is_gone(fire: Fire) -> None:
    path = f"{fire.books.path}/assets/{fire.asset_id}"
    assert fire.books.client.get(path).status_code == NOT_FOUND
    assert fire.books.client.delete(path).status_code == NOT_FOUND


def test_a_new_asset_of_the_same_code_revives_no_account(fire: Fire) -> None:
    books = fire.books
    books.add_asset()
    books.open(NEWCOMER)
    made(books.inflow(NEWCOMER, "1", "new in"))
    old, other = ALIASES[:2]
    refused = together(
        [
            partial(books.inflow, old, "1", "old in"),
            partial(books.outflow, old, "1", "old out"),
            partial(books.pay, old, other, "1", "old to old"),
            partial(books.pay, old, NEWCOMER, "1", "old to new"),
            partial(books.pay, NEWCOMER, old, "1", "new to old"),
        ]
    )
    assert [each.status_code for each in refused] == [UNPROCESSABLE] * 5
    made(books.outflow(NEWCOMER, "1", "new out"))
    assert books.standings() == dict.fromkeys([*ALIASES, NEWCOMER, EXTERNAL], EMPTY)
