"""What an operator names to have it verified, and to learn what there is to verify."""

from coffer.models.base import GivenId
from coffer.models.strict import Strict


class LedgerOfClient(Strict):
    """A ledger of a client that is named already."""

    organization_id: GivenId
    ledger_id: GivenId


class LedgersToList(Strict):
    """A client's ledgers, or those after one of them."""

    client_id: str
    after: LedgerOfClient | None = None


class LedgerToVerify(Strict):
    """A ledger: of whom, in which organization, and its id."""

    client_id: str
    organization_id: GivenId
    ledger_id: GivenId
