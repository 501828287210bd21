"""Transactions: every record has its entries, every entry that moves money its record, and both say the same."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from coffer.ledger.entries import DEFAULT_KEY
from coffer.store.values import Item, Value, mappings
from tests.support.audit.chains import EFFECTS, amount
from tests.support.audit.collections import Collections, of_kind

_FIRST = {"APPROVED": "DEBIT", "PENDING": "ON_HOLD", "CANCELED": "ON_HOLD"}
_LAST = {"APPROVED": "SPEND", "CANCELED": "RELEASE"}


class Posting(NamedTuple):
    """So much of a record's value, on one chain, and what is said to have stood after it."""

    chain: str
    account_id: Value
    balance_id: Value
    amount: Decimal
    after: Value


class Step(NamedTuple):
    """An entry that a record says to have made."""

    type: str
    posting: Posting
    created_at: Value


def postings(ledger: str, record: Item, side: str) -> Iterator[Posting]:
    """What a record says of one side."""
    for leg in mappings(record, side):
        chain = f"{ledger}#BALANCE#{leg['alias']}#{leg.get('key', DEFAULT_KEY)}"
        for part in mappings(leg, "postings"):
            yield Posting(
                f"{chain}#{part['shard']}",
                leg["account_id"],
                leg["balance_id"],
                amount(part, "amount"),
                part.get("after"),
            )


def problems(collections: Collections) -> Iterator[str]:
    """Where records and entries disagree."""
    made: set[tuple[str, str]] = set()
    for place, pk, items in of_kind(collections, "TRANSACTION"):
        record = items["TRANSACTION"]
        yield from (f"{pk} {problem}" for problem in _record(record))
        source, destination = (list(postings(place.ledger, record, side)) for side in ("source", "destination"))
        for side, of in (("source", source), ("destination", destination)):
            if (total := sum(each.amount for each in of)) != amount(record, "value"):
                yield f"the {side} of {pk} comes to {total}, and {record['value']} is due"
        if record["status"] == "NOTED":
            continue
        for number, step in enumerate(_steps(record, source, destination), 1):
            sequence = step.posting.after[0] if isinstance(step.posting.after, list) else 0
            key = step.posting.chain, f"{sequence:012}"
            made.add(key)
            entry = collections.get(key[0], {}).get(key[1], {})
            due = _due(place.name, record, number, step)
            yield from (
                f"{pk} {number}: {name} of its entry is {entry.get(name)}, and {value} is due"
                for name, value in due.items()
                if entry.get(name) != value
            )
        yield from _revert(place.ledger, place.name, record, collections)
    for _, pk, entries in of_kind(collections, "BALANCE"):
        for sk, entry in entries.items():
            if any(EFFECTS[str(entry["type"])]) and (pk, sk) not in made:
                yield f"{pk} {sk} is of no transaction's making"


def _record(record: Item) -> Iterator[str]:
    """It is listed, and among what falls due exactly while it is pending and can expire."""
    due = record["status"] == "PENDING" and "expires_at" in record
    if "gsi1pk" not in record or ("gsi2pk" in record) is not due:
        yield "is not in its indexes, or in one too many"
    settled = "pending" in record and record["status"] != "PENDING"
    if ("settled" in record) is not settled:
        yield "is settled and says not how, or the other way round"
    if "reverted_by" in record and record["status"] != "APPROVED":
        yield "is reverted and was not approved"


def _steps(record: Item, source: Sequence[Posting], destination: Sequence[Posting]) -> Iterator[Step]:
    """The entries that a record says to have made, in their order."""
    status = str(record["status"])
    held = "pending" in record
    for posting in source:
        yield Step("ON_HOLD" if held else _FIRST[status], posting, record["created_at"])
    if not held:
        yield from (Step("CREDIT", posting, record["created_at"]) for posting in destination)
    elif status != "PENDING":
        again = [*source, *destination] if status == "APPROVED" else source
        types = [_LAST[status]] * len(source) + ["CREDIT"] * len(destination)
        stood = [each["after"] for each in mappings(record, "settled")] or [None] * len(again)
        for type_, posting, after in zip(types[: len(again)], again, stood, strict=True):
            yield Step(type_, posting._replace(after=after), record.get("settled_at"))


def _due(transaction_id: str, record: Item, number: int, step: Step) -> Mapping[str, Value]:
    """What the entry of a step must say."""
    after = step.posting.after if isinstance(step.posting.after, list) else []
    opened = after[3] if len(after) > 3 else 1  # sequence, available, on hold, and opened if it is not 1
    return {
        "transaction_id": transaction_id,
        "operation": number,
        "type": step.type,
        "amount": f"{step.posting.amount:f}",
        "available": after[1] if after else None,
        "on_hold": after[2] if after else None,
        "opened": opened,
        "asset_id": record["asset_id"],
        "asset_code": record["asset_code"],
        "account_id": step.posting.account_id,
        "created_at": step.created_at,
    }


def _revert(ledger: str, packed: str, record: Item, collections: Collections) -> Iterator[str]:
    """A revert and what it reverts name each other."""
    for name, other in (("parent_transaction_id", "reverted_by"), ("reverted_by", "parent_transaction_id")):
        if name in record:
            named = collections.get(f"{ledger}#TRANSACTION#{record[name]}", {}).get("TRANSACTION", {})
            if named.get(other) != packed:
                yield f"{ledger} {packed} names {record[name]}, which does not name it"
