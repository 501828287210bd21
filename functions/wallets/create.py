"""POST /api/v1/wallets

Makes a wallet. The client's first one also makes the ledger in which wallet balances are kept.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallets import NewWallet, Wallet
from coffer.store import wallets


@endpoint(__doc__, scope=Scope.WALLETS_WRITE, body=NewWallet, answer=Wallet)
def handler(request: Request[NewWallet]) -> Wallet:
    return wallets.create(request.table, request.client_id, request.body)
