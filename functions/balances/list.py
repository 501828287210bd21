"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/balances

Lists a ledger's balances.
"""

from coffer.api.declare import listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.balances import Balance
from coffer.models.listing import Rows
from coffer.store import balances


@listing(__doc__, scope=Scope.BALANCES_READ, row=Balance)
def handler(request: Request[None]) -> Rows[Balance]:
    return balances.rows(request.table, request.ledger, request.listing)
