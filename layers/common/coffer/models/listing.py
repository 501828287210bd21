"""Lists: which rows are asked for, and a page of them."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple, Protocol

from pydantic import BaseModel

from coffer.models.strict import Strict

type Scalar = str | int | float | bool

# No double needs more digits, before the point, behind it, or in its exponent.
_NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][-+]?[0-9]{1,3})?")


class Listing(NamedTuple):
    """Which rows of a list, in which order.

    `first` and `last` are moments (milliseconds since 1970), both inclusive. Rows begin after `skip` matching ones, or
    after the row at `position`; `backwards` walks from there towards the beginning, and answers in the list's order
    all the same. `filters` are the resource's own, `metadata` pairs of a key and the text that its value must match.
    """

    limit: int
    ascending: bool = True
    first: int | None = None
    last: int | None = None
    skip: int = 0
    position: str | None = None
    backwards: bool = False
    filters: Mapping[str, str] = MappingProxyType({})
    metadata: Sequence[tuple[str, str]] = ()


class Rows[Row](NamedTuple):
    """The rows that were found, in the list's order, with where the neighbouring pages begin (None: there is none).

    `total` is how many there are in all, in lists that tell it.
    """

    items: Sequence[Row]
    previous: str | None = None
    next: str | None = None
    total: int | None = None


class Resource(Protocol):
    """A row of a list: every resource has metadata."""

    @property
    def metadata(self) -> Mapping[str, Scalar]:
        """What the user noted on it."""


class Filters(Strict):
    """By what of its own fields a resource can be listed; in a query the names have underscores."""


def matches(value: Scalar | None, wanted: str) -> bool:
    """Whether a typed value is what a query's text says: `true` a boolean, `12.5` a number, or the string itself."""
    match value:
        case bool():
            return wanted == ("true" if value else "false")
        case int() | float():
            return bool(_NUMBER.fullmatch(wanted)) and Decimal(wanted) == Decimal(repr(value))
        case _:
            return value == wanted


def json_of(row: object) -> str | None:
    """The JSON of a row that is answered as it is; None for one that stands for something else."""
    return row.model_dump_json() if isinstance(row, BaseModel) else None
