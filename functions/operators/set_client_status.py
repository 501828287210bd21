"""Disables a client, or lets it in again: `{"client_id": …, "status": "DISABLED"}`; felt within a minute."""

from collections.abc import Mapping

from coffer.api import administration
from coffer.api.operators import Order, operator
from coffer.models.administration import ClientChange


@operator(ClientChange)
def handler(order: Order[ClientChange]) -> Mapping[str, object]:
    return administration.set_client_status(order)
