"""DELETE /v1/organizations/{organization_id}/ledgers/{ledger_id}/portfolios/{portfolio_id}

Deletes a portfolio. Accounts that name it keep its id.
"""

from coffer.api.declare import deletion
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import portfolios


@deletion(__doc__, scope=Scope.PORTFOLIOS_WRITE)
def handler(request: Request[None]) -> None:
    portfolios.delete(request.table, request.ledger, request.path["portfolio_id"])
