"""A ledger in memory: chains of entries, linked as the store links them. What the engine plans can be written to it."""

from collections.abc import Iterable
from copy import replace
from decimal import Decimal

from coffer.ids import new_id
from coffer.ledger.book import Operation
from coffer.ledger.chains import Chain, Heads, first, payers, preferred
from coffer.ledger.distribution import Amount, Remaining, Share
from coffer.ledger.entries import (
    DEFAULT_KEY,
    EXTERNAL_SHARDS,
    Entry,
    Opening,
    change_flags,
    external_alias,
    open_balance,
)
from coffer.ledger.posting import Booking, Transfer, cancel, commit, post, revert
from coffer.ledger.sends import Leg, Send
from coffer.ledger.shards import Standing, total
from coffer.ledger.verification import Finding, verify_chain

NOW = 1_768_473_600_000
BRL = "BRL"
OUTSIDE = external_alias(BRL)


def leg(alias: str, part: str | int | Amount | Share | Remaining, key: str = DEFAULT_KEY) -> Leg:
    """A leg: of an amount if the part is written as a string, of a percentage if it is a whole number."""
    match part:
        case str():
            part = Amount(BRL, Decimal(part))
        case int():
            part = Share(Decimal(part))
    return Leg(alias, part, key)


def send(value: str, source: Iterable[Leg], destination: Iterable[Leg], *, pending: bool = False) -> Send:
    """A value in BRL to send."""
    return Send(asset=BRL, value=Decimal(value), source=tuple(source), destination=tuple(destination), pending=pending)


def pay(value: str, payer: str, payee: str, *, pending: bool = False) -> Send:
    """A payment from one account to another."""
    return send(value, [leg(payer, value)], [leg(payee, value)], pending=pending)


class SmallLedger:
    """Accounts of one asset, with its external account; `places` is for shares when the asset has no decimals set."""

    def __init__(self, decimals: int | None = 2) -> None:
        self.chains: dict[Chain, list[Entry]] = {}
        self.now = NOW
        self.asset_id = new_id(NOW)
        self.decimals = decimals
        self.open(OUTSIDE, shards=EXTERNAL_SHARDS)

    @property
    def heads(self) -> dict[Chain, Entry]:
        """The newest entry of every chain."""
        return {chain: entries[-1] for chain, entries in self.chains.items()}

    def open(self, alias: str, *available: str, shards: int = 1, key: str = DEFAULT_KEY, code: str = BRL) -> None:
        """Opens a balance; with amounts, one shard for each, funded from outside."""
        shards = len(available) or shards
        opening = Opening(
            asset_id=self.asset_id,
            asset_code=code,
            decimals=self.decimals,
            account_id=new_id(NOW),
            balance_id=new_id(NOW),
            shards=shards,
        )
        chains = [Chain(alias, key, shard) for shard in range(shards)]
        heads = [self.heads.get(chain) for chain in chains]
        for chain, entry in zip(chains, open_balance(opening, heads, self.now), strict=True):
            self.append(chain, entry)
        for shard, amount in enumerate(available):
            if Decimal(amount):
                self.post(send(amount, [leg(OUTSIDE, amount)], [leg(alias, amount, key)]), preference=shard)

    def change(self, alias: str, **flags: bool) -> None:
        """Changes the flags of an account's default balance."""
        chains = self.chains_of(alias)
        for chain, entry in zip(
            chains, change_flags([self.heads[each] for each in chains], self.now, **flags), strict=True
        ):
            self.append(chain, entry)

    def chains_of(self, alias: str, key: str = DEFAULT_KEY) -> list[Chain]:
        """The chains of a balance."""
        return [chain for chain in self.chains if (chain.alias, chain.key) == (alias, key)]

    def append(self, chain: Chain, entry: Entry, operation: int | None = None) -> None:
        """Writes an entry behind its chain, numbered, linked and sealed; AssertionError if someone was faster."""
        chain_so_far = self.chains.setdefault(chain, [])
        assert entry.sequence == len(chain_so_far) + 1
        previous = chain_so_far[-1].hash if chain_so_far else None
        assert entry.previous in {previous, None}
        self.chains[chain].append(
            replace(entry, operation=operation, previous=previous, hash=f"{chain} {entry.sequence}")
        )

    def write(self, booking: Booking) -> Booking:
        """Writes all that was planned."""
        for number, operation in enumerate(booking.operations, 1):
            self.append(operation.posting.chain, operation.after, number)
        return booking

    def read(self, asked: Send, preference: int) -> Heads:
        """The heads that a request is planned on: no more than it takes."""
        heads = self.heads
        needed = set()
        for side, pays in ((asked.source, True), (asked.destination, False)):
            for each in side:
                chain = first(each.alias, each.key, preference)
                needed.add(chain)
                if chain in heads:
                    wanted = preferred(chain, heads[chain].shards, preference)
                    needed.update(payers(wanted, heads[chain].shards) if pays else [wanted])
        return {chain: heads[chain] for chain in needed if chain in heads}

    def post(self, asked: Send, *, preference: int = 0) -> Booking:
        """Posts or holds, and writes it."""
        return self.write(self.plan(asked, preference=preference))

    def plan(self, asked: Send, *, preference: int = 0) -> Booking:
        """Plans to post or hold."""
        heads = self.read(asked, preference)
        return post(asked, heads, transaction_id=new_id(self.now), now=self.now, preference=preference, places=2)

    def commit(self, transfer: Transfer, transaction_id: str = "pending") -> Booking:
        """Commits, and writes it."""
        return self.write(commit(transfer, self.heads, transaction_id=transaction_id, now=self.now))

    def cancel(self, transfer: Transfer, transaction_id: str = "pending") -> Booking:
        """Cancels, and writes it."""
        return self.write(cancel(transfer, self.heads, transaction_id=transaction_id, now=self.now))

    def revert(self, transfer: Transfer) -> Booking:
        """Reverts, and writes it."""
        return self.write(revert(transfer, self.heads, transaction_id=new_id(self.now), now=self.now))

    def balance(self, alias: str, key: str = DEFAULT_KEY) -> Standing:
        """What stands in a balance."""
        return total([self.heads[chain] for chain in self.chains_of(alias, key)])

    def stands(self) -> dict[Chain, tuple[Decimal, Decimal]]:
        """What is available and on hold in every chain."""
        return {chain: (head.available, head.on_hold) for chain, head in self.heads.items()}

    def findings(self) -> list[Finding]:
        """What verification finds."""
        return [finding for chain, entries in self.chains.items() for finding in verify_chain(chain, entries)]


def moves(operations: Iterable[Operation]) -> list[tuple[str, int, str, str]]:
    """Operations in short: alias, shard, type and amount."""
    return [
        (each.posting.chain.alias, each.posting.chain.shard, each.after.type.value, str(each.after.amount))
        for each in operations
    ]
