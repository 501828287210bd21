"""The statement of an account: the entries of its chains, merged in the order of time, as operations.

A place in it is a moment, a balance, a shard and a sequence, so that a page goes on where another has ended, on every
chain: on the one that it ended on behind that entry, on the others at that moment.
"""

import re
from collections.abc import Iterator
from heapq import merge
from itertools import batched, chain, islice
from typing import NamedTuple

from coffer.ledger.entries import MOVING, Entry
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Listing, Rows
from coffer.models.transactions import Operation
from coffer.store import account_items, answers, entries, history, keys, lists, opening, records
from coffer.store.keys import LedgerRef
from coffer.store.limits import READ_TOGETHER
from coffer.store.lists import Listed
from coffer.store.table import Table
from coffer.store.values import Item, mapping, number, text

_PLACE = re.compile(r"([0-9]{15})#(.{22}#[0-9]{2})#([0-9]{12})")


class _Strand(NamedTuple):
    """A chain of an account, with its newest entry, and what stands for it in a place: balance and shard."""

    chain: str
    head: Entry
    mark: str


def rows(table: Table, ledger: LedgerRef, account_id: str, listing: Listing) -> Rows[Operation]:
    """The operations on an account; `Refusal(ENTITY_NOT_FOUND)`."""
    strands = _strands(table, ledger, account_items.require(table, ledger, account_id))
    forwards = listing.ascending != listing.backwards
    chunk = min(READ_TOGETHER, listing.skip + listing.limit + 1)

    def begun(strand: _Strand) -> Iterator[tuple[str, Entry]]:
        """The rows of a chain, of which the first are found and read at once: they are needed in any case."""
        rest = _walk(table, strand, listing, chunk=chunk)
        return chain(list(islice(rest, 1)), rest)

    merged = merge(*table.each(begun, strands), key=lambda row: row[0], reverse=not forwards)

    def read(item: Item) -> Operation:
        record = mapping(item, "record")
        wanted = number(item, "operation")
        (step,) = (step for step in records.steps(record) if step.number == wanted)
        return answers.operation(ledger, record, step)

    return lists.select(_with_records(table, ledger, merged, chunk), listing, read)


def _strands(table: Table, ledger: LedgerRef, account: Item) -> list[_Strand]:
    names = [
        (name, f"{packed}#{shard:02}")
        for key, packed in mapping(account, "balances").items()
        for shard, name in enumerate(opening.chains(ledger, text(account, "alias"), key, number(account, "shards")))
    ]
    heads = entries.heads(table, [name for name, _ in names])
    return [_Strand(name, head, mark) for (name, mark), head in zip(names, heads, strict=True) if head]


def _walk(table: Table, strand: _Strand, listing: Listing, *, chunk: int) -> Iterator[tuple[str, Entry]]:
    """The moving entries of a chain from the place that a listing asks for, each with its place."""
    forwards = listing.ascending != listing.backwards
    low, high = _range(table, strand, listing, forwards=forwards)
    if low > high:
        return
    for item in table.walk(strand.chain, keys.padded(low), keys.padded(high), ascending=forwards, chunk=chunk):
        entry = entries.from_item(item)
        if entry.type in MOVING:
            yield f"{keys.moment(entry.created_at)}#{strand.mark}#{keys.padded(entry.sequence)}", entry


def _range(table: Table, strand: _Strand, listing: Listing, *, forwards: bool) -> tuple[int, int]:
    """The first and the last sequence of a chain that a listing asks for."""
    low, high = strand.head.opened, strand.head.sequence
    if listing.first is not None:
        low = _upto(table, strand, listing.first - 1) + 1
    if listing.last is not None:
        high = _upto(table, strand, listing.last)
    if listing.position is None:
        return low, high
    moment, mark, sequence = _place(listing.position)
    if mark == strand.mark:
        return (max(low, sequence + 1), high) if forwards else (low, min(high, sequence - 1))
    reached = _upto(table, strand, moment if strand.mark < mark else moment - 1)
    return (max(low, reached + 1), high) if forwards else (low, min(high, reached))


def _upto(table: Table, strand: _Strand, moment: int) -> int:
    """The sequence of a chain's last entry at or before a moment."""
    entry = history.upto(table, strand.chain, strand.head, moment)
    return entry.sequence if entry else strand.head.opened - 1


def _place(position: str) -> tuple[int, str, int]:
    """Moment, mark and sequence of a place; `Refusal(QUERY_INVALID)` for a cursor that is none of ours."""
    found = _PLACE.fullmatch(position)
    if found is None:
        raise Refusal(
            Reason.QUERY_INVALID, "The cursor is not one of this list.", {"cursor": "is not one of this list"}
        )
    return int(found[1]), found[2], int(found[3])


def _with_records(table: Table, ledger: LedgerRef, merged: Iterator[tuple[str, Entry]], chunk: int) -> Listed:
    """Entries with the records of their transactions, where all that was noted of them stands."""
    for some in batched(merged, chunk, strict=False):
        wanted = list(dict.fromkeys(str(entry.transaction_id) for _, entry in some))
        found = dict(zip(wanted, table.get_each([keys.transaction(ledger, each) for each in wanted]), strict=True))
        # Of a write that is just being done the entry may be seen before the record; read together it is seen whole.
        unseen = [each for each, record in found.items() if record is None]
        if unseen:
            together = table.get_together(*(keys.transaction(ledger, each) for each in unseen))
            found |= dict(zip(unseen, together, strict=True))
        for position, entry in some:
            yield position, {"record": found[str(entry.transaction_id)], "operation": entry.operation}
