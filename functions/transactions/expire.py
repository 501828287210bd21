"""Cancels the pending transactions that have expired: by the schedule in the template, every minute."""

from collections.abc import Mapping

from coffer.api.expiry import cancel_expired
from coffer.api.operators import Order, Tick, operator


@operator(Tick)
def handler(order: Order[Tick]) -> Mapping[str, object]:
    return cancel_expired(order)
