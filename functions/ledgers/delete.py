"""DELETE /v1/organizations/{organization_id}/ledgers/{ledger_id}

Deletes a ledger that has no live asset.
"""

from coffer.api.declare import deletion
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import ledgers


@deletion(__doc__, scope=Scope.LEDGERS_WRITE)
def handler(request: Request[None]) -> None:
    ledgers.delete(request.table, request.ledger)
