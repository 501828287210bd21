"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/inflow

Makes a transaction that brings money into the ledger, from the asset's external account.
"""

from coffer.api import postings
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.new_transactions import NewInflow
from coffer.models.transactions import Transaction


@endpoint(__doc__, scope=Scope.TRANSACTIONS_WRITE, body=NewInflow, answer=Transaction, recorded=True)
def handler(request: Request[NewInflow]) -> Transaction:
    return postings.create(request)
