"""Attribute values on the wire: checked, and brought into the one form in which the service stores and answers them.

Every value is rebuilt on its way in and on its way out, as a real client's would be, so that neither a caller nor the
table can change what the other holds.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, InvalidOperation
from typing import Any

from tests.support.dynamodb.errors import Invalid, misuse

type Value = dict[str, Any]
"""One value: its type and its content, `{"S": "text"}`."""
type Item = dict[str, Value]
type Comparable = str | bytes | Decimal

SIGNIFICANT_DIGITS = 38
LARGEST_EXPONENT = 125
SMALLEST_EXPONENT = -130
DEEPEST_NESTING = 32

EXACT = Context(prec=1_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_ORDERED = frozenset({"S", "N", "B"})


def checked_item(item: Mapping[str, Value]) -> Item:
    """A copy of an item, with every number in its canonical form; raises `Invalid` for what the service refuses."""
    return {
        name: value.copy() if type(value.get("S")) is str and len(value) == 1 else checked(value)  # the most, quickly
        for name, value in item.items()
    }


def checked(value: Value, depth: int = 0) -> Value:
    """A copy of a value in its canonical form; raises `Invalid` for what the service refuses."""
    if depth > DEEPEST_NESTING:
        raise Invalid("Nesting Levels have exceeded supported limits")
    if len(value) != 1:
        raise misuse(f"an attribute value has exactly one type: {value!r}")
    ((kind, content),) = value.items()
    expected, check = _CHECKS.get(kind, (None, None))
    if expected is None or check is None or type(content) is not expected:
        raise misuse(f"not an attribute value: {value!r}")
    return {kind: check(content, depth)}


def copied(item: Item) -> Item:
    """A copy of an item that the table holds."""
    return {
        name: value.copy() if "S" in value or "N" in value or "BOOL" in value else _copied(value)  # the most, quickly
        for name, value in item.items()
    }


def comparable(value: Value) -> Comparable | None:
    """What a value is ordered by: strings by their UTF-8 bytes (as Python's are), numbers by size; None if by nothing.

    Only values of one type compare with each other.
    """
    ((kind, content),) = value.items()
    if kind not in _ORDERED:
        return None
    return Decimal(content) if kind == "N" else content


def canonical(text: str) -> str:
    """A number as the service answers it: no leading or trailing zeros, no exponent. Raises `Invalid`."""
    if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) <= SIGNIFICANT_DIGITS:
        return text
    try:
        return stored(EXACT.create_decimal(text))
    except InvalidOperation:
        raise Invalid(f"The parameter cannot be converted to a numeric value: {text}") from None


def stored(number: Decimal) -> str:
    """The canonical text of a number; raises `Invalid` for one that the service does not keep exactly."""
    if not number.is_finite():
        raise Invalid(f"The parameter cannot be converted to a numeric value: {number}")
    if not number:
        return "0"
    if number.adjusted() > LARGEST_EXPONENT:
        raise Invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
    if number.adjusted() < SMALLEST_EXPONENT:
        raise Invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
    shortest = number.normalize(EXACT)
    if len(shortest.as_tuple().digits) > SIGNIFICANT_DIGITS:
        raise Invalid(f"Attempting to store more than {SIGNIFICANT_DIGITS} significant digits in a Number")
    return format(shortest, "f")


def _checked_set(kind: str, members: list[Any]) -> list[Any]:
    """The members of a set in order, for it has none of its own."""
    if not members:
        raise Invalid(f"One or more parameter values were invalid: An {_SETS[kind]} set  may not be empty")
    distinct = {checked({kind[0]: member})[kind[0]] for member in members}
    if len(distinct) != len(members):
        raise Invalid(f"One or more parameter values were invalid: Input collection {members} contains duplicates.")
    return sorted(distinct, key=Decimal if kind == "NS" else None)


def _copied(value: Value) -> Value:
    ((kind, content),) = value.items()
    if kind == "L":
        return {"L": [_copied(each) for each in content]}
    if kind == "M":
        return {"M": copied(content)}
    return {kind: list(content)} if kind in _SETS else {kind: content}


def _kept(content: Any, _depth: int) -> Any:  # noqa: ANN401
    return content


_SETS = {"SS": "string", "NS": "number", "BS": "binary"}
_CHECKS: dict[str, tuple[type, Callable[[Any, int], Any]]] = {
    "S": (str, _kept),
    "N": (str, lambda text, _depth: canonical(text)),
    "B": (bytes, _kept),
    "BOOL": (bool, _kept),
    "NULL": (bool, _kept),
    "L": (list, lambda members, depth: [checked(member, depth + 1) for member in members]),
    "M": (dict, lambda members, depth: {name: checked(member, depth + 1) for name, member in members.items()}),
    "SS": (list, lambda members, _depth: _checked_set("SS", members)),
    "NS": (list, lambda members, _depth: _checked_set("NS", members)),
    "BS": (list, lambda members, _depth: _checked_set("BS", members)),
}
