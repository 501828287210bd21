"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts/external/{code}

Gets the external account of an asset, through which its money enters and leaves the ledger.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.accounts import Account
from coffer.store import accounts


@endpoint(__doc__, scope=Scope.ACCOUNTS_READ, answer=Account)
def handler(request: Request[None]) -> Account:
    return accounts.get_by_alias(request.table, request.ledger, request.external_alias)
