"""PATCH /v1/organizations/{organization_id}

Changes what is sent of an organization; metadata is replaced as a whole.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.organizations import Organization, OrganizationChange
from coffer.store import organizations


@endpoint(__doc__, scope=Scope.ORGANIZATIONS_WRITE, body=OrganizationChange, answer=Organization)
def handler(request: Request[OrganizationChange]) -> Organization:
    return organizations.change(request.table, request.organization, request.body)
