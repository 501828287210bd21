"""Organizations: the legal persons whose ledgers are kept."""

from typing import Annotated

from pydantic import MISSING, AfterValidator, Field, WithJsonSchema

from coffer.ledger.refusal import Reason
from coffer.models.base import ACTIVE, GivenId, Input, Metadata, Moment, Note, Output, Status, Text, Uuid, refuse
from coffer.models.iso3166 import COUNTRIES


def _known_country(code: str) -> str:
    if code not in COUNTRIES:
        raise refuse(Reason.COUNTRY_UNKNOWN, "must be an alpha-2 country code of ISO 3166-1 in upper case, like BR")
    return code


type Country = Annotated[
    str, AfterValidator(_known_country), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$", "examples": ["BR"]})
]


class Address(Input):
    """Where an organization is."""

    line1: Note | None = None
    line2: Note | None = None
    zip_code: Note | None = None
    city: Note | None = None
    state: Note | None = None
    country: Country | None = None


class NewOrganization(Input):
    """An organization to create."""

    legal_name: Text
    legal_document: Text
    doing_business_as: Text | None = None
    address: Address | None = None
    parent_organization_id: GivenId | None = None
    status: Status = ACTIVE
    metadata: Metadata = Field(default_factory=dict)


class OrganizationChange(Input):
    """What of an organization may change; what is left out stays."""

    legal_name: Text | MISSING = MISSING
    doing_business_as: Text | MISSING | None = MISSING
    address: Address | MISSING | None = MISSING
    parent_organization_id: GivenId | MISSING | None = MISSING
    status: Status | MISSING = MISSING
    metadata: Metadata | MISSING = MISSING


class Organization(Output):
    """An organization."""

    id: Uuid
    legal_name: str
    legal_document: str
    doing_business_as: str | None
    address: Address | None
    parent_organization_id: Uuid | None
    status: Status
    metadata: Metadata
    created_at: Moment
    updated_at: Moment
    deleted_at: None
