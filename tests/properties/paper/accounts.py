"""Assets, accounts and balances, as they stand on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from tests.properties.paper.orders import DEFAULT

PLACES = {"BRL": 2, "BTC": 8}
"""Decimals to which shares are cut where an asset has none set: a currency's minor units, a known token's decimals."""


@dataclass(slots=True, eq=False)
class Asset:
    """What is counted; one that was deleted stays another one than that which gets its code later."""

    id: str
    code: str
    decimals: int | None
    there: bool = True

    @property
    def places(self) -> int:
        """The decimals to which shares are cut."""
        return PLACES[self.code] if self.decimals is None else self.decimals


@dataclass(slots=True, eq=False)
class Balance:
    """What stands under one key of an account; `version` counts what has happened to it, if it is all on one chain."""

    id: str
    account: Account
    key: str
    available: Decimal = Decimal(0)
    on_hold: Decimal = Decimal(0)
    sends: bool = True
    receives: bool = True
    version: int = 1
    there: bool = True

    @property
    def money(self) -> Decimal:
        """All that is in it."""
        return self.available + self.on_hold

    def allow(self, *, sends: bool | None, receives: bool | None) -> None:
        """Says what it may do."""
        before = self.sends, self.receives
        self.sends = self.sends if sends is None else sends
        self.receives = self.receives if receives is None else receives
        self.version += before != (self.sends, self.receives)


@dataclass(slots=True, eq=False)
class Account:
    """Who holds something of an asset."""

    id: str
    alias: str
    asset: Asset
    shards: int = 1
    blocked: bool = False
    external: bool = False
    there: bool = True
    balances: dict[str, Balance] = field(default_factory=dict)

    def open(self, balance_id: str, key: str = DEFAULT) -> Balance:
        """Opens a balance."""
        balance = self.balances[key] = Balance(balance_id, self, key)
        return balance

    def block(self, *, blocked: bool) -> None:
        """Blocks all of it, or lets it go again."""
        for balance in self.balances.values():
            balance.version += blocked != self.blocked
        self.blocked = blocked

    def close(self) -> None:
        """Is gone, with all its balances."""
        self.there = False
        for balance in self.balances.values():
            balance.there = False
