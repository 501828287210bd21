"""GET /api/v1/assets

Lists the client's assets, or those of one account, with their balances.
"""

from coffer.api.declare import wallet_listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.wallet_assets import WalletAsset, WalletAssetFilters
from coffer.store import wallet_assets


@wallet_listing(__doc__, scope=Scope.ASSETS_READ, row=WalletAsset, filters=WalletAssetFilters)
def handler(request: Request[None]) -> Rows[WalletAsset]:
    return wallet_assets.rows(request.table, request.client_id, request.listing)
