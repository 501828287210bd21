"""One page of what a query or a scan comes by: where it begins and ends, and what is kept and shown of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from tests.support.dynamodb.errors import Invalid, misuse
from tests.support.dynamodb.expressions import (
    AnyExpression,
    ConditionExpression,
    Names,
    Values,
    check_placeholders,
    condition,
    projection,
)
from tests.support.dynamodb.schema import Position, Schema
from tests.support.dynamodb.sizes import LARGEST_PAGE
from tests.support.dynamodb.storage import Stored
from tests.support.dynamodb.values import Comparable, Item, Value, checked_item, copied


@dataclass(frozen=True, slots=True)
class Page:
    """What was read: the items that passed the filter, how many were looked at, how much, and where it stopped."""

    items: list[Item]
    scanned: int
    size: int
    last: Item | None


@dataclass(frozen=True, slots=True)
class Reader:
    """What a request asks for, whatever it reads: its filter, what it shows, and its limit."""

    schema: Schema
    names: Names
    values: Values
    keep: ConditionExpression | None
    shown: list[str] | None
    limit: int | None

    @classmethod
    def of(cls, request: Mapping[str, Any], schema: Schema, key: ConditionExpression | None = None) -> Self:
        """From a request, which may have a condition on the key too; raises `Invalid`."""
        names, given = request.get("ExpressionAttributeNames"), request.get("ExpressionAttributeValues")
        limit = request.get("Limit")
        if limit is not None and limit < 1:
            raise misuse("Invalid value for parameter Limit, valid min value: 1")
        values = checked_item(given or {})
        keep = condition(request["FilterExpression"], "FilterExpression") if "FilterExpression" in request else None
        show = projection(request["ProjectionExpression"]) if "ProjectionExpression" in request else None
        expressions: list[AnyExpression] = [each for each in (key, keep, show) if each]
        check_placeholders(expressions, names, given)
        shown = show.run(names or {}) if show else None
        _check(request, schema, shown)
        return cls(schema, names or {}, values, keep, shown, limit)

    def page(self, stored: Iterable[Stored]) -> Page:
        """The page that begins with these items.

        It ends with the item that brings it to its limit, of items or of bytes: the last page of all tells where to go
        on as any other does.
        """
        read: list[Stored] = []
        size, stopped = 0, False
        for each in stored:
            read.append(each)
            size += each.size
            if stopped := len(read) == self.limit or size >= LARGEST_PAGE:
                break
        return Page(
            [self._show(each.item) for each in read if self._keeps(each.item)],
            len(read),
            size,
            {name: dict(read[-1].item[name]) for name in self.schema.attributes} if stopped else None,
        )

    def _keeps(self, item: Item) -> bool:
        return self.keep is None or self.keep.run(item, self.names, self.values)

    def _show(self, item: Item) -> Item:
        return copied(item if self.shown is None else project(item, self.shown))


def project(item: Item, names: Iterable[str]) -> Item:
    """The named attributes of an item."""
    return {name: item[name] for name in names if name in item}


def start(request: Mapping[str, Any], schema: Schema) -> tuple[Comparable, Position] | None:
    """The collection and the position after which a page begins, if it doesn't begin at the front; raises `Invalid`."""
    if "ExclusiveStartKey" not in request:
        return None
    key: Mapping[str, Value] = checked_item(request["ExclusiveStartKey"])
    if key.keys() != set(schema.attributes) or any(schema.types[name] not in key[name] for name in key):
        raise Invalid("The provided starting key is invalid")
    return schema.place(key)


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
