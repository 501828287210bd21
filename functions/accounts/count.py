"""HEAD /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts/metrics/count

Counts a ledger's accounts, external ones included, in the header `X-Total-Count`.

The count is exact, and reads the whole list for it: when that takes longer than a request may, it is answered 503.
"""

from coffer.api.declare import counting
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import accounts


@counting(__doc__, scope=Scope.ACCOUNTS_READ)
def handler(request: Request[None]) -> int:
    return accounts.count(request.table, request.ledger)
