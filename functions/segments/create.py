"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/segments

Creates a segment: a name, unlike all others in the ledger, under which accounts are gathered.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.segments import NewSegment, Segment
from coffer.store import segments


@endpoint(__doc__, scope=Scope.SEGMENTS_WRITE, body=NewSegment, answer=Segment)
def handler(request: Request[NewSegment]) -> Segment:
    return segments.create(request.table, request.ledger, request.body)
