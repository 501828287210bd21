"""Organizations, ledgers, assets and segments: what they count, and who has which name."""

from collections.abc import Callable, Iterator, Mapping

from coffer.ledger.entries import EXTERNAL_SHARDS
from coffer.store.keys import digest
from coffer.store.values import Item
from tests.support.audit.collections import Collections, newest


def problems(collections: Collections) -> Iterator[str]:
    """What is counted or claimed wrongly."""
    for pk, items in collections.items():
        for check in (_counts_of_organizations, _ledgers, _assets, _segments):
            yield from check(pk, items, collections)


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
            newest(collections[chain])
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
    claimed: Callable[[Item], str],
) -> Iterator[str]:
    """Claims on names are those of the live resources, and each its owner's."""
    wanted = {claimed(item): packed for packed, item in live(items, resource).items()}
    found = {
        sk.removeprefix(claim): item["owner"] for sk, item in items.items() if sk.startswith(claim) and "owner" in item
    }
    if len(wanted) < len(live(items, resource)):
        yield f"two of {pk} have one {claim}"
    if wanted != found:
        yield f"claims {claim} of {pk} are {found} and should be {wanted}"
