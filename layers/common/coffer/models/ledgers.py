"""Ledgers: the books of an organization."""

from pydantic import MISSING, Field

from coffer.models.base import ACTIVE, Input, Metadata, Resource, Status, Text, Uuid


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


class Ledger(Resource):
    """A ledger."""

    id: Uuid
    organization_id: Uuid
    name: str
