"""Whether a ledger is there: what is found in it, and what is changed in it, may rest on that."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Rows
from coffer.store import keys, resources
from coffer.store.keys import LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item
from coffer.store.writes import LIVE, Check, Update


def require(table: Table, ref: LedgerRef) -> Item:
    """A ledger's item; `Refusal(LEDGER_NOT_FOUND)`."""
    return resources.get(table, keys.ledger(ref), missing(ref))


def found_in[Found: Rows[Any] | int](table: Table, ref: LedgerRef, found: Found) -> Found:
    """What was found in a ledger, rows or how many; `Refusal(LEDGER_NOT_FOUND)` if it is nothing, and no ledger either.

    A ledger in which there is something is there: that takes no look at it.
    """
    if not (found if isinstance(found, int) else found.items):
        require(table, ref)
    return found


@contextmanager
def presumed(table: Table, ref: LedgerRef) -> Iterator[None]:
    """What is refused inside is refused for its ledger, if that is gone: `Refusal(LEDGER_NOT_FOUND)`.

    What is not found in it needs no look at the ledger: it is 404 either way.
    """
    try:
        yield
    except Refusal as refusal:
        if refusal.reason is not Reason.ENTITY_NOT_FOUND:
            require(table, ref)
        raise


def condition(ref: LedgerRef) -> Check:
    """The part of a write that needs its ledger to be live, and leaves it as it is."""
    return Check(key=keys.ledger(ref), when=LIVE, otherwise=missing(ref))


def adopt(ref: LedgerRef, assets: int) -> Update:
    """The part of an asset's write that its ledger takes: its count, and that it is live."""
    return Update(key=keys.ledger(ref), when=LIVE, add={"assets": assets})


def missing(ref: LedgerRef) -> Refusal:
    """The answer when there is no such ledger."""
    return Refusal(
        Reason.LEDGER_NOT_FOUND, f"There is no ledger {ref.ledger_id} in this organization. Check the ids in the path."
    )
