"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/portfolios

Creates a portfolio: a name under which accounts are gathered, for an entity or for none.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.portfolios import NewPortfolio, Portfolio
from coffer.store import portfolios


@endpoint(__doc__, scope=Scope.PORTFOLIOS_WRITE, body=NewPortfolio, answer=Portfolio)
def handler(request: Request[NewPortfolio]) -> Portfolio:
    return portfolios.create(request.table, request.ledger, request.body)
