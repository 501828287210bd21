"""Lets a published key sign from now on: `{"kid": …}`; the former one stays published until it is retired."""

from collections.abc import Mapping

from coffer.api import administration
from coffer.api.operators import Order, operator
from coffer.models.administration import SigningKeyName


@operator(SigningKeyName)
def handler(order: Order[SigningKeyName]) -> Mapping[str, object]:
    return administration.switch_signing_key(order)
