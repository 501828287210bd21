"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/portfolios

Lists a ledger's portfolios.
"""

from coffer.api.declare import listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.portfolios import Portfolio
from coffer.store import portfolios


@listing(__doc__, scope=Scope.PORTFOLIOS_READ, row=Portfolio)
def handler(request: Request[None]) -> Rows[Portfolio]:
    return portfolios.rows(request.table, request.ledger, request.listing)
