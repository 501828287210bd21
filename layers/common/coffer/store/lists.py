"""Lists over a collection whose sort keys end in ids, and so stand in creation order."""

import json
from collections.abc import Callable, Iterator

from coffer.ids import first_id, pack
from coffer.models.base import Status
from coffer.models.listing import Listing, Resource, Rows, matches
from coffer.store.table import Table
from coffer.store.values import Item

MAX_BYTES = 4_000_000
"""A page ends early rather than grow beyond this: a Lambda answers 6 MB at most.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

_LARGEST_CHUNK = 500
_END = "~"


def rows[Row: Resource](table: Table, pk: str, prefix: str, listing: Listing, read: Callable[[Item], Row]) -> Rows[Row]:
    """The live rows that a listing asks for; `prefix` is what stands before the id in their sort keys."""
    found: list[tuple[str, Row]] = []
    more, size, skipped = False, 0, 0
    for item in _walk(table, pk, prefix, listing):
        row = read(item)
        if not _wanted(row, listing):
            continue
        if skipped < listing.skip:
            skipped += 1
            continue
        size += len(json.dumps(item, ensure_ascii=False).encode())
        if found and (len(found) == listing.limit or size > MAX_BYTES):
            more = True
            break
        found.append((str(item["sk"]).removeprefix(prefix), row))
    if listing.backwards:
        found.reverse()
    before = more if listing.backwards else listing.position is not None or skipped > 0
    after = more or listing.backwards
    return Rows(
        items=[row for _, row in found],
        previous=found[0][0] if found and before else None,
        next=found[-1][0] if found and after else None,
    )


def count(table: Table, pk: str) -> int:
    """How many live rows a collection has, by reading them all."""
    return sum("deleted_at" not in item for item in table.walk(pk, " ", _END, ascending=True, chunk=_LARGEST_CHUNK))


def _walk(table: Table, pk: str, prefix: str, listing: Listing) -> Iterator[Item]:
    low = prefix + pack(first_id(listing.first)) if listing.first is not None else prefix or " "
    high = prefix + (pack(first_id(listing.last + 1)) if listing.last is not None else _END)
    forwards = listing.ascending != listing.backwards
    start = prefix + listing.position if listing.position is not None else None
    if start and forwards:
        low = max(low, start)
    elif start:
        high = min(high, start)
    if low > high:
        return
    filtered = bool(listing.filters or listing.metadata)
    chunk = _LARGEST_CHUNK if filtered else min(_LARGEST_CHUNK, listing.skip + listing.limit + 2)
    for item in table.walk(pk, low, high, ascending=forwards, chunk=chunk):
        if item["sk"] != start and "deleted_at" not in item:
            yield item


def _wanted(row: Resource, listing: Listing) -> bool:
    return all(_attribute(row, name) == wanted for name, wanted in listing.filters.items()) and all(
        matches(row.metadata.get(key), wanted) for key, wanted in listing.metadata
    )


def _attribute(row: Resource, name: str) -> object:
    value = getattr(row, name)
    return value.code if isinstance(value, Status) else value
