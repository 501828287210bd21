"""POST /api/v1/accounts

Makes an account of a wallet: one address on one chain, whose keys someone else keeps.
"""

from coffer.api import wallets
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallet_accounts import NewWalletAccount, WalletAccount


@endpoint(__doc__, scope=Scope.ACCOUNTS_WRITE, body=NewWalletAccount, answer=WalletAccount)
def handler(request: Request[NewWalletAccount]) -> WalletAccount:
    return wallets.create_account(request.table, request.client_id, request.body)
