"""What a client's first wallet makes: the ledger in which its balances are kept."""

from collections.abc import Sequence

from coffer.models.ledgers import NewLedger
from coffer.models.organizations import NewOrganization
from coffer.store import ledgers, organizations, wallet_ledger
from coffer.store.table import Table
from coffer.store.writes import Write


def creation(table: Table, client_id: str) -> Sequence[Write]:
    """The writes that make a client's wallet ledger, with its organization."""
    legal = NewOrganization.model_validate({"legalName": f"Wallets of {client_id}", "legalDocument": client_id})
    return [
        organizations.creation(table, wallet_ledger.organization(client_id), legal, ledgers=1),
        *ledgers.creation(table, wallet_ledger.ledger(client_id), NewLedger(name="Wallets"), {}),
    ]
