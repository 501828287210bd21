"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/trial-balance

Sums up what there is of every asset: what its accounts hold, and what has come in from outside. A small ledger is
summed up as it stands, a large one as it stood when it was last verified: `asOf` says when.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.trial_balance import TrialBalance
from coffer.store import trial_balance


@endpoint(__doc__, scope=Scope.BALANCES_READ, answer=TrialBalance)
def handler(request: Request[None]) -> TrialBalance:
    return trial_balance.get(request.table, request.ledger)
