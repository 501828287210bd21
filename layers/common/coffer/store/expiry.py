"""Holds that have expired: found by the index of what falls due, and canceled, each by itself."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from copy import replace
from itertools import chain, islice, zip_longest
from typing import NamedTuple

from coffer.ledger.lifecycle import TransactionStatus
from coffer.ledger.refusal import UNSETTLED, Reason, Refusal
from coffer.store import index, keys, settling
from coffer.store.keys import Key, LedgerRef
from coffer.store.table import Table

PATIENCE = 2.0
"""Seconds for one hold, the pauses between its tries included: who pays may be busy, and others wait."""
AT_ONCE = 8
"""Holds that are being canceled. Fewer keep a function's processor busy; more would collide more where many are of one
payer."""
MOST = 10_000
"""Holds of one sweep, more than it has time for."""

_SETTLED = {Reason.NOT_PENDING, Reason.ENTITY_NOT_FOUND}

type Begin = Callable[[Callable[[], float]], Table]
"""Makes a table's access for something that begins now, with an attempt's id and a moment of its own, and this time."""


class Kept(NamedTuple):
    """A hold that has expired and is still there, and why."""

    hold: tuple[LedgerRef, str] | None
    """Its ledger and its transaction; None if the index shows what has not the key of a transaction."""
    error: Exception

    @property
    def waits(self) -> bool:
        """Whether it only lacked time: there was too much to do, or others were always faster at its balances."""
        return isinstance(self.error, Refusal) and self.error.reason in UNSETTLED


class Sweep(NamedTuple):
    """What became of all that had expired; what someone else had settled meanwhile is in neither."""

    canceled: int
    kept: Sequence[Kept]


def cancel_expired(table: Table, begin: Begin) -> Sweep:
    """Cancels what has expired by now, several at once; whatever becomes of one, the others are canceled.

    Each is an attempt of its own, with a moment of its own: what one has written is not taken for another's work, and
    no entry is written long after the moment that it bears.

    Raises what the index is refused for, `Refusal(UNAVAILABLE)` among it.
    """

    def cancel(key: Key) -> bool | Kept:
        hold = None
        spare = max(0.0, table.time_left() - PATIENCE)
        own = begin(lambda: table.time_left() - spare)
        try:
            hold = keys.transaction_of(key)
            # Its reads are made one by one: the pool is full of those that would wait for them.
            return _cancel(replace(own, connection=replace(own.connection, pool=None)), *hold)
        except Exception as error:  # noqa: BLE001 -- none stands in the way of the others; all are told at the end
            return Kept(hold, error)

    due = iter(_in_turns(islice(index.due(table, keys.HOLDS, keys.moment(table.now + 1)), MOST)))

    def lane(_: int) -> Sequence[bool | Kept]:
        return [cancel(key) for key in due]  # whoever is free takes the next

    pool = table.connection.pool
    swept = list(chain.from_iterable(pool.map(lane, range(AT_ONCE)) if pool else [lane(0)]))
    return Sweep(swept.count(True), [each for each in swept if isinstance(each, Kept)])


def _cancel(table: Table, ledger: LedgerRef, transaction_id: str) -> bool:
    """Whether it has canceled a hold, which the index may show after somebody else has settled it."""
    try:
        settling.settle(table, ledger, transaction_id, TransactionStatus.CANCELED)
    except Refusal as refusal:
        if refusal.reason not in _SETTLED:
            raise
        return False
    return True


def _in_turns(due: Iterable[Key]) -> list[Key]:
    """The first of each ledger, then the second of each, and so on: no ledger waits for all that another one has."""
    ledgers: defaultdict[str, list[Key]] = defaultdict(list)
    for key in due:
        ledgers[keys.ledger_prefix_of(key)].append(key)
    return [key for key in chain.from_iterable(zip_longest(*ledgers.values())) if key]
