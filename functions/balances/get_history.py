"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/balances/{balance_id}/history

Gets a balance as it stood at a moment, or at the end of a day: `?date=`.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.balances import Balance
from coffer.store import balances


@endpoint(__doc__, scope=Scope.BALANCES_READ, answer=Balance, query={"date"})
def handler(request: Request[None]) -> Balance:
    return balances.get_at(request.table, request.ledger, request.path["balance_id"], request.date)
