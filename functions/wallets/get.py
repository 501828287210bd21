"""GET /api/v1/wallets/{wallet_id}

Gets a wallet.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallets import Wallet
from coffer.store import wallets


@endpoint(__doc__, scope=Scope.WALLETS_READ, answer=Wallet)
def handler(request: Request[None]) -> Wallet:
    return wallets.get(request.table, request.client_id, request.path["wallet_id"])
