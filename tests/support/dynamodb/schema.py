"""A table's keys and indexes, from its definition, and what they make of an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.dynamodb.errors import Invalid, Mismatch, NotFaked
from tests.support.dynamodb.sizes import text_size
from tests.support.dynamodb.values import Comparable, Item, Value, checked_item, comparable

if TYPE_CHECKING:
    from tests.support.template import TableDefinition

type Position = tuple[Comparable, ...]
"""Where something stands in a collection: its sort key; in an index, the table's keys after it, for the index's own
need not be unique."""

LARGEST_PARTITION_KEY = 2_048
LARGEST_SORT_KEY = 1_024


@dataclass(frozen=True, slots=True)
class Schema:
    """The keys of the table (`index` None) or of an index, with their types (`S`, `N` or `B`)."""

    index: str | None
    partition: str
    sort: str
    types: Mapping[str, str]
    table: tuple[str, ...] = ()
    """The table's own keys, for an index: they are projected into it."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """All that is in a cursor; for an index, all that is in it."""
        return (*self.table, self.partition, self.sort)

    def holds(self, item: Item) -> bool:
        """Whether an item is in an index: it has both of its keys."""
        return self.partition in item and self.sort in item

    def place(self, item: Mapping[str, Value]) -> tuple[Comparable, Position]:
        """The collection of an item, and its position there."""
        return _order(item[self.partition]), tuple(_order(item[name]) for name in (self.sort, *self.table))

    def project(self, item: Item) -> Item:
        """What an index holds of an item: the keys."""
        return {name: item[name] for name in self.attributes}


@dataclass(frozen=True, slots=True)
class Schemas:
    """The table and its indexes."""

    table: Schema
    indexes: Mapping[str, Schema]

    @classmethod
    def of(cls, definition: TableDefinition) -> Schemas:
        """From the definition, as `create_table` takes it: keys of two parts, indexes of keys only."""
        types = {each["AttributeName"]: each["AttributeType"] for each in definition["AttributeDefinitions"]}
        table = Schema(None, *_keys(definition["KeySchema"]), types)
        indexes = {}
        for index in definition.get("GlobalSecondaryIndexes", []):
            if index["Projection"].get("ProjectionType") != "KEYS_ONLY":
                raise NotFaked("indexes of more than the keys")
            own = (table.partition, table.sort)
            indexes[index["IndexName"]] = Schema(index["IndexName"], *_keys(index["KeySchema"]), types, own)
        return cls(table, indexes)

    def key(self, key: Mapping[str, Value]) -> Item:
        """A key as given to find an item; raises `Invalid`."""
        checked = checked_item(key)
        if checked.keys() != {self.table.partition, self.table.sort} or any(
            self.table.types[name] not in value for name, value in checked.items()
        ):
            raise Mismatch("The provided key element does not match the schema")
        self.check_key_values(checked)
        return checked

    def check_item(self, item: Item) -> None:
        """Raises `Invalid` for an item without its key, or with a value in a key that can't be one."""
        for name in (self.table.partition, self.table.sort):
            if name not in item:
                raise Invalid(f"One or more parameter values were invalid: Missing the key {name} in the item")
            if self.table.types[name] not in item[name]:
                raise Mismatch(
                    f"One or more parameter values were invalid: Type mismatch for key {name} expected: "
                    f"{self.table.types[name]} actual: {_type(item[name])}"
                )
        self.check_key_values(item)

    def check_key_values(self, item: Item) -> None:
        """Raises `Invalid` for an empty or too long value of a key, the table's or an index's, or one of another type.

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
        """
        _check_lengths(self.table, item)
        for schema in self.indexes.values():
            for name in (schema.partition, schema.sort):
                if name in item and schema.types[name] not in item[name]:
                    raise Mismatch(
                        f"One or more parameter values were invalid: Type mismatch for Index Key {name} Expected: "
                        f"{schema.types[name]} Actual: {_type(item[name])} IndexName: {schema.index}"
                    )
            _check_lengths(schema, item)


def _check_lengths(schema: Schema, item: Item) -> None:
    for name, limit, called in (
        (schema.partition, LARGEST_PARTITION_KEY, "Size of hashkey has exceeded the maximum size limit of"),
        (schema.sort, LARGEST_SORT_KEY, "Aggregated size of all range keys has exceeded the size limit of "),
    ):
        if name not in item or "N" in item[name]:
            continue
        content = comparable(item[name])
        size = text_size(content) if isinstance(content, str) else len(content)  # type: ignore[arg-type]
        if size > limit:
            raise Invalid(f"One or more parameter values were invalid: {called}{limit} bytes")
        if not size:
            raise Invalid(_empty(schema, name, "string" if "S" in item[name] else "binary"))


def _empty(schema: Schema, name: str, kind: str) -> str:
    lead = "One or more parameter values are not valid."
    why = f"The AttributeValue for a key attribute cannot contain an empty {kind} value."
    if schema.index is None:
        return f"{lead} {why} Key: {name}"
    where = f"IndexName: {schema.index}, IndexKey: {name}"
    return f"{lead} A value specified for a secondary index key is not supported. {why} {where}"


def _keys(elements: Any) -> tuple[str, str]:  # noqa: ANN401 -- boto3's three spellings of a key schema
    names = {each["KeyType"]: each["AttributeName"] for each in elements}
    if names.keys() != {"HASH", "RANGE"}:
        raise NotFaked("keys of one part")
    return names["HASH"], names["RANGE"]


def _order(value: Value) -> Comparable:
    order = comparable(value)
    if order is None:
        raise TypeError(value)
    return order


def _type(value: Value) -> str:
    ((kind, _),) = value.items()
    return kind
