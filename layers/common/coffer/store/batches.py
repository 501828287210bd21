"""Batches: many transactions, drawn up one on the other, in as few writes as they fit in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import replace
from dataclasses import dataclass, field
from typing import NamedTuple

from coffer.ids import spread
from coffer.ledger.chains import Chain, Heads
from coffer.ledger.refusal import UNSETTLED, Reason, Refusal
from coffer.models.drafts import Draft
from coffer.models.transactions import Transaction
from coffer.store import answers, entries, heads, keys, presence, records, resources, transactions
from coffer.store.commit import Met, Plan, commit
from coffer.store.idempotency import IdempotencyKey, Replay, used_otherwise
from coffer.store.keys import Key, LedgerRef
from coffer.store.limits import WRITTEN_TOGETHER
from coffer.store.lists import MOST_ANSWERED, size_of
from coffer.store.table import Table
from coffer.store.values import Item
from coffer.store.writes import Put

type Drafts = Mapping[int, Draft]
"""Transactions to make, by their positions in the batch."""
type Results = dict[int, Transaction | Refusal]
"""What became of them."""


class Outcome(NamedTuple):
    """What became of a batch; `replayed` if all of it had been done before, and nothing was left to try."""

    results: Results
    replayed: bool


class Lot(NamedTuple):
    """A batch that is being posted: its transactions, those that are refused already, and the key that it came with."""

    ledger: LedgerRef
    drafts: Drafts
    ids: Mapping[int, str]
    key: IdempotencyKey | None
    places: Callable[[Draft], int]

    @property
    def preference(self) -> int:
        """The same for all, so that they follow each other on the same chains."""
        return spread(self.ids[min(self.ids)])


def lot(
    table: Table,
    ledger: LedgerRef,
    drafts: Drafts,
    key: IdempotencyKey | None,
    places: Callable[[Draft], int],
) -> Lot:
    """A batch to post. With an idempotency key, each transaction's id follows from the key and its position."""
    ids = {position: transactions.new_transaction_id(table, key, position) for position in drafts}
    return Lot(ledger=ledger, drafts=drafts, ids=ids, key=key, places=places)


@dataclass(slots=True)
class _Sheet:
    """Transactions that are drawn up for one write, each on the heads that the one before has left."""

    table: Table
    lot: Lot
    heads: Heads
    room: int = MOST_ANSWERED
    """For how many bytes the batch's answer has room."""
    writes: list[Put] = field(default_factory=list)
    made: Results = field(default_factory=dict)
    _links: dict[Chain, str] = field(default_factory=dict)

    @property
    def proof(self) -> Key | None:
        """The first entry, if there is one: entries never change."""
        return self.writes[1].key if self.writes else None

    def add(self, position: int) -> bool:
        """Draws one up, unless it does not fit any more; raises what it is refused for."""
        lot, draft, new_id = self.lot, self.lot.drafts[position], self.lot.ids[position]
        booking = transactions.book(
            draft, self.heads, new_id, now=self.table.now, preference=lot.preference, places=lambda: lot.places(draft)
        )
        if len(self.writes) + 1 + len(booking.operations) > WRITTEN_TOGETHER - 1:  # one is for the batch's own record
            return False
        record = records.new(
            self.table,
            lot.ledger,
            new_id,
            draft,
            booking,
            preference=lot.preference,
            fingerprint=lot.key.fingerprint if lot.key else None,
        )
        made = answers.transaction(lot.ledger, record)
        if (size := size_of(made)) > self.room:
            raise Refusal(
                Reason.TOO_LARGE,
                f"With this transaction the answer to the batch would have more than {MOST_ANSWERED} bytes. Send it in "
                "another batch.",
            )
        written = entries.append(self.table, lot.ledger, booking.operations, links=self._links)
        self.writes += [Put(item=record), *written]
        self.made[position] = made
        self.room -= size
        self.heads = {**self.heads, **booking.heads}
        return True


def post_together(table: Table, lot: Lot) -> Sequence[Transaction]:
    """Makes all transactions of a batch in one write, or none.

    Raises `Refusal` for the first that is refused, which it names, and TOO_LARGE if they do not fit.
    """
    claimed = replace(table, claim=_BatchRecord(table, lot, lot.key)) if lot.key else table

    def plan(_met: Met) -> Plan[Sequence[Transaction]]:
        found = _heads(claimed, lot, lot.drafts)
        sheet = _Sheet(claimed, lot, found)
        for position, draft in lot.drafts.items():
            try:
                fits = sheet.add(position)
            except Refusal as refusal:
                presence.require(claimed, lot.ledger)
                heads.confirm(claimed, lot.ledger, found, [(refusal, draft.send.payers)])
                raise named(refusal, position) from None
            if not fits:
                raise Refusal(
                    Reason.TOO_LARGE,
                    f"The batch needs more than the {WRITTEN_TOGETHER} items that one write may have, from transaction "
                    f"{position} on. Send fewer transactions, or several batches, or one that is not atomic.",
                    {f"transactions.{position}": "does not fit"},
                )
        made = [each for each in sheet.made.values() if isinstance(each, Transaction)]
        return Plan(sheet.writes, made, sheet.proof)

    return commit(claimed, plan, proof=keys.transaction(lot.ledger, lot.ids[min(lot.ids)]))


def post_each(table: Table, lot: Lot) -> Outcome:
    """Makes each transaction of a batch by itself: what became of each, by its position.

    A batch that was sent before under the same key goes on: what was posted is not posted again, the rest is tried.
    Raises `Refusal` for LEDGER_NOT_FOUND and IDEMPOTENCY_CONFLICT. What could not be settled in time is among the
    results.
    """
    known = _begin(table, lot)
    before = _posted(table, lot, lot.drafts) if known else {}
    results: Results = {}
    room = MOST_ANSWERED - _size(before)
    while waiting := {each: draft for each, draft in lot.drafts.items() if each not in {*before, *results}}:
        try:
            some = _post_some(table, lot, waiting, room=room)
        except Refusal as refusal:
            if refusal.reason not in UNSETTLED:
                raise
            results |= dict.fromkeys(waiting, refusal)
        else:
            before |= some.posted
            results |= some.tried
            room = some.room
    if lot.key:
        refused = {each: result for each, result in results.items() if isinstance(result, Refusal)}
        found = _posted(table, lot, refused)
        results |= found
        # What this request could not settle it may have posted itself; what it was refused, another one has.
        before |= {each: made for each, made in found.items() if refused[each].reason is not Reason.UNAVAILABLE}
    return Outcome(results | before, replayed=before.keys() == lot.drafts.keys() if lot.drafts else known)


def named(refusal: Refusal, position: int) -> Refusal:
    """The refusal of a whole batch because of one of its transactions, in which it may name fields."""
    place = f"transactions.{position}"
    fields = {f"{place}.{name}": what for name, what in refusal.fields.items()}
    return Refusal(
        refusal.reason,
        f"Nothing of the batch was done, because of transaction {position} (counted from 0). {refusal.message}",
        fields or {place: refusal.message},
    )


class _Some(NamedTuple):
    """What became of some transactions: those that another request has posted, and those that this one has tried."""

    posted: Results
    tried: Results
    room: int
    """For how many bytes the answer has room beside them."""


def _size(results: Results) -> int:
    """How many bytes of an answer results take; what is said of those that are refused is little."""
    return sum(size_of(each) for each in results.values() if isinstance(each, Transaction))


def _post_some(table: Table, lot: Lot, waiting: Drafts, *, room: int) -> _Some:
    """Makes as many of the waiting ones, in their order, as fit one write; those that are refused on the way too.

    `room` is for how many bytes the answer has room.
    """

    def plan(met: Met) -> Plan[_Some]:
        # The same batch may be under way twice: whoever was overtaken looks what the other one has posted.
        posted = _posted(table, lot, waiting) if lot.key and met else {}
        found = _heads(table, lot, waiting)
        sheet = _Sheet(table, lot, found, room - _size(posted))
        refused: dict[int, Refusal] = {}
        for position in waiting:
            if position in posted:
                continue
            try:
                if not sheet.add(position):
                    break
            except Refusal as refusal:
                refused[position] = refusal
        heads.confirm(table, lot.ledger, found, [(why, waiting[each].send.payers) for each, why in refused.items()])
        return Plan(sheet.writes, _Some(posted, {**refused, **sheet.made}, sheet.room), sheet.proof)

    proof = keys.transaction(lot.ledger, lot.ids[min(waiting)])
    return commit(table, plan, proof=proof, repeatable=lot.key is not None)


def _heads(table: Table, lot: Lot, drafts: Drafts) -> Heads:
    """The heads of all that is concerned, read in parallel."""
    return heads.of_sends(table, lot.ledger, [draft.send for draft in drafts.values()], lot.preference)


def _begin(table: Table, lot: Lot) -> bool:
    """Claims the key of a batch, if it has one; whether it had been sent before.

    Raises `Refusal` for IDEMPOTENCY_CONFLICT, and for LEDGER_NOT_FOUND unless it was sent when the ledger was there.
    """
    try:
        presence.require(table, lot.ledger)
    except Refusal:
        if lot.key is None or table.get(_BatchRecord(table, lot, lot.key).key) is None:
            raise
    return lot.key is not None and _claim(table, lot, lot.key)


def _claim(table: Table, lot: Lot, key: IdempotencyKey) -> bool:
    """Claims the key for the batch; whether it had been sent before. `Refusal(IDEMPOTENCY_CONFLICT)`."""
    record = _BatchRecord(table, lot, key)

    def plan(met: Met) -> Plan[bool]:
        found = met.get(record.key)
        if found is None:
            return Plan(record.writes(None, table.now), answer=False)
        if found["fingerprint"] != key.fingerprint:
            raise used_otherwise()
        return Plan([], answer=True)

    return commit(table, plan, proof=record.key, repeatable=True)


def _posted(table: Table, lot: Lot, positions: Iterable[int]) -> Results:
    """Those of some transactions that are posted, as they were answered first."""
    wanted = list(positions)
    if not wanted:
        return {}
    found = table.get_in_parts([keys.transaction(lot.ledger, lot.ids[each]) for each in wanted])
    return {
        position: answers.first(lot.ledger, record) for position, record in zip(wanted, found, strict=True) if record
    }


class _BatchRecord(NamedTuple):
    """That a batch was sent, as the claim on its idempotency key. What became of it stands in its transactions."""

    table: Table
    lot: Lot
    idempotency: IdempotencyKey

    @property
    def key(self) -> Key:
        """Where it stands."""
        return keys.batch(self.lot.ledger, self.idempotency.digest)

    def writes(self, _answer: object, now: int) -> list[Put]:
        """The record."""
        item = resources.new_part(
            self.table, self.key, {"fingerprint": self.idempotency.fingerprint, "created_at": now}
        )
        return [Put(item=item)]

    def recognise(self, record: Item) -> Replay | Refusal:
        """The first answer, from the records of all transactions, if the body is the same."""
        if record["fingerprint"] != self.idempotency.fingerprint:
            return used_otherwise()
        posted = _posted(self.table, self.lot, self.lot.drafts)
        return Replay(*self.idempotency.render(list(posted.values())))
