"""One scan: from its request to the items of one page, of the whole table.

The items of one partition key stay together, in the order of their sort keys. What comes after them follows from a hash
of the partition key: in the service from one that nobody knows, here from another.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.Partitions.html
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from tests.support.dynamodb import pages
from tests.support.dynamodb.pages import Page, Reader
from tests.support.dynamodb.schema import Position
from tests.support.dynamodb.storage import Space, Stored
from tests.support.dynamodb.values import Comparable


def run(request: Mapping[str, Any], space: Space) -> Page:
    """The page that a scan asks for; raises `Invalid`."""
    reader = Reader.of(request, space.schema)
    return reader.page(_following(space, pages.start(request, space.schema)))


def _following(space: Space, start: tuple[Comparable, Position] | None) -> Iterator[Stored]:
    """All items after a place, which need not be an item's, or all there are."""
    partitions = sorted(space.collections, key=_hash)
    first = bisect_left(partitions, _hash(start[0]), key=_hash) if start else 0
    for partition in partitions[first:]:
        collection = space.collections[partition]
        begin = bisect_right(collection.positions, start[1]) if start and partition == start[0] else 0
        yield from (collection.items[position] for position in collection.positions[begin:])


def _hash(partition: Comparable) -> bytes:
    return sha256(repr(partition).encode()).digest()
