"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/assets

Lists a ledger's assets: a bare array of them all, newest last, or a page when `limit`, `page` or `cursor` is given.
"""

from coffer.api.declare import listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.assets import Asset, AssetFilters
from coffer.models.listing import Rows
from coffer.store import assets


@listing(__doc__, scope=Scope.ASSETS_READ, row=Asset, filters=AssetFilters, bare=True)
def handler(request: Request[None]) -> Rows[Asset]:
    return assets.rows(request.table, request.ledger, request.listing)
