"""DELETE /v1/organizations/{organization_id}

Deletes an organization that has no live ledger.
"""

from coffer.api.declare import deletion
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import organizations


@deletion(__doc__, scope=Scope.ORGANIZATIONS_WRITE)
def handler(request: Request[None]) -> None:
    organizations.delete(request.table, request.organization)
