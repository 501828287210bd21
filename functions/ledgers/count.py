"""HEAD /v1/organizations/{organization_id}/ledgers/metrics/count

Counts an organization's ledgers, in the header `X-Total-Count`.
"""

from coffer.api.declare import counting
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import ledgers


@counting(__doc__, scope=Scope.LEDGERS_READ)
def handler(request: Request[None]) -> int:
    return ledgers.count(request.table, request.organization)
