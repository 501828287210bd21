"""What organizations, ledgers and what lies in a ledger have in common: an item with a version, claims on names."""

import json
from collections.abc import Mapping, Sequence
from copy import replace
from typing import NamedTuple

from coffer.ids import pack
from coffer.ledger.hashing import HASH
from coffer.ledger.refusal import Refusal
from coffer.models.base import Input, Status, dump_metadata
from coffer.store.commit import Met
from coffer.store.keys import Key
from coffer.store.sealing import sealed
from coffer.store.table import Table
from coffer.store.values import Item, Value, number, text
from coffer.store.writes import UNCHANGED, Put, Update, Write

FORMAT = 1


def attributes_of(body: Input) -> Mapping[str, Value]:
    """What a body says, as it is stored: metadata is one string, for it is only ever read as a whole."""
    attributes = body.model_dump()
    if "metadata" in attributes:
        attributes["metadata"] = dump_metadata(attributes["metadata"])
    return attributes


def new_item(table: Table, key: Key, attributes: Mapping[str, Value]) -> Item:
    """A resource as it is stored first, sealed."""
    return new_part(table, key, {"version": 1, "created_at": table.now, "updated_at": table.now, **attributes})


def new_part(table: Table, key: Key, attributes: Mapping[str, Value]) -> Item:
    """What stands beside a resource, sealed."""
    return sealed({"pk": key.pk, "sk": key.sk, "v": FORMAT, "attempt": table.attempt, **attributes})


def live(item: Item | None, missing: Refusal) -> Item:
    """The item, if it is there and has not been deleted; raises `missing` otherwise."""
    if item is None or "deleted_at" in item:
        raise missing
    return item


def get(table: Table, key: Key, missing: Refusal) -> Item:
    """A live resource; raises `missing`."""
    return live(table.get(key), missing)


def common(item: Item) -> dict[str, object]:
    """The fields that every resource answers."""
    return {
        "status": Status.model_validate(item["status"]),
        "metadata": json.loads(text(item, "metadata")),
        "created_at": item["created_at"],
        "updated_at": item["updated_at"],
        "deleted_at": None,
    }


class Change(NamedTuple):
    """A resource that is being changed: the write that does it, and the item as it stands afterwards."""

    write: Update
    item: Item


def change(table: Table, item: Item, attributes: Mapping[str, Value]) -> Change:
    """What changed attributes make of a resource, unless someone else has changed it since it was read."""
    version = number(item, "version")
    changed: Item = {
        **attributes,
        "version": version + 1,
        "updated_at": max(table.now, number(item, "updated_at")),
        "attempt": table.attempt,
    }
    after = sealed({name: value for name, value in {**item, **changed}.items() if value is not None})
    return Change(
        Update(key=key_of(item), when=UNCHANGED, values={"version": version}, change={**changed, HASH: after[HASH]}),
        after,
    )


def delete(table: Table, item: Item, *, empty: str | None = None) -> Update:
    """The write that deletes a resource, unless someone else has changed it, or what it counts in `empty`."""
    deleted = change(table, item, {"deleted_at": max(table.now, number(item, "updated_at"))}).write
    if empty is None:
        return deleted
    return replace(deleted, when=f"{UNCHANGED} AND #{empty} = :nothing", values={**deleted.values, "nothing": 0})


def claim(table: Table, key: Key, owner: str, met: Met, *, taken: Refusal) -> Put:
    """The claim on something that one may have at a time; raises `taken` when it was met as another's.

    What was given up is taken from who gave it up last, whose attempt it bears. So a write that took it for new, or as
    somebody before has left it, can never be applied any more: not even one whose answer was lost, when it arrives late
    and its request has long been refused.
    """
    claimed = Put(item=new_part(table, key, {"owner": pack(owner)}))
    there = met.get(key)
    if there is None or there.get("owner") == claimed.item["owner"]:  # its own: somebody else has just named it so
        return claimed
    if "owner" in there:
        raise taken
    return replace(claimed, when="#attempt = :attempt", values={"attempt": there["attempt"]})


def release(table: Table, key: Key, owner: str) -> Put:
    """The end of a claim: nobody has it, and it stays."""
    return Put(item=new_part(table, key, {}), when="#owner = :owner", values={"owner": pack(owner)})


def move_claim(table: Table, before: Key, after: Key, owner: str, met: Met, *, taken: Refusal) -> Sequence[Write]:
    """What a renaming does to the claims; nothing, when the name is the same."""
    return [] if before == after else [claim(table, after, owner, met, taken=taken), release(table, before, owner)]


def key_of(item: Item) -> Key:
    """Where an item stands."""
    return Key(text(item, "pk"), text(item, "sk"))
