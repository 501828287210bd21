"""Plain values to DynamoDB's wire form and back: only what Coffer stores, so never a float."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, UniversalAttributeValueTypeDef

type Value = str | int | bool | list[Value] | dict[str, Value] | None
type Item = dict[str, Value]


def text(item: Item, name: str) -> str:
    """An attribute that is a string; ValueError if it is not, for then the item is of another format."""
    value = item.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} of {item.get('pk')} {item.get('sk')}")  # noqa: TRY004 -- of the item, not the argument
    return value


def number(item: Item, name: str) -> int:
    """An attribute that is a number; ValueError if it is not."""
    value = item.get(name)
    if not isinstance(value, int):
        raise ValueError(f"{name} of {item.get('pk')} {item.get('sk')}")  # noqa: TRY004
    return value


def mapping(item: Mapping[str, Value], name: str) -> dict[str, Value]:
    """An attribute that is a map; an empty one if it is not there."""
    value = item.get(name, {})
    if not isinstance(value, dict):
        raise ValueError(name)  # noqa: TRY004
    return value


def mappings(item: Mapping[str, Value], name: str) -> list[dict[str, Value]]:
    """An attribute that is a list of maps; an empty one if it is not there."""
    value = item.get(name, [])
    if not isinstance(value, list):
        raise ValueError(name)  # noqa: TRY004
    return [each for each in value if isinstance(each, dict)]


def size(value: Value) -> int:
    """How many bytes a value takes in an item, or an item as a whole: at most, for a number may take fewer.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    match value:
        case str():
            return len(value.encode())
        case list():
            return 3 + sum(1 + size(each) for each in value)
        case dict():
            return 3 + sum(1 + len(name.encode()) + size(each) for name, each in value.items())
        case bool() | None:
            return 1
    return len(str(value)) // 2 + 2


def encode_item(item: Mapping[str, Value]) -> dict[str, UniversalAttributeValueTypeDef]:
    """An item as the service takes it; an attribute that is None is not stored."""
    return {name: encode(value) for name, value in item.items() if value is not None}


def decode_item(wire: Mapping[str, AttributeValueTypeDef]) -> Item:
    """An item as Coffer reads it."""
    return {name: decode(value) for name, value in wire.items()}


def encode(value: Value) -> UniversalAttributeValueTypeDef:
    """One value; TypeError for a type that Coffer does not store."""
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case None:
            return {"NULL": True}
        case list():
            return {"L": [encode(each) for each in value]}
        case dict():
            return {"M": {name: encode(each) for name, each in value.items()}}
    raise TypeError(type(value))


def decode(wire: AttributeValueTypeDef) -> Value:
    """One value; ValueError for a type that Coffer does not store."""
    match wire:
        case {"S": str(text)}:
            return text
        case {"N": str(number)}:
            return int(number)
        case {"BOOL": bool(truth)}:
            return truth
        case {"NULL": True}:
            return None
        case {"L": list(values)}:
            return [decode(each) for each in values]
        case {"M": dict(values)}:
            return {name: decode(each) for name, each in values.items()}
    raise ValueError(sorted(wire))
