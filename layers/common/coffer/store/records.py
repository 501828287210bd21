"""Transactions as they are stored: one record each, by which they are settled, reverted and answered.

What a record says of its postings, and of what stood after each of them, never changes; a commit or a cancel adds its
own. So the first answer, and every later one, follows from the record alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Literal, NamedTuple

from coffer.ids import pack, unpack
from coffer.ledger.amounts import text
from coffer.ledger.book import Posting
from coffer.ledger.chains import Chain, Heads, first
from coffer.ledger.entries import DEFAULT_KEY, Entry, EntryType
from coffer.ledger.lifecycle import TransactionStatus
from coffer.ledger.posting import Booking, Transfer
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.sends import Leg
from coffer.models.base import dump_metadata
from coffer.models.drafts import Draft, LegNote
from coffer.store import keys, resources, values
from coffer.store.keys import LedgerRef
from coffer.store.sealing import sealed
from coffer.store.table import Table
from coffer.store.values import Item, Value, mapping, mappings, number

type Side = Literal["source", "destination"]
type Stored = Mapping[str, Value]
"""A part of a record."""

type Made = Sequence[tuple[Posting, Entry | None]]
"""Postings, each with the entry that was made for it."""

_MUTABLE = ("description", "metadata")

MOST_NOTED = 360_000
"""Bytes that a record may have when it is made, or when more is noted of it, of the 400 KB that an item may have.

A commit, which adds some 230 bytes for each of up to 98 postings, and the id of a revert find room beside it; so does
a revert's own record, which takes over the legs and has 340 bytes more for each posting. A body of 256 KiB may come to
more: a number that has four characters there is stored with eighteen.
"""

MOST_REPEATED = 1_000_000
"""Bytes that the metadata of the legs may come to when it is told of each posting, as every answer tells it.

A commit tells that of the source twice, and as text within text it takes up to two bytes for one: these 4 MB and all
else that can be noted are within the 6 MB that a Lambda answers.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""


class Line(NamedTuple):
    """One posting of a transaction as its record has it: on which side, for which leg, and what stood after it.

    A posting that has not been made yet, as that to the destination of a pending transaction, has no `standing`.
    """

    side: Side
    leg: Stored
    posting: Posting
    standing: Stored | None


class Step(NamedTuple):
    """One operation of a transaction: its number, what it did, in which status it left the transaction, and when.

    `standing` is what stood after it, and which entry of its chain it is.
    """

    number: int
    line: Line
    type: EntryType
    status: TransactionStatus
    created_at: int
    standing: Stored


# ------------------------------------------------------------------------------------------------------------- written


def new(
    table: Table,
    ledger: LedgerRef,
    transaction_id: str,
    draft: Draft,
    booking: Booking,
    *,
    preference: int,
    fingerprint: str | None,
) -> Item:
    """The record of a transaction that is made. `preference` is the one that it was planned with.

    `Refusal(TOO_LARGE)` when there would be too little room left for what becomes of it, or for the answer to that.
    """
    send = draft.send
    status = TransactionStatus.NOTED
    if draft.moves:
        status = TransactionStatus.PENDING if send.pending else TransactionStatus.APPROVED
    source, destination = _made(booking) if draft.moves else _unmoved(booking)
    expiry = keys.holds_index(transaction_id, draft.expires_at) if draft.expires_at else {}
    record = _record(
        table,
        ledger,
        transaction_id,
        booking,
        {
            "status": status.value,
            "pending": send.pending or None,
            "asset_code": send.asset,
            "value": text(send.value),
            "source": [
                _leg(leg, note, _of_leg(position, source), booking.heads, preference)
                for position, (leg, note) in enumerate(zip(send.source, draft.source, strict=True))
            ],
            "destination": [
                _leg(leg, note, _of_leg(position, destination), booking.heads, preference)
                for position, (leg, note) in enumerate(zip(send.destination, draft.destination, strict=True))
            ],
            "description": draft.description,
            "code": draft.code,
            "chart_of_accounts_group_name": draft.chart_of_accounts_group_name,
            "metadata": _metadata(draft.metadata),
            "transaction_date": draft.transaction_date,
            "expires_at": draft.expires_at,
            "fingerprint": fingerprint,
            **expiry,
        },
    )
    _check_answerable(record)
    return _with_room(record)


def new_revert(
    table: Table, ledger: LedgerRef, transaction_id: str, original: Item, booking: Booking, *, fingerprint: str | None
) -> Item:
    """The record of a revert: what the legs of the original's destination got they give, to those of its source."""
    source, destination = _made(booking)
    return _record(
        table,
        ledger,
        transaction_id,
        booking,
        {
            "status": TransactionStatus.APPROVED.value,
            "parent_transaction_id": pack(id_of(original)),
            "asset_code": original["asset_code"],
            "value": original["value"],
            "source": [
                {**_at_hand(leg, _of_leg(position, source)), "postings": _parts(_of_leg(position, source))}
                for position, leg in enumerate(mappings(original, "destination"))
            ],
            "destination": [
                {**_at_hand(leg, _of_leg(position, destination)), "postings": _parts(_of_leg(position, destination))}
                for position, leg in enumerate(mappings(original, "source"))
            ],
            "fingerprint": fingerprint,
        },
    )


def settled(table: Table, record: Item, booking: Booking, status: TransactionStatus) -> Item:
    """A pending transaction's record after its commit or its cancel, when nothing is due of it any more."""
    attributes: Mapping[str, Value] = {
        "status": status.value,
        "settled": [_standing(each.after) for each in booking.operations],
        "settled_at": booking.created_at,
        "gsi2pk": None,
        "gsi2sk": None,
    }
    if status is TransactionStatus.APPROVED:
        _, made = _made(booking)
        legs = enumerate(mappings(record, "destination"))
        attributes = {**attributes, "destination": [_at_hand(leg, _of_leg(position, made)) for position, leg in legs]}
    return _changed(table, record, attributes, booking.created_at)


def _at_hand(leg: Item, made: Made) -> Item:
    """A leg with the balance that it was booked on: its own may have been closed since, and opened again as another."""
    booked = next((after for _, after in made if after), None)
    return {**leg, "balance_id": pack(booked.balance_id)} if booked else leg


def reverted(table: Table, record: Item, transaction_id: str, booking: Booking) -> Item:
    """A transaction's record after its revert, whose id is given."""
    return _changed(table, record, {"reverted_by": pack(transaction_id)}, booking.created_at)


def noted(table: Table, record: Item, attributes: Mapping[str, Value], operation: int = 0) -> Item:
    """A record with another description or other metadata, of the transaction or of one of its operations.

    What stood there first is kept, for the first answer may be asked for again. `Refusal(TOO_LARGE)` when there would
    be too little room left for what settles or reverts the transaction.
    """
    now = max(table.now, number(record, "updated_at"))
    if operation:
        notes = mapping(record, "notes")
        changed = {**mapping(dict(notes), str(operation)), **attributes}
        return _with_room(_changed(table, record, {"notes": {**notes, str(operation): changed}}, now))
    first_notes: Value = {name: record[name] for name in _MUTABLE if name in record}
    return _with_room(_changed(table, record, {**attributes, "first": record.get("first", first_notes)}, now))


def _record(
    table: Table, ledger: LedgerRef, transaction_id: str, booking: Booking, attributes: Mapping[str, Value]
) -> Item:
    now = booking.created_at
    item: Mapping[str, Value] = {
        "asset_id": pack(booking.transfer.asset_id),
        "created_at": now,
        "updated_at": now,
        **keys.transactions_index(ledger, transaction_id, now),
        **attributes,
    }
    present = {name: value for name, value in item.items() if value is not None}
    return resources.new_part(table, keys.transaction(ledger, transaction_id), present)


def _changed(table: Table, record: Item, attributes: Mapping[str, Value], now: int) -> Item:
    after = {**record, **attributes, "updated_at": now, "attempt": table.attempt}
    return sealed({name: value for name, value in after.items() if value is not None})


def _with_room(record: Item) -> Item:
    """`Refusal(TOO_LARGE)` for a record that is so large that its transaction could not be settled any more."""
    if values.size(record) > MOST_NOTED:
        raise Refusal(
            Reason.TOO_LARGE,
            f"The transaction would take more than {MOST_NOTED} bytes with all that is noted of it, of its legs and of "
            "its operations. Note less.",
        )
    return record


def _check_answerable(record: Item) -> None:
    legs = (*mappings(record, "source"), *mappings(record, "destination"))
    told = sum(len(mappings(leg, "postings")) * values.size(leg.get("metadata", "")) for leg in legs)
    if told > MOST_REPEATED:
        raise Refusal(
            Reason.TOO_LARGE,
            f"The metadata of the legs would come to more than {MOST_REPEATED} bytes, for it is told of each shard "
            "that pays. Note less of the legs.",
        )


def _of_leg(leg: int, made: Made) -> Made:
    return [(posting, after) for posting, after in made if posting.leg == leg]


def _leg(leg: Leg, note: LegNote, made: Made, heads: Heads, preference: int) -> Value:
    # Of several shards one may have been read before the balance was closed and opened again: what counts is the one
    # that was written.
    head = next((after for _, after in made if after), heads[first(leg.alias, leg.key, preference)])
    item: dict[str, Value] = {
        "alias": leg.alias,
        "key": leg.key if leg.key != DEFAULT_KEY else None,
        "account_id": pack(head.account_id),
        "balance_id": pack(head.balance_id),
        "postings": _parts(made),
        "description": note.description,
        "chart_of_accounts": note.chart_of_accounts,
        "metadata": _metadata(note.metadata),
    }
    return {name: value for name, value in item.items() if value is not None}


def _made(booking: Booking) -> tuple[Made, Made]:
    """The postings of both sides with what stands after each, if it was made: a plan's operations are in this order."""
    transfer = booking.transfer
    after = [each.after for each in booking.operations]
    postings = (*transfer.source, *transfer.destination)
    made = list(zip_longest(postings, after))
    return made[: len(transfer.source)], made[len(transfer.source) :]


def _unmoved(booking: Booking) -> tuple[Made, Made]:
    """The postings of both sides with what stands all the same."""
    source, destination = (
        [(each, booking.heads[each.chain]) for each in side]
        for side in (booking.transfer.source, booking.transfer.destination)
    )
    return source, destination


def _parts(made: Made) -> list[Value]:
    return [
        {"shard": each.chain.shard, "amount": text(each.amount), **(_standing(after) if after else {})}
        for each, after in made
    ]


def _standing(entry: Entry) -> dict[str, Value]:
    """What stands after an entry, in a list, for a record has many of them and should stay below 1 KB."""
    opened: list[Value] = [] if entry.opened == 1 else [entry.opened]
    return {"after": [entry.sequence, text(entry.available), text(entry.on_hold), *opened]}


def _stood(stored: Stored) -> Stored | None:
    """What stood after a posting, if it was made."""
    match stored:
        case {"after": [int(sequence), str(available), str(on_hold)]}:
            return {"sequence": sequence, "available": available, "on_hold": on_hold}
        case {"after": [int(sequence), str(available), str(on_hold), int(opened)]}:
            return {"sequence": sequence, "available": available, "on_hold": on_hold, "opened": opened}
        case {"after": _}:
            raise ValueError("not a posting of version 1")
    return None


def _metadata(metadata: dict[str, str | int | float | bool]) -> str | None:
    return dump_metadata(metadata) if metadata else None


# ---------------------------------------------------------------------------------------------------------------- read


def id_of(record: Item) -> str:
    """The id of a record's transaction."""
    return unpack(values.text(record, "pk").rpartition("#")[2])


def status_of(record: Item) -> TransactionStatus:
    """Where a record's transaction stands."""
    return TransactionStatus(values.text(record, "status"))


def transfer_of(record: Item) -> Transfer:
    """What a transaction moves, as settling and reverting it need it."""
    found = list(lines(record))
    return Transfer(
        asset_id=unpack(values.text(record, "asset_id")),
        source=tuple(line.posting for line in found if line.side == "source"),
        destination=tuple(line.posting for line in found if line.side == "destination"),
    )


def lines(record: Item) -> Iterator[Line]:
    """The postings of a transaction, those of its source first."""
    sides: tuple[Side, ...] = ("source", "destination")
    for side in sides:
        for position, leg in enumerate(mappings(record, side)):
            for stored in mappings(leg, "postings"):
                yield Line(side, leg, _posting(position, leg, stored), _stood(stored))


def steps(record: Item) -> Iterator[Step]:
    """The operations of a transaction so far, in their order."""
    found, status, made = list(lines(record)), status_of(record), number(record, "created_at")
    begun = TransactionStatus.PENDING if record.get("pending") else status
    count = 0
    for count, line in enumerate((line for line in found if line.standing), 1):
        taking = EntryType.ON_HOLD if begun is TransactionStatus.PENDING else EntryType.DEBIT
        type_ = taking if line.side == "source" else EntryType.CREDIT
        yield Step(count, line, type_, begun, made, line.standing or {})
    if "settled" not in record:
        return
    committed = status is TransactionStatus.APPROVED
    again = found if committed else [line for line in found if line.side == "source"]
    for line, standing in zip(again, mappings(record, "settled"), strict=True):
        count += 1
        taking = EntryType.SPEND if committed else EntryType.RELEASE
        type_ = taking if line.side == "source" else EntryType.CREDIT
        yield Step(count, line, type_, status, number(record, "settled_at"), _stood(standing) or {})


def first_form(record: Item) -> Item:
    """A record as it was first: what its POST was answered."""
    begun = TransactionStatus.PENDING if record.get("pending") else status_of(record)
    later = {"settled", "settled_at", "reverted_by", "notes", "first"}
    kept = {name: value for name, value in record.items() if name not in later}
    if "first" in record:
        kept = {name: value for name, value in kept.items() if name not in _MUTABLE} | dict(mapping(record, "first"))
    return kept | {"status": begun.value, "updated_at": record["created_at"]}


def _posting(position: int, leg: Stored, stored: Stored) -> Posting:
    match leg, stored:
        case {"alias": str(alias), "account_id": str(account_id)}, {"shard": int(shard), "amount": str(amount)}:
            key = str(leg.get("key", DEFAULT_KEY))
            return Posting(
                leg=position,
                chain=Chain(alias, key, shard),
                account_id=unpack(account_id),
                amount=Decimal(amount),
            )
    raise ValueError("not a posting of version 1")
