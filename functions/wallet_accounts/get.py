"""GET /api/v1/accounts/{account_id}

Gets an account.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallet_accounts import WalletAccount
from coffer.store import wallet_accounts


@endpoint(__doc__, scope=Scope.ACCOUNTS_READ, answer=WalletAccount)
def handler(request: Request[None]) -> WalletAccount:
    return wallet_accounts.get(request.table, request.client_id, request.path["account_id"])
