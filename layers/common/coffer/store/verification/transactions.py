"""Transactions: a record, the entries that it made, and the record of its revert or of what it reverts."""

from collections.abc import Iterator
from decimal import Decimal

from coffer.ids import unpack
from coffer.ledger import amounts
from coffer.ledger.chains import Chain
from coffer.ledger.lifecycle import TransactionStatus
from coffer.store import keys, records
from coffer.store.keys import Key, LedgerRef
from coffer.store.records import Line, Step
from coffer.store.values import Item, mappings, number, text
from coffer.store.verification import wallet_money
from coffer.store.verification.checks import Check, Lock, Newest, Wrong, differences

_RELATED = {"parent_transaction_id": "reverted_by", "reverted_by": "parent_transaction_id"}
"""What a record names another one as, and the other one it."""

_HELD = {
    TransactionStatus.PENDING: {True},
    TransactionStatus.CANCELED: {True},
    TransactionStatus.APPROVED: {True, False},
    TransactionStatus.NOTED: {False},
}
"""Whether a transaction that stands so has been held before."""


def transaction(ledger: LedgerRef, item: Item, packed: str) -> Check:
    """A transaction's record."""
    steps, left = list(records.steps(item)), list(_left(item))
    names = [name for name in _RELATED if name in item]
    related = yield [keys.transaction(ledger, unpack(text(item, name))) for name in names]
    made = yield [_entry(ledger, step) for step in steps]
    heads = yield [Newest(_chain(ledger, line.posting.chain)) for line in left]
    owners = yield wallet_money.owner_of(ledger, item)
    wrong = [*_times(ledger, item, packed), *_course(item), *_form(item), *_sums(item)]
    for name, other in zip(names, related, strict=True):
        wrong += _mutual(item, packed, name, other)
    for step, entry in zip(steps, made, strict=True):
        wrong += [(f"operation {step.number}: {what}", message) for what, message in _made(item, packed, step, entry)]
    for line, head in zip(left, heads, strict=True):
        wrong += _led(line, head)
    for owner in owners:
        wrong += wallet_money.owned(item, packed, owner)
    return wrong


def locks(record: Item) -> Iterator[Lock]:
    """What a transaction holds, if it is pending; ValueError for a record that cannot be read."""
    if record.get("status") == TransactionStatus.PENDING:
        code = record.get("code")
        named = code if isinstance(code, str) else None
        yield Lock(records.id_of(record), named, text(record, "asset_code"), text(record, "value"))


def held(record: Item, moment: int) -> Iterator[tuple[str, str, Decimal]]:
    """What a transaction held at a moment (milliseconds since 1970): asset id, code and amount.

    ValueError and ArithmeticError for a record that cannot be read.
    """
    settled = number(record, "settled_at") if "settled_at" in record else None
    if "pending" in record and number(record, "created_at") <= moment and (settled is None or settled > moment):
        yield unpack(text(record, "asset_id")), text(record, "asset_code"), Decimal(text(record, "value"))


def contradictions(record: Item, step: Step, chain: Chain, entry: Item) -> Iterator[Wrong]:
    """Where an entry of a chain is not the step of a transaction that it is said to be."""
    posting = step.line.posting
    if posting.chain != chain:
        yield "operation", f"is {step.number}, which the transaction has on another balance"
    due = {"type": step.type.value, "amount": amounts.text(posting.amount), "created_at": step.created_at}
    yield from differences(entry, due)
    yield from _standing(record, step, entry)


def _entry(ledger: LedgerRef, step: Step) -> Key:
    return keys.entry(_chain(ledger, step.line.posting.chain), number(dict(step.standing), "sequence"))


def _chain(ledger: LedgerRef, chain: Chain) -> str:
    return keys.chain(ledger, chain.alias, chain.key, chain.shard)


def _left(item: Item) -> Iterator[Line]:
    """The postings that a pending transaction leaves for its commit."""
    yield from (line for line in records.lines(item) if "pending" in item and line.side == "destination")


def _times(ledger: LedgerRef, item: Item, packed: str) -> Iterator[Wrong]:
    """It is listed by its moment, and while it can expire by that of its expiry, too."""
    made, identity = number(item, "created_at"), unpack(packed)
    due = "expires_at" in item and records.status_of(item) is TransactionStatus.PENDING
    expiry = keys.holds_index(identity, number(item, "expires_at")) if due else {}
    listed = {"gsi2pk": None, "gsi2sk": None, **expiry, **keys.transactions_index(ledger, identity, made)}
    yield from differences(item, listed)
    changed = number(item, "updated_at")
    settled = number(item, "settled_at") if "settled_at" in item else changed
    if not made <= settled <= changed:
        yield "updated_at", f"is {changed}, and it was made at {made} and settled at {settled}"


def _course(item: Item) -> Iterator[Wrong]:
    """How it stands is how it can have come there."""
    status, held = records.status_of(item), "pending" in item
    if held not in _HELD[status] or item.get("pending", True) is not True:
        yield "pending", f"is {item.get('pending')}, and the transaction is {status}"
    settled = held and status is not TransactionStatus.PENDING
    for name in ("settled", "settled_at"):
        if (name in item) is not settled:
            yield name, f"is {'not ' if settled else ''}there, and the transaction is {status}"
    for name in _RELATED:
        if name in item and status is not TransactionStatus.APPROVED:
            yield name, f"is there, and the transaction is {status}"
    if "parent_transaction_id" in item and (held or "reverted_by" in item):
        yield "parent_transaction_id", "is there, and a revert is neither held nor reverted"


def _form(item: Item) -> Iterator[Wrong]:
    """It has legs with postings and nothing between them; what stood after each is there once that was made."""
    parts = [(name, item, name) for name in ("source", "destination", "settled")]
    parts += [(side, leg, "postings") for side in ("source", "destination") for leg in mappings(item, side)]
    for what, of, name in parts:
        if of.get(name, []) != mappings(of, name):
            yield what, "has a part of another kind"
    left = list(_left(item))
    for line in records.lines(item):
        if (line.standing is None) is not (line in left):
            yield line.side, f"says what stood after leg {line.posting.leg}, or does not, as it should not"


def _sums(item: Item) -> Iterator[Wrong]:
    """Both sides come to its value."""
    lines = list(records.lines(item))
    for side in ("source", "destination"):
        total = amounts.text(amounts.add(line.posting.amount for line in lines if line.side == side))
        if total != item["value"]:
            yield side, f"comes to {total}, and {item['value']} is due"


def _mutual(item: Item, packed: str, name: str, other: Item | None) -> Iterator[Wrong]:
    if other is None:
        yield name, "is that of no transaction"
        return
    due = {_RELATED[name]: packed, "asset_id": item["asset_id"], "value": item["value"]}
    yield from differences(other, due, f"{name}: ")


def _made(record: Item, packed: str, step: Step, entry: Item | None) -> Iterator[Wrong]:
    """Of a transaction that is only noted, the entry is whichever stood there."""
    if entry is None:
        yield "entry", "is not there"
    elif step.status is TransactionStatus.NOTED:
        yield from _standing(record, step, entry)
        if number(entry, "created_at") > step.created_at:
            yield "created_at", f"is {entry['created_at']}, after the transaction"
    else:
        yield from differences(entry, {"transaction_id": packed, "operation": step.number})
        yield from contradictions(record, step, step.line.posting.chain, entry)


def _standing(record: Item, step: Step, entry: Item) -> Iterator[Wrong]:
    """What stood, and of what and whose it was."""
    stood = {"opened": 1, **step.standing}
    there = {**entry, "sequence": int(text(entry, "sk"))}
    yield from differences(there, {name: stood.get(name) for name in ("sequence", "opened", "available", "on_hold")})
    yield from differences(entry, {name: record[name] for name in ("asset_id", "asset_code")})
    yield from differences(entry, {name: step.line.leg.get(name) for name in ("account_id", "balance_id")})


def _led(line: Line, head: Item | None) -> Iterator[Wrong]:
    """What is left for the commit leads to a balance of its account; an external one may have been made again."""
    same = head is not None and head["account_id"] == line.leg["account_id"]
    if not same and not (head and line.posting.chain.external):
        yield "destination", f"leads to no balance of its account in leg {line.posting.leg}"
