"""Chains: every entry follows from the one before it, and what stands in the end is what they come to."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from coffer.ledger.entries import is_external
from coffer.ledger.hashing import HASH
from coffer.store.values import Item
from tests.support.audit.collections import Collections, Place, of_kind

EFFECTS: Mapping[str, tuple[int, int]] = {
    "OPEN": (0, 0),
    "CHANGE": (0, 0),
    "CLOSE": (0, 0),
    "DEBIT": (-1, 0),
    "CREDIT": (1, 0),
    "ON_HOLD": (-1, 1),
    "RELEASE": (1, -1),
    "SPEND": (0, -1),
}
"""What an entry's amount does to available and to on hold."""

_WHOSE = ("asset_id", "asset_code", "decimals", "account_id", "balance_id", "shard", "shards")
_FLAGS = ("allow_sending", "allow_receiving", "blocked")


def amount(item: Item, name: str) -> Decimal:
    """An amount of an entry; zero where there is none."""
    return Decimal(str(item.get(name, "0")))


def moved(entry: Item) -> tuple[Decimal, Decimal]:
    """What an entry adds to available and to on hold."""
    of_available, of_on_hold = EFFECTS[str(entry["type"])]
    return of_available * amount(entry, "amount"), of_on_hold * amount(entry, "amount")


def problems(collections: Collections) -> Iterator[str]:
    """What is wrong with chains."""
    for place, pk, items in of_kind(collections, "BALANCE"):
        yield from _sequence(pk, items)
        before: Item | None = None
        for sk, entry in sorted(items.items()):
            yield from (f"{pk} {sk} {problem}" for problem in _entry(place, before, entry))
            before = entry


def _sequence(pk: str, items: Mapping[str, Item]) -> Iterator[str]:
    due = [f"{sequence:012}" for sequence in range(1, len(items) + 1)]
    if sorted(items) != due:
        yield f"{pk} has {sorted(items)} and should have {due}"


def _entry(place: Place, before: Item | None, entry: Item) -> Iterator[str]:
    if entry.get("previous") != (before[HASH] if before else None):
        yield "does not follow the entry before it"
    if before and int(str(entry["created_at"])) < int(str(before["created_at"])):
        yield "is older than the entry before it"
    opens = entry["type"] == "OPEN"
    if (before is None or before["closed"]) != opens:
        yield "opens what is open, or goes on with what is closed"
    if (entry["type"] == "CLOSE") != entry["closed"]:
        yield "is closed and does not close, or the other way round"
    if int(str(entry["opened"])) != (int(str(entry["sk"])) if opens or before is None else before["opened"]):
        yield f"says that its account begins at {entry['opened']}"
    if before and not opens:
        kept = _WHOSE if entry["type"] == "CHANGE" else (*_WHOSE, *_FLAGS)
        yield from (
            f"has another {name} than the entry before it" for name in kept if entry.get(name) != before.get(name)
        )
    yield from _standing(place, None if opens else before, entry)


def _standing(place: Place, before: Item | None, entry: Item) -> Iterator[str]:
    """What stands is what stood and what has moved, and below zero only outside."""
    for name, change in zip(("available", "on_hold"), moved(entry), strict=True):
        due = (amount(before, name) if before else 0) + change
        if amount(entry, name) != due:
            yield f"has {entry[name]} {name}, and {due} is due"
        if amount(entry, name) < 0 and not (is_external(place.name) and name == "available"):
            yield f"has {entry[name]} {name}"
    moves = any(EFFECTS[str(entry["type"])])
    if moves != (amount(entry, "amount") > 0) or moves != ("transaction_id" in entry):
        yield "moves nothing, or something that no transaction moves"
