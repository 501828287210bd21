"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts/{account_id}/operations

Lists the operations on an account: its statement.
"""

from coffer.api.declare import listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.transactions import Operation, OperationFilters
from coffer.store import statement


@listing(__doc__, scope=Scope.OPERATIONS_READ, row=Operation, filters=OperationFilters)
def handler(request: Request[None]) -> Rows[Operation]:
    return statement.rows(request.table, request.ledger, request.path["account_id"], request.listing)
