"""The schedule's sweep of holds that have expired. What it could not cancel is logged, and the invocation fails."""

from collections.abc import Mapping

from coffer.api.log import MISTAKE, logger
from coffer.api.operators import Order, Tick
from coffer.store import expiry
from coffer.store.expiry import Kept

MOST_LOGGED = 20
"""Holds of one sweep: it comes again every minute, and what is wrong with one is mostly wrong with all."""


class HoldsKept(Exception):  # noqa: N818 -- it says what is left, however that came about
    """Some holds that have expired are still there; Lambda counts it as an error, at which the alarm looks."""

    def __init__(self, canceled: int, *, mistakes: int, waiting: int) -> None:
        super().__init__(
            f"Of the holds that have expired {canceled} were canceled, {mistakes} could not be, which the log's "
            f"mistakes explain, and {waiting} wait for the next sweep."
        )
        self.mistakes = mistakes


def cancel_expired(order: Order[Tick]) -> Mapping[str, object]:
    """Cancels what has expired; raises `HoldsKept` when all that could be canceled is, if that was not all."""
    runtime = order.runtime
    sweep = expiry.cancel_expired(order.table, lambda time_left: runtime.table(runtime.clock(), time_left))
    for kept in sorted(sweep.kept, key=lambda kept: kept.waits)[:MOST_LOGGED]:  # mistakes first
        _tell(kept)
    if sweep.kept:
        waiting = sum(kept.waits for kept in sweep.kept)
        raise HoldsKept(sweep.canceled, mistakes=len(sweep.kept) - waiting, waiting=waiting)
    return {"canceled": sweep.canceled}


def _tell(kept: Kept) -> None:
    said: dict[str, object] = {}
    if kept.hold:
        ledger, transaction_id = kept.hold
        said = {
            "client": ledger.client_id,
            "organization": ledger.organization_id,
            "ledger": ledger.ledger_id,
            "transaction": transaction_id,
        }
    if kept.waits:
        logger.warning("hold waits", extra=said)
    else:
        logger.error(MISTAKE, exc_info=kept.error, extra=said)
