"""The ledger in which a client's wallet balances are kept: an organization and a ledger of the client's own.

Their ids follow from the client's, so that they are known without reading, and two first wallets make the same ones.
"""

from coffer.ids import derived_id
from coffer.store.keys import LedgerRef, OrganizationRef


def organization(client_id: str) -> OrganizationRef:
    """The organization that a client's wallet ledger belongs to."""
    return OrganizationRef(client_id, derived_id(client_id, "wallet organization"))


def ledger(client_id: str) -> LedgerRef:
    """A client's wallet ledger."""
    return LedgerRef(client_id, organization(client_id).organization_id, derived_id(client_id, "wallet ledger"))


def is_one(ledger_ref: LedgerRef) -> bool:
    """Whether a ledger is the one of its client's wallets."""
    return ledger_ref == ledger(ledger_ref.client_id)


def alias(account_id: str, ledger_code: str) -> str:
    """The alias of the ledger's account for a token of a wallet account: it follows from what never changes."""
    return f"{account_id}:{ledger_code}"
