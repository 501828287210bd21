"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts

Lists a ledger's accounts, external ones included.
"""

from coffer.api.declare import listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.accounts import Account, AccountFilters
from coffer.models.listing import Rows
from coffer.store import accounts


@listing(__doc__, scope=Scope.ACCOUNTS_READ, row=Account, filters=AccountFilters)
def handler(request: Request[None]) -> Rows[Account]:
    return accounts.rows(request.table, request.ledger, request.listing)
