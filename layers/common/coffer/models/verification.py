"""What an operator names to have it verified."""

from coffer.models.base import GivenId
from coffer.models.strict import Strict


class LedgerToVerify(Strict):
    """A ledger: of whom, in which organization, and its id."""

    client_id: str
    organization_id: GivenId
    ledger_id: GivenId
