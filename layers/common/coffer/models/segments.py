"""Segments: the parts that a ledger's accounts are divided into, each with a name of its own."""

from pydantic import MISSING, Field

from coffer.models.base import ACTIVE, Input, Metadata, Moment, Output, Status, Text, Uuid


class NewSegment(Input):
    """A segment to create."""

    name: Text
    status: Status = ACTIVE
    metadata: Metadata = Field(default_factory=dict)


class SegmentChange(Input):
    """What of a segment may change; what is left out stays."""

    name: Text | MISSING = MISSING
    status: Status | MISSING = MISSING
    metadata: Metadata | MISSING = MISSING


class Segment(Output):
    """A segment of a ledger."""

    id: Uuid
    organization_id: Uuid
    ledger_id: Uuid
    name: str
    status: Status
    metadata: Metadata
    created_at: Moment
    updated_at: Moment
    deleted_at: None
