"""Makes an API key for a client: `{"client_id": …, "scopes": […], "networks": […]}` → key and secret, shown once."""

from collections.abc import Mapping

from coffer.api import administration
from coffer.api.operators import Order, operator
from coffer.models.administration import NewApiKey


@operator(NewApiKey)
def handler(order: Order[NewApiKey]) -> Mapping[str, object]:
    return administration.create_api_key(order)
