"""Postings of every kind, at random, and what each of them comes to once it is acknowledged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import partial
from random import Random

import httpx

from tests.stack.books import CREATED, DECIMALS, EXTERNAL, Body, Books, leg, send
from tests.support.burst import Request

_UNIT = Decimal(1).scaleb(-DECIMALS)
_MOST = 20 * 10**DECIMALS
"""Units that a posting moves at most."""

type Moves = Mapping[str, Decimal]
"""What accounts get, by their aliases; below zero what they give."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A request, what it moves if it is acknowledged, and the status that its transaction then has."""

    request: Request
    moves: Moves
    status: str = "APPROVED"


@dataclass(frozen=True, slots=True)
class Traffic:
    """Postings between some accounts, which follow from a seed."""

    books: Books
    aliases: list[str]
    random: Random

    def postings(self, number: int) -> list[Posting]:
        """So many of them; at first, some money comes in."""
        kinds = (self._inflow, self._outflow, self._pay, self._split, self._gather, self._commit, self._cancel)
        first = number // 20
        chosen = [self._inflow] * first + self.random.choices(kinds, k=number - first)
        return [kind(f"posting {position}") for position, kind in enumerate(chosen)]

    def _inflow(self, key: str) -> Posting:
        (payee,), value = self._some(1), self._value()
        return Posting(partial(self.books.inflow, payee, text(value), key), {EXTERNAL: -value, payee: value})

    def _outflow(self, key: str) -> Posting:
        (payer,), value = self._some(1), self._value()
        return Posting(partial(self.books.outflow, payer, text(value), key), {payer: -value, EXTERNAL: value})

    def _pay(self, key: str) -> Posting:
        (payer, payee), value = self._some(2), self._value()
        return Posting(partial(self.books.pay, payer, payee, text(value), key), {payer: -value, payee: value})

    def _split(self, key: str) -> Posting:
        """One pays three: two get shares, which are cut, and the last one what these leave."""
        (payer, first, second, last), value = self._some(4), self._value()
        percent = {alias: Decimal(self.random.randrange(1, 50 * 10**12)).scaleb(-12) for alias in (first, second)}
        cut = {alias: (value * share / 100).quantize(_UNIT, ROUND_DOWN) for alias, share in percent.items()}
        shares = [{"accountAlias": alias, "share": {"percentage": text(share)}} for alias, share in percent.items()]
        remaining = {"accountAlias": last, "remaining": "remaining"}
        request = self._transaction(key, value, [leg(payer, text(value))], [*shares, remaining])
        return Posting(request, {payer: -value, **cut, last: value - sum(cut.values())})

    def _gather(self, key: str) -> Posting:
        """Two pay one."""
        (first, second, payee), one, other = self._some(3), self._value(), self._value()
        payers = [leg(first, text(one)), leg(second, text(other))]
        request = self._transaction(key, one + other, payers, [leg(payee, text(one + other))])
        return Posting(request, {first: -one, second: -other, payee: one + other})

    def _commit(self, key: str) -> Posting:
        (payer, payee), value = self._some(2), self._value()
        return Posting(self._held(payer, payee, value, key, "commit"), {payer: -value, payee: value})

    def _cancel(self, key: str) -> Posting:
        payer, payee = self._some(2)
        return Posting(self._held(payer, payee, self._value(), key, "cancel"), {}, "CANCELED")

    def _held(self, payer: str, payee: str, value: Decimal, key: str, step: str) -> Request:
        """A payment that is held, and then settled; repeated as a whole, it is done once."""

        def request() -> httpx.Response:
            held = self.books.pay(payer, payee, text(value), key, pending=True)
            return self.books.settle(held.json()["id"], step, key) if held.status_code == CREATED else held

        return request

    def _transaction(self, key: str, value: Decimal, payers: list[Body], payees: list[Body]) -> Request:
        body = {"send": send(text(value), payers=payers, payees=payees)}
        return partial(self.books.post, "transactions/json", body, key)

    def _some(self, number: int) -> list[str]:
        return self.random.sample(self.aliases, number)

    def _value(self) -> Decimal:
        return self.random.randrange(1, _MOST) * _UNIT


def text(value: Decimal) -> str:
    """An amount without an exponent."""
    return f"{value:f}"


def sums(postings: Iterable[Posting]) -> dict[str, Decimal]:
    """What postings come to, by alias."""
    total: dict[str, Decimal] = {}
    for posting in postings:
        for alias, moved in posting.moves.items():
            total[alias] = total.get(alias, Decimal(0)) + moved
    return total
