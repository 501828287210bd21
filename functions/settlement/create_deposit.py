"""POST /api/v1/deposits

Records what has come to an address of the client, once for each place on its chain.
"""

from coffer.api import payments
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallet_transactions import NewDeposit, WalletTransaction


@endpoint(__doc__, scope=Scope.SETTLEMENT_WRITE, body=NewDeposit, answer=WalletTransaction, recorded=True)
def handler(request: Request[NewDeposit]) -> WalletTransaction:
    return payments.receive(request)
