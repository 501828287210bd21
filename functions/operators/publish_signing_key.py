"""Publishes a KMS key that may sign later: `{}` for the stack's own, else `{"kms_arn": …}` → its kid."""

from collections.abc import Mapping

from coffer.api import administration
from coffer.api.operators import Order, operator
from coffer.models.administration import NewSigningKey


@operator(NewSigningKey)
def handler(order: Order[NewSigningKey]) -> Mapping[str, object]:
    return administration.publish_signing_key(order)
