"""Holds that have expired: found by the index of what falls due, and canceled."""

from collections.abc import Iterator

from coffer.ledger.lifecycle import TransactionStatus
from coffer.ledger.refusal import Reason, Refusal
from coffer.store import index, keys, settling
from coffer.store.table import Table

_SETTLED = {Reason.NOT_PENDING, Reason.ENTITY_NOT_FOUND}


def cancel_expired(table: Table) -> int:
    """Cancels what has expired by now, the oldest first, until its time is up; how many it has canceled.

    The index trails the table: what someone else has settled meanwhile is passed over.
    """
    canceled = 0
    try:
        for ledger, transaction_id in _due(table):
            try:
                settling.settle(table, ledger, transaction_id, TransactionStatus.CANCELED)
            except Refusal as refusal:
                if refusal.reason not in _SETTLED:
                    raise
            else:
                canceled += 1
    except Refusal as refusal:
        if refusal.reason is not Reason.UNAVAILABLE:
            raise
    return canceled


def _due(table: Table) -> Iterator[tuple[keys.LedgerRef, str]]:
    for key in index.due(table, keys.HOLDS, keys.moment(table.now + 1)):
        yield keys.transaction_of(key)
