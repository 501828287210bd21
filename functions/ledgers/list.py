"""GET /v1/organizations/{organization_id}/ledgers

Lists an organization's ledgers.
"""

from coffer.api.declare import listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.ledgers import Ledger
from coffer.models.listing import Rows
from coffer.store import ledgers


@listing(__doc__, scope=Scope.LEDGERS_READ, row=Ledger)
def handler(request: Request[None]) -> Rows[Ledger]:
    return ledgers.rows(request.table, request.organization, request.listing)
