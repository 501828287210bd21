"""Whatever lies in a ledger is sealed, and what is sealed is what was sealed."""

from collections.abc import Iterator

from coffer.ledger.hashing import HASH
from coffer.store.sealing import is_intact
from tests.support.audit.collections import Collections, place


def problems(collections: Collections) -> Iterator[str]:
    """What is not as it was sealed."""
    for pk, items in collections.items():
        for sk, item in items.items():
            if HASH not in item:
                if place(pk):
                    yield f"{pk} {sk} has no seal"
            elif not is_intact(item):
                yield f"{pk} {sk} is not what was sealed"
