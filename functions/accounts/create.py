"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts

Opens an account of an asset, with its default balance. It can be found by its alias for good.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.accounts import Account, NewAccount
from coffer.store import accounts


@endpoint(__doc__, scope=Scope.ACCOUNTS_WRITE, body=NewAccount, answer=Account)
def handler(request: Request[NewAccount]) -> Account:
    return accounts.create(request.table, request.ledger, request.body)
