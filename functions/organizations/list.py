"""GET /v1/organizations

Lists the client's organizations.
"""

from coffer.api.declare import listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.organizations import Organization
from coffer.store import organizations


@listing(__doc__, scope=Scope.ORGANIZATIONS_READ, row=Organization)
def handler(request: Request[None]) -> Rows[Organization]:
    return organizations.rows(request.table, request.client_id, request.listing)
