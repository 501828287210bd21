"""Assets: the claims on code and name, and the external account, which is open exactly while the asset is there."""

from collections.abc import Iterator, Sequence
from functools import partial

from coffer.ledger.entries import DEFAULT_KEY, EXTERNAL_SHARDS, external_alias
from coffer.store import keys, opening
from coffer.store.keys import LedgerRef
from coffer.store.values import Item, text
from coffer.store.verification.checks import Check, Newest, Wrong
from coffer.store.verification.resources import as_old_as, claim, claimed, is_live, resource


def asset(ledger: LedgerRef, item: Item, packed: str) -> Check:
    """An asset, live or deleted."""
    code, live = text(item, "code"), is_live(item)
    doors = opening.chains(ledger, external_alias(code), DEFAULT_KEY, EXTERNAL_SHARDS)
    by_code, by_name, *heads = yield [
        keys.asset_code(ledger, code),
        keys.asset_name(ledger, text(item, "name")),
        *map(Newest, doors),
    ]
    return [
        *resource(item),
        *as_old_as(packed, item),
        *claimed("code", by_code, packed, live=live),
        *claimed("name", by_name, packed, live=live),
        *_doors(heads, packed, live=live),
    ]


def _doors(heads: Sequence[Item | None], packed: str, *, live: bool) -> Iterator[Wrong]:
    for shard, head in enumerate(heads):
        is_open = head is not None and head["asset_id"] == packed and head["closed"] is False
        if is_open is not live:
            there = "is open, and it has been deleted" if is_open else "is not open"
            yield "external account", f"{there}: shard {shard}"


def code(ledger: LedgerRef, item: Item, code: str) -> Check:
    """The claim on a code."""
    return (yield from claim(item, partial(keys.asset, ledger), "code", code, str))


def name(ledger: LedgerRef, item: Item, digest: str) -> Check:
    """The claim on an asset's name."""
    return (yield from claim(item, partial(keys.asset, ledger), "name", digest, keys.digest))
