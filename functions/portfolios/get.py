"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/portfolios/{portfolio_id}

Gets a portfolio.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.portfolios import Portfolio
from coffer.store import portfolios


@endpoint(__doc__, scope=Scope.PORTFOLIOS_READ, answer=Portfolio)
def handler(request: Request[None]) -> Portfolio:
    return portfolios.get(request.table, request.ledger, request.path["portfolio_id"])
