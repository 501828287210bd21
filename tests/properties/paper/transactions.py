"""Transactions, as they stand on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tests.properties.paper.accounts import Account, Asset, Balance

type Status = Literal["APPROVED", "PENDING", "CANCELED", "NOTED"]
type Movement = Literal["DEBIT", "CREDIT", "ON_HOLD", "RELEASE"]


@dataclass(frozen=True, slots=True)
class Posting:
    """So much of the balance that an account has under a key."""

    account: Account
    key: str
    amount: Decimal

    @property
    def balance(self) -> Balance:
        """The balance."""
        return self.account.balances[self.key]

    @property
    def lost(self) -> bool:
        """Whether there is no such balance any more."""
        return not (self.account.there and self.key in self.account.balances and self.balance.there)


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to one balance, and what stands before and after it, if it is all on one chain."""

    movement: Movement
    alias: str
    key: str
    amount: Decimal
    before: tuple[Decimal, Decimal, int] | None
    after: tuple[Decimal, Decimal, int] | None


@dataclass(slots=True, eq=False)
class Transaction:
    """What moves, moved, or does not."""

    asset: Asset
    value: Decimal
    source: list[Posting]
    destination: list[Posting]
    aliases: tuple[list[str], list[str]]
    """Of both sides, also of legs that came to nothing."""
    status: Status
    steps: list[Step]
    expires_at: int | None = None
    parent: str | None = None
    reverted: bool = False


def move(postings: Iterable[Posting], movement: Movement, available: int, on_hold: int) -> Iterator[Step]:
    """Adds the postings' amounts to what is available and on hold, so many times, one after the other."""
    for posting in postings:
        balance = posting.balance
        before = balance.available, balance.on_hold, balance.version
        balance.available += available * posting.amount
        balance.on_hold += on_hold * posting.amount
        balance.version += 1
        after = balance.available, balance.on_hold, balance.version
        one = posting.account.shards == 1
        yield Step(
            movement,
            posting.account.alias,
            posting.key,
            posting.amount,
            before if one else None,
            after if one else None,
        )
