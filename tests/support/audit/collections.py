"""A table as the audit looks at it: items by pk and sk, and what their keys say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from coffer.store.values import Item, decode_item

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Collections = Mapping[str, Mapping[str, Item]]
"""Items by pk and sk."""

_ID = "[-0-9A-Z_a-z]{22}"
_IN_A_LEDGER = re.compile(rf"(?P<ledger>{_ID}#{_ID}#{_ID})#(?P<kind>[A-Z_]+)(?:#(?P<name>.+))?")


class Place(NamedTuple):
    """What the partition key of something in a ledger says: the ledger's part of it, the kind, and whose it is."""

    ledger: str
    kind: str
    name: str


def collected(snapshot: Mapping[Any, Mapping[str, Any]]) -> Collections:
    """The items of a table."""
    collections: dict[str, dict[str, Item]] = defaultdict(dict)
    for wire in snapshot.values():
        item = decode_item(cast("Mapping[str, AttributeValueTypeDef]", wire))
        collections[str(item["pk"])][str(item["sk"])] = item
    return dict(collections)


def place(pk: str) -> Place | None:
    """Where in a ledger a collection lies; None if it lies in none."""
    match = _IN_A_LEDGER.fullmatch(pk)
    return Place(match["ledger"], match["kind"], match["name"] or "") if match else None


def of_kind(collections: Collections, kind: str) -> Iterator[tuple[Place, str, Mapping[str, Item]]]:
    """The collections of one kind in all ledgers, each with its place and its pk."""
    for pk, items in collections.items():
        found = place(pk)
        if found and found.kind == kind:
            yield found, pk, items


def newest(items: Mapping[str, Item]) -> Item:
    """The head of a chain."""
    return items[max(items)]
