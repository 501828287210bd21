"""POST /api/v1/transactions/{tx_id}/status

Takes a withdrawal on: CONFIRMED spends what it locks, FAILED and CANCELLED give it back.
"""

from coffer.api import payments
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallet_transactions import StatusReport, WalletTransaction


@endpoint(__doc__, scope=Scope.SETTLEMENT_WRITE, body=StatusReport, answer=WalletTransaction)
def handler(request: Request[StatusReport]) -> WalletTransaction:
    return payments.report(request)
