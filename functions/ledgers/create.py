"""POST /v1/organizations/{organization_id}/ledgers

Creates a ledger; its name is unique in its organization.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.ledgers import Ledger, NewLedger
from coffer.store import ledgers


@endpoint(__doc__, scope=Scope.LEDGERS_WRITE, body=NewLedger, answer=Ledger)
def handler(request: Request[NewLedger]) -> Ledger:
    return ledgers.create(request.table, request.organization, request.body)
