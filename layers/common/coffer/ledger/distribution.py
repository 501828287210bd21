"""Distribution: how a value is divided among the legs of one side, to the last unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from coffer.ledger.amounts import ZERO, add, decimals, multiply, parse, round_down, subtract, text
from coffer.ledger.refusal import Reason, Refusal

MAX_PERCENTAGE_DECIMALS = 12

_WHOLE = Decimal(100)
_OF_A_HUNDRED = Decimal("0.01")


class Amount(NamedTuple):
    """So much of an asset."""

    asset: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage (of a percentage) of the whole value; `Refusal(BAD_REQUEST)` unless each is one."""

    percentage: Decimal
    percentage_of_percentage: Decimal = _WHOLE

    def __post_init__(self) -> None:
        percentage(self.percentage)
        percentage(self.percentage_of_percentage)

    def of(self, value: Decimal) -> Decimal:
        """The exact share of a value."""
        fraction = multiply(
            multiply(self.percentage, _OF_A_HUNDRED), multiply(self.percentage_of_percentage, _OF_A_HUNDRED)
        )
        return multiply(value, fraction)


@dataclass(frozen=True, slots=True)  # a named tuple without a field would be false, as if it had not been given
class Remaining:
    """Whatever the other legs leave."""


type Part = Amount | Share | Remaining
"""What a leg is to get of the value, or to give."""


def percentage(value: object) -> Decimal:
    """A percentage as a caller may send it: above 0, at most 100, with at most 12 decimals.

    Raises `Refusal(BAD_REQUEST)`, whose message says what the field must be.
    """
    percent = parse(value)
    if not ZERO < percent <= _WHOLE or decimals(percent) > MAX_PERCENTAGE_DECIMALS:
        raise Refusal(
            Reason.BAD_REQUEST, f"must be above 0 and at most 100, with at most {MAX_PERCENTAGE_DECIMALS} decimals"
        )
    return percent


def only(amount: Amount | None, share: Share | None, remaining: Remaining | None) -> Part:
    """The one part that a leg has; `Refusal(LEG_INVALID)` if it has none or several."""
    match [each for each in (amount, share, remaining) if each]:
        case [part]:
            return part
    raise Refusal(Reason.LEG_INVALID, "A leg has exactly one of `amount`, `share` and `remaining`. Send one of them.")


def distribute(value: Decimal, parts: Sequence[Part], places: int, side: str) -> list[Decimal]:
    """The exact amount of each part, of which at most one is `Remaining`; together they are the value.

    Shares are of the whole value, and are cut to `places` decimals, or to as many as the value has if those are more.
    What that leaves goes to `Remaining`, or else to the last share. Raises `Refusal(VALUE_MISMATCH)`, which names the
    side, when the parts are more than the value, or less and none takes the rest.
    """
    exact = [_exact(part, value) for part in parts]
    together = add(exact)
    if together > value or (together < value and Remaining() not in parts):
        raise Refusal(
            Reason.VALUE_MISMATCH,
            f"The legs of the {side} come to {text(together)}, and the value is {text(value)}. Make them equal, or let "
            "one leg take what is `remaining`.",
        )
    places = max(places, decimals(value))
    amounts = [
        round_down(amount, places) if isinstance(part, Share) else amount
        for amount, part in zip(exact, parts, strict=True)
    ]
    left = subtract(value, add(amounts))
    if left:
        taker = _taker(parts)
        amounts[taker] = add([amounts[taker], left])
    return amounts


def _exact(part: Part, value: Decimal) -> Decimal:
    match part:
        case Amount():
            return part.value
        case Share():
            return part.of(value)
        case Remaining():
            return ZERO


def _taker(parts: Sequence[Part]) -> int:
    """The position of the part that takes what is left: `Remaining`, or else the last share."""
    if Remaining() in parts:
        return parts.index(Remaining())
    return max(position for position, part in enumerate(parts) if isinstance(part, Share))
