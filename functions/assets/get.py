"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/assets/{asset_id}

Gets an asset.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.assets import Asset
from coffer.store import assets


@endpoint(__doc__, scope=Scope.ASSETS_READ, answer=Asset)
def handler(request: Request[None]) -> Asset:
    return assets.get(request.table, request.ledger, request.path["asset_id"])
