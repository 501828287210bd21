"""Lists over a collection whose sort keys end in ids, and so stand in creation order."""

import json
from collections.abc import Callable, Iterable, Iterator
from copy import replace
from itertools import batched
from typing import Any

from coffer.ids import first_id, pack
from coffer.models.base import Status
from coffer.models.listing import Listing, Resource, Rows, json_of, matches
from coffer.store import index, keys
from coffer.store.keys import Key
from coffer.store.limits import READ_TOGETHER
from coffer.store.table import Table
from coffer.store.values import Item, text

MOST_ANSWERED = 4_000_000
"""Bytes of what one answer tells: a page ends early rather than grow beyond it. A Lambda answers 6 MB at most.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

MOST_SEEN = 5_000
"""Rows that one request looks at: a filter that few of them pass must not keep it until its time is up."""

MOST_COUNTED = 1_000
"""Rows of which a page can still tell how many there are in all: every page counts them anew."""

_LARGEST_CHUNK = 500

type Listed = Iterator[tuple[str, Item]]
"""Live items in a list's order, each behind its position: what a cursor holds."""


def rows[Row: Resource](table: Table, pk: str, prefix: str, listing: Listing, read: Callable[[Item], Row]) -> Rows[Row]:
    """The live rows of a collection that a listing asks for; `prefix` is what stands before their positions."""
    return select(collection(table, pk, prefix, listing), listing, read)


def select[Row](listed: Listed, listing: Listing, read: Callable[[Item], Row]) -> Rows[Row]:
    """The rows that a listing asks for, of those that are listed."""
    found: list[tuple[str, Row]] = []
    more, size, skipped, seen = False, 0, 0, keys.START
    for number, (position, item) in enumerate(listed):
        if number == MOST_SEEN:
            return _cut_short(found, listing, seen)
        seen = position
        row = read(item)
        if not _wanted(row, listing):
            continue
        if skipped < listing.skip:
            skipped += 1
            continue
        size += size_of(row, item)
        if found and (len(found) == listing.limit or size > MOST_ANSWERED):
            more = True
            break
        found.append((position, row))
    if listing.backwards:
        found.reverse()
    before = more if listing.backwards else listing.position is not None or skipped > 0
    after = more or listing.backwards
    return Rows(
        items=[row for _, row in found],
        previous=found[0][0] if found and before else None,
        next=found[-1][0] if found and after else None,
    )


def size_of(row: object, item: Item | None = None) -> int:
    """Bytes of a row in an answer, which is text itself in what a Lambda gives to the gateway.

    What is not answered as it is read, but looked up first, is small: its item is measured.
    """
    answered = json_of(row)
    return len(json.dumps(item if answered is None else answered, ensure_ascii=False).encode())


def _cut_short[Row](found: list[tuple[str, Row]], listing: Listing, seen: str) -> Rows[Row]:
    """A page that ends early, at the last row that was looked at."""
    if listing.backwards:
        rows = [row for _, row in reversed(found)]
        return Rows(items=rows, previous=seen, next=found[0][0] if found else listing.position)
    before = found[0][0] if found and listing.position is not None else None
    return Rows(items=[row for _, row in found], previous=before, next=seen)


def collection(table: Table, pk: str, prefix: str, listing: Listing) -> Listed:
    """What a collection lists, in the order and from the place that a listing asks for."""
    low, high = _bounds(listing)
    forwards = listing.ascending != listing.backwards
    if low > high:
        return
    for item in table.walk(pk, prefix + low, prefix + high, ascending=forwards, chunk=_chunk(listing)):
        position = text(item, "sk").removeprefix(prefix)
        if position != listing.position and "deleted_at" not in item:
            yield position, item


def indexed(table: Table, name: str, listing: Listing) -> Listed:
    """What the index lists under a name, in the order and from the place that a listing asks for."""
    return _indexed(table, name, listing, _by_id)


def by_moment(table: Table, name: str, listing: Listing) -> Listed:
    """The same of what the index lists by its moment rather than by an id that begins with it."""
    return _indexed(table, name, listing, keys.moment)


def held(rows: Iterable[tuple[str, Item]], listing: Listing) -> Listed:
    """What is held in memory, each behind its position, in the order and from the place that a listing asks for."""
    low, high = _bounds(listing)
    backwards = listing.ascending == listing.backwards
    for position, item in sorted(rows, key=lambda row: row[0], reverse=backwards):
        if low <= position <= high and position != listing.position and "deleted_at" not in item:
            yield position, item


def fetched(table: Table, listed: Listed, key: Callable[[str], Key], listing: Listing) -> Listed:
    """The items that are named by the positions of what is listed, which holds nothing else itself."""
    for rows in batched(listed, min(_chunk(listing), READ_TOGETHER), strict=False):
        positions = [position for position, _ in rows]
        items = table.get_together(*map(key, positions))
        yield from ((position, item) for position, item in zip(positions, items, strict=True) if item)


def count(table: Table, pk: str, prefix: str = "") -> int:
    """How many live rows a collection has; the service reads them all, and sends none."""
    return table.count(pk, prefix + keys.START, prefix + keys.END)


def counted[Row](found: Rows[Row], listing: Listing, count: Callable[[], int | None]) -> Rows[Row]:
    """A page with how many rows there are in all; None if nobody can tell for little.

    The last page tells it by itself, unless it was reached by a cursor; of any other, `count` is asked.
    """
    last = found.next is None and listing.position is None and (found.items or not listing.skip)
    return replace(found, total=listing.skip + len(found.items) if last else count())


def few(table: Table, name: str) -> int | None:
    """How many rows the index lists under a name; None if they are too many to be counted for a page."""
    return index.count_few(table, name, MOST_COUNTED)


def few_of(table: Table, pk: str) -> int | None:
    """The same of a collection."""
    return table.count_few(pk, keys.START, keys.END, MOST_COUNTED)


def _indexed(table: Table, name: str, listing: Listing, place: Callable[[int], str]) -> Listed:
    low, high = _bounds(listing, place)
    forwards = listing.ascending != listing.backwards
    if low > high:
        return
    for position, item in index.walk(table, name, low, high, ascending=forwards, chunk=_chunk(listing)):
        if position != listing.position and "deleted_at" not in item:
            yield position, item


def _by_id(moment: int) -> str:
    return pack(first_id(moment))


def _bounds(listing: Listing, place: Callable[[int], str] = _by_id) -> tuple[str, str]:
    """The first and the last position that a listing asks for; `place` gives the first of a moment."""
    low = place(listing.first) if listing.first is not None else keys.START
    high = place(listing.last + 1) if listing.last is not None else keys.END
    if listing.position is None:
        return low, high
    forwards = listing.ascending != listing.backwards
    return (max(low, listing.position), high) if forwards else (low, min(high, listing.position))


def _chunk(listing: Listing) -> int:
    filtered = bool(listing.filters or listing.metadata)
    return _LARGEST_CHUNK if filtered else min(_LARGEST_CHUNK, listing.skip + listing.limit + 2)


def _wanted(row: Any, listing: Listing) -> bool:  # noqa: ANN401 -- a row of any list
    return all(_passes(row, name, wanted) for name, wanted in listing.filters.items()) and all(
        matches(row.metadata.get(key), wanted) for key, wanted in listing.metadata
    )


def _passes(row: object, name: str, wanted: str) -> bool:
    """Whether an attribute is what a filter wants, or one of several."""
    match getattr(row, name):
        case Status(code=code):
            return code == wanted
        case frozenset() as several:
            return wanted in several
        case value:
            return bool(value == wanted)
