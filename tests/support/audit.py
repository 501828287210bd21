"""What must be true of the whole table at every moment, whoever has written to it and whatever has failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from coffer.ledger.entries import EXTERNAL_SHARDS
from coffer.ledger.hashing import HASH, seal
from coffer.store.keys import digest
from coffer.store.values import Item, decode_item

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Collections = Mapping[str, Mapping[str, Item]]
"""Items by pk and sk."""


def problems(snapshot: Mapping[Any, Mapping[str, Any]]) -> list[str]:
    """What is wrong with a table; nothing, if all is well."""
    collections: dict[str, dict[str, Item]] = defaultdict(dict)
    for wire in snapshot.values():
        item = decode_item(cast("Mapping[str, AttributeValueTypeDef]", wire))
        collections[str(item["pk"])][str(item["sk"])] = item
    return [
        problem
        for pk, items in collections.items()
        for check in (_counts_of_organizations, _ledgers, _assets, _segments, _chain)
        for problem in check(pk, items, collections)
    ]


def live(items: Mapping[str, Item], prefix: str) -> dict[str, Item]:
    """The resources of a collection that have not been deleted, by their packed ids."""
    return {
        sk.removeprefix(prefix): item
        for sk, item in items.items()
        if sk.startswith(prefix) and "deleted_at" not in item
    }


def _counts_of_organizations(pk: str, items: Mapping[str, Item], collections: Collections) -> Iterator[str]:
    if not pk.endswith("#ORGANIZATIONS"):
        return
    client = pk.removesuffix("#ORGANIZATIONS")
    for sk, item in items.items():
        ledgers = len(live(collections.get(f"{client}#{sk}#LEDGERS", {}), "LEDGER#"))
        if item["ledgers"] != ledgers:
            yield f"organization {sk} counts {item['ledgers']} ledgers and has {ledgers}"
        if ledgers and "deleted_at" in item:
            yield f"organization {sk} is deleted and has ledgers"


def _ledgers(pk: str, items: Mapping[str, Item], collections: Collections) -> Iterator[str]:
    if not pk.endswith("#LEDGERS"):
        return
    organization = pk.removesuffix("#LEDGERS")
    client, _, packed = organization.partition("#")
    if packed not in collections.get(f"{client}#ORGANIZATIONS", {}):
        yield f"{pk} belongs to no organization"
    yield from _claims(pk, items, "LEDGER#", "NAME#", lambda item: digest(str(item["name"])))
    for sk, item in items.items():
        if not sk.startswith("LEDGER#"):
            continue
        ledger = sk.removeprefix("LEDGER#")
        assets = len(live(collections.get(f"{organization}#{ledger}#ASSETS", {}), "ASSET#"))
        if item["assets"] != assets:
            yield f"ledger {ledger} counts {item['assets']} assets and has {assets}"
        if assets and "deleted_at" in item:
            yield f"ledger {ledger} is deleted and has assets"


def _assets(pk: str, items: Mapping[str, Item], collections: Collections) -> Iterator[str]:
    if not pk.endswith("#ASSETS"):
        return
    ledger = pk.removesuffix("#ASSETS")
    yield from _claims(pk, items, "ASSET#", "NAME#", lambda item: digest(str(item["name"])))
    yield from _claims(pk, items, "ASSET#", "CODE#", lambda item: str(item["code"]))
    assets = live(items, "ASSET#")
    codes = {str(item["code"]) for item in items.values() if "code" in item}
    for code in codes:
        owner = next((packed for packed, item in assets.items() if item["code"] == code), None)
        heads = [
            max(collections[chain].items())[1]
            for shard in range(EXTERNAL_SHARDS)
            if (chain := f"{ledger}#BALANCE#@external/{code}#default#{shard}") in collections
        ]
        if len(heads) != EXTERNAL_SHARDS:
            yield f"@external/{code} has {len(heads)} chains"
        if {head["closed"] for head in heads} != {owner is None}:
            yield f"@external/{code} is not open exactly while its asset is there"
        if owner and {head["asset_id"] for head in heads} != {owner}:
            yield f"@external/{code} is another asset's"
        if len({head["account_id"] for head in heads}) != 1:
            yield f"@external/{code} is of more than one account"
        alias = collections[f"{ledger}#ALIAS#@external/{code}"]["ALIAS"]
        if {alias["account_id"]} != {head["account_id"] for head in heads}:
            yield f"@external/{code} names another account than its chains"
        if (f"{ledger}#ACCOUNT#{alias['account_id']}" in collections) == (owner is None):
            yield f"@external/{code} is not there exactly while its asset is"


def _segments(pk: str, items: Mapping[str, Item], _: Collections) -> Iterator[str]:
    if pk.endswith("#SEGMENTS"):
        yield from _claims(pk, items, "SEGMENT#", "NAME#", lambda item: digest(str(item["name"])))


def _claims(
    pk: str,
    items: Mapping[str, Item],
    resource: str,
    claim: str,
    claimed: Any,  # noqa: ANN401
) -> Iterator[str]:
    """Claims on names are those of the live resources, and each its owner's."""
    wanted = {claimed(item): packed for packed, item in live(items, resource).items()}
    found = {sk.removeprefix(claim): item["owner"] for sk, item in items.items() if sk.startswith(claim)}
    if len(wanted) < len(live(items, resource)):
        yield f"two of {pk} have one {claim}"
    if wanted != found:
        yield f"claims {claim} of {pk} are {found} and should be {wanted}"


def _chain(pk: str, items: Mapping[str, Item], _: Collections) -> Iterator[str]:
    """A chain has no gaps, each entry is sealed and linked to the one before, and time never runs backwards."""
    if "#BALANCE#" not in pk:
        return
    before: Item | None = None
    for sequence, (sk, entry) in enumerate(sorted(items.items()), start=1):
        if sk != f"{sequence:012}":
            yield f"{pk} has {sk} where {sequence} should be"
        if entry[HASH] != seal(entry):
            yield f"{pk} {sk} is not what was sealed"
        if entry.get("previous") != (before[HASH] if before else None):
            yield f"{pk} {sk} does not follow the entry before it"
        if before and int(str(entry["created_at"])) < int(str(before["created_at"])):
            yield f"{pk} {sk} is older than the entry before it"
        if (before is None or before["closed"]) != (entry["type"] == "OPEN"):
            yield f"{pk} {sk} opens what is open, or goes on with what is closed"
        before = entry
