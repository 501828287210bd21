"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}

Gets a ledger.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.ledgers import Ledger
from coffer.store import ledgers


@endpoint(__doc__, scope=Scope.LEDGERS_READ, answer=Ledger)
def handler(request: Request[None]) -> Ledger:
    return ledgers.get(request.table, request.ledger)
