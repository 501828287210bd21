"""One query: from its request to the items of one page.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import Any

from tests.support.dynamodb import pages
from tests.support.dynamodb.errors import Invalid
from tests.support.dynamodb.expressions import condition
from tests.support.dynamodb.pages import Page, Reader
from tests.support.dynamodb.ranges import key_range
from tests.support.dynamodb.storage import NOTHING, Space


def run(request: Mapping[str, Any], space: Space) -> Page:
    """The page that a query asks for; raises `Invalid`."""
    schema = space.schema
    key = condition(request.get("KeyConditionExpression", ""), "KeyConditionExpression")
    reader = Reader.of(request, schema, key)
    _check_filter(reader)
    wanted = key_range(key, schema, reader.names, reader.values)
    collection = space.collections.get(wanted.partition, NOTHING)
    begin, end = wanted.within(collection.positions)
    forward = request.get("ScanIndexForward", True)
    if start := pages.start(request, schema):
        partition, position = start
        if partition != wanted.partition:
            raise Invalid("The provided starting key is outside query boundaries based on provided conditions")
        if forward:
            begin = max(begin, bisect_right(collection.positions, position))
        else:
            end = min(end, bisect_left(collection.positions, position))
    order = range(begin, end) if forward else range(end - 1, begin - 1, -1)
    return reader.page(collection.items[collection.positions[at]] for at in order)


def _check_filter(reader: Reader) -> None:
    named = reader.keep.attributes if reader.keep else ()
    if keys := {reader.names.get(name, name) for name in named} & {reader.schema.partition, reader.schema.sort}:
        raise Invalid(
            f"Filter Expression can only contain non-primary key attributes: Primary key attribute: {min(keys)}"
        )
