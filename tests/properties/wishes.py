"""What a caller of the ledger API may wish for, in small numbers that choose among what there is by then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from tests.properties.paper.accounts import Balance
from tests.properties.paper.distribution import Amount, Part, Remaining, Share
from tests.properties.paper.ledger import PaperLedger
from tests.properties.paper.orders import DEFAULT, Kind, Leg, Order, outside

CODES = ("BRL", "BTC")
DEAD = "@old"
"""An account whose asset was deleted, and made again."""
ALIASES = ("@ann", "@bob", "@cat", "@dan", "@eve", "@fay", DEAD)
KEYS = (DEFAULT, "savings")

MINUTE = 60_000

_SPLITS: Mapping[int, Sequence[Sequence[str]]] = {
    1: [("100",)],
    2: [("50", "50"), ("90", "10"), ("33.3", "66.7"), ("0.5", "99.5")],
    3: [("33.333333333333", "33.333333333333", "33.333333333334"), ("0.1", "0.1", "99.8"), ("25", "25", "50")],
}
_STYLES = ("remaining", *("amounts", "shares", "remaining") * 4, "rest", "wrong")
_UNITS = (10, 7, 3, 50, 1)
_EXPIRIES = (None, None, 0, *(minutes * MINUTE for minutes in range(1, 7)))
_SOME = ("50", "10", "33.3", "12.345678901234", "0.5")

_OPEN, _OUTSIDE, _NUMBERS = 50, 53, 60
"""Below these, a number stands for a balance that is there, and for the external account; others for any name."""

type Legs = Sequence[tuple[int, Part]]
"""Numbers that stand for balances, and what is to become of each."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A transaction that is wished for: of one of the codes, among balances that its numbers stand for."""

    kind: Kind
    code: str
    value: Decimal
    given: Legs
    taken: Legs
    pending: bool
    expires_in: int | None

    def order(self, paper: PaperLedger, now: int, description: str) -> Order:
        """What is asked for then: mostly among balances that are there, from the richest on, and to others."""
        there = [each for each in paper.balances() if each.account.asset.code == self.code]
        own = [each for each in there if not each.account.external]
        given = [_leg(sorted(own, key=_richest), self.code, *each) for each in self.given]
        places = {(leg.alias, leg.key) for leg in given if self.kind != "inflow"}
        others = [each for each in own if (each.account.alias, each.key) not in places]
        return Order(
            kind=self.kind,
            code=self.code,
            value=self.value,
            given=given,
            taken=[_leg(others, self.code, *each) for each in self.taken],
            pending=self.pending,
            expires_at=None if self.expires_in is None else now + self.expires_in,
            description=description,
        )


def _leg(own: Sequence[Balance], code: str, number: int, part: Part) -> Leg:
    if number < _OPEN and own:
        balance = own[number % len(own)]
        return Leg(balance.account.alias, balance.key, part)
    if number < _OUTSIDE:
        return Leg(outside(code), DEFAULT, part)
    return Leg(ALIASES[number % len(ALIASES)], KEYS[number % len(KEYS)], part)


def simply(
    kind: Kind, code: str, units: int, number: int, *, pending: bool = False, expires_in: int | None = None
) -> Wish:
    """So much from one balance to another: numbers stand for them."""
    legs: Legs = [(number, Remaining())]
    return Wish(kind, code, Decimal(units), legs, legs, pending=pending, expires_in=expires_in)


def _richest(balance: Balance) -> Decimal:
    return -balance.available


@st.composite
def _parts(draw: st.DrawFn, units: int, scale: int) -> list[Part]:
    """Parts that mostly come to so many units."""
    count = draw(st.sampled_from([1, 1, 1, 2, 2, 3]))
    amounts = _weighed(units, draw(st.lists(st.integers(1, 4), min_size=count, max_size=count)))
    match draw(st.sampled_from(_STYLES)):
        case "amounts":
            return [_amount(each, scale) for each in amounts]
        case "shares":
            return [Share(Decimal(percentage)) for percentage in draw(st.sampled_from(_SPLITS[count]))]
        case "remaining":
            others = [draw(_some(_amount(each, scale))) for each in amounts[1:]]
            others.insert(draw(st.integers(0, count - 1)), Remaining())
            return others
        case "rest":
            share = Decimal(draw(st.sampled_from(_SOME)))
            rest = (Decimal(units) * (100 - share) / 100).scaleb(-scale)
            return [Share(share), Amount(rest)]
    return [*(_amount(each, scale) for each in amounts[1:]), _amount(amounts[0] + draw(st.integers(-1, 1)), scale)]


def _some(amount: Part) -> st.SearchStrategy[Part]:
    """What a part may be beside the one that takes the rest."""
    shares: list[Part] = [Share(Decimal(each)) for each in _SOME]
    return st.sampled_from([amount, *shares, Share(Decimal(50), Decimal("33.3"))])


def _weighed(units: int, weights: Sequence[int]) -> list[int]:
    """Units divided by weights; each gets one, even if there are too few."""
    parts = [units * weight // sum(weights) or 1 for weight in weights[1:]]
    return [units - sum(parts), *parts]


def _amount(units: int, scale: int) -> Part:
    return Amount(Decimal(units).scaleb(-scale))


@st.composite
def wishes(draw: st.DrawFn, kind: Kind = "json", *, pending: bool = False) -> Wish:
    """A transaction of a kind; `pending`: it may be held, and expire."""
    scale = draw(st.sampled_from([0, 0, 1, 2, 3, 3]))
    whole = draw(st.sampled_from(_UNITS) | st.integers(1, 60))
    units = whole * 10**scale + draw(st.sampled_from([0, 0, 1, 7]))
    sides = [[(draw(st.integers(0, _NUMBERS - 1)), part) for part in draw(_parts(units, scale))] for _ in range(2)]
    return Wish(
        kind=kind,
        code=draw(st.sampled_from([CODES[0], *CODES])),
        value=Decimal(units).scaleb(-scale),
        given=sides[0],
        taken=sides[1],
        pending=pending,
        expires_in=draw(st.sampled_from(_EXPIRIES)) if pending else None,
    )
