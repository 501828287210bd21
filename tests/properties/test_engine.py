"""The engine: whatever is asked for, money is neither made nor lost, and only the outside has less than nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from copy import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import combinations, count, pairwise
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, initialize, invariant, multiple, rule

from coffer.ids import new_id
from coffer.ledger.amounts import MAX_DECIMALS, add, decimals, parse, text
from coffer.ledger.book import Posting
from coffer.ledger.chains import Chain, Heads
from coffer.ledger.distribution import Amount, Part, Remaining, Share, distribute
from coffer.ledger.posting import Booking, Transfer, post
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.sends import Leg, Send
from coffer.ledger.shards import cover
from coffer.ledger.verification import verify_chain
from tests.unit.ledger.small_ledger import BRL, NOW, OUTSIDE, SmallLedger, pay

HUNDRED_PERCENT = 10**14
"""In units of the last of 12 decimals."""

ACCOUNTS = {"@alice": 1, "@bob": 1, "@carol": 2, "@dave": 5}
"""Over how many shards each is split."""

amounts = st.integers(1, 10**96 - 1).map(lambda units: Decimal(f"{units}e-36"))
values = st.integers(1, 10_000).map(lambda units: Decimal(f"{units}e-2"))
preferences = st.integers(0, 99)


@st.composite
def divisions(draw: st.DrawFn, value: Decimal, legs: int) -> list[Part]:
    """Parts that come to a value: amounts, shares, and what remains, in any order."""
    cuts = sorted(
        draw(st.lists(st.integers(1, HUNDRED_PERCENT - 1), min_size=legs - 1, max_size=legs - 1, unique=True))
    )
    weights = [high - low for low, high in pairwise([0, *cuts, HUNDRED_PERCENT])]
    places = decimals(value)
    parts: list[Part] = []
    for weight in weights:
        units = int(Fraction(value) * 10**places * weight / HUNDRED_PERCENT)
        amount = Amount(BRL, Decimal(f"{units}e-{places}"))
        parts.append(amount if units and draw(st.booleans()) else Share(Decimal(f"{weight}e-12")))
    if draw(st.booleans()) or any(isinstance(part, Amount) for part in parts):
        parts[draw(st.integers(0, legs - 1))] = Remaining()
    return parts


@st.composite
def sends(draw: st.DrawFn, *, pending: bool = False) -> Send:
    """Something to send between accounts, some of which may be named twice on one side."""
    value = draw(values)
    aliases = draw(st.permutations([*ACCOUNTS, OUTSIDE]))
    split = draw(st.integers(1, len(aliases) - 1))
    source, destination = aliases[:split], aliases[split:]
    if pending and OUTSIDE in source:
        source, destination = destination, source
    return Send(
        asset=BRL,
        value=value,
        source=draw(sides(value, source)),
        destination=draw(sides(value, destination)),
        pending=pending,
    )


@st.composite
def sides(draw: st.DrawFn, value: Decimal, aliases: Sequence[str]) -> tuple[Leg, ...]:
    """Legs that come to a value."""
    named = draw(st.lists(st.sampled_from(aliases), min_size=1, max_size=3))
    parts = draw(divisions(value, len(named)))
    return tuple(Leg(alias, part) for alias, part in zip(named, parts, strict=True))


@st.composite
def ledgers(draw: st.DrawFn) -> SmallLedger:
    """Accounts with something on each of their shards."""
    ledger = SmallLedger()
    for alias, shards in ACCOUNTS.items():
        funds = st.integers(0, 10_000).map(lambda units: text(Decimal(f"{units}e-2")))
        ledger.open(alias, *draw(st.lists(funds, min_size=shards, max_size=shards)))
    return ledger


def attempt(plan: Callable[[], Booking]) -> Booking | Refusal:
    """What was planned, or why not."""
    try:
        return plan()
    except Refusal as refusal:
        return refusal


def possible(plan: Callable[[], Booking]) -> Booking:
    """What was planned; an example that is refused proves nothing."""
    planned = attempt(plan)
    assume(isinstance(planned, Booking))
    assert isinstance(planned, Booking)
    return planned


def stands(heads: Heads) -> dict[Chain, tuple[Decimal, Decimal]]:
    """What is available and on hold in every chain."""
    return {chain: (head.available, head.on_hold) for chain, head in heads.items()}


# Amounts


@given(st.one_of(amounts, amounts.map(lambda amount: amount.copy_negate())))
def test_an_amount_is_read_as_it_was_written(amount: Decimal) -> None:
    assert parse(text(amount)) == parse(amount) == amount


@given(st.text(alphabet="0123456789.-+eE ", max_size=12))
def test_what_is_read_is_what_json_calls_a_number_without_exponent(written: str) -> None:
    try:
        amount = parse(written)
    except Refusal:
        return
    assert Fraction(written) == Fraction(amount)
    assert not set(written) & set("+eE ")


# Distribution


@given(st.data(), amounts, st.integers(1, 8), st.integers(0, MAX_DECIMALS))
def test_parts_add_up_to_the_last_unit(data: st.DataObject, value: Decimal, legs: int, places: int) -> None:
    parts = data.draw(divisions(value, legs))
    divided = distribute(value, parts, places, "source")
    assert add(divided) == value
    assert all(amount >= 0 for amount in divided)
    unit = Fraction(1, 10 ** max(places, decimals(value)))
    off = [
        Fraction(amount) - _exact(part, value)
        for part, amount in zip(parts, divided, strict=True)
        if not isinstance(part, Remaining)
    ]
    shares = [part for part in parts if isinstance(part, Share)]
    taker = [-1] if shares and Remaining() not in parts else []
    rounded = [each for each in off if each]
    assert sum(each > 0 for each in rounded) <= len(taker), "only the last share may take what rounding leaves"
    assert all(-unit < each < unit * legs for each in rounded)


def _exact(part: Part, value: Decimal) -> Fraction:
    match part:
        case Amount():
            return Fraction(part.value)
        case Share():
            return Fraction(value) * Fraction(part.percentage) * Fraction(part.percentage_of_percentage) / 10_000
        case Remaining():
            raise AssertionError


@given(st.lists(amounts, min_size=1, max_size=5), amounts)
def test_amounts_that_are_not_the_value_are_refused(given_: list[Decimal], value: Decimal) -> None:
    parts = [Amount(BRL, amount) for amount in given_]
    assert distribute(add(given_), parts, 2, "source") == given_
    if add(given_) != value:
        with pytest.raises(Refusal):
            distribute(value, parts, 2, "source")


# Shards


@given(st.lists(st.integers(0, 12), max_size=6), st.integers(1, 40))
def test_no_fewer_shards_could_pay(available: list[int], amount: int) -> None:
    parts = cover(Decimal(amount), map(Decimal, available))
    if parts is None:
        assert sum(available) < amount
        return
    assert add(parts.values()) == amount
    assert all(0 < part <= available[position] for position, part in parts.items())
    assert all(sum(fewer) < amount for fewer in combinations(available, len(parts) - 1))


# One transaction


@given(ledgers(), sends(), preferences)
def test_a_posting_moves_exactly_its_value(ledger: SmallLedger, asked: Send, preference: int) -> None:
    before = ledger.stands()
    booking = possible(lambda: ledger.post(asked, preference=preference))
    after = ledger.stands()
    taken = add(before[chain][0] - after[chain][0] for chain in {each.chain for each in booking.transfer.source})
    given_ = add(after[chain][0] - before[chain][0] for chain in {each.chain for each in booking.transfer.destination})
    assert taken == given_ == asked.value
    assert money(ledger) == 0
    assert ledger.findings() == []


@given(ledgers(), sends(pending=True), preferences)
def test_holding_and_committing_is_posting(ledger: SmallLedger, asked: Send, preference: int) -> None:
    directly = possible(lambda: ledger.plan(replace(asked, pending=False), preference=preference))
    held = ledger.post(asked, preference=preference)
    assert held.transfer == directly.transfer
    ledger.commit(held.transfer)
    assert ledger.stands() == ledger.stands() | stands(directly.heads)


@given(ledgers(), sends(pending=True), preferences)
def test_holding_and_canceling_is_nothing(ledger: SmallLedger, asked: Send, preference: int) -> None:
    before = ledger.stands()
    held = possible(lambda: ledger.post(asked, preference=preference))
    assert add(on_hold for _, on_hold in ledger.stands().values()) == asked.value
    ledger.cancel(held.transfer)
    assert ledger.stands() == before


@given(ledgers(), sends(), preferences)
def test_a_revert_is_the_inverse(ledger: SmallLedger, asked: Send, preference: int) -> None:
    before = ledger.stands()
    posted = possible(lambda: ledger.post(asked, preference=preference))
    reverted = ledger.revert(posted.transfer)
    assert ledger.stands() == before
    assert reverted.transfer.source == posted.transfer.destination
    assert reverted.transfer.destination == posted.transfer.source


@given(ledgers(), sends(), preferences)
def test_the_same_heads_and_the_same_preference_give_the_same_plan(
    ledger: SmallLedger, asked: Send, preference: int
) -> None:
    def plan() -> Booking:
        return post(asked, ledger.heads, transaction_id="same", now=NOW, preference=preference, places=2)

    assert possible(plan) == plan()
    needed = ledger.read(asked, preference)
    alone = post(asked, needed, transaction_id="same", now=NOW, preference=preference, places=2)
    assert alone.operations == plan().operations, "heads that are not needed make no difference"


@given(amounts, amounts)
def test_the_largest_and_the_finest_amounts_stay_exact(one: Decimal, other: Decimal) -> None:
    ledger = SmallLedger(decimals=None)
    ledger.open("@alice", text(one))
    ledger.open("@bob", text(min(one, other)))
    ledger.post(pay(text(min(one, other)), "@bob", OUTSIDE))
    assert ledger.balance("@alice").available == one
    assert ledger.balance("@bob").available == 0
    assert ledger.balance(OUTSIDE).available == one.copy_negate()


# Many transactions


class Model(NamedTuple):
    """What an account should have, whatever its shards."""

    available: Decimal
    on_hold: Decimal


class Made(NamedTuple):
    """A transaction that was made."""

    number: int
    transfer: Transfer


def money(ledger: SmallLedger) -> Decimal:
    return add(amount for stands in ledger.stands().values() for amount in stands)


def postings(transfer: Transfer) -> tuple[Posting, ...]:
    """The postings of both sides."""
    return (*transfer.source, *transfer.destination)


def names(side: Iterable[Posting]) -> set[str]:
    """Whose they are."""
    return {posting.chain.alias for posting in side}


class Bookkeeping(RuleBasedStateMachine):
    """Transactions one after another, beside a model that knows balances and no chains."""

    held: Bundle[Made] = Bundle("held")
    posted: Bundle[Made] = Bundle("posted")

    def __init__(self) -> None:
        super().__init__()
        self.ledger = SmallLedger()
        self.model: dict[str, Model] = {}
        self.blocked: set[str] = set()
        self.done: set[int] = set()
        """The transactions that have been settled, or reverted."""
        self.numbers = count()
        self.verified: dict[Chain, int] = defaultdict(int)
        """How many entries of each chain have been."""

    @initialize(funds=st.lists(st.integers(0, 9_999), min_size=len(ACCOUNTS), max_size=len(ACCOUNTS)))
    def open(self, funds: list[int]) -> None:
        self.model[OUTSIDE] = Model(Decimal(0), Decimal(0))
        for (alias, shards), units in zip(ACCOUNTS.items(), funds, strict=True):
            self.ledger.open(alias, shards=shards)
            self.model[alias] = Model(Decimal(0), Decimal(0))
            if units:
                self._post(pay(text(Decimal(f"{units}e-2")), OUTSIDE, alias), preference=units)

    @rule(target=posted, asked=sends(), preference=preferences)
    def send(self, asked: Send, preference: int) -> MultipleResults[Made] | Made:
        return self._post(asked, preference)

    @rule(target=held, asked=sends(pending=True), preference=preferences)
    def hold(self, asked: Send, preference: int) -> MultipleResults[Made] | Made:
        return self._post(asked, preference)

    @rule(asked=st.lists(sends(), min_size=2, max_size=5), preference=preferences)
    def batch(self, asked: list[Send], preference: int) -> None:
        """Several in one write, each on the heads that the one before leaves; a refused one leaves them as they are."""
        heads, planned = self.ledger.heads, []
        for each in asked:
            plan = partial(post, each, heads, transaction_id=new_id(NOW), now=self.ledger.now)
            booking = attempt(partial(plan, preference=preference, places=2))
            if isinstance(booking, Booking):
                heads = dict(booking.heads)
                planned.append(booking)
        assert len({booking.created_at for booking in planned}) <= 1
        for booking in planned:
            self._moved(self.ledger.write(booking).transfer)
        assert self.ledger.stands() == stands(heads)

    @rule(target=posted, made=held)
    def commit(self, made: Made) -> MultipleResults[Made] | Made:
        if made.number in self.done:
            return multiple()
        if self.blocked & names(made.transfer.destination):
            self._refused(lambda: self.ledger.commit(made.transfer), Reason.ACCOUNT_RESTRICTED)
            return multiple()
        self.ledger.commit(made.transfer)
        self.done.add(made.number)
        self._change(made.transfer.source, 0, -1)
        self._change(made.transfer.destination, 1, 0)
        return Made(next(self.numbers), made.transfer)

    @rule(made=held)
    def cancel(self, made: Made) -> None:
        if made.number not in self.done:
            self.ledger.cancel(made.transfer)
            self.done.add(made.number)
            self._change(made.transfer.source, 1, -1)

    @rule(made=posted)
    def revert(self, made: Made) -> None:
        if made.number in self.done:
            return
        transfer = made.transfer
        if self.blocked & names(postings(transfer)):
            self._refused(lambda: self.ledger.revert(transfer), Reason.ACCOUNT_RESTRICTED, Reason.FUNDS_INSUFFICIENT)
        elif self._lacks((posting.chain.alias, posting.amount) for posting in transfer.destination):
            self._refused(lambda: self.ledger.revert(transfer), Reason.FUNDS_INSUFFICIENT)
        else:
            self._moved(self.ledger.revert(transfer).transfer)
            self.done.add(made.number)

    @rule(alias=st.sampled_from(list(ACCOUNTS)))
    def block(self, alias: str) -> None:
        self.blocked ^= {alias}
        self.ledger.change(alias, blocked=alias in self.blocked)

    @rule(seconds=st.integers(-60, 60))
    def clock(self, seconds: int) -> None:
        """Clocks disagree."""
        self.ledger.now += seconds * 1000

    @invariant()
    def no_money_is_made_or_lost(self) -> None:
        assert money(self.ledger) == 0

    @invariant()
    def nobody_but_the_outside_is_below_zero(self) -> None:
        for chain, stands in self.ledger.stands().items():
            assert chain.external or min(stands) >= 0

    @invariant()
    def shards_sum_to_what_an_account_should_have(self) -> None:
        for alias, model in self.model.items():
            balance = self.ledger.balance(alias)
            assert (balance.available, balance.on_hold) == model
            assert balance.version == sum(len(self.ledger.chains[chain]) for chain in self.ledger.chains_of(alias))

    @invariant()
    def every_entry_follows_from_the_one_before_it(self) -> None:
        for chain, entries in self.ledger.chains.items():
            verified = self.verified[chain]
            assert verify_chain(chain, entries[verified:], entries[verified - 1] if verified else None) == []
            self.verified[chain] = len(entries)

    def _post(self, asked: Send, preference: int) -> MultipleResults[Made] | Made:
        amounts = distribute(asked.value, [leg.part for leg in asked.source], 2, "source")
        lacking = self._lacks((leg.alias, amount) for leg, amount in zip(asked.source, amounts, strict=True))
        before = self.ledger.heads
        booking = attempt(lambda: self.ledger.post(asked, preference=preference))
        if isinstance(booking, Refusal):
            blocked = self.blocked & {leg.alias for leg in asked.legs}
            assert {Reason.FUNDS_INSUFFICIENT: lacking, Reason.ACCOUNT_RESTRICTED: bool(blocked)}[booking.reason]
            assert self.ledger.heads == before
            return multiple()
        assert not lacking
        assert not self.blocked & names(booking.transfer.source if asked.pending else postings(booking.transfer))
        self._moved(booking.transfer, on_hold=asked.pending)
        return Made(next(self.numbers), booking.transfer)

    def _lacks(self, due: Iterable[tuple[str, Decimal]]) -> bool:
        """Whether somebody has less than is due."""
        together: dict[str, Decimal] = defaultdict(Decimal)
        for alias, amount in due:
            together[alias] += amount
        return any(self.model[alias].available < amount for alias, amount in together.items() if alias != OUTSIDE)

    def _moved(self, transfer: Transfer, *, on_hold: bool = False) -> None:
        self._change(transfer.source, -1, int(on_hold))
        if not on_hold:
            self._change(transfer.destination, 1, 0)

    def _change(self, side: Iterable[Posting], available: int, on_hold: int) -> None:
        for posting in side:
            before = self.model[posting.chain.alias]
            self.model[posting.chain.alias] = Model(
                before.available + available * posting.amount, before.on_hold + on_hold * posting.amount
            )

    def _refused(self, plan: Callable[[], object], *reasons: Reason) -> None:
        before = self.ledger.heads
        with pytest.raises(Refusal) as refused:
            plan()
        assert refused.value.reason in reasons
        assert self.ledger.heads == before


TestBookkeeping = Bookkeeping.TestCase
TestBookkeeping.settings = settings(max_examples=40, stateful_step_count=30)
