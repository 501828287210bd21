"""DELETE /v1/organizations/{organization_id}/ledgers/{ledger_id}/segments/{segment_id}

Deletes a segment. Accounts that name it keep its id; its name may be used again.
"""

from coffer.api.declare import deletion
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.store import segments


@deletion(__doc__, scope=Scope.SEGMENTS_WRITE)
def handler(request: Request[None]) -> None:
    segments.delete(request.table, request.ledger, request.path["segment_id"])
