"""POST /v1/organizations

Creates an organization: a legal person whose ledgers are kept.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.organizations import NewOrganization, Organization
from coffer.store import organizations


@endpoint(__doc__, scope=Scope.ORGANIZATIONS_WRITE, body=NewOrganization, answer=Organization)
def handler(request: Request[NewOrganization]) -> Organization:
    return organizations.create(request.table, request.client_id, request.body)
