"""POST /api/v1/assets

Adds a token, native or contract-based, to an account; the registry resolves contract address, decimals and type.
"""

from coffer.api import wallets
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallet_assets import NewWalletAsset, WalletAsset


@endpoint(__doc__, scope=Scope.ASSETS_WRITE, body=NewWalletAsset, answer=WalletAsset)
def handler(request: Request[NewWalletAsset]) -> WalletAsset:
    return wallets.add_asset(request.table, request.client_id, request.body)
