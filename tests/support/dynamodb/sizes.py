"""Sizes of items, in bytes, and what reading and writing them costs, in capacity units.

The rules are those that the service publishes, sharpened where it measures otherwise: a number costs a byte for every
two digits before its point, and for every two after it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from collections.abc import Callable
from functools import lru_cache
from math import ceil
from typing import Any

from tests.support.dynamodb.values import Item, Value

KB = 1_024
MB = 1_024 * KB
LARGEST_ITEM = 400 * KB
LARGEST_TRANSACTION = 4 * MB
LARGEST_PAGE = MB
LARGEST_BATCH = 16 * MB
"""Of what one `BatchGetItem` reads; the rest is left to be asked for again."""

TRANSACTIONAL = 2
"""Every item of a transaction is read or written twice: to prepare and to commit."""
EVENTUAL = 0.5

_CONTAINER = 3
_ELEMENT = 1


def item_size(item: Item) -> int:
    """Bytes of an item: its attributes' names and values."""
    size = 0
    for name, value in item.items():
        text = value.get("S")
        size += _name_size(name) + (value_size(value) if text is None else text_size(text))
    return size


def value_size(value: Value) -> int:
    """Bytes of a value in its canonical form, without its name."""
    ((kind, content),) = value.items()
    return _SIZES[kind](content)


def text_size(text: str) -> int:
    """Bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode())


_name_size = lru_cache(maxsize=4096)(text_size)


def number_size(canonical: str) -> int:
    """Bytes of a number in its canonical form.

    `3.14159` takes 5: one, one for the digit before the point, three for the five behind it.
    """
    whole, _, fraction = canonical.removeprefix("-").partition(".")
    whole = whole.lstrip("0")
    digits = whole if fraction else whole.rstrip("0")
    decimals = fraction if whole else fraction.lstrip("0")
    return 1 + ceil(len(digits) / 2) + ceil(len(decimals) / 2) + canonical.startswith("-")


def write_units(size: int) -> int:
    """Write capacity units of an item of `size` bytes outside a transaction: one for each started KB."""
    return max(1, ceil(size / KB))


def read_units(size: int) -> int:
    """Read capacity units of `size` bytes, read strongly consistently: one for each started 4 KB."""
    return max(1, ceil(size / (4 * KB)))


def _set_size(kind: str) -> Callable[[list[Any]], int]:
    return lambda members: sum(_SIZES[kind](member) for member in members)


_SIZES: dict[str, Callable[[Any], int]] = {
    "S": text_size,
    "N": number_size,
    "B": len,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "L": lambda members: _CONTAINER + sum(_ELEMENT + value_size(member) for member in members),
    "M": lambda members: _CONTAINER + len(members) * _ELEMENT + item_size(members),
    "SS": _set_size("S"),
    "NS": _set_size("N"),
    "BS": _set_size("B"),
}
