"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/balances/{balance_id}

Gets a balance as it stands.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.balances import Balance
from coffer.store import balances


@endpoint(__doc__, scope=Scope.BALANCES_READ, answer=Balance)
def handler(request: Request[None]) -> Balance:
    return balances.get(request.table, request.ledger, request.path["balance_id"])
