"""Segments in the table: the item and the claim on its name, always together.

Nothing leads from one to its accounts: those that name a deleted one keep its id.
"""

from coffer.ids import unpack
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Listing, Rows
from coffer.models.segments import NewSegment, Segment, SegmentChange
from coffer.store import keys, lists, presence, resources
from coffer.store.commit import Met, Plan, commit
from coffer.store.keys import LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, text
from coffer.store.writes import Put

_PREFIX = "SEGMENT#"


def create(table: Table, ledger: LedgerRef, body: NewSegment) -> Segment:
    """Creates a segment; `Refusal(SEGMENT_TAKEN)` when its name is in use."""
    segment_id = table.new_id()
    item = resources.new_item(table, keys.segment(ledger, segment_id), resources.attributes_of(body))

    def plan(met: Met) -> Plan[Segment]:
        name = resources.claim(table, keys.segment_name(ledger, body.name), segment_id, met, taken=_taken(body.name))
        return Plan([presence.condition(ledger), Put(item=item), name], _read(ledger, item))

    return commit(table, plan, proof=keys.segment(ledger, segment_id))


def rows(table: Table, ledger: LedgerRef, listing: Listing) -> Rows[Segment]:
    """A ledger's segments; `Refusal(LEDGER_NOT_FOUND)`."""

    def read(item: Item) -> Segment:
        return _read(ledger, item)

    return presence.found_in(table, ledger, lists.rows(table, keys.segments(ledger), _PREFIX, listing, read))


def count(table: Table, ledger: LedgerRef) -> int:
    """How many segments a ledger has; `Refusal(LEDGER_NOT_FOUND)`. It reads them all."""
    return presence.found_in(table, ledger, lists.count(table, keys.segments(ledger), _PREFIX))


def get(table: Table, ledger: LedgerRef, segment_id: str) -> Segment:
    """A segment; `Refusal(SEGMENT_NOT_FOUND)`."""
    return _read(ledger, require(table, ledger, segment_id))


def require(table: Table, ledger: LedgerRef, segment_id: str) -> Item:
    """A segment's item; `Refusal(SEGMENT_NOT_FOUND)`."""
    missing = Refusal(
        Reason.SEGMENT_NOT_FOUND, f"There is no segment {segment_id} in this ledger. Check its id and the ledger."
    )
    return resources.get(table, keys.segment(ledger, segment_id), missing)


def change(table: Table, ledger: LedgerRef, segment_id: str, body: SegmentChange) -> Segment:
    """Changes what was sent; `Refusal` for LEDGER_NOT_FOUND, and SEGMENT_TAKEN when the new name is in use."""

    def plan(met: Met) -> Plan[Segment]:
        item = require(table, ledger, segment_id)
        changed = resources.change(table, item, resources.attributes_of(body))
        before, after = text(item, "name"), text(changed.item, "name")
        moved = resources.move_claim(
            table,
            keys.segment_name(ledger, before),
            keys.segment_name(ledger, after),
            segment_id,
            met,
            taken=_taken(after),
        )
        return Plan([presence.condition(ledger), changed.write, *moved], _read(ledger, changed.item))

    return commit(table, plan, proof=keys.segment(ledger, segment_id))


def delete(table: Table, ledger: LedgerRef, segment_id: str) -> None:
    """Deletes a segment. Its name may be used again."""

    def plan(_met: Met) -> Plan[None]:
        item = require(table, ledger, segment_id)
        name = keys.segment_name(ledger, text(item, "name"))
        return Plan([resources.delete(table, item), resources.release(table, name, segment_id)], None)

    commit(table, plan, proof=keys.segment(ledger, segment_id))


def _taken(name: str) -> Refusal:
    return Refusal(
        Reason.SEGMENT_TAKEN,
        f"A segment named {name!r} exists in this ledger. Choose another name.",
        {"name": "is taken"},
    )


def _read(ledger: LedgerRef, item: Item) -> Segment:
    return Segment.model_validate(
        resources.common(item)
        | {
            "id": unpack(text(item, "sk").removeprefix(_PREFIX)),
            "organization_id": ledger.organization_id,
            "ledger_id": ledger.ledger_id,
            "name": item["name"],
        }
    )
