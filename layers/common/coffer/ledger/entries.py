"""Entries: a balance is its newest entry.

A chain is one shard of one balance: entries without gaps from sequence 1, each saying what happened and what stands
afterwards. Opening and closing are entries too, so that a chain tells its whole story and nothing is ever overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from coffer.ledger.amounts import ZERO, add, text
from coffer.ledger.refusal import Reason, Refusal

EXTERNAL_SHARDS = 16
"""External accounts are in every deposit: they are always split over this many chains."""

DEFAULT_KEY = "default"
"""The key of the balance that every account has."""


def external_alias(code: str) -> str:
    """The alias of an asset's external account, the door through which its money enters and leaves the ledger."""
    return f"@external/{code}"


class EntryType(StrEnum):
    """What happened."""

    OPEN = "OPEN"
    CLOSE = "CLOSE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, and what stands after it.

    `sequence` counts a chain's entries from 1. `opened` is the sequence of the opening entry of the account that the
    chain belongs to now: an asset made again under the same code goes on with the chains of the external account before
    it. `previous` is the hash of the entry before (None for the first), `hash` this entry's own, known once it is read
    back. `created_at` (milliseconds since 1970) never runs backwards along a chain.
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
    allow_sending: bool = True
    allow_receiving: bool = True
    blocked: bool = False
    closed: bool = False
    created_at: int
    previous: str | None = None
    hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A balance to open: whose, of which asset, over how many shards."""

    asset_id: str
    asset_code: str
    decimals: int | None
    account_id: str
    balance_id: str
    shards: int


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
            created_at=created_at,
            previous=head.hash if head else None,
        )
        for shard, head in enumerate(heads)
    ]


def close_external(heads: Sequence[Entry], now: int) -> list[Entry]:
    """The closing entries of an external account's chains, from their newest entries.

    No account but the external one goes below zero and every posting sums to zero, so the external account's shards sum
    to zero exactly when no account holds any of the asset. Raises `Refusal(ASSET_HOLDS_BALANCE)` when they do not.
    """
    outside = add(amount for head in heads for amount in (head.available, head.on_hold))
    if outside:
        inside, code = text(outside.copy_negate()), heads[0].asset_code
        raise Refusal(
            Reason.ASSET_HOLDS_BALANCE,
            f"Accounts of this ledger still hold {inside} {code}. Move what remains to {external_alias(code)}, then "
            "delete the asset.",
        )
    created_at = latest(heads, now)
    return [
        replace(
            head,
            sequence=head.sequence + 1,
            type=EntryType.CLOSE,
            closed=True,
            created_at=created_at,
            previous=head.hash,
            hash=None,
        )
        for head in heads
    ]


def latest(heads: Sequence[Entry | None], now: int) -> int:
    """The moment of a write on these heads: the clock's, but never before an entry that it follows."""
    return max([now, *(head.created_at for head in heads if head)])
