"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/assets

Creates an asset and its external account `@external/CODE`, through which its money enters and leaves the ledger.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.assets import Asset, NewAsset
from coffer.store import assets


@endpoint(__doc__, scope=Scope.ASSETS_WRITE, body=NewAsset, answer=Asset)
def handler(request: Request[NewAsset]) -> Asset:
    return assets.create(request.table, request.ledger, request.body)
