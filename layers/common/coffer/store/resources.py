"""What organizations, ledgers and assets have in common in the table: an item with a version, and claims on names."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coffer.ids import pack
from coffer.ledger.refusal import Refusal
from coffer.models.base import Input, Status, dump_metadata
from coffer.store.keys import Key
from coffer.store.table import Table
from coffer.store.values import Item, Value, number, text
from coffer.store.writes import UNCHANGED, Delete, Put, Update, Write

FORMAT = 1


def new_item(key: Key, body: Input, now: int) -> Item:
    """A resource as it is stored first."""
    return {
        "pk": key.pk,
        "sk": key.sk,
        "v": FORMAT,
        "version": 1,
        "created_at": now,
        "updated_at": now,
        **_attributes(body),
    }


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


def change(item: Item, body: Input, now: int) -> Change:
    """What the fields that were sent make of a resource, unless someone else has changed it since it was read."""
    version = number(item, "version")
    updated_at = max(now, number(item, "updated_at"))
    changed = {**_attributes(body), "version": version + 1, "updated_at": updated_at}
    return Change(
        Update(key=_key(item), when=UNCHANGED, values={"version": version}, change=changed),
        {name: value for name, value in {**item, **changed}.items() if value is not None},
    )


def delete(item: Item, now: int, *, empty: str | None = None) -> Update:
    """The write that deletes a resource, unless someone else has changed it, or what it counts in `empty`."""
    version = number(item, "version")
    return Update(
        key=_key(item),
        when=f"{UNCHANGED} AND #{empty} = :nothing" if empty else UNCHANGED,
        values={"version": version, "nothing": 0} if empty else {"version": version},
        change={"version": version + 1, "deleted_at": max(now, number(item, "updated_at"))},
    )


def claim(key: Key, owner: str, taken: Refusal | None = None) -> Put:
    """The claim on something that may be given only once; `taken` is the answer when it is; None: plan again."""
    return Put(item={"pk": key.pk, "sk": key.sk, "v": FORMAT, "owner": pack(owner)}, otherwise=taken)


def release(key: Key, owner: str) -> Delete:
    """The end of a claim."""
    return Delete(key=key, when="#owner = :owner", values={"owner": pack(owner)})


def move_claim(before: Key, after: Key, owner: str, taken: Refusal) -> Sequence[Write]:
    """What a renaming does to the claims; nothing, when the name is the same."""
    return [] if before == after else [claim(after, owner, taken), release(before, owner)]


def _attributes(body: Input) -> Mapping[str, Value]:
    attributes = body.model_dump()
    if "metadata" in attributes:
        attributes["metadata"] = dump_metadata(attributes["metadata"])
    return attributes


def _key(item: Item) -> Key:
    return Key(text(item, "pk"), text(item, "sk"))
