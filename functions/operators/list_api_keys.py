"""Lists a client's API keys, never their secrets: `{"client_id": …}`, and then the answer's `next`."""

from collections.abc import Mapping

from coffer.api import administration
from coffer.api.operators import Order, operator
from coffer.models.administration import ApiKeysToList


@operator(ApiKeysToList)
def handler(order: Order[ApiKeysToList]) -> Mapping[str, object]:
    return administration.list_api_keys(order)
