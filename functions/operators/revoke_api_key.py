"""Revokes an API key for good: `{"api_key": …}`; felt within a minute."""

from collections.abc import Mapping

from coffer.api import administration
from coffer.api.operators import Order, operator
from coffer.models.administration import RevokedApiKey


@operator(RevokedApiKey)
def handler(order: Order[RevokedApiKey]) -> Mapping[str, object]:
    return administration.revoke_api_key(order)
