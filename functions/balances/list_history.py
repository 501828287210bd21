"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts/{account_id}/balances/history

Gets the balances of an account as they stood at a moment, or at the end of a day: `?date=`.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.balances import Balances
from coffer.store import balances


@endpoint(__doc__, scope=Scope.BALANCES_READ, answer=Balances, query={"date"})
def handler(request: Request[None]) -> Balances:
    return balances.of_account_at(request.table, request.ledger, request.path["account_id"], request.date)
