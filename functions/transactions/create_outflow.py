"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/outflow

Makes a transaction that takes money out of the ledger, to the asset's external account.
"""

from coffer.api import postings
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.new_transactions import NewOutflow
from coffer.models.transactions import Transaction


@endpoint(__doc__, scope=Scope.TRANSACTIONS_WRITE, body=NewOutflow, answer=Transaction, recorded=True)
def handler(request: Request[NewOutflow]) -> Transaction:
    return postings.create(request)
