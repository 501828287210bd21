"""PATCH /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/{transaction_id}

Changes description or metadata of a transaction; metadata is replaced as a whole.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.transactions import Transaction, TransactionChange
from coffer.store import transactions


@endpoint(__doc__, scope=Scope.TRANSACTIONS_WRITE, body=TransactionChange, answer=Transaction)
def handler(request: Request[TransactionChange]) -> Transaction:
    return transactions.change(request.table, request.ledger, request.path["transaction_id"], request.body)
