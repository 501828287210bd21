"""PATCH /api/v1/accounts/{account_id}

Freezes an account, which then receives but neither sends nor adds assets, or makes it active again.
"""

from coffer.api import wallets
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallet_accounts import WalletAccount, WalletAccountChange


@endpoint(__doc__, scope=Scope.ACCOUNTS_WRITE, body=WalletAccountChange, answer=WalletAccount)
def handler(request: Request[WalletAccountChange]) -> WalletAccount:
    return wallets.change_account(request.table, request.client_id, request.path["account_id"], request.body)
