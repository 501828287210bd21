"""HEAD /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/metrics/count

Counts a ledger's transactions, in the header `X-Total-Count`.

The count is exact, and reads the whole list for it: when that takes longer than a request may, it is answered 503.
"""

from coffer.api.declare import counting
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import transactions


@counting(__doc__, scope=Scope.TRANSACTIONS_READ)
def handler(request: Request[None]) -> int:
    return transactions.count(request.table, request.ledger)
