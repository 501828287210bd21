"""GET /api/v1/transactions

Lists the client's deposits and transfers.
"""

from coffer.api.declare import wallet_listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.wallet_transactions import WalletTransaction, WalletTransactionFilters
from coffer.store import wallet_transactions


@wallet_listing(__doc__, scope=Scope.TRANSACTIONS_READ, row=WalletTransaction, filters=WalletTransactionFilters)
def handler(request: Request[None]) -> Rows[WalletTransaction]:
    return wallet_transactions.rows(request.table, request.client_id, request.listing)
