"""Verification of a chain: whatever does not follow from the entry before it is found and named."""

from collections.abc import Callable
from copy import replace
from decimal import Decimal
from typing import Any

import pytest

from coffer.ids import new_id
from coffer.ledger.chains import Chain
from coffer.ledger.entries import Entry, EntryType, close_external
from coffer.ledger.verification import verify_chain
from tests.unit.ledger.small_ledger import NOW, OUTSIDE, SmallLedger, pay

ALICE = Chain("@alice", "default", 0)
TYPES = ["OPEN", "CREDIT", "DEBIT", "ON_HOLD", "RELEASE", "ON_HOLD", "SPEND", "CHANGE", "CHANGE", "DEBIT", "CLOSE"]


def story() -> list[Entry]:
    """A chain on which everything has happened that can."""
    ledger = SmallLedger()
    ledger.open("@bob")
    ledger.open("@alice", "100")
    ledger.post(pay("10", "@alice", "@bob"))
    ledger.cancel(ledger.post(pay("20", "@alice", "@bob", pending=True)).transfer)
    ledger.commit(ledger.post(pay("30", "@alice", "@bob", pending=True)).transfer)
    ledger.change("@alice", blocked=True)
    ledger.change("@alice", blocked=False)
    ledger.post(pay("60", "@alice", "@bob"))
    (closed,) = close_external([ledger.heads[ALICE]], NOW)
    ledger.append(ALICE, closed)
    return ledger.chains[ALICE]


def fields_found(entries: list[Entry], chain: Chain = ALICE) -> list[tuple[int, str]]:
    """Which entries are found, and what of them."""
    return [(finding.sequence, finding.field) for finding in verify_chain(chain, entries)]


def changed(position: int, **changes: object) -> list[Entry]:
    """The story with one entry that is not as it was."""
    entries = story()
    entries[position] = replace(entries[position], **changes)  # type: ignore[arg-type]
    return entries


def test_a_chain_as_it_was_written_is_all_right() -> None:
    assert [entry.type.value for entry in story()] == TYPES
    assert verify_chain(ALICE, story()) == []


def test_so_are_the_chains_of_an_external_account_below_zero_and_of_one_that_was_made_again() -> None:
    ledger = SmallLedger()
    ledger.open("@alice", "100")
    ledger.post(pay("100", "@alice", OUTSIDE), preference=3)
    assert ledger.heads[Chain(OUTSIDE, "default", 0)].available == -100
    outside = ledger.chains_of(OUTSIDE)
    for chain, entry in zip(outside, close_external([ledger.heads[each] for each in outside], NOW), strict=True):
        ledger.append(chain, entry)
    ledger.asset_id = new_id(NOW)
    ledger.open(OUTSIDE, shards=len(outside))
    assert ledger.findings() == []
    *before, opened_again = ledger.chains[outside[0]]
    assert fields_found([*before, replace(opened_again, previous=None)], outside[0]) == [(4, "previous")]


def test_a_long_chain_can_be_verified_piece_by_piece() -> None:
    entries = story()
    for length in range(len(entries)):
        assert verify_chain(ALICE, entries[length:], entries[length - 1] if length else None) == []
    assert fields_found(entries[5:])[0] == (6, "sequence")


def test_a_gap_is_found() -> None:
    entries = story()
    del entries[4]
    assert fields_found(entries) == [(6, "sequence")]


def test_an_entry_that_stands_twice_is_found() -> None:
    entries = story()
    entries.insert(4, entries[4])
    assert fields_found(entries) == [(5, "sequence")]


def test_a_beginning_that_was_cut_off_is_found() -> None:
    assert fields_found(story()[1:])[0] == (2, "sequence")


@pytest.mark.parametrize(
    ("position", "changes", "found"),
    [
        (0, {"available": Decimal(1)}, (1, "available")),
        (0, {"opened": 2}, (1, "opened")),
        (0, {"shard": 1}, (1, "shard")),
        (0, {"type": EntryType.CREDIT}, (1, "type")),
        (0, {"closed": True}, (1, "closed")),
        (0, {"previous": "an entry before the first"}, (1, "previous")),
        (2, {"available": Decimal("90.01")}, (3, "available")),
        (2, {"amount": Decimal("9.99")}, (3, "available")),
        (2, {"amount": None}, (3, "amount")),
        (2, {"amount": Decimal(-10), "available": Decimal(110)}, (3, "amount")),
        (2, {"transaction_id": None}, (3, "transaction_id")),
        (2, {"operation": None}, (3, "operation")),
        (2, {"operation": 0}, (3, "operation")),
        (2, {"type": EntryType.CREDIT}, (3, "available")),
        (2, {"type": EntryType.OPEN}, (3, "type")),
        (2, {"type": EntryType.CLOSE}, (3, "closed")),
        (3, {"on_hold": Decimal(0)}, (4, "on_hold")),
        (3, {"created_at": NOW - 1}, (4, "created_at")),
        (3, {"account_id": "other"}, (4, "account_id")),
        (6, {"type": EntryType.DEBIT}, (7, "available")),
        (6, {"amount": Decimal(50), "on_hold": Decimal(-20)}, (7, "on_hold")),
        (7, {"available": Decimal(61)}, (8, "available")),
        (7, {"amount": Decimal(1)}, (8, "amount")),
        (9, {"closed": True}, (10, "closed")),
        (9, {"blocked": True}, (10, "blocked")),
        (9, {"amount": Decimal(61), "available": Decimal(-1)}, (10, "available")),
        (10, {"closed": False}, (11, "closed")),
        (10, {"type": EntryType.CHANGE}, (11, "closed")),
    ],
)
def test_what_does_not_follow_is_found(position: int, changes: dict[str, Any], found: tuple[int, str]) -> None:
    assert found in fields_found(changed(position, **changes))


OTHER: dict[type, Callable[[Any], object]] = {
    int: lambda value: value + 1,
    bool: lambda value: not value,
    str: lambda value: f"{value}, forged",
    Decimal: lambda value: value + 1,
    type(None): lambda _: 7,
    EntryType: lambda value: EntryType.CREDIT if value is EntryType.DEBIT else EntryType.DEBIT,
}


@pytest.mark.parametrize("name", Entry._fields)
def test_no_field_of_an_entry_in_the_middle_can_be_changed_unseen(name: str) -> None:
    entry = story()[2]
    forged = OTHER[type(getattr(entry, name))](getattr(entry, name))
    # Which transaction it is, and which part of it, can be told by its record alone, or by the entry's hash.
    unseen = {"transaction_id", "operation"}
    assert bool(fields_found(changed(2, **{name: forged}))) is (name not in unseen)


def test_entries_behind_a_closed_account_are_found() -> None:
    entries = story()
    extra = replace(entries[2], sequence=12, previous=entries[-1].hash)
    assert (12, "type") in fields_found([*entries, extra])


def test_only_external_accounts_may_be_below_zero() -> None:
    entries = changed(1, type=EntryType.DEBIT, available=Decimal(-100))[:2]
    assert fields_found(entries) == [(2, "available")]
    assert fields_found(entries, replace(ALICE, alias=OUTSIDE)) == []


def test_a_finding_says_what_is_due() -> None:
    (finding, *_) = verify_chain(ALICE, changed(2, available=Decimal("1E+2")))
    assert finding.message == "is 100, and 90 is due"
