"""What there is to verify, as an operator asks for it."""

from collections.abc import Mapping

from coffer.api.operators import Order, check_client, page
from coffer.models.verification import LedgersToList
from coffer.store import clients, ledgers
from coffer.store.keys import LedgerRef


def list_ledgers(order: Order[LedgersToList]) -> Mapping[str, object]:
    """A client's ledgers, a page of them: each is what `verify_ledger` is invoked with."""
    client_id, after = order.body.client_id, order.body.after
    check_client(client_id)
    clients.require(order.table, client_id)
    last = LedgerRef(client_id, after.organization_id, after.ledger_id) if after else None
    found, more = page(ledgers.every_ledger(order.table, client_id, last))
    listed = [each._asdict() for each in found]
    further = {name: value for name, value in listed[-1].items() if name != "client_id"} if more else None
    return {
        "client_id": client_id,
        "ledgers": listed,
        "next": {"client_id": client_id, "after": further} if further else None,
    }
