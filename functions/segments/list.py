"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/segments

Lists a ledger's segments.
"""

from coffer.api.declare import listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.segments import Segment
from coffer.store import segments


@listing(__doc__, scope=Scope.SEGMENTS_READ, row=Segment)
def handler(request: Request[None]) -> Rows[Segment]:
    return segments.rows(request.table, request.ledger, request.listing)
