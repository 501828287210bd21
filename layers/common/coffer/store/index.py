"""The listing index: what is too much for one collection, spread over partitions and merged again on reading.

It holds keys only and trails the table by moments; the items themselves are read as they stand.
"""

from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from itertools import batched, chain
from typing import Any

from coffer.store import keys
from coffer.store.keys import Key
from coffer.store.table import Table
from coffer.store.values import Item, decode_item, text

INDEX = "gsi1"
DUE = "gsi2"
_READ_AHEAD = 100
"""Items that are read before any of them is looked at."""

type Page = dict[str, Any]
"""What the service answers to a query."""


def walk(
    table: Table, collection: str, low: str, high: str, *, ascending: bool, chunk: int
) -> Iterator[tuple[str, Item]]:
    """The items listed in a collection with `low` ≤ position ≤ `high`, in order, each behind its position."""

    def pages(partition: str) -> Iterator[Page]:
        return _query(
            table,
            INDEX,
            KeyConditionExpression="gsi1pk = :pk AND gsi1sk BETWEEN :low AND :high",
            ExpressionAttributeValues={":pk": {"S": partition}, ":low": {"S": low}, ":high": {"S": high}},
            ScanIndexForward=ascending,
            Limit=chunk,
        )

    listed = merge(*map(_rows, _begin(table, collection, pages)), key=lambda row: row[0], reverse=not ascending)
    for rows in batched(listed, min(chunk, _READ_AHEAD), strict=False):
        items = table.get_in_parts([key for _, key in rows])
        yield from ((position, item) for (position, _), item in zip(rows, items, strict=True) if item)


def due(table: Table, collection: str, until: str) -> Iterator[Key]:
    """The keys of the items that fall due in a collection before a place in time, the earliest first."""

    def pages(partition: str) -> Iterator[Page]:
        return _query(
            table,
            DUE,
            KeyConditionExpression="gsi2pk = :pk AND gsi2sk < :until",
            ExpressionAttributeValues={":pk": {"S": partition}, ":until": {"S": until}},
        )

    places = [_rows(partition, "gsi2sk") for partition in _begin(table, collection, pages)]
    for _, key in merge(*places, key=lambda row: row[0]):
        yield key


def count(table: Table, collection: str) -> int:
    """How many items a collection lists, by asking the index alone. It reads all of it, every partition at once."""

    def counted(partition: str) -> int:
        return sum(page["Count"] for page in _counting(table, partition))

    return sum(_of_each(table, collection, counted))


def count_few(table: Table, collection: str, most: int) -> int | None:
    """How many items a collection lists; None if there are more than `most`, after one look at each partition.

    A look ends at half of `most`: ids are spread so evenly that no partition has as many of them while there are few.
    """

    def counted(partition: str) -> Page:
        return next(_counting(table, partition, Limit=most // 2))

    pages = _of_each(table, collection, counted)
    counts = [page["Count"] for page in pages if "LastEvaluatedKey" not in page]
    return sum(counts) if len(counts) == len(pages) and sum(counts) <= most else None


def _counting(table: Table, partition: str, **arguments: Any) -> Iterator[Page]:  # noqa: ANN401 -- botocore's arguments
    return _query(
        table,
        INDEX,
        KeyConditionExpression="gsi1pk = :pk",
        ExpressionAttributeValues={":pk": {"S": partition}},
        Select="COUNT",
        **arguments,
    )


def _begin(table: Table, collection: str, pages: Callable[[str], Iterator[Page]]) -> Sequence[Iterator[Page]]:
    """The pages of every partition; the first ones are read in parallel, the rest when they are needed."""

    def begun(partition: str) -> Iterator[Page]:
        rest = pages(partition)
        return chain([next(rest)], rest)

    return _of_each(table, collection, begun)


def _of_each[Found](table: Table, collection: str, look: Callable[[str], Found]) -> list[Found]:
    """What is found in each partition of a collection, in parallel."""
    return table.each(look, keys.partitions(collection))


def _rows(pages: Iterator[Page], place: str = "gsi1sk") -> Iterator[tuple[str, Key]]:
    for page in pages:
        for row in map(decode_item, page["Items"]):
            yield text(row, place), Key(text(row, "pk"), text(row, "sk"))


def _query(table: Table, name: str, **arguments: Any) -> Iterator[Page]:  # noqa: ANN401 -- botocore's arguments
    while True:
        answer = table.repeat(
            lambda: table.call("query", TableName=table.connection.table, IndexName=name, **arguments)
        )
        yield answer
        if "LastEvaluatedKey" not in answer:
            return
        arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
