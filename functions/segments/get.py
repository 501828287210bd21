"""GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/segments/{segment_id}

Gets a segment.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.segments import Segment
from coffer.store import segments


@endpoint(__doc__, scope=Scope.SEGMENTS_READ, answer=Segment)
def handler(request: Request[None]) -> Segment:
    return segments.get(request.table, request.ledger, request.path["segment_id"])
