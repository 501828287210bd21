"""Whatever can be done to a stored item behind Coffer's back, one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coffer.ledger.hashing import HASH
from coffer.store.sealing import COUNTERS, sealed
from coffer.store.values import decode_item, encode_item
from tests.integration.verification.inspector import Wire

KEYS = ("pk", "sk")
REMOVED = ", removed"


@dataclass(frozen=True, slots=True)
class Forgery:
    """An item of which one attribute, or a part of one, was changed or removed: which, and what the item is now."""

    path: str
    item: Wire

    @property
    def attribute(self) -> str:
        """The attribute."""
        return self.path.partition(",")[0].partition(".")[0]

    @property
    def named(self) -> str:
        """What a finding of it names: the seal, or an attribute that no seal covers."""
        return self.attribute if self.attribute in COUNTERS else HASH


ADDED: Wire = {"~": {"S": "~"}, "deleted_at": {"NULL": True}, "assets": {"N": "1"}, "ledgers": {"N": "1"}}
"""Attributes that may be added to an item: of no meaning, without a value, and those that no seal covers."""


def forgeries(item: Wire) -> Iterator[Forgery]:
    """Every attribute of an item but its keys, and every part of it: with another value of its type, and without it."""
    for name, value in ADDED.items():
        if name not in item:
            yield Forgery(f"{name}, added", {**item, name: value})
    for path, changed in _changes({"M": item}):
        forgery = Forgery(path.removeprefix("."), changed["M"])
        if path and forgery.attribute not in KEYS:
            yield forgery


def _changes(value: Wire) -> Iterator[tuple[str, Wire]]:
    """Every value that differs in one place, behind the place."""
    match value:
        case {"L": list(values)}:
            yield "", {"L": [*values, {"S": "~"}]}
            for position, each in enumerate(values):
                before, after = values[:position], values[position + 1 :]
                yield f".{position}{REMOVED}", {"L": [*before, *after]}
                for path, changed in _changes(each):
                    yield f".{position}{path}", {"L": [*before, changed, *after]}
        case {"M": dict(values)}:
            yield "", {"M": {**values, "~": {"S": "~"}}}
            for name, each in values.items():
                yield f".{name}{REMOVED}", {"M": {other: kept for other, kept in values.items() if other != name}}
                for path, changed in _changes(each):
                    yield f".{name}{path}", {"M": {**values, name: changed}}
        case _:
            yield "", _another(value)


def _another(value: Wire) -> Wire:
    match value:
        case {"S": str(text)}:
            return {"S": f"{text}~"}
        case {"N": str(number)}:
            return {"N": str(int(number) + 1)}
        case {"BOOL": bool(truth)}:
            return {"BOOL": not truth}
        case {"NULL": True}:
            return {"S": "~"}
    raise AssertionError(f"a type that Coffer does not store: {value}")


def resealed(item: Wire) -> Wire:
    """An item with the seal that it should have: by somebody who knows how Coffer seals."""
    return encode_item(sealed(decode_item(item)))
