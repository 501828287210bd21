"""PATCH /api/v1/assets/{asset_id}

Lets an asset take deposits and transfers, or no more; its balance can be read all the same.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallet_assets import WalletAsset, WalletAssetChange
from coffer.store import wallet_assets


@endpoint(__doc__, scope=Scope.ASSETS_WRITE, body=WalletAssetChange, answer=WalletAsset)
def handler(request: Request[WalletAssetChange]) -> WalletAsset:
    return wallet_assets.change(request.table, request.client_id, request.path["asset_id"], request.body)
