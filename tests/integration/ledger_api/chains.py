"""Chains of accounts: what stands in them, and money that moves through those of an asset's external account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import replace
from decimal import Decimal
from itertools import batched
from typing import Any

from coffer.ledger.amounts import add
from coffer.ledger.entries import DEFAULT_KEY, EXTERNAL_SHARDS, EntryType, external_alias, follow, latest
from coffer.ledger.hashing import seal
from coffer.store import entries, keys
from coffer.store.commit import Plan, commit
from coffer.store.keys import Key
from coffer.store.table import Table
from coffer.store.values import Item, decode_item, number
from coffer.store.writes import Put
from tests.integration.ledger_api.books import Books
from tests.integration.stores import Everything
from tests.support.dynamodb.sizes import item_size
from tests.support.world import World

LARGEST_ENTRY = 700
"""Bytes."""
MOST_WRITTEN = 100
"""Items of one write."""
SECOND = 1_000


def at_the_next(operation: str, world: World, act: Callable[[], object]) -> None:
    """Lets something happen right before the next call of an operation, when all before it has been read."""

    def on_call(called: str, _: Mapping[str, Any]) -> None:
        if called == operation:
            world.fake.on_call = None
            act()

    world.fake.on_call = on_call


def names(books: Books, code: str) -> list[str]:
    """The chains of an asset's external account, shard by shard."""
    return [keys.chain(books.ref, external_alias(code), DEFAULT_KEY, shard) for shard in range(EXTERNAL_SHARDS)]


def move(books: Books, code: str, moves: Mapping[int, str], *, on_hold: Mapping[int, str] | None = None) -> None:
    """Adds amounts to what stands in some shards, by a further entry of each, as a posting does.

    What leaves an external account is inside the ledger: `{0: "-5"}` is a deposit of 5.
    """
    table = books.world.table()
    held = on_hold or {}
    shards = sorted({*moves, *held})
    chains = [names(books, code)[shard] for shard in shards]
    heads = [head for head in entries.heads(table, chains) if head]
    assert len(heads) == len(shards)
    now = latest(heads, table.now)
    after = [
        replace(
            head,
            sequence=head.sequence + 1,
            available=add([head.available, Decimal(moves.get(head.shard, "0"))]),
            on_hold=add([head.on_hold, Decimal(held.get(head.shard, "0"))]),
            created_at=now,
            previous=head.hash,
            hash=None,
        )
        for head in heads
    ]
    writes = [entries.put(table, chain, entry) for chain, entry in zip(chains, after, strict=True)]
    _write(table, writes)


def lengthen(books: Books, alias: str, count: int, *, shard: int = 0) -> list[int]:
    """Appends entries to a chain of a default balance, a second apart, each adding 1; the moments of all of it."""
    table, chain = books.world.table(), keys.chain(books.ref, alias, DEFAULT_KEY, shard)
    (head,) = entries.heads(table, [chain])
    assert head
    moments = [head.created_at]
    for some in batched(range(count), MOST_WRITTEN, strict=False):
        writes = []
        for _ in some:
            after = replace(
                follow(head, EntryType.CREDIT, head.created_at + SECOND), available=add([head.available, Decimal(1)])
            )
            writes.append(entries.put(table, chain, after))
            head = entries.from_item(writes[-1].item)
            moments.append(head.created_at)
        _write(table, writes)
    books.world.clock.now = max(books.world.clock.now, moments[-1])
    return moments


def read(everything: Everything, books: Books, code: str) -> list[list[Item]]:
    """The entries of each shard of an external account, oldest first."""
    return _read(everything, names(books, code))


def of(
    everything: Everything, books: Books, alias: str, key: str = DEFAULT_KEY, *, shards: int = 1
) -> list[list[Item]]:
    """The entries of each shard of a balance, oldest first."""
    return _read(everything, [keys.chain(books.ref, alias, key, shard) for shard in range(shards)])


def _write(table: Table, writes: list[Put]) -> None:
    commit(table, lambda _met: Plan(writes, None), proof=writes[0].key)


def _read(everything: Everything, chain_names: list[str]) -> list[list[Item]]:
    """The entries of some chains; what must be true of every chain is checked on the way."""
    table = everything()
    chains = []
    for name in chain_names:
        wires: list[Any] = [table[key] for key in sorted(table) if key[0] == name]
        assert max(item_size(wire) for wire in wires) <= LARGEST_ENTRY
        chain = [decode_item(wire) for wire in wires]
        check(chain)
        chains.append(chain)
    return chains


def check(chain: list[Item]) -> None:
    """A chain has no gaps and no past that was changed, and its time does not run backwards."""
    assert [item["sk"] for item in chain] == [f"{sequence:012}" for sequence in range(1, len(chain) + 1)]
    assert [item["hash"] for item in chain] == [seal(item) for item in chain]
    assert [item.get("previous") for item in chain] == [None, *(item["hash"] for item in chain[:-1])]
    moments = [number(item, "created_at") for item in chain]
    assert moments == sorted(moments)


def stored(everything: Everything, key: Key) -> Item | None:
    """An item of the table, or None."""
    wire = everything().get((key.pk, key.sk))
    return decode_item(wire) if wire else None
