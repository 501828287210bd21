"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/{transaction_id}/revert

Reverts an approved transaction, once, by one that moves its money back.
"""

from coffer.api import postings
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.transactions import Transaction


@endpoint(__doc__, scope=Scope.TRANSACTIONS_WRITE, answer=Transaction, recorded=True)
def handler(request: Request[None]) -> Transaction:
    return postings.revert(request)
