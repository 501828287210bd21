"""PATCH /v1/organizations/{organization_id}/ledgers/{ledger_id}/balances/{balance_id}

Lets a balance send or receive, or no more.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.balances import Balance, BalanceChange
from coffer.store import balances


@endpoint(__doc__, scope=Scope.BALANCES_WRITE, body=BalanceChange, answer=Balance)
def handler(request: Request[BalanceChange]) -> Balance:
    return balances.change(request.table, request.ledger, request.path["balance_id"], request.body)
