"""Lists clients, 100 at a time: `{}`, and then the answer's `next` as long as it has one."""

from collections.abc import Mapping

from coffer.api import administration
from coffer.api.operators import Order, operator
from coffer.models.administration import ClientsToList


@operator(ClientsToList)
def handler(order: Order[ClientsToList]) -> Mapping[str, object]:
    return administration.list_clients(order)
