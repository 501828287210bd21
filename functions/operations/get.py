"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts/{account_id}/operations/{operation_id}

Gets an operation on an account.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.transactions import Operation
from coffer.store import operations


@endpoint(__doc__, scope=Scope.OPERATIONS_READ, answer=Operation)
def handler(request: Request[None]) -> Operation:
    return operations.get(request.table, request.ledger, request.path["account_id"], request.path["operation_id"])
