"""A ledger as anyone would keep it who has nothing to fear: one thing after the other, in memory.

It knows accounts and no chains, sums and no shards, and takes nothing from the code that it judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

type Moves = Sequence[tuple[str, int]]
"""Aliases, and how much each of them gives or gets."""

WAY = ("PENDING", "SIGNED", "BROADCAST", "CONFIRMING", "CONFIRMED")
ENDS = frozenset({"CONFIRMED", "FAILED", "CANCELLED"})


@dataclass(slots=True)
class Account:
    """What stands in an account, and what may be done with it."""

    asset: str
    """Which of the assets that have had this code."""
    external: bool = False
    available: int = 0
    on_hold: int = 0
    blocked: bool = False
    sends: bool = True
    receives: bool = True
    closed: bool = False
    moment: int = 0
    """When it changed last, in milliseconds since 1970, as its entries say."""


@dataclass(slots=True)
class Transaction:
    """What was asked for, and what has become of it."""

    status: str
    payers: Moves
    payees: Moves
    asset: str
    expires_at: int | None = None
    parent: str | None = None
    reverted: bool = False
    description: str | None = None


@dataclass(slots=True)
class Withdrawal:
    """A wallet transaction that leaves the client's wallets."""

    transaction_id: str
    """In the ledger beneath."""
    alias: str
    amount: int
    status: str = "PENDING"


@dataclass(slots=True)
class Model:
    """All that the requests of a run know of."""

    asset: str | None = None
    """The asset that has the code now; None: there is none."""
    accounts: dict[str, Account] = field(default_factory=dict)
    """By their aliases, those that were closed too."""
    transactions: dict[str, Transaction] = field(default_factory=dict)
    """By their ids."""

    deposits: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By their hashes: to which alias, and how much."""
    withdrawals: dict[str, Withdrawal] = field(default_factory=dict)
    """By their ids."""
    references: set[str] = field(default_factory=set)
    frozen: set[str] = field(default_factory=set)
    """Wallet accounts, by their ids."""
    inactive: set[str] = field(default_factory=set)
    """Wallet assets, by the aliases of their accounts."""

    def cannot_be_named(self, alias: str) -> set[str]:
        """Why no transaction can be with an account."""
        account = self.accounts.get(alias)
        return {"0019"} if account is None or account.closed else set()

    def cannot_give(self, alias: str, amount: int) -> set[str]:
        """Why so much cannot be taken from an account, or held."""
        codes = self.cannot_be_named(alias)
        if not codes:
            account = self.accounts[alias]
            if account.blocked or not account.sends:
                codes.add("0024")
            if account.available < amount and not account.external:
                codes.add("0018")
        return codes

    def cannot_get(self, alias: str) -> set[str]:
        """Why nothing can be added to an account."""
        codes = self.cannot_be_named(alias)
        if not codes and (self.accounts[alias].blocked or not self.accounts[alias].receives):
            codes.add("0024")
        return codes

    def assets(self, moves: Moves) -> set[str]:
        """The assets of the accounts concerned, of those that there are."""
        return {self.accounts[alias].asset for alias, _ in moves if alias in self.accounts}

    def change(self, moves: Moves, *, available: int = 0, on_hold: int = 0) -> None:
        """Changes what stands in accounts: each of these so many times its amount."""
        for alias, amount in moves:
            self.accounts[alias].available += available * amount
            self.accounts[alias].on_hold += on_hold * amount
