"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts/{account_id}/balances

Opens a further balance of an account, under a key of its own.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.balances import Balance, NewBalance
from coffer.store import balances


@endpoint(__doc__, scope=Scope.BALANCES_WRITE, body=NewBalance, answer=Balance)
def handler(request: Request[NewBalance]) -> Balance:
    return balances.create(request.table, request.ledger, request.path["account_id"], request.body)
