"""PATCH /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/{transaction_id}/operations/{operation_id}

Changes description or metadata of an operation; metadata is replaced as a whole.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.transactions import Operation, TransactionChange
from coffer.store import operations


@endpoint(__doc__, scope=Scope.OPERATIONS_WRITE, body=TransactionChange, answer=Operation)
def handler(request: Request[TransactionChange]) -> Operation:
    return operations.change(request.table, request.ledger, request.path, request.body)
