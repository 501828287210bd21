"""HEAD /v1/organizations/{organization_id}/ledgers/{ledger_id}/assets/metrics/count

Counts a ledger's assets, in the header `X-Total-Count`.
"""

from coffer.api.declare import counting
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import assets


@counting(__doc__, scope=Scope.ASSETS_READ)
def handler(request: Request[None]) -> int:
    return assets.count(request.table, request.ledger)
