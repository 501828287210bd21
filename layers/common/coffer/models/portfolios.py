"""Portfolios: what a ledger's accounts are gathered in, each by its owner's reasons."""

from pydantic import MISSING, Field

from coffer.models.base import ACTIVE, Input, Metadata, Moment, Output, Status, Text, Uuid


class NewPortfolio(Input):
    """A portfolio to create; `entityId` is whoever it belongs to, in your own words."""

    name: Text
    entity_id: Text | None = None
    status: Status = ACTIVE
    metadata: Metadata = Field(default_factory=dict)


class PortfolioChange(Input):
    """What of a portfolio may change; what is left out stays."""

    name: Text | MISSING = MISSING
    entity_id: Text | MISSING | None = MISSING
    status: Status | MISSING = MISSING
    metadata: Metadata | MISSING = MISSING


class Portfolio(Output):
    """A portfolio of a ledger."""

    id: Uuid
    organization_id: Uuid
    ledger_id: Uuid
    name: str
    entity_id: str | None
    status: Status
    metadata: Metadata
    created_at: Moment
    updated_at: Moment
    deleted_at: None
