"""Verification of a chain: every entry must be what follows from the one before it."""

from collections.abc import Iterable, Iterator
from copy import replace
from decimal import Decimal
from typing import NamedTuple

from coffer.ledger.amounts import ZERO, text
from coffer.ledger.chains import Chain
from coffer.ledger.entries import MOVING, Entry, EntryType, follow, move


class Finding(NamedTuple):
    """What is wrong with an entry: in which of its fields, and how."""

    sequence: int
    field: str
    message: str


def verify_chain(chain: Chain, entries: Iterable[Entry], after: Entry | None = None) -> list[Finding]:
    """What is wrong with the entries of a chain, from the first one or the one behind `after`; nothing if all is well.

    Whether an entry is still what was sealed cannot be seen here, for its hash is over the form in which it is stored.
    """
    findings: list[Finding] = []
    for entry in entries:
        findings += [Finding(entry.sequence, field, message) for field, message in _wrong(chain, after, entry)]
        after = entry
    return findings


def _wrong(chain: Chain, before: Entry | None, entry: Entry) -> Iterator[tuple[str, str]]:
    sequence = before.sequence + 1 if before else 1
    if entry.sequence != sequence:
        yield "sequence", f"is {entry.sequence}, and {sequence} is due"
    elif before is None or before.closed:
        if entry.type is EntryType.OPEN:
            yield from _differences(entry, _opening(chain, before, entry))
        else:
            yield "type", f"is {entry.type}, and {EntryType.OPEN} is due"
    elif entry.type is EntryType.OPEN:
        yield "type", f"is {EntryType.OPEN} on a chain that is open"
    else:
        yield from _differences(entry, _next(before, entry))
    yield from _impossible(chain, before, entry)


def _differences(entry: Entry, due: Entry) -> Iterator[tuple[str, str]]:
    for name in Entry._fields:
        found, expected = getattr(entry, name), getattr(due, name)
        if found != expected:
            yield name, f"is {_show(found)}, and {_show(expected)} is due"


def _impossible(chain: Chain, before: Entry | None, entry: Entry) -> Iterator[tuple[str, str]]:
    """What no entry may be, whatever the one before it is."""
    if before and entry.created_at < before.created_at:
        yield "created_at", f"is {entry.created_at}, and the entry before is of {before.created_at}"
    if entry.type in MOVING and not entry.transaction_id:
        yield "transaction_id", "is missing"
    if entry.type in MOVING and (entry.operation is None or entry.operation < 1):
        yield "operation", f"is {entry.operation}, and a number from 1 is due"
    if entry.type in MOVING and (entry.amount is None or entry.amount <= ZERO):
        yield "amount", f"is {_show(entry.amount)}, and above zero is due"
    if entry.available < ZERO and not chain.external:
        yield "available", f"is {text(entry.available)}, below zero"
    if entry.on_hold < ZERO:
        yield "on_hold", f"is {text(entry.on_hold)}, below zero"


def _opening(chain: Chain, before: Entry | None, entry: Entry) -> Entry:
    """The entry that is due on a chain that is not open, which says itself whose it is from now on."""
    return replace(
        entry,
        opened=entry.sequence,
        transaction_id=None,
        operation=None,
        amount=None,
        available=ZERO,
        on_hold=ZERO,
        shard=chain.shard,
        closed=False,
        previous=before.hash if before else None,
    )


def _next(before: Entry, entry: Entry) -> Entry:
    """The entry that is due on a chain that is open, which says itself what has happened."""
    due = follow(before, entry.type, entry.created_at)
    if entry.type in MOVING:
        due = move(before, entry.type, entry.amount or ZERO, entry.transaction_id or "", entry.created_at)
        due = replace(due, transaction_id=entry.transaction_id, operation=entry.operation, amount=entry.amount)
    elif entry.type is EntryType.CHANGE:
        due = replace(
            due, allow_sending=entry.allow_sending, allow_receiving=entry.allow_receiving, blocked=entry.blocked
        )
    else:
        due = replace(due, closed=True)
    return replace(due, hash=entry.hash)


def _show(value: object) -> object:
    return text(value) if isinstance(value, Decimal) else value
