"""What becomes of a transaction once it is made: a commit or a cancel of a pending one, a revert of one that moved."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from coffer.ledger import lifecycle, posting
from coffer.ledger.book import Posting
from coffer.ledger.chains import Heads, payers
from coffer.ledger.entries import latest
from coffer.ledger.lifecycle import TransactionStatus
from coffer.ledger.posting import Booking
from coffer.ledger.refusal import Refusal
from coffer.models.transactions import Transaction
from coffer.store import answers, entries, heads, keys, presence, records, transactions
from coffer.store.commit import Met, Overtaken, Plan, commit
from coffer.store.idempotency import IdempotencyKey
from coffer.store.keys import Key, LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, number
from coffer.store.writes import Put


class Settlement(NamedTuple):
    """What settles a pending transaction: its record afterwards, the writes, and the one that proves them."""

    record: Item
    writes: Sequence[Put]
    proof: Key


def settle(table: Table, ledger: LedgerRef, wanted: str, status: TransactionStatus) -> Transaction:
    """Commits a pending transaction (APPROVED), or cancels it (CANCELED).

    Raises `Refusal` for LEDGER_NOT_FOUND, ENTITY_NOT_FOUND and NOT_PENDING, and a commit what is told of the
    destination.
    """

    def plan(_met: Met) -> Plan[Transaction]:
        with presence.presumed(table, ledger):
            settlement = draw_up(table, ledger, wanted, status)
        return Plan(settlement.writes, answers.transaction(ledger, settlement.record), settlement.proof)

    return commit(table, plan, proof=keys.transaction(ledger, wanted))


def draw_up(table: Table, ledger: LedgerRef, wanted: str, status: TransactionStatus) -> Settlement:
    """The writes that settle a transaction as it stands; raises what `settle` does."""
    record = transactions.require(table, ledger, wanted)
    lifecycle.check_pending(records.status_of(record))
    transfer = records.transfer_of(record)
    commits = status is TransactionStatus.APPROVED
    concerned = (*transfer.source, *transfer.destination) if commits else transfer.source
    found = _heads(table, ledger, record, concerned)
    if commits:
        moment = latest(found.values(), table.now)
        lifecycle.check_committable(records.status_of(record), _expiry(record), moment)
    step = posting.commit if commits else posting.cancel
    try:
        booking = step(transfer, found, transaction_id=wanted, now=table.now)
    except (Refusal, ValueError):
        _check_unchanged(table, ledger, record)
        raise
    settled = records.settled(table, record, booking, status)
    written = entries.append(table, ledger, booking.operations, first=len(list(records.steps(record))) + 1)
    return Settlement(settled, [transactions.overwrite(record, settled), *written], written[0].key)


def revert(table: Table, ledger: LedgerRef, original_id: str, key: IdempotencyKey | None) -> Transaction:
    """Makes the opposite of a transaction, once.

    Raises `Refusal` for LEDGER_NOT_FOUND, ENTITY_NOT_FOUND, REVERT_OF_REVERT, ALREADY_REVERTED, NOT_APPROVED, and
    whatever a posting is refused for.
    """
    new_id = transactions.new_transaction_id(table, key)
    recorded = transactions.recorded_at(
        table, keys.transaction(ledger, new_id), key, lambda record: answers.first(ledger, record)
    )

    def plan(_met: Met) -> Plan[Transaction]:
        with presence.presumed(recorded, ledger):
            original = transactions.require(recorded, ledger, original_id)
            booking = _opposite(recorded, ledger, original, new_id)
        fingerprint = key.fingerprint if key else None
        record = records.new_revert(recorded, ledger, new_id, original, booking, fingerprint=fingerprint)
        changed = transactions.overwrite(original, records.reverted(recorded, original, new_id, booking))
        written = entries.append(recorded, ledger, booking.operations)
        return Plan([Put(item=record), changed, *written], answers.transaction(ledger, record), written[0].key)

    return commit(recorded, plan, proof=keys.transaction(ledger, new_id))


def _heads(table: Table, ledger: LedgerRef, record: Item, postings: Iterable[Posting]) -> Heads:
    """The heads of postings' chains; `Overtaken` while an entry that a record tells of is not seen on them yet."""
    found = heads.read(table, ledger, (each.chain for each in postings))
    for step in records.steps(record):
        head = found.get(step.line.posting.chain)
        if head and head.sequence < number(dict(step.standing), "sequence"):
            raise Overtaken
    return found


def _check_unchanged(table: Table, ledger: LedgerRef, record: Item) -> None:
    """`Overtaken` if a record is not what was read any more: then the heads, read after it, tell of another time."""
    (now,) = table.get_together(keys.transaction(ledger, records.id_of(record)))
    if now is None or now["hash"] != record["hash"]:
        raise Overtaken


def _expiry(record: Item) -> int | None:
    return number(record, "expires_at") if "expires_at" in record else None


def _opposite(table: Table, ledger: LedgerRef, original: Item, new_id: str) -> Booking:
    """The plan of a revert, of a transaction as it was read."""
    lifecycle.check_revertible(
        records.status_of(original),
        revert="parent_transaction_id" in original,
        reverted="reverted_by" in original,
    )
    try:
        return _reverting(table, ledger, original, new_id)
    except Refusal:
        _check_unchanged(table, ledger, original)
        raise


def _reverting(table: Table, ledger: LedgerRef, original: Item, new_id: str) -> Booking:
    transfer = records.transfer_of(original)
    begun = _heads(table, ledger, original, (*transfer.source, *transfer.destination))
    needed = {payer for each in transfer.destination for payer in payers(each.chain, begun[each.chain].shards)}
    found = heads.complete(table, ledger, begun, needed)
    try:
        return posting.revert(transfer, found, transaction_id=new_id, now=table.now)
    except Refusal as refusal:
        heads.confirm(table, ledger, found, [(refusal, {each.chain.balance for each in transfer.destination})])
        raise
