"""Amounts: exact decimals. Nothing is ever rounded: an operation that would have to round is a bug, and raises."""

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation

EXACT = Context(prec=256, traps=[Inexact, InvalidOperation])
"""256 digits: an amount has at most 60 before the point and 36 behind it, so no sum of them ever comes close."""

ZERO = Decimal(0)


def add(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def text(amount: Decimal) -> str:
    """An amount as it is stored and shown: no exponent, no idle zeros, no negative zero."""
    if not amount:
        return "0"
    plain = format(amount, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
