"""Accounts: who holds something of an asset in a ledger."""

from typing import Annotated

from pydantic import MISSING, Field

from coffer.ledger.limits import MAX_SHARDS
from coffer.models.base import ACTIVE, GivenId, Input, Metadata, Moment, Output, Status, Text, Uuid
from coffer.models.listing import Filters
from coffer.models.names import AssetCode, OwnAlias


class NewAccount(Input):
    """An account to open; it can be found by its alias, by default its id, for good."""

    asset_code: AssetCode
    type: Text
    name: Text | None = None
    alias: OwnAlias | None = None
    parent_account_id: GivenId | None = None
    entity_id: Text | None = None
    portfolio_id: GivenId | None = None
    segment_id: GivenId | None = None
    blocked: bool = False
    shards: Annotated[int, Field(ge=1, le=MAX_SHARDS)] = 1
    status: Status = ACTIVE
    metadata: Metadata = Field(default_factory=dict)


class AccountChange(Input):
    """What of an account may change; what is left out stays."""

    name: Text | MISSING | None = MISSING
    entity_id: Text | MISSING | None = MISSING
    portfolio_id: GivenId | MISSING | None = MISSING
    segment_id: GivenId | MISSING | None = MISSING
    blocked: bool | MISSING = MISSING
    status: Status | MISSING = MISSING
    metadata: Metadata | MISSING = MISSING


class AccountFilters(Filters):
    """By what accounts can be listed."""

    asset_code: str | MISSING = MISSING
    alias: str | MISSING = MISSING
    type: str | MISSING = MISSING
    status: str | MISSING = MISSING
    portfolio_id: str | MISSING = MISSING
    segment_id: str | MISSING = MISSING
    name: str | MISSING = MISSING


class Account(Output):
    """An account; a blocked one neither sends nor receives. More shards take more postings a second."""

    id: Uuid
    organization_id: Uuid
    ledger_id: Uuid
    alias: str
    asset_code: str
    type: str
    name: str | None
    parent_account_id: Uuid | None
    entity_id: str | None
    portfolio_id: Uuid | None
    segment_id: Uuid | None
    blocked: bool
    shards: int
    status: Status
    metadata: Metadata
    created_at: Moment
    updated_at: Moment
    deleted_at: None
