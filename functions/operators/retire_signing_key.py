"""Removes a signing key: `{"kid": …}`, 15 minutes after the switch or, if it leaked, at once."""

from collections.abc import Mapping

from coffer.api import administration
from coffer.api.operators import Order, operator
from coffer.models.administration import SigningKeyName


@operator(SigningKeyName)
def handler(order: Order[SigningKeyName]) -> Mapping[str, object]:
    return administration.retire_signing_key(order)
