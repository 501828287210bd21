"""DELETE /v1/organizations/{organization_id}/ledgers/{ledger_id}/balances/{balance_id}

Deletes a further balance in which nothing is left; the default one goes with its account.
"""

from coffer.api.declare import deletion
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import balances


@deletion(__doc__, scope=Scope.BALANCES_WRITE)
def handler(request: Request[None]) -> None:
    balances.delete(request.table, request.ledger, request.path["balance_id"])
