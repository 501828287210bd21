"""Entries: a balance is its newest entry.

A chain is one shard of one balance: entries without gaps from sequence 1, each saying what happened and what stands
afterwards. Opening, a change of flags and closing are entries too, so that a chain tells its whole story and nothing is
ever overwritten.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import replace
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from coffer.ledger.amounts import ZERO, add, multiply
from coffer.ledger.refusal import Reason, Refusal

EXTERNAL_SHARDS = 16
"""External accounts are in every deposit: they are always split over this many chains."""

_EXTERNAL = "@external/"

DEFAULT_KEY = "default"
"""The key of the balance that every account has."""


def external_alias(code: str) -> str:
    """The alias of an asset's external account, the door through which its money enters and leaves the ledger."""
    return f"{_EXTERNAL}{code}"


def is_external(alias: str) -> bool:
    """Whether an alias is that of an external account."""
    return alias.startswith(_EXTERNAL)


class EntryType(StrEnum):
    """What happened: to the balance as such, or to so much of it."""

    OPEN = "OPEN"
    CHANGE = "CHANGE"
    """Its flags are other ones now."""
    CLOSE = "CLOSE"

    DEBIT = "DEBIT"
    """Taken from what is available."""
    CREDIT = "CREDIT"
    """Added to what is available."""
    ON_HOLD = "ON_HOLD"
    """Set aside: from available to on hold."""
    RELEASE = "RELEASE"
    """Given back: from on hold to available."""
    SPEND = "SPEND"
    """Taken from what is on hold, by the commit of a pending transaction; for the API a DEBIT like the other."""


EFFECTS: Mapping[EntryType, tuple[Decimal, Decimal]] = {
    EntryType.DEBIT: (Decimal(-1), ZERO),
    EntryType.CREDIT: (Decimal(1), ZERO),
    EntryType.ON_HOLD: (Decimal(-1), Decimal(1)),
    EntryType.RELEASE: (Decimal(1), Decimal(-1)),
    EntryType.SPEND: (ZERO, Decimal(-1)),
}
"""What an entry's amount does to available and to on hold; the types that are not here move nothing."""

MOVING = frozenset(EFFECTS)
"""The types of entries that a transaction makes: they have its id and an amount."""


class Entry(NamedTuple):
    """One entry, and what stands after it.

    `sequence` counts a chain's entries from 1. `transaction_id` and `amount` (above zero) are those of the transaction
    that made the entry, `operation` is the entry's number among all that this transaction makes, from 1, known once it
    is read back; None if no transaction made it. `opened` is the sequence of the opening entry of the account that the
    chain belongs to now: an asset made again under the same code goes on with the chains of the external account before
    it.
    `created_at` (milliseconds since 1970) never runs backwards along a chain.

    `hash` seals the entry as it is stored, so it is known once the entry is read back. `previous` is the hash of the
    entry before: None for a chain's first entry, and, until both are sealed, for one that follows an entry of the same
    write.
    """

    sequence: int
    opened: int
    type: EntryType
    available: Decimal
    on_hold: Decimal
    asset_id: str
    asset_code: str
    decimals: int | None
    account_id: str
    balance_id: str
    shard: int
    shards: int
    created_at: int
    transaction_id: str | None = None
    operation: int | None = None
    amount: Decimal | None = None
    allow_sending: bool = True
    allow_receiving: bool = True
    blocked: bool = False
    closed: bool = False
    previous: str | None = None
    hash: str | None = None

    @property
    def version(self) -> int:
        """How many entries the account that the chain belongs to now has on it."""
        return self.sequence - self.opened + 1


class Opening(NamedTuple):
    """A balance to open: whose, of which asset, over how many shards, and what may be done with it."""

    asset_id: str
    asset_code: str
    decimals: int | None
    account_id: str
    balance_id: str
    shards: int
    allow_sending: bool = True
    allow_receiving: bool = True
    blocked: bool = False


def open_balance(opening: Opening, heads: Sequence[Entry | None], now: int) -> list[Entry]:
    """The opening entries of a balance, one for each shard, at zero.

    `heads` are the newest entries of its chains, None where there is none yet. Chains that are not new go on under the
    new account; raises ValueError if one of them is still open.
    """
    if any(head and not head.closed for head in heads):
        raise ValueError(opening.balance_id)
    created_at = latest(heads, now)
    return [
        Entry(
            sequence=head.sequence + 1 if head else 1,
            opened=head.sequence + 1 if head else 1,
            type=EntryType.OPEN,
            available=ZERO,
            on_hold=ZERO,
            asset_id=opening.asset_id,
            asset_code=opening.asset_code,
            decimals=opening.decimals,
            account_id=opening.account_id,
            balance_id=opening.balance_id,
            shard=shard,
            shards=opening.shards,
            allow_sending=opening.allow_sending,
            allow_receiving=opening.allow_receiving,
            blocked=opening.blocked,
            created_at=created_at,
            previous=head.hash if head else None,
        )
        for shard, head in enumerate(heads)
    ]


def change_flags(
    heads: Sequence[Entry],
    now: int,
    *,
    allow_sending: bool | None = None,
    allow_receiving: bool | None = None,
    blocked: bool | None = None,
) -> list[Entry]:
    """The entries that change what may be done with a balance, one for each of its heads; None leaves a flag alone."""
    created_at = latest(heads, now)
    return [
        replace(
            follow(head, EntryType.CHANGE, created_at),
            allow_sending=head.allow_sending if allow_sending is None else allow_sending,
            allow_receiving=head.allow_receiving if allow_receiving is None else allow_receiving,
            blocked=head.blocked if blocked is None else blocked,
        )
        for head in heads
    ]


def close_balance(heads: Sequence[Entry], now: int, holding: Refusal) -> list[Entry]:
    """The closing entries of a balance's chains; raises `holding` while there is money in any of them."""
    if any(head.available or head.on_hold for head in heads):
        raise holding
    return _close(heads, now)


def close_external(heads: Sequence[Entry], now: int) -> list[Entry]:
    """The closing entries of an external account's chains, from their newest entries.

    No account but the external one goes below zero and every posting sums to zero, so the external account's shards sum
    to zero exactly when no account holds any of the asset. Raises `Refusal(ASSET_HOLDS_BALANCE)` when they do not.
    """
    outside = add(amount for head in heads for amount in (head.available, head.on_hold))
    if outside:
        code = heads[0].asset_code
        raise Refusal(
            Reason.ASSET_HOLDS_BALANCE,
            f"Accounts of this ledger still hold {code}. Move what remains to {external_alias(code)}, then delete the "
            "asset.",
        )
    return _close(heads, now)


def move(head: Entry, type_: EntryType, amount: Decimal, transaction_id: str, created_at: int) -> Entry:
    """The entry by which a transaction moves an amount; whether it may fall below zero is for others to say."""
    of_available, of_on_hold = EFFECTS[type_]
    return replace(
        follow(head, type_, created_at),
        transaction_id=transaction_id,
        amount=amount,
        available=add([head.available, multiply(amount, of_available)]),
        on_hold=add([head.on_hold, multiply(amount, of_on_hold)]),
    )


def follow(head: Entry, type_: EntryType, created_at: int) -> Entry:
    """The entry after a head, as long as it changes nothing."""
    return replace(
        head,
        sequence=head.sequence + 1,
        type=type_,
        transaction_id=None,
        operation=None,
        amount=None,
        created_at=created_at,
        previous=head.hash,
        hash=None,
    )


def latest(heads: Iterable[Entry | None], now: int) -> int:
    """The moment of a write on these heads: the clock's, but never before an entry that it follows."""
    return max([now, *(head.created_at for head in heads if head)])


def _close(heads: Sequence[Entry], now: int) -> list[Entry]:
    created_at = latest(heads, now)
    return [replace(follow(head, EntryType.CLOSE, created_at), closed=True) for head in heads]
