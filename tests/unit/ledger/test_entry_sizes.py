"""An entry is small: what a posting costs follows from it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest

from coffer.ids import new_id, pack
from coffer.ledger.entries import Entry, EntryType, external_alias
from coffer.store import entries, keys
from coffer.store.values import encode_item
from tests.support.dynamodb.sizes import item_size
from tests.support.dynamodb.values import checked_item

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


def size(entry: Entry, alias: str = external_alias("USDTETHEREUM"), key: str = "default") -> int:
    """Bytes that an entry takes in the table."""
    item = entries.to_item(keys.chain(LEDGER, alias, key, entry.shard), entry, pack(new_id(NOW)))
    return item_size(checked_item(cast("Mapping[str, dict[str, Any]]", encode_item(item))))


@pytest.mark.parametrize("kind", EntryType)
def test_an_entry_with_realistic_values_takes_at_most_700_bytes(kind: EntryType) -> None:
    assert size(replace(REALISTIC, type=kind)) <= 700


def test_with_everything_as_long_as_it_may_be_it_takes_one_write_unit() -> None:
    longest = replace(
        REALISTIC,
        sequence=10**12 - 1,
        amount=Decimal("9" * 60 + "." + "9" * 36),
        available=Decimal("-" + "9" * 60 + "." + "9" * 36),
        on_hold=Decimal("9" * 60 + "." + "9" * 36),
        asset_code="X" * 100,
    )
    assert size(longest, external_alias("X" * 100)) <= 1_024
