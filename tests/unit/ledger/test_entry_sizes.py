"""Entries and records are small: what a posting costs follows from it."""

from collections.abc import Mapping
from copy import replace
from decimal import Decimal
from typing import Any, cast

import pytest

from coffer.ids import new_id, pack, transaction_id
from coffer.ledger.chains import Chain
from coffer.ledger.entries import Entry, EntryType, external_alias
from coffer.ledger.lifecycle import TransactionStatus
from coffer.ledger.posting import commit
from coffer.models.new_transactions import NewTransaction
from coffer.store import entries, keys, records
from coffer.store.values import Item, encode_item
from tests.support.dynamodb.sizes import item_size
from tests.support.dynamodb.values import checked_item
from tests.support.world import World
from tests.unit.ledger.small_ledger import SmallLedger

NOW = 1_768_473_600_000
SEALED = "x" * 43

LEDGER = keys.LedgerRef(new_id(NOW), new_id(NOW), new_id(NOW))

REALISTIC = Entry(
    sequence=123_456_789,
    opened=123_456_001,
    type=EntryType.DEBIT,
    transaction_id=new_id(NOW),
    amount=Decimal("123456.123456789012345678"),
    available=Decimal("-123456789012.123456789012345678"),
    on_hold=Decimal("12345678.123456789012345678"),
    asset_id=new_id(NOW),
    asset_code="USDTETHEREUM",
    decimals=18,
    account_id=new_id(NOW),
    balance_id=new_id(NOW),
    shard=15,
    shards=16,
    created_at=NOW,
    previous=SEALED,
)


CUSTOMER, MERCHANT = "@customer-48151623", "@merchant-2342"
PAYMENT: Mapping[str, Any] = {
    "description": "order 2026-01-15/42",
    "metadata": {"orderId": "42"},
    "send": {
        "asset": "BRL",
        "value": "1249.90",
        "source": {"from": [{"accountAlias": CUSTOMER, "remaining": "remaining"}]},
        "distribute": {"to": [{"accountAlias": MERCHANT, "remaining": "remaining"}]},
    },
}


def size(item: Item) -> int:
    """Bytes that an item takes in the table."""
    return item_size(checked_item(cast("Mapping[str, dict[str, Any]]", encode_item(item))))


def size_of_entry(entry: Entry, alias: str = external_alias("USDTETHEREUM"), key: str = "default") -> int:
    """Bytes that an entry takes."""
    return size(entries.to_item(keys.chain(LEDGER, alias, key, entry.shard), entry, pack(new_id(NOW))))


class Payment:
    """A payment between accounts that have seen many, and its record."""

    def __init__(self, **fields: object) -> None:
        self.table = World().table()
        self.ledger = SmallLedger()
        for alias in (CUSTOMER, MERCHANT):
            self.ledger.open(alias, "123456.78")
            chain = Chain(alias, "default", 0)
            self.ledger.chains[chain] = [replace(self.ledger.heads[chain], sequence=123_456)]
        draft = NewTransaction.model_validate({**PAYMENT, **fields}).draft()
        booking = self.ledger.plan(draft.send)
        for operation in booking.operations:
            self.ledger.chains[operation.posting.chain].append(operation.after)
        self.transfer = booking.transfer
        self.record = records.new(
            self.table, LEDGER, transaction_id(new_id(NOW)), draft, booking, preference=0, fingerprint=SEALED
        )

    def committed(self) -> Item:
        """Its record when it was pending and is committed."""
        booking = commit(self.transfer, self.ledger.heads, transaction_id="", now=NOW)
        return records.settled(self.table, self.record, booking, TransactionStatus.APPROVED)


@pytest.mark.parametrize("kind", EntryType)
def test_an_entry_with_realistic_values_takes_at_most_700_bytes(kind: EntryType) -> None:
    assert size_of_entry(replace(REALISTIC, type=kind)) <= 700


def test_with_everything_as_long_as_it_may_be_an_entry_takes_one_write_unit() -> None:
    longest = replace(
        REALISTIC,
        sequence=10**12 - 1,
        amount=Decimal("9" * 60 + "." + "9" * 36),
        available=Decimal("-" + "9" * 60 + "." + "9" * 36),
        on_hold=Decimal("9" * 60 + "." + "9" * 36),
        asset_code="X" * 100,
    )
    assert size_of_entry(longest, external_alias("X" * 100)) <= 1_024


def test_the_record_of_two_legs_with_realistic_values_takes_at_most_900_bytes() -> None:
    assert size(Payment().record) <= 900


def test_once_it_was_committed_it_still_takes_one_write_unit() -> None:
    assert size(Payment(pending=True, expiresAt="2027-01-01T00:00:00.000Z").committed()) <= 1_024
