"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/json

Makes a transaction between accounts; a pending one holds the money until it is committed, canceled, or expires.
"""

from coffer.api import postings
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.new_transactions import NewTransaction
from coffer.models.transactions import Transaction


@endpoint(__doc__, scope=Scope.TRANSACTIONS_WRITE, body=NewTransaction, answer=Transaction, recorded=True)
def handler(request: Request[NewTransaction]) -> Transaction:
    return postings.create(request)
