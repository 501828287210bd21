"""Makes a client: `{"client_name": …}` → its id."""

from collections.abc import Mapping

from coffer.api import administration
from coffer.api.operators import Order, operator
from coffer.models.administration import NewClient


@operator(NewClient)
def handler(order: Order[NewClient]) -> Mapping[str, object]:
    return administration.create_client(order)
