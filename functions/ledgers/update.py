"""PATCH /v1/organizations/{organization_id}/ledgers/{ledger_id}

Changes what is sent of a ledger; metadata is replaced as a whole.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.ledgers import Ledger, LedgerChange
from coffer.store import ledgers


@endpoint(__doc__, scope=Scope.LEDGERS_WRITE, body=LedgerChange, answer=Ledger)
def handler(request: Request[LedgerChange]) -> Ledger:
    return ledgers.change(request.table, request.ledger, request.body)
