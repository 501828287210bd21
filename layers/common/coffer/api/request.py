"""What an endpoint's function gets: the caller, the path, the checked body or listing, and the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from coffer.api import queries
from coffer.api.errors import Face
from coffer.ids import is_prefixed, is_uuid
from coffer.ledger.entries import external_alias
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Listing
from coffer.models.names import is_alias, is_code
from coffer.store.idempotency import IdempotencyKey
from coffer.store.keys import LedgerRef, OrganizationRef
from coffer.store.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Request[Body]:
    """One authenticated request; everything in it has been checked.

    `query` has the parameters that the endpoint asks for, `key` is the caller's idempotency key with a POST.
    """

    client_id: str
    path: Mapping[str, str]
    table: Table
    body: Body
    listing: Listing
    query: Mapping[str, str] = field(default_factory=dict)
    key: IdempotencyKey | None = None

    @property
    def organization(self) -> OrganizationRef:
        """The organization in the path."""
        return OrganizationRef(self.client_id, self.path["organization_id"])

    @property
    def ledger(self) -> LedgerRef:
        """The ledger in the path."""
        return LedgerRef(self.client_id, self.path["organization_id"], self.path["ledger_id"])

    @property
    def external_alias(self) -> str:
        """The alias of the external account of the asset in the path."""
        return external_alias(self.path["code"])

    @property
    def date(self) -> int:
        """The moment that is asked for (milliseconds since 1970): of a day its last; `Refusal(DATE_INVALID)`."""
        return queries.moment("date", self.query["date"], until=True)


NAMES: Mapping[str, Callable[[str], bool]] = {"alias": is_alias, "code": is_code}
"""What stands in a path of the ledger API beside ids."""
OF = {"alias": "an account", "code": "an asset"}

WALLET_IDS = {"wallet_id": "wal", "account_id": "acc", "asset_id": "ast", "tx_id": "txn"}
"""The prefixes of the wallet API's ids."""
MAX_WALLET_ID = 36


def check_path(path: Mapping[str, str], face: Face) -> None:
    """Refuses an id in the path that cannot be one.

    The ledger API says `PATH_PARAMETER` unless it is a UUID as Coffer writes them. The wallet API takes any text of up
    to 36 characters for an id, of which those that are not Coffer's are not found.
    """
    for name, value in path.items():
        if face is Face.WALLET and len(value) > MAX_WALLET_ID:
            raise Refusal(
                Reason.PATH_PARAMETER,
                f"The {name} in the path is too long for an id.",
                {name: f"has more than {MAX_WALLET_ID} characters"},
            )
        if face is Face.WALLET and not is_prefixed(value, WALLET_IDS[name]):
            raise Refusal(Reason.ENTITY_NOT_FOUND, f"The {name} in the path is not known.", {name: "is not known"})
        if name in NAMES and not NAMES[name](value):
            raise Refusal(
                Reason.PATH_PARAMETER, f"The {name} in the path cannot be one.", {name: f"cannot be that of {OF[name]}"}
            )
        if face is Face.LEDGER and name.endswith("_id") and not is_uuid(value):
            raise Refusal(
                Reason.PATH_PARAMETER,
                f"The {name} in the path is not an id: ids are UUIDs in lower case, with hyphens.",
                {name: "is not a UUID"},
            )
