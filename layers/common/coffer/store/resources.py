"""What organizations, ledgers and what lies in a ledger have in common: an item with a version, claims on names."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from coffer.ids import pack
from coffer.ledger.hashing import HASH
from coffer.ledger.refusal import Refusal
from coffer.models.base import Input, Status, dump_metadata
from coffer.store.keys import Key
from coffer.store.sealing import sealed
from coffer.store.table import Table
from coffer.store.values import Item, Value, number, text
from coffer.store.writes import UNCHANGED, Delete, Put, Update, Write

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


@dataclass(frozen=True, slots=True)
class Change:
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


def claim(table: Table, key: Key, owner: str, taken: Refusal | None = None) -> Put:
    """The claim on something that is given only once; `taken` is the answer when another has it; None: plan again."""

    def recognise(found: Item) -> Refusal | None:
        return None if found["owner"] == pack(owner) else taken

    return Put(item=new_part(table, key, {"owner": pack(owner)}), recognise=recognise)


def release(key: Key, owner: str) -> Delete:
    """The end of a claim."""
    return Delete(key=key, when="#owner = :owner", values={"owner": pack(owner)})


def move_claim(table: Table, before: Key, after: Key, owner: str, taken: Refusal) -> Sequence[Write]:
    """What a renaming does to the claims; nothing, when the name is the same."""
    return [] if before == after else [claim(table, after, owner, taken), release(before, owner)]


def key_of(item: Item) -> Key:
    """Where an item stands."""
    return Key(text(item, "pk"), text(item, "sk"))
