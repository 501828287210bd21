"""GET /api/v1/wallets

Lists the client's wallets.
"""

from coffer.api.declare import wallet_listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.wallets import Wallet
from coffer.store import wallets


@wallet_listing(__doc__, scope=Scope.WALLETS_READ, row=Wallet)
def handler(request: Request[None]) -> Rows[Wallet]:
    return wallets.rows(request.table, request.client_id, request.listing)
