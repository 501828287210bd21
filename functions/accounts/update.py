"""PATCH /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts/{account_id}

Changes what is noted of an account, or blocks it; metadata is replaced as a whole.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.accounts import Account, AccountChange
from coffer.store import accounts


@endpoint(__doc__, scope=Scope.ACCOUNTS_WRITE, body=AccountChange, answer=Account)
def handler(request: Request[AccountChange]) -> Account:
    return accounts.change(request.table, request.ledger, request.path["account_id"], request.body)
