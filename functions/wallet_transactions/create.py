"""POST /api/v1/transactions

Sends a token: at once to an address of the same client, else as a withdrawal, which locks it until it is settled.
"""

from coffer.api import payments
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.wallet_transactions import NewTransfer, Sent


@endpoint(__doc__, scope=Scope.TRANSACTIONS_WRITE, body=NewTransfer, answer=Sent, recorded=True)
def handler(request: Request[NewTransfer]) -> Sent:
    return payments.send(request)
