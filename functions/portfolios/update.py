"""PATCH /v1/organizations/{organization_id}/ledgers/{ledger_id}/portfolios/{portfolio_id}

Changes name, entity, status or metadata of a portfolio; metadata is replaced as a whole.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.portfolios import Portfolio, PortfolioChange
from coffer.store import portfolios


@endpoint(__doc__, scope=Scope.PORTFOLIOS_WRITE, body=PortfolioChange, answer=Portfolio)
def handler(request: Request[PortfolioChange]) -> Portfolio:
    return portfolios.change(request.table, request.ledger, request.path["portfolio_id"], request.body)
