"""HEAD /v1/organizations/metrics/count

Counts the client's organizations, in the header `X-Total-Count`.

The count is exact, and reads the whole list for it: when that takes longer than a request may, it is answered 503.
"""

from coffer.api.declare import counting
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import organizations


@counting(__doc__, scope=Scope.ORGANIZATIONS_READ)
def handler(request: Request[None]) -> int:
    return organizations.count(request.table, request.client_id)
