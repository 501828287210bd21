"""Amounts: exact decimals. Only `round_down` rounds; anything else that would have to is a bug, and raises."""

import re
from collections.abc import Iterable
from decimal import ROUND_DOWN, Context, Decimal, Inexact, InvalidOperation

from coffer.ledger.refusal import Reason, Refusal

EXACT = Context(prec=256, traps=[Inexact, InvalidOperation])
"""256 digits: an amount has at most 60 before the point and 36 behind it, so no sum of them ever comes close."""

MAX_INTEGER_DIGITS = 60
MAX_DECIMALS = 36
MAX_LENGTH = len("-.") + MAX_INTEGER_DIGITS + MAX_DECIMALS
"""Characters of the longest amount: of what is longer, nothing but the length is looked at."""

ZERO = Decimal(0)

_TOO_LONG = Decimal("NaN")
_CUTTING = Context(prec=256, rounding=ROUND_DOWN, traps=[InvalidOperation])
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def parse(value: object) -> Decimal:
    """An amount as a caller may send it: a string written like a JSON number without exponent, or an exact number.

    It may be negative here; where it must not be, that is a refusal of its own. Raises `Refusal(BAD_REQUEST)`, whose
    message says what the field must be, for anything else and for more than 60 digits before the point or 36 behind it.
    """
    match value:
        case str() if _PLAIN.fullmatch(value):
            amount = number(value)
        case int() | Decimal() if not isinstance(value, bool):
            amount = Decimal(value)
        case _:
            raise Refusal(
                Reason.BAD_REQUEST,
                'must be an amount: a string of digits with at most one point, such as "1000.50", without exponent',
            )
    if not amount.is_finite() or not fits(amount) or decimals(amount) > MAX_DECIMALS:
        raise Refusal(
            Reason.BAD_REQUEST,
            f"must have at most {MAX_INTEGER_DIGITS} digits before the point and {MAX_DECIMALS} behind it",
        )
    return amount


def number(text: str) -> Decimal:
    """The number that a text is, exactly; NaN, which no amount may be, for one that is longer than any amount."""
    return Decimal(text) if len(text) <= MAX_LENGTH else _TOO_LONG


def text(amount: Decimal) -> str:
    """An amount as it is stored and shown: no exponent, no idle zeros, no negative zero."""
    if not amount:
        return "0"
    plain = format(amount, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def add(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def subtract(amount: Decimal, other: Decimal) -> Decimal:
    """The exact difference."""
    return EXACT.subtract(amount, other)


def multiply(amount: Decimal, factor: Decimal) -> Decimal:
    """The exact product."""
    return EXACT.multiply(amount, factor)


def round_down(amount: Decimal, places: int) -> Decimal:
    """An amount cut to so many decimals, towards zero."""
    return amount.quantize(Decimal(1).scaleb(-places), context=_CUTTING)


def decimals(amount: Decimal) -> int:
    """How many decimals an amount has, idle zeros not counted."""
    _, _, behind = text(amount).partition(".")
    return len(behind)


def fits(amount: Decimal) -> bool:
    """Whether an amount has at most 60 digits before the point."""
    return amount.adjusted() < MAX_INTEGER_DIGITS
