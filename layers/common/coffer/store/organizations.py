"""Organizations in the table."""

from collections.abc import Sequence

from coffer.ids import unpack
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Listing, Rows
from coffer.models.organizations import Address, NewOrganization, Organization, OrganizationChange
from coffer.store import keys, lists, resources
from coffer.store.commit import Met, Plan, commit
from coffer.store.keys import OrganizationRef
from coffer.store.table import Table
from coffer.store.values import Item, number, text
from coffer.store.writes import LIVE, Check, Put, Update


def create(table: Table, client_id: str, body: NewOrganization) -> Organization:
    """Creates an organization; its parent, if it names one, must be there."""
    ref = OrganizationRef(client_id, table.new_id())
    created = creation(table, ref, body)
    plan = Plan([created, *_parent(ref, body.parent_organization_id)], _read(created.item))
    return commit(table, lambda _met: plan, proof=created.key)


def creation(table: Table, ref: OrganizationRef, body: NewOrganization, *, ledgers: int = 0) -> Put:
    """The write that makes an organization, with so many ledgers that are made in the same write."""
    return Put(
        item=resources.new_item(table, keys.organization(ref), {**resources.attributes_of(body), "ledgers": ledgers})
    )


def rows(table: Table, client_id: str, listing: Listing) -> Rows[Organization]:
    """A client's organizations."""
    return lists.rows(table, keys.organizations(client_id), "", listing, _read)


def count(table: Table, client_id: str) -> int:
    """How many organizations a client has. It reads them all, and only its time bounds it."""
    return lists.count(table, keys.organizations(client_id))


def get(table: Table, ref: OrganizationRef) -> Organization:
    """An organization; `Refusal(ORGANIZATION_NOT_FOUND)`."""
    return _read(resources.get(table, keys.organization(ref), missing(ref)))


def require(table: Table, ref: OrganizationRef) -> Item:
    """An organization's item; `Refusal(ORGANIZATION_NOT_FOUND)`."""
    return resources.get(table, keys.organization(ref), missing(ref))


def change(table: Table, ref: OrganizationRef, body: OrganizationChange) -> Organization:
    """Changes what was sent."""

    def plan(_met: Met) -> Plan[Organization]:
        changed = resources.change(table, require(table, ref), resources.attributes_of(body))
        parent = body.parent_organization_id if isinstance(body.parent_organization_id, str) else None
        return Plan([changed.write, *_parent(ref, parent)], _read(changed.item))

    return commit(table, plan, proof=keys.organization(ref))


def delete(table: Table, ref: OrganizationRef) -> None:
    """Deletes an organization that has no live ledger; `Refusal(ORGANIZATION_NOT_EMPTY)`."""

    def plan(_met: Met) -> Plan[None]:
        item = require(table, ref)
        if ledgers := number(item, "ledgers"):
            raise Refusal(
                Reason.ORGANIZATION_NOT_EMPTY,
                f"The organization still has ledgers ({ledgers}). Delete them first.",
            )
        return Plan([resources.delete(table, item, empty="ledgers")], None)

    commit(table, plan, proof=keys.organization(ref))


def adopt(ref: OrganizationRef, ledgers: int) -> Update:
    """The part of a ledger's write that its organization takes: its count, and that it is live."""
    return Update(key=keys.organization(ref), when=LIVE, add={"ledgers": ledgers}, otherwise=missing(ref))


def missing(ref: OrganizationRef) -> Refusal:
    """The answer when there is no such organization."""
    return Refusal(
        Reason.ORGANIZATION_NOT_FOUND,
        f"There is no organization {ref.organization_id}. Check the id in the path.",
    )


def _parent(ref: OrganizationRef, parent_id: str | None) -> Sequence[Check]:
    field = "parentOrganizationId"
    if parent_id is None:
        return []
    if parent_id == ref.organization_id:
        raise Refusal(Reason.BAD_REQUEST, "An organization cannot be its own parent.", {field: "is its own id"})
    unknown = Refusal(
        Reason.ORGANIZATION_NOT_FOUND, "The parent organization does not exist.", {field: "is no organization's id"}
    )
    return [Check(key=keys.organization(OrganizationRef(ref.client_id, parent_id)), when=LIVE, otherwise=unknown)]


def _read(item: Item) -> Organization:
    address, parent = item.get("address"), item.get("parent_organization_id")
    return Organization.model_validate(
        resources.common(item)
        | {
            "id": unpack(text(item, "sk")),
            "legal_name": item["legal_name"],
            "legal_document": item["legal_document"],
            "doing_business_as": item.get("doing_business_as"),
            "address": address and Address.model_validate(address, by_name=True),
            "parent_organization_id": parent,
        }
    )
