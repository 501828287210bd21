"""How a value is divided among the legs of one side, by the contract's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal, Inexact, localcontext

HUNDRED = Decimal(100)
EXACT = Context(prec=100, traps=[Inexact])


@dataclass(frozen=True, slots=True)
class Amount:
    """So much."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """So many percent, or so many percent of so many percent."""

    percentage: Decimal
    of: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Remaining:
    """What the others leave."""


type Part = Amount | Share | Remaining


def decimals(value: Decimal) -> int:
    """How many decimals a value has, idle zeros not counted."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def divided(value: Decimal, parts: Sequence[Part], places: int) -> list[Decimal] | None:
    """What each part comes to; None if they are more than the value, or less and none takes what remains.

    Shares are rounded down to so many places, but never coarser than the value itself. What rounding leaves goes to
    what remains, or to the last share: an amount is what was asked for.
    """
    with localcontext(EXACT):
        return _divided(value, parts, max(places, decimals(value)))


def _divided(value: Decimal, parts: Sequence[Part], places: int) -> list[Decimal] | None:
    exact = [_exact(part, value) for part in parts]
    rest = value - sum(exact)
    takers = [position for position, part in enumerate(parts) if isinstance(part, Remaining)]
    if rest < 0 or (rest and not takers):
        return None
    amounts = [
        each.scaleb(places).to_integral_value(ROUND_FLOOR).scaleb(-places) if isinstance(part, Share) else each
        for each, part in zip(exact, parts, strict=True)
    ]
    left = value - sum(amounts)
    if left:
        takers = takers or [position for position, part in enumerate(parts) if isinstance(part, Share)]
        amounts[takers[-1]] += left
    return amounts


def _exact(part: Part, value: Decimal) -> Decimal:
    match part:
        case Amount():
            return part.value
        case Share():
            return value * part.percentage / HUNDRED * (part.of or HUNDRED) / HUNDRED
        case Remaining():
            return Decimal(0)
