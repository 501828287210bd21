"""What an endpoint's function gets: the caller, the path, the checked body or listing, and the table."""

from collections.abc import Mapping
from dataclasses import dataclass

from coffer.ids import is_uuid
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Listing
from coffer.store.keys import LedgerRef, OrganizationRef
from coffer.store.table import Table


@dataclass(frozen=True, slots=True)
class Request[Body]:
    """One authenticated request; everything in it has been checked."""

    client_id: str
    path: Mapping[str, str]
    table: Table
    body: Body
    listing: Listing

    @property
    def organization(self) -> OrganizationRef:
        """The organization in the path."""
        return OrganizationRef(self.client_id, self.path["organization_id"])

    @property
    def ledger(self) -> LedgerRef:
        """The ledger in the path."""
        return LedgerRef(self.client_id, self.path["organization_id"], self.path["ledger_id"])


def check_path(path: Mapping[str, str]) -> None:
    """`Refusal(PATH_PARAMETER)` unless every id in the path is a UUID as Coffer writes them."""
    for name, value in path.items():
        if name.endswith("_id") and not is_uuid(value):
            raise Refusal(
                Reason.PATH_PARAMETER,
                f"The {name} in the path is not an id: ids are UUIDs in lower case, with hyphens.",
                {name: "is not a UUID"},
            )
