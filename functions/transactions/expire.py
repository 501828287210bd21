"""Cancels the pending transactions that have expired: by the schedule in the template, every minute."""

from collections.abc import Mapping

from coffer.api.operators import Order, Tick, operator
from coffer.store import expiry


@operator(Tick)
def handler(order: Order[Tick]) -> Mapping[str, object]:
    return {"canceled": expiry.cancel_expired(order.table)}
