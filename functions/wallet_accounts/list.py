"""GET /api/v1/accounts

Lists the client's accounts, or those of one wallet.
"""

from coffer.api.declare import wallet_listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.wallet_accounts import WalletAccount, WalletAccountFilters
from coffer.store import wallet_accounts


@wallet_listing(__doc__, scope=Scope.ACCOUNTS_READ, row=WalletAccount, filters=WalletAccountFilters)
def handler(request: Request[None]) -> Rows[WalletAccount]:
    return wallet_accounts.rows(request.table, request.client_id, request.listing)
