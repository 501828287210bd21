"""Accounts: who holds something of an asset in a ledger."""

import re
from typing import Annotated

from pydantic import MISSING, AfterValidator, Field, WithJsonSchema

from coffer.ledger.entries import is_external
from coffer.ledger.refusal import Reason
from coffer.models.assets import AssetCode
from coffer.models.base import ACTIVE, GivenId, Input, Metadata, Moment, Output, Status, Text, Uuid, refuse
from coffer.models.listing import Filters

MAX_ALIAS_LENGTH = 100
MAX_SHARDS = 16

_ALIAS = re.compile(rf"[A-Za-z0-9@:_.-]{{1,{MAX_ALIAS_LENGTH}}}")
_EXTERNAL_ALIAS = re.compile(r"@external/[A-Z][A-Z0-9]{0,99}")
_FORM = f"must be 1 to {MAX_ALIAS_LENGTH} characters of A-Z, a-z, 0-9, @, :, _, . and -"


def is_alias(text: str) -> bool:
    """Whether a text can be the alias of an account, an external one included."""
    return bool(_ALIAS.fullmatch(text) or _EXTERNAL_ALIAS.fullmatch(text))


def _own_alias(alias: str) -> str:
    if is_external(alias):
        raise refuse(Reason.ALIAS_INVALID, "may not start with @external/, which is for the ledger's external accounts")
    return _name(alias)


def _name(text: str) -> str:
    if not _ALIAS.fullmatch(text):
        raise refuse(Reason.ALIAS_INVALID, _FORM)
    return text


def _any_alias(alias: str) -> str:
    if not is_alias(alias):
        raise refuse(Reason.ALIAS_INVALID, f"{_FORM}, or @external/ and the code of an asset")
    return alias


_SCHEMA = {"type": "string", "pattern": f"^{_ALIAS.pattern}$"}

type OwnAlias = Annotated[str, AfterValidator(_own_alias), WithJsonSchema(_SCHEMA)]
"""The alias of an account that is not external."""

type Alias = Annotated[
    str,
    AfterValidator(_any_alias),
    WithJsonSchema({"type": "string", "pattern": f"^({_ALIAS.pattern}|{_EXTERNAL_ALIAS.pattern})$"}),
]
"""The alias of any account."""

type BalanceKey = Annotated[str, AfterValidator(_name), WithJsonSchema(_SCHEMA)]
"""Which balance of an account."""


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
