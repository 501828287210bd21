"""A statement is read page by page, over HTTP, while its account goes on: no line is skipped, and none shown twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Any

import pytest

from tests.stack.books import NOBODY, Books, made, refusals, together, warm
from tests.support.burst import definite

ALICE = "@alice"
BEFORE = 60
"""Postings that are there at first."""
WRITERS = 3
MOST = 150
"""Postings of each writer, if nobody stops him before."""
PAGE = 7
MOST_PAGES = (BEFORE + WRITERS * MOST) // PAGE + 3
"""Of all that can be posted: those at both ends may not be full, and one may be empty."""


@pytest.fixture
def statement(books: Books) -> str:
    """The path of the statement of an account on which something was posted."""
    books.open(ALICE)
    warm(partial(books.inflow, NOBODY, "1", "warm"))
    assert refusals(together(partial(books.inflow, ALICE, "1", f"in {number}") for number in range(BEFORE))) == set()
    return books.operations(ALICE)


@contextmanager
def going_on(books: Books) -> Iterator[list[str]]:
    """Postings on the account by several writers, as long as the context lasts; the transactions that they make."""
    posted: list[str] = []
    done = Event()

    def write(writer: int) -> None:
        for number in range(MOST):
            if done.is_set():
                return
            answer, _ = definite(partial(books.inflow, ALICE, "1", f"writer {writer}, {number}"))
            posted.append(str(made(answer)["id"]))

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, writer) for writer in range(WRITERS)]
        try:
            yield posted
        finally:
            done.set()
        for each in writing:
            each.result()


def follow(books: Books, path: str, order: str, page: Any, link: str) -> list[Any]:  # noqa: ANN401 -- JSON
    """A page, and all those that follow it one way; there may be no more than what was posted fills."""
    found = [page]
    while found[-1][link]:
        assert len(found) < MOST_PAGES, "the statement does not end"
        found.append(books.get(path, limit=PAGE, sort_order=order, cursor=found[-1][link]))
    return found


def versions(pages: list[Any]) -> list[int]:
    """The versions of the balance that the lines of some pages say, in their order."""
    return [each["balanceAfter"]["version"] for page in pages for each in page["items"]]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_statement_has_no_gap_either_way_while_postings_go_on(books: Books, statement: str, order: str) -> None:
    with going_on(books) as posted:
        first = books.get(statement, limit=PAGE, sort_order=order)
        there = follow(books, statement, order, first, "next_cursor")
        back = follow(books, statement, order, there[-1], "prev_cursor")
    print(f"{len(there)} pages there, {len(back)} back, {len(posted)} postings meanwhile")
    assert len(posted) > WRITERS
    for walked in (versions(there), versions(back[::-1])):
        assert sorted(walked, reverse=order == "desc") == walked
        assert sorted(walked) == list(range(2, len(walked) + 2))  # the first version is that of the opening
        assert len(walked) >= BEFORE
    if order == "desc":
        assert len(versions(back)) > len(versions(there))  # it comes to what is new
    listed = [each["transactionId"] for each in books.items(statement)]
    assert sorted(listed[BEFORE:]) == sorted(posted)
