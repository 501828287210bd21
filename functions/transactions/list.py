"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions

Lists a ledger's transactions.
"""

from coffer.api.declare import listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.transactions import Transaction, TransactionFilters
from coffer.store import transactions


@listing(__doc__, scope=Scope.TRANSACTIONS_READ, row=Transaction, filters=TransactionFilters)
def handler(request: Request[None]) -> Rows[Transaction]:
    return transactions.rows(request.table, request.ledger, request.listing)
