"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/annotation

Notes a transaction that moves nothing.
"""

from coffer.api import postings
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.new_transactions import NewAnnotation
from coffer.models.transactions import Transaction


@endpoint(__doc__, scope=Scope.TRANSACTIONS_WRITE, body=NewAnnotation, answer=Transaction, recorded=True)
def handler(request: Request[NewAnnotation]) -> Transaction:
    return postings.create(request)
