"""The ledger in which a client's wallet balances are kept: an organization and a ledger of the client's own.

Their ids follow from the client's, so that they are known without reading, and two first wallets make the same ones.
"""

from collections.abc import Sequence

from coffer.ids import derived_id
from coffer.models.assets import NewAsset
from coffer.models.ledgers import NewLedger
from coffer.models.organizations import NewOrganization
from coffer.models.wallet_assets import TokenChoice
from coffer.store import keys, ledgers, organizations
from coffer.store.keys import LedgerRef, OrganizationRef
from coffer.store.table import Table
from coffer.store.writes import Write


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


def exists(table: Table, client_id: str) -> bool:
    """Whether a client's wallet ledger has been made."""
    return table.get(keys.ledger(ledger(client_id))) is not None


def creation(table: Table, client_id: str) -> Sequence[Write]:
    """The writes that make a client's wallet ledger, with its organization."""
    legal = NewOrganization.model_validate({"legalName": f"Wallets of {client_id}", "legalDocument": client_id})
    return [
        organizations.creation(table, organization(client_id), legal, ledgers=1),
        *ledgers.creation(table, ledger(client_id), NewLedger(name="Wallets"), {}),
    ]


def asset_of(token: TokenChoice) -> NewAsset:
    """A token as an asset of the wallet ledger."""
    return NewAsset(
        name=token.ledger_name,
        type="crypto",
        code=token.ledger_code,
        decimals=token.decimals,
        metadata={"caip19": token.caip19},
    )
