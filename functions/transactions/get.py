"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/{transaction_id}

Gets a transaction with its operations.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.transactions import Transaction
from coffer.store import transactions


@endpoint(__doc__, scope=Scope.TRANSACTIONS_READ, answer=Transaction)
def handler(request: Request[None]) -> Transaction:
    return transactions.get(request.table, request.ledger, request.path["transaction_id"])
