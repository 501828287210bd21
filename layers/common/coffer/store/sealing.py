"""Seals of what is stored in a ledger: a change of any attribute that did not come from here is found."""

from coffer.ledger.hashing import HASH, seal
from coffer.store.values import Item

COUNTERS = frozenset({"assets", "ledgers"})
"""What others count on an item, without a look at the rest of it: not sealed, for it can be counted again."""


def sealed(item: Item) -> Item:
    """An item with its seal. The attempt is on it already, for that is sealed too."""
    return {**item, HASH: _seal(item)}


def is_intact(item: Item) -> bool:
    """Whether an item is still what was sealed. Nothing is stored without a value, and so no seal knows of it."""
    return None not in item.values() and item.get(HASH) == _seal(item)


def _seal(item: Item) -> str:
    return seal({name: value for name, value in item.items() if name not in COUNTERS})
