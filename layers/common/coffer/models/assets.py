"""Assets: what a ledger counts."""

from typing import Annotated, Literal

from pydantic import MISSING, Field, ValidationInfo, field_validator

from coffer.ledger.refusal import Reason
from coffer.models.base import ACTIVE, Input, Metadata, Moment, Output, Status, Text, Uuid, refuse
from coffer.models.iso4217 import MINOR_UNITS, PUBLISHED
from coffer.models.listing import Filters
from coffer.models.names import AssetCode

type AssetType = Literal["crypto", "currency", "commodity", "others"]


class NewAsset(Input):
    """An asset to create."""

    name: Text
    type: AssetType
    code: AssetCode
    decimals: Annotated[int, Field(ge=0, le=36)] | None = Field(
        default=None,
        description="No amount is finer. Without them amounts keep whatever precision they have, and shares are cut to "
        "the decimals of the currency, else of the token, that goes by this code: give them when the asset is another.",
    )
    status: Status = ACTIVE
    metadata: Metadata = Field(default_factory=dict)

    @field_validator("code")
    @classmethod
    def _currency(cls, code: str, info: ValidationInfo) -> str:
        if info.data.get("type") == "currency" and code not in MINOR_UNITS:
            raise refuse(
                Reason.CURRENCY_UNKNOWN,
                f"is not a currency of ISO 4217 (list of {PUBLISHED}); other assets are of another type than currency",
            )
        return code


class AssetChange(Input):
    """What of an asset may change; what is left out stays."""

    name: Text | MISSING = MISSING
    status: Status | MISSING = MISSING
    metadata: Metadata | MISSING = MISSING


class AssetFilters(Filters):
    """By what assets can be listed."""

    type: AssetType | MISSING = MISSING
    code: str | MISSING = MISSING
    status: str | MISSING = MISSING


class Asset(Output):
    """An asset of a ledger; amounts have at most `decimals` places, or as many as they like if it is null."""

    id: Uuid
    organization_id: Uuid
    ledger_id: Uuid
    name: str
    type: str
    code: str
    decimals: int | None
    status: Status
    metadata: Metadata
    created_at: Moment
    updated_at: Moment
    deleted_at: None
