"""PATCH /v1/organizations/{organization_id}/ledgers/{ledger_id}/segments/{segment_id}

Changes name, status or metadata of a segment; metadata is replaced as a whole.
"""

from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.segments import Segment, SegmentChange
from coffer.store import segments


@endpoint(__doc__, scope=Scope.SEGMENTS_WRITE, body=SegmentChange, answer=Segment)
def handler(request: Request[SegmentChange]) -> Segment:
    return segments.change(request.table, request.ledger, request.path["segment_id"], request.body)
