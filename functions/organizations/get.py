"""GET /v1/organizations/{organization_id}

Gets an organization.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.organizations import Organization
from coffer.store import organizations


@endpoint(__doc__, scope=Scope.ORGANIZATIONS_READ, answer=Organization)
def handler(request: Request[None]) -> Organization:
    return organizations.get(request.table, request.organization)
