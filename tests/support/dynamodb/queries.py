"""One query: from its request to the items of one page.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.dynamodb.errors import Invalid
from tests.support.dynamodb.expressions import AnyExpression, check_placeholders, condition, projection
from tests.support.dynamodb.ranges import key_range
from tests.support.dynamodb.schema import Schema
from tests.support.dynamodb.sizes import LARGEST_PAGE
from tests.support.dynamodb.storage import NOTHING, Space, Stored
from tests.support.dynamodb.values import Item, Value, checked_item, copied


@dataclass(frozen=True, slots=True)
class Page:
    """What a query read: the items that passed its filter, how many it looked at, how much, and where it stopped."""

    items: list[Item]
    scanned: int
    size: int
    last: Item | None


def run(request: Mapping[str, Any], space: Space) -> Page:
    """The page that a query asks for; raises `Invalid`."""
    schema = space.schema
    names, given = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues")
    values = checked_item(given or {})
    key = condition(request.get("KeyConditionExpression", ""), "KeyConditionExpression")
    keep = condition(request["FilterExpression"], "FilterExpression") if "FilterExpression" in request else None
    show = projection(request["ProjectionExpression"]) if "ProjectionExpression" in request else None
    expressions: list[AnyExpression] = [key, *([keep] if keep else []), *([show] if show else [])]
    check_placeholders(expressions, request.get("ExpressionAttributeNames"), given)
    shown = show.run(names) if show else None
    _check(request, schema, shown)
    if keep and (keys := {names.get(name, name) for name in keep.attributes} & {schema.partition, schema.sort}):
        raise Invalid(
            f"Filter Expression can only contain non-primary key attributes: Primary key attribute: {min(keys)}"
        )

    wanted = key_range(key, schema, names, values)
    collection = space.collections.get(wanted.partition, NOTHING)
    begin, end = wanted.within(collection.positions)
    forward = request.get("ScanIndexForward", True)
    if "ExclusiveStartKey" in request:
        partition, start = _start(request["ExclusiveStartKey"], schema)
        if partition != wanted.partition:
            raise Invalid("The provided starting key is outside query boundaries based on provided conditions")
        if forward:
            begin = max(begin, bisect_right(collection.positions, start))
        else:
            end = min(end, bisect_left(collection.positions, start))
    order = range(begin, end) if forward else range(end - 1, begin - 1, -1)
    read, stopped = _read((collection.items[collection.positions[at]] for at in order), request.get("Limit"))
    return Page(
        [
            copied(stored.item if shown is None else project(stored.item, shown))
            for stored in read
            if keep is None or keep.run(stored.item, names, values)
        ],
        len(read),
        sum(stored.size for stored in read),
        {name: dict(read[-1].item[name]) for name in schema.attributes} if stopped else None,
    )


def project(item: Item, names: Iterable[str]) -> Item:
    """The named attributes of an item."""
    return {name: item[name] for name in names if name in item}


def _read(stored: Iterable[Stored], limit: int | None) -> tuple[list[Stored], bool]:
    """The items of one page, and whether it stopped before it saw that nothing follows.

    A page ends with the item that brings it to its limit, of items or of bytes: the last page of a full collection
    tells where to go on as any other does.
    """
    read: list[Stored] = []
    size = 0
    for each in stored:
        read.append(each)
        size += each.size
        if len(read) == limit or size >= LARGEST_PAGE:
            return read, True
    return read, False


def _start(key: Mapping[str, Value], schema: Schema) -> tuple[Any, Any]:
    start = checked_item(key)
    if start.keys() != set(schema.attributes) or any(schema.types[name] not in start[name] for name in start):
        raise Invalid("The provided starting key is invalid")
    return schema.place(start)


def _check(request: Mapping[str, Any], schema: Schema, shown: list[str] | None) -> None:
    select = request.get("Select")
    if schema.index is not None:
        if request.get("ConsistentRead"):
            raise Invalid("Consistent reads are not supported on global secondary indexes")
        if select == "ALL_ATTRIBUTES":
            raise Invalid(
                "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global "
                f"secondary index {schema.index} because its projection type is not ALL"
            )
        if missing := set(shown or ()) - set(schema.attributes):
            listed = ", ".join(sorted(missing))
            raise Invalid(
                "One or more parameter values were invalid: Global secondary index "
                f"{schema.index} does not project [{listed}]"
            )
    if select not in {None, "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES"}:
        raise Invalid(f"1 validation error detected: Value '{select}' at 'select' failed to satisfy constraint")
    if select == "SPECIFIC_ATTRIBUTES" and shown is None:
        raise Invalid("Must specify the ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
    if select not in {None, "SPECIFIC_ATTRIBUTES"} and shown is not None:
        raise Invalid(f"Cannot specify the ProjectionExpression when choosing to get {select}")
