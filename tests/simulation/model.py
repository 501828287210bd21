"""A ledger as anyone would keep it who has nothing to fear: one thing after the other, in memory.

It knows balances and no chains, goes by sums and not by shards, and takes nothing from the code that it judges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

type Moves = Sequence[tuple[str, int]]
"""Balances by their names, and how much each of them gives or gets."""

WAY = ("PENDING", "SIGNED", "BROADCAST", "CONFIRMING", "CONFIRMED")
ENDS = frozenset({"CONFIRMED", "FAILED", "CANCELLED"})


DEFAULT = "default"
"""The key of the balance that every account has."""


@dataclass(slots=True)
class Account:
    """Who has balances, and what is noted of it."""

    asset: str
    """Which of the assets that have had this code."""
    external: bool = False
    closed: bool = False
    noted: dict[str, str | bool | None] = field(
        default_factory=lambda: {"name": None, "segmentId": None, "blocked": False}
    )
    """As it is answered."""

    @property
    def blocked(self) -> bool:
        """Whether nothing comes and nothing goes."""
        return self.noted["blocked"] is True


@dataclass(frozen=True, slots=True)
class Head:
    """What stood on one shard of a balance."""

    since: int
    """From which of the run's writes on."""
    available: int
    on_hold: int
    may: tuple[bool, bool]
    """Whether it sends, and whether it receives."""


@dataclass(slots=True)
class Balance:
    """What stands in a balance of an account, and what may be done with it."""

    account: Account
    id: str = ""
    """Which of the balances that have had this key, as the table has it."""
    available: int = 0
    on_hold: int = 0
    sends: bool = True
    receives: bool = True
    closed: bool = False
    closed_with: int = 0
    """Which of the run's writes closed it, if one did."""
    moment: int = 0
    """When it changed last, in milliseconds since 1970, as its entries say."""
    shards: dict[int, list[Head]] = field(default_factory=lambda: defaultdict(list))
    """As its entries say, too: nothing but a look at it, which reads them one by one, is held to that."""

    def stood_since(self, write: int) -> Sequence[Sequence[Head]]:
        """Of each shard what has stood on it at any time since there were so many writes."""
        return [
            [head for head, later in zip_longest(heads, heads[1:]) if later is None or later.since > write]
            for _, heads in sorted(self.shards.items())
        ]

    @property
    def empty(self) -> bool:
        """Whether nothing is left in it."""
        return not (self.available or self.on_hold)


def name_of(alias: str, key: str = DEFAULT) -> str:
    """The name of a balance: its account's alias, and its key unless that is the default one."""
    return alias if key == DEFAULT else f"{alias}{_JOINT}{key}"


def parts_of(name: str) -> tuple[str, str]:
    """The alias and the key in a balance's name."""
    alias, _, key = name.partition(_JOINT)
    return alias, key or DEFAULT


_JOINT = "#"
"""It stands in no alias and in no key."""


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

    writes: int = 0
    """How many there have been."""
    asset: str | None = None
    """The asset that has the code now; None: there is none."""
    accounts: dict[str, Account] = field(default_factory=dict)
    """By their aliases, those that were closed too."""
    balances: dict[str, Balance] = field(default_factory=dict)
    """By their names, those that were closed too."""
    transactions: dict[str, Transaction] = field(default_factory=dict)
    """By their ids."""
    segments: dict[str, str] = field(default_factory=dict)
    """What they are called, by their ids; of those that were deleted none."""

    deposits: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By their hashes: to which alias, and how much."""
    withdrawals: dict[str, Withdrawal] = field(default_factory=dict)
    """By their ids."""
    references: set[str] = field(default_factory=set)
    frozen: set[str] = field(default_factory=set)
    """Wallet accounts, by their ids."""
    inactive: set[str] = field(default_factory=set)
    """Wallet assets, by the aliases of their accounts."""

    def open_account(self, alias: str, account: Account, *, id_: str = "", sends: bool = True) -> None:
        """Opens an account, with its default balance."""
        self.accounts[alias] = account
        self.balances[name_of(alias)] = Balance(account, id_, sends=sends)

    def close_account(self, alias: str) -> None:
        """Closes an account with all of its balances."""
        self.accounts[alias].closed = True
        for balance in self.balances_of(alias):
            self.close(balance)

    def close(self, balance: Balance) -> None:
        """Closes a balance."""
        balance.closed, balance.closed_with = True, self.writes

    def balances_of(self, alias: str) -> Sequence[Balance]:
        """The balances that an account has."""
        return [each for name, each in self.balances.items() if parts_of(name)[0] == alias and not each.closed]

    def cannot_be_named(self, name: str, since: int | None = None) -> set[str]:
        """Why no transaction can be with a balance, or could be at any time since there were so many writes."""
        balance = self.balances.get(name)
        there = balance is not None and (not balance.closed or (since is not None and balance.closed_with > since))
        return set() if there else {"0019"}

    def cannot_give(self, name: str, amount: int) -> set[str]:
        """Why so much cannot be taken from a balance, or held."""
        codes = self.cannot_be_named(name)
        if not codes:
            balance = self.balances[name]
            if balance.account.blocked or not balance.sends:
                codes.add("0024")
            if balance.available < amount and not balance.account.external:
                codes.add("0018")
        return codes

    def cannot_get(self, name: str) -> set[str]:
        """Why nothing can be added to a balance."""
        codes = self.cannot_be_named(name)
        if not codes and (self.balances[name].account.blocked or not self.balances[name].receives):
            codes.add("0024")
        return codes

    def assets(self, moves: Moves) -> set[str]:
        """The assets of the accounts concerned, of those that there are."""
        return {self.balances[name].account.asset for name, _ in moves if name in self.balances}

    def change(self, moves: Moves, *, available: int = 0, on_hold: int = 0) -> None:
        """Changes what stands in balances: each of these so many times its amount."""
        for name, amount in moves:
            self.balances[name].available += available * amount
            self.balances[name].on_hold += on_hold * amount
