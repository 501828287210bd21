"""GET /api/v1/assets/{asset_id}

Gets an asset with its balance, and what pending transactions hold of it.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallet_assets import WalletAsset
from coffer.store import wallet_assets


@endpoint(__doc__, scope=Scope.ASSETS_READ, answer=WalletAsset)
def handler(request: Request[None]) -> WalletAsset:
    return wallet_assets.get(request.table, request.client_id, request.path["asset_id"])
