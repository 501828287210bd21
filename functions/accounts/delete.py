"""DELETE /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts/{account_id}

Deletes an account in which nothing is left, for good: its alias is never given again.
"""

from coffer.api.declare import deletion
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import accounts


@deletion(__doc__, scope=Scope.ACCOUNTS_WRITE)
def handler(request: Request[None]) -> None:
    accounts.delete(request.table, request.ledger, request.path["account_id"])
