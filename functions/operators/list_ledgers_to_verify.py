"""Lists what there is to verify of a client: `{"client_id": …}`, and then the answer's `next`."""

from collections.abc import Mapping

from coffer.api.ledgers_to_verify import list_ledgers
from coffer.api.operators import Order, operator
from coffer.models.verification import LedgersToList


@operator(LedgersToList)
def handler(order: Order[LedgersToList]) -> Mapping[str, object]:
    return list_ledgers(order)
