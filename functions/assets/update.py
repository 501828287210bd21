"""PATCH /v1/organizations/{organization_id}/ledgers/{ledger_id}/assets/{asset_id}

Changes name, status or metadata of an asset; metadata is replaced as a whole.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.assets import Asset, AssetChange
from coffer.store import assets


@endpoint(__doc__, scope=Scope.ASSETS_WRITE, body=AssetChange, answer=Asset)
def handler(request: Request[AssetChange]) -> Asset:
    return assets.change(request.table, request.ledger, request.path["asset_id"], request.body)
