"""Ledgers: the books of an organization."""

from pydantic import MISSING, Field

from coffer.models.base import ACTIVE, Input, Metadata, Moment, Output, Status, Text, Uuid


class NewLedger(Input):
    """A ledger to create."""

    name: Text
    status: Status = ACTIVE
    metadata: Metadata = Field(default_factory=dict)


class LedgerChange(Input):
    """What of a ledger may change; what is left out stays."""

    name: Text | MISSING = MISSING
    status: Status | MISSING = MISSING
    metadata: Metadata | MISSING = MISSING


class Ledger(Output):
    """A ledger."""

    id: Uuid
    organization_id: Uuid
    name: str
    status: Status
    metadata: Metadata
    created_at: Moment
    updated_at: Moment
    deleted_at: None
