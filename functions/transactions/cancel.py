"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/{transaction_id}/cancel

Cancels a pending transaction: what it holds goes back to its source.
"""

from coffer.api import postings
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.transactions import Transaction


@endpoint(__doc__, scope=Scope.TRANSACTIONS_WRITE, answer=Transaction)
def handler(request: Request[None]) -> Transaction:
    return postings.cancel(request)
