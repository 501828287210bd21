"""Transactions in the table: a record and its entries in one write, and whatever may still become of them."""

from collections.abc import Callable
from copy import replace
from typing import NamedTuple

from coffer.ids import claimed_transaction_id, operation_number, spread, transaction_id
from coffer.ledger import lifecycle, posting
from coffer.ledger.chains import Heads, door
from coffer.ledger.posting import Booking
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.drafts import Draft
from coffer.models.listing import Listing, Rows
from coffer.models.transactions import Transaction, TransactionChange
from coffer.store import answers, entries, heads, index, keys, lists, presence, records, resources
from coffer.store.commit import Met, Plan, commit
from coffer.store.idempotency import IdempotencyKey, Replay, used_otherwise
from coffer.store.keys import Key, LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, text
from coffer.store.writes import Put


def create(
    table: Table, ledger: LedgerRef, draft: Draft, key: IdempotencyKey | None, *, places: Callable[[], int]
) -> Transaction:
    """Makes a transaction: moves its money, holds it, or only notes it.

    With an idempotency key its id follows from the key, so that its record is the claim. Shares are cut to `places` if
    the asset has no decimals set. Raises the refusals of `post`, and LEDGER_NOT_FOUND.
    """
    new_id = new_transaction_id(table, key)
    recorded = recorded_at(table, keys.transaction(ledger, new_id), key, lambda record: answers.first(ledger, record))

    def plan(_met: Met) -> Plan[Transaction]:
        record, booking = draw_up(recorded, ledger, new_id, draft, key, places=places)
        answer = answers.transaction(ledger, record)
        if not draft.moves:  # no entry of its own stands in the way of a deletion of the asset
            chain = door(draft.send.asset, spread(new_id))
            there = entries.newest(heads.name(ledger, chain), booking.heads[chain])
            return Plan([Put(item=record), there], answer)
        written = entries.append(recorded, ledger, booking.operations)
        return Plan([Put(item=record), *written], answer, written[0].key)

    return commit(recorded, plan, proof=keys.transaction(ledger, new_id))


def draw_up(
    table: Table,
    ledger: LedgerRef,
    new_id: str,
    draft: Draft,
    key: IdempotencyKey | None,
    *,
    places: Callable[[], int],
) -> tuple[Item, Booking]:
    """The record and the plan of a transaction, on the heads as they stand; raises what `create` does."""
    preference = spread(new_id)
    also = [] if draft.moves else [door(draft.send.asset, preference)]
    found = heads.of_sends(table, ledger, [draft.send], preference, also)
    try:
        booking = book(draft, found, new_id, now=table.now, preference=preference, places=places)
    except Refusal as refusal:
        if not _holds_money(found):
            presence.require(table, ledger)
        heads.confirm(table, ledger, found, [(refusal, draft.send.payers)])
        raise
    fingerprint = key.fingerprint if key else None
    record = records.new(table, ledger, new_id, draft, booking, preference=preference, fingerprint=fingerprint)
    return record, booking


def _holds_money(found: Heads) -> bool:
    """Whether there is money in any account: then its asset is there, and so is the ledger."""
    return any(head.available or head.on_hold for chain, head in found.items() if not chain.external)


def book(draft: Draft, found: Heads, new_id: str, *, now: int, preference: int, places: Callable[[], int]) -> Booking:
    """The plan of a transaction on some heads; raises what `create` does for them."""
    lifecycle.check_dates(draft.transaction_date, draft.expires_at, now)
    send = draft.send
    # `places` may have to look far: it is asked only where shares are cut and the asset does not say how.
    unset = send.shares and any(head.decimals is None for head in found.values())
    cut = places() if unset else 0
    if draft.moves:
        return posting.post(send, found, transaction_id=new_id, now=now, preference=preference, places=cut)
    return posting.note(send, found, now=now, preference=preference, places=cut)


def rows(table: Table, ledger: LedgerRef, listing: Listing) -> Rows[Transaction]:
    """A ledger's transactions; `Refusal(LEDGER_NOT_FOUND)`."""

    def read(item: Item) -> Transaction:
        return answers.transaction(ledger, item)

    return presence.found_in(
        table, ledger, lists.select(lists.by_moment(table, keys.transactions(ledger), listing), listing, read)
    )


def count(table: Table, ledger: LedgerRef) -> int:
    """How many transactions a ledger has; `Refusal(LEDGER_NOT_FOUND)`."""
    return presence.found_in(table, ledger, index.count(table, keys.transactions(ledger)))


def get(table: Table, ledger: LedgerRef, wanted: str) -> Transaction:
    """A transaction; `Refusal(ENTITY_NOT_FOUND)`."""
    return answers.transaction(ledger, require(table, ledger, wanted))


def change(table: Table, ledger: LedgerRef, wanted: str, body: TransactionChange) -> Transaction:
    """Changes description or metadata; `Refusal(ENTITY_NOT_FOUND)`."""

    def plan(_met: Met) -> Plan[Transaction]:
        record = require(table, ledger, wanted)
        noted = records.noted(table, record, resources.attributes_of(body))
        return Plan([overwrite(record, noted)], answers.transaction(ledger, noted))

    return commit(table, plan, proof=keys.transaction(ledger, wanted))


def new_transaction_id(table: Table, key: IdempotencyKey | None, position: int | None = None) -> str:
    """The id of a transaction to make: fresh, or what an idempotency key, and a position in a batch, stand for."""
    if key is None:
        return transaction_id(table.new_id())
    return claimed_transaction_id(f"{key.client_id} {key.digest} {'' if position is None else position}")


class _Record(NamedTuple):
    """A transaction's record as the claim on the idempotency key that its id was made of; `answer` is made of it."""

    key: Key
    idempotency: IdempotencyKey
    answer: Callable[[Item], object]

    def writes(self, _answer: object, _now: int) -> list[Put]:
        """None: the record is among the plan's own."""
        return []

    def recognise(self, record: Item) -> Replay | Refusal:
        """The first answer, from the record, if the body is the same."""
        if record.get("fingerprint") != self.idempotency.fingerprint:
            return used_otherwise()
        return Replay(*self.idempotency.render(self.answer(record)))


def recorded_at(table: Table, record: Key, key: IdempotencyKey | None, answer: Callable[[Item], object]) -> Table:
    """Access to the table for a posting whose record is the claim on its idempotency key, if it has one.

    `answer` makes the first answer of the record, whatever has become of it.
    """
    return replace(table, claim=_Record(record, key, answer)) if key else table


def overwrite(before: Item, after: Item) -> Put:
    """A record over the one that was read, unless someone else has changed it since."""
    return Put(item=after, when="#hash = :hash", values={"hash": text(before, "hash")})


def require(table: Table, ledger: LedgerRef, wanted: str) -> Item:
    """A transaction's record; `Refusal(ENTITY_NOT_FOUND)`."""
    if operation_number(wanted):
        raise missing("transaction", wanted)
    return resources.get(table, keys.transaction(ledger, wanted), missing("transaction", wanted))


def missing(what: str, wanted: str) -> Refusal:
    """The answer when there is no such transaction or operation."""
    return Refusal(Reason.ENTITY_NOT_FOUND, f"There is no {what} {wanted} in this ledger. Check the ids in the path.")
