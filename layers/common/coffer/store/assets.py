"""Assets in the table: the item, the claims on code and name, the ledger's count and the external account, together."""

from collections.abc import Sequence
from copy import replace

from coffer.ids import unpack
from coffer.ledger.entries import EXTERNAL_SHARDS, Entry, Opening
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.assets import Asset, AssetChange, NewAsset
from coffer.models.listing import Listing, Rows
from coffer.models.names import is_code
from coffer.store import entries, keys, lists, opening, presence, resources
from coffer.store.commit import Met, Overtaken, Plan, commit
from coffer.store.keys import LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, number, text
from coffer.store.writes import Put, Update, Write

_PREFIX = "ASSET#"


def create(table: Table, ledger: LedgerRef, body: NewAsset) -> Asset:
    """Creates an asset and its external account; `Refusal(ASSET_TAKEN)` when its code or its name is in use."""
    asset_id = table.new_id()

    def plan(met: Met) -> Plan[Asset]:
        adopted, *claimed = claims(table, ledger, asset_id, body, met)
        # Nearly every code is new to its ledger: the heads are read only when something was met.
        heads = opening.external_heads(table, ledger, body.code) if met else [None] * EXTERNAL_SHARDS
        if any(head and not head.closed for head in heads):
            raise _taken("code", body.code)
        created, *account = creation(table, ledger, asset_id, body, heads)
        writes: list[Write] = [replace(adopted, otherwise=presence.missing(ledger)), created, *claimed, *account]
        return Plan(writes, _read(ledger, created.item))

    return commit(table, plan, proof=keys.asset(ledger, asset_id))


def claims(table: Table, ledger: LedgerRef, asset_id: str, body: NewAsset, met: Met) -> tuple[Update, Put, Put]:
    """What an asset takes: a place in its ledger's count, its code and its name; `Refusal(ASSET_TAKEN)`."""
    return (
        presence.adopt(ledger, 1),
        resources.claim(table, keys.asset_code(ledger, body.code), asset_id, met, taken=_taken("code", body.code)),
        resources.claim(table, keys.asset_name(ledger, body.name), asset_id, met, taken=_taken("name", body.name)),
    )


def creation(
    table: Table, ledger: LedgerRef, asset_id: str, body: NewAsset, heads: Sequence[Entry | None]
) -> list[Put]:
    """The writes that make an asset, beside its claims: its item, then its external account.

    `heads` are the newest entries of the external account that had its code before, None where there was none.
    """
    external = Opening(
        asset_id=asset_id,
        asset_code=body.code,
        decimals=body.decimals,
        account_id=table.new_id(),
        balance_id=table.new_id(),
        shards=EXTERNAL_SHARDS,
    )
    item = resources.new_item(table, keys.asset(ledger, asset_id), resources.attributes_of(body))
    return [Put(item=item), *opening.open_external(table, ledger, external, heads)]


def rows(table: Table, ledger: LedgerRef, listing: Listing) -> Rows[Asset]:
    """A ledger's assets, one at most with a code; `Refusal(LEDGER_NOT_FOUND)`."""

    def read(item: Item) -> Asset:
        return _read(ledger, item)

    code = listing.filters.get("code")
    if code is None:
        listed = lists.collection(table, keys.assets(ledger), _PREFIX, listing)
    else:
        item = _with_code(table, ledger, code)
        listed = lists.held([(text(item, "sk").removeprefix(_PREFIX), item)] if item else [], listing)
    return presence.found_in(table, ledger, lists.select(listed, listing, read))


def count(table: Table, ledger: LedgerRef) -> int:
    """How many assets a ledger has; `Refusal(LEDGER_NOT_FOUND)`."""
    return number(presence.require(table, ledger), "assets")


def get(table: Table, ledger: LedgerRef, asset_id: str) -> Asset:
    """An asset; `Refusal(ENTITY_NOT_FOUND)`."""
    return _read(ledger, _require(table, ledger, asset_id))


def change(table: Table, ledger: LedgerRef, asset_id: str, body: AssetChange) -> Asset:
    """Changes what was sent; `Refusal(ASSET_TAKEN)` when the new name is in use."""

    def plan(met: Met) -> Plan[Asset]:
        item = _require(table, ledger, asset_id)
        changed = resources.change(table, item, resources.attributes_of(body))
        before, after = text(item, "name"), text(changed.item, "name")
        moved = resources.move_claim(
            table,
            keys.asset_name(ledger, before),
            keys.asset_name(ledger, after),
            asset_id,
            met,
            taken=_taken("name", after),
        )
        return Plan([changed.write, *moved], _read(ledger, changed.item))

    return commit(table, plan, proof=keys.asset(ledger, asset_id))


def delete(table: Table, ledger: LedgerRef, asset_id: str) -> None:
    """Deletes an asset of which no account of the ledger holds anything; `Refusal(ASSET_HOLDS_BALANCE)` otherwise.

    One write closes the external account, so that no money can come in after it, and fails if any has since it looked.
    """

    def plan(_met: Met) -> Plan[None]:
        item = _require(table, ledger, asset_id)
        code = text(item, "code")
        heads = [head for head in opening.external_heads(table, ledger, code) if head and head.asset_id == asset_id]
        if len(heads) < EXTERNAL_SHARDS:  # not all is seen yet, or it was deleted, and made again, since
            raise Overtaken
        try:
            closed = opening.close_external_account(table, ledger, heads)
        except Refusal:
            if entries.followed(table, dict(zip(opening.external_chains(ledger, code), heads, strict=True))):
                raise Overtaken from None  # they may never have stood like that
            raise
        writes: list[Write] = [
            *closed,
            resources.delete(table, item),
            resources.release(table, keys.asset_code(ledger, code), asset_id),
            resources.release(table, keys.asset_name(ledger, text(item, "name")), asset_id),
            replace(presence.adopt(ledger, -1), otherwise=presence.missing(ledger)),
        ]
        return Plan(writes, None)

    commit(table, plan, proof=keys.asset(ledger, asset_id))


def _with_code(table: Table, ledger: LedgerRef, code: str) -> Item | None:
    claim = table.get(keys.asset_code(ledger, code)) if is_code(code) else None
    return table.get(keys.asset(ledger, unpack(text(claim, "owner")))) if claim and "owner" in claim else None


def _require(table: Table, ledger: LedgerRef, asset_id: str) -> Item:
    return resources.get(table, keys.asset(ledger, asset_id), _missing(asset_id))


def _missing(asset_id: str) -> Refusal:
    return Refusal(Reason.ENTITY_NOT_FOUND, f"There is no asset {asset_id} in this ledger. Check the ids in the path.")


def _taken(field: str, value: str) -> Refusal:
    return Refusal(
        Reason.ASSET_TAKEN,
        f"An asset with the {field} {value!r} exists in this ledger. Choose another {field}.",
        {field: "is taken"},
    )


def _read(ledger: LedgerRef, item: Item) -> Asset:
    return Asset.model_validate(
        resources.common(item)
        | {
            "id": unpack(text(item, "sk").removeprefix(_PREFIX)),
            "organization_id": ledger.organization_id,
            "ledger_id": ledger.ledger_id,
            "name": item["name"],
            "type": item["type"],
            "code": item["code"],
            "decimals": item.get("decimals"),
        }
    )
