"""GET /api/v1/transactions/{tx_id}

Gets a deposit or a transfer.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallet_transactions import WalletTransaction
from coffer.store import wallet_transactions


@endpoint(__doc__, scope=Scope.TRANSACTIONS_READ, answer=WalletTransaction)
def handler(request: Request[None]) -> WalletTransaction:
    return wallet_transactions.get(request.table, request.client_id, request.path["tx_id"])
