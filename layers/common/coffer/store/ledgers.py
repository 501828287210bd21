"""Ledgers in the table: the item, the claim on its name, and its organization's count, always together."""

from collections.abc import Iterator

from coffer.ids import pack, unpack
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.ledgers import Ledger, LedgerChange, NewLedger
from coffer.models.listing import Listing, Rows
from coffer.store import keys, lists, organizations, presence, resources
from coffer.store.commit import Met, Plan, commit
from coffer.store.keys import LedgerRef, OrganizationRef
from coffer.store.table import Table
from coffer.store.values import Item, number, text
from coffer.store.writes import Put, Write

_PREFIX = "LEDGER#"
_CHUNK = 100


def create(table: Table, organization: OrganizationRef, body: NewLedger) -> Ledger:
    """Creates a ledger; `Refusal(LEDGER_DUPLICATE)` when its name is taken."""
    ref = LedgerRef(organization.client_id, organization.organization_id, table.new_id())

    def plan(met: Met) -> Plan[Ledger]:
        created, name = creation(table, ref, body, met)
        return Plan([organizations.adopt(organization, 1), created, name], _read(organization, created.item))

    return commit(table, plan, proof=keys.ledger(ref))


def creation(table: Table, ref: LedgerRef, body: NewLedger, met: Met) -> tuple[Put, Put]:
    """The writes that make a ledger: the item, and the claim on its name; `Refusal(LEDGER_DUPLICATE)`."""
    taken = _taken(Reason.LEDGER_DUPLICATE, body.name)
    return (
        Put(item=resources.new_item(table, keys.ledger(ref), {**resources.attributes_of(body), "assets": 0})),
        resources.claim(table, keys.ledger_name(ref.organization, body.name), ref.ledger_id, met, taken=taken),
    )


def rows(table: Table, organization: OrganizationRef, listing: Listing) -> Rows[Ledger]:
    """An organization's ledgers; `Refusal(ORGANIZATION_NOT_FOUND)`."""

    def read(item: Item) -> Ledger:
        return _read(organization, item)

    found = lists.rows(table, keys.ledgers(organization), _PREFIX, listing, read)
    if not found.items:
        organizations.require(table, organization)
    return found


def every_ledger(table: Table, client_id: str, after: LedgerRef | None) -> Iterator[LedgerRef]:
    """All that a client has ever had, deleted or not, or those after one of them: each organization's oldest first."""
    first = pack(after.organization_id) if after else keys.START
    for found in table.walk(keys.organizations(client_id), first, keys.END, ascending=True, chunk=_CHUNK):
        organization = OrganizationRef(client_id, unpack(text(found, "sk")))
        resumed = after if after and after.organization == organization else None
        low = f"{keys.ledger(resumed).sk}{keys.END}" if resumed else f"{_PREFIX}{keys.START}"
        for item in table.walk(keys.ledgers(organization), low, f"{_PREFIX}{keys.END}", ascending=True, chunk=_CHUNK):
            yield LedgerRef(client_id, organization.organization_id, unpack(text(item, "sk").removeprefix(_PREFIX)))


def count(table: Table, organization: OrganizationRef) -> int:
    """How many ledgers an organization has; `Refusal(ORGANIZATION_NOT_FOUND)`."""
    return number(organizations.require(table, organization), "ledgers")


def get(table: Table, ref: LedgerRef) -> Ledger:
    """A ledger; `Refusal(LEDGER_NOT_FOUND)`."""
    return _read(ref.organization, presence.require(table, ref))


def change(table: Table, ref: LedgerRef, body: LedgerChange) -> Ledger:
    """Changes what was sent; `Refusal(LEDGER_NAME_TAKEN)`."""

    def plan(met: Met) -> Plan[Ledger]:
        item = presence.require(table, ref)
        changed = resources.change(table, item, resources.attributes_of(body))
        before, after = text(item, "name"), text(changed.item, "name")
        moved = resources.move_claim(
            table,
            keys.ledger_name(ref.organization, before),
            keys.ledger_name(ref.organization, after),
            ref.ledger_id,
            met,
            taken=_taken(Reason.LEDGER_NAME_TAKEN, after),
        )
        return Plan([changed.write, *moved], _read(ref.organization, changed.item))

    return commit(table, plan, proof=keys.ledger(ref))


def delete(table: Table, ref: LedgerRef) -> None:
    """Deletes a ledger that has no live asset; `Refusal(LEDGER_NOT_EMPTY)`. Its name may be used again."""

    def plan(_met: Met) -> Plan[None]:
        item = presence.require(table, ref)
        if assets := number(item, "assets"):
            raise Refusal(Reason.LEDGER_NOT_EMPTY, f"The ledger still has assets ({assets}). Delete them first.")
        writes: list[Write] = [
            resources.delete(table, item, empty="assets"),
            resources.release(table, keys.ledger_name(ref.organization, text(item, "name")), ref.ledger_id),
            organizations.adopt(ref.organization, -1),
        ]
        return Plan(writes, None)

    commit(table, plan, proof=keys.ledger(ref))


def _taken(reason: Reason, name: str) -> Refusal:
    return Refusal(
        reason, f"A ledger named {name!r} exists in this organization. Choose another name.", {"name": "is taken"}
    )


def _read(organization: OrganizationRef, item: Item) -> Ledger:
    return Ledger.model_validate(
        resources.common(item)
        | {
            "id": unpack(text(item, "sk").removeprefix(_PREFIX)),
            "organization_id": organization.organization_id,
            "name": item["name"],
        }
    )
