"""Entries as they are stored: read as they were written, and sealed in the order in which they follow each other."""

from copy import replace
from decimal import Decimal

import pytest

from coffer.ids import new_id
from coffer.ledger.amounts import text
from coffer.ledger.book import Operation
from coffer.ledger.chains import Chain
from coffer.ledger.entries import EntryType
from coffer.ledger.hashing import seal
from coffer.store import entries, keys
from coffer.store.values import Item
from tests.support.world import World
from tests.unit.ledger.small_ledger import NOW, OUTSIDE, SmallLedger, leg, pay, send

LEDGER = keys.LedgerRef(new_id(NOW), new_id(NOW), new_id(NOW))
ATTEMPT = "attempt"


def chain_of(chain: Chain) -> str:
    """The collection of a chain."""
    return keys.chain(LEDGER, chain.alias, chain.key, chain.shard)


def items(operations: tuple[Operation, ...]) -> list[Item]:
    """What is stored for a plan."""
    return [put.item for put in entries.append(World().table(), LEDGER, operations, first=5)]


@pytest.fixture
def ledger() -> SmallLedger:
    """Alice has 100, Bob has nothing."""
    ledger = SmallLedger()
    ledger.open("@alice", "100")
    ledger.open("@bob")
    return ledger


@pytest.mark.parametrize("type_", EntryType)
@pytest.mark.parametrize("amount", ["0.1", "9" * 60 + "." + "9" * 36])
def test_an_entry_is_read_as_it_was_written(ledger: SmallLedger, type_: EntryType, amount: str) -> None:
    head = ledger.heads[Chain("@alice", "default", 0)]
    written = replace(
        head,
        type=type_,
        transaction_id=new_id(NOW),
        operation=98,
        amount=Decimal(amount),
        available=Decimal(amount),
        on_hold=Decimal(amount),
        blocked=True,
        allow_sending=False,
        decimals=None,
    )
    item = entries.to_item("chain", written, ATTEMPT)
    assert entries.from_item(item) == replace(written, hash=seal(item))
    assert text(entries.from_item(item).available) == amount


def test_an_entry_that_no_transaction_made_has_no_amount(ledger: SmallLedger) -> None:
    (opening, *_) = ledger.chains[Chain("@bob", "default", 0)]
    assert opening.type is EntryType.OPEN
    assert entries.from_item(entries.to_item("chain", opening, ATTEMPT)).amount is None


def test_entries_of_one_plan_on_one_chain_are_linked_to_each_other(ledger: SmallLedger) -> None:
    booking = ledger.plan(
        send(
            "50", [leg("@alice", "20"), leg("@alice", "30")], [leg("@bob", "25"), leg(OUTSIDE, "5"), leg("@bob", "20")]
        )
    )
    first, second, bob, outside, bob_again = items(booking.operations)
    heads = ledger.heads
    assert first["previous"] == heads[Chain("@alice", "default", 0)].hash
    assert bob["previous"] == heads[Chain("@bob", "default", 0)].hash
    assert outside["previous"] == heads[Chain(OUTSIDE, "default", 0)].hash
    assert second["previous"] == first["hash"] == seal(first)
    assert bob_again["previous"] == bob["hash"] == seal(bob)
    assert [item["operation"] for item in (first, second, bob, outside, bob_again)] == [5, 6, 7, 8, 9]


def test_each_entry_lies_behind_the_one_that_it_follows(ledger: SmallLedger) -> None:
    booking = ledger.plan(send("50", [leg("@alice", "20"), leg("@alice", "30")], [leg("@bob", "50")]))
    assert [(item["pk"], item["sk"]) for item in items(booking.operations)] == [
        (chain_of(Chain("@alice", "default", 0)), "000000000003"),
        (chain_of(Chain("@alice", "default", 0)), "000000000004"),
        (chain_of(Chain("@bob", "default", 0)), "000000000002"),
    ]


def test_an_entry_can_be_written_only_where_there_is_none(ledger: SmallLedger) -> None:
    puts = entries.append(World().table(), LEDGER, ledger.plan(pay("1", "@alice", "@bob")).operations)
    assert {put.when for put in puts} == {"attribute_not_exists(#pk)"}
    assert {put.otherwise for put in puts} == {None}
