"""What an operator names to have it verified."""

from pydantic import BaseModel, ConfigDict

from coffer.models.base import GivenId


class LedgerToVerify(BaseModel):
    """A ledger: of whom, in which organization, and its id."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    client_id: str
    organization_id: GivenId
    ledger_id: GivenId
