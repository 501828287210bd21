"""What a page of a list is made of, from the rows that are there: in their order, and no more than may be looked at."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from coffer.api.queries import MAX_LIMIT, MAX_SKIP
from coffer.models.listing import Listing, Rows
from coffer.store import lists
from coffer.store.lists import MOST_SEEN, select
from coffer.store.values import Item, number, text

ALL = MOST_SEEN * 2 + 10
"""Rows of a long list."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a number; every so manieth is marked."""

    number: int
    mark: str
    metadata: Mapping[str, str] = field(default_factory=dict)


def place(number: int) -> str:
    """Where a row stands."""
    return f"{number:06}"


class List:
    """Rows from 1 up, marked as given; `seen` counts those that were looked at."""

    def __init__(self, marked: Container[int], rows: int = ALL) -> None:
        self.seen = 0
        self._rows: list[tuple[str, Item]] = [
            (place(each), {"number": each, "mark": "yes" if each in marked else "no"}) for each in range(1, rows + 1)
        ]

    def page(self, **asked: Any) -> Rows[Row]:  # noqa: ANN401 -- what a listing asks for
        """The rows on a page of the marked ones."""

        def read(item: Item) -> Row:
            self.seen += 1
            return Row(number(item, "number"), text(item, "mark"))

        listing = Listing(filters={"mark": "yes"}, **asked)
        return select(lists.held(self._rows, listing), listing, read)


def numbers(rows: Rows[Row]) -> list[int]:
    """The numbers of the rows on a page."""
    return [row.number for row in rows.items]


@pytest.mark.parametrize("ascending", [True, False])
def test_a_page_looks_at_so_many_rows_and_then_leads_on_from_where_it_was(ascending: bool) -> None:
    """From the first to the last marked row, which are far apart, in three pages; and back again."""
    rows = List([1, ALL])
    first = rows.page(limit=10, ascending=ascending)
    assert rows.seen == MOST_SEEN
    assert first.next == place(MOST_SEEN if ascending else ALL - MOST_SEEN + 1)
    second = rows.page(limit=10, ascending=ascending, position=first.next)
    third = rows.page(limit=10, ascending=ascending, position=second.next)
    found = [1, ALL] if ascending else [ALL, 1]
    assert [numbers(page) for page in (first, second, third)] == [found[:1], [], found[1:]]
    assert (first.previous, third.next) == (None, None)


@pytest.mark.parametrize("ascending", [True, False])
def test_and_so_it_does_on_the_way_back(ascending: bool) -> None:
    rows = List([1, ALL])
    end = place(ALL if ascending else 1)
    third = rows.page(limit=10, ascending=ascending, position=end, backwards=True)
    assert rows.seen == MOST_SEEN
    assert (numbers(third), third.next) == ([], end)
    second = rows.page(limit=10, ascending=ascending, position=third.previous, backwards=True)
    first = rows.page(limit=10, ascending=ascending, position=second.previous, backwards=True)
    assert [numbers(page) for page in (second, first)] == [[], [1 if ascending else ALL]]
    assert first.previous is None


def test_what_was_found_on_the_way_is_on_the_page_and_not_on_the_next_one() -> None:
    rows = List([5, 6, MOST_SEEN, MOST_SEEN + 1, MOST_SEEN + 2])
    first = rows.page(limit=10)
    assert numbers(first) == [5, 6, MOST_SEEN]
    second = rows.page(limit=10, position=first.next)
    assert numbers(second) == [MOST_SEEN + 1, MOST_SEEN + 2]
    back = rows.page(limit=10, position=second.previous, backwards=True)
    assert numbers(back) == [5, 6, MOST_SEEN]


def test_a_list_of_just_so_many_rows_is_looked_at_to_its_end() -> None:
    rows = List([1], MOST_SEEN)
    page = rows.page(limit=10)
    assert (numbers(page), page.next, rows.seen) == ([1], None, MOST_SEEN)


def test_a_full_page_looks_no_further_than_to_the_row_behind_it() -> None:
    rows = List(range(1, ALL + 1))
    page = rows.page(limit=10)
    assert (numbers(page), page.next, rows.seen) == ([*range(1, 11)], place(10), 11)


def test_the_last_page_that_a_number_can_name_is_whole_and_leads_on() -> None:
    rows = List(range(1, ALL + 1))
    last = rows.page(limit=MAX_LIMIT, skip=MAX_SKIP)
    assert numbers(last) == list(range(MAX_SKIP + 1, MOST_SEEN + 1))
    onwards = rows.page(limit=MAX_LIMIT, position=last.next)
    assert numbers(onwards)[0] == MOST_SEEN + 1
