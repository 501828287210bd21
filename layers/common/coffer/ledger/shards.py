"""A balance of several shards: what stands in it as a whole, and which of them pay."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from coffer.ledger.amounts import add, subtract
from coffer.ledger.entries import Entry


class Standing(NamedTuple):
    """What stands in a balance; `version` counts the entries of all its shards."""

    available: Decimal
    on_hold: Decimal
    version: int


def total(heads: Sequence[Entry]) -> Standing:
    """What stands in a balance, from the heads of all its shards."""
    return Standing(
        add(head.available for head in heads), add(head.on_hold for head in heads), sum(head.version for head in heads)
    )


def cover(amount: Decimal, available: Iterable[Decimal]) -> dict[int, Decimal] | None:
    """How much each of several shards pays of an amount above zero, by their positions; None if they have less.

    As few as possible pay: the first one that has all of it, or else those that have most.
    """
    has = list(available)
    for position, amount_there in enumerate(has):
        if amount_there >= amount:
            return {position: amount}
    parts: dict[int, Decimal] = {}
    left = amount
    for position in sorted(range(len(has)), key=lambda each: has[each], reverse=True):
        parts[position] = min(left, has[position])
        left = subtract(left, parts[position])
        if not left:
            return parts
    return None
