"""DELETE /v1/organizations/{organization_id}/ledgers/{ledger_id}/assets/{asset_id}

Deletes an asset of which no account of the ledger holds anything. Its code and name may be used again.
"""

from coffer.api.declare import deletion
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import assets


@deletion(__doc__, scope=Scope.ASSETS_WRITE)
def handler(request: Request[None]) -> None:
    assets.delete(request.table, request.ledger, request.path["asset_id"])
