"""What the table holds: collections of items in the order of their sort keys, and the indexes that follow them."""

from bisect import insort
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.support.dynamodb.schema import Position, Schema, Schemas
from tests.support.dynamodb.sizes import item_size, write_units
from tests.support.dynamodb.values import Comparable, Item


@dataclass(frozen=True, slots=True)
class Stored:
    """An item and its size in bytes. Neither is ever changed: a write puts another in its place."""

    item: Item
    size: int

    @classmethod
    def of(cls, item: Item) -> "Stored":
        """An item with its size."""
        return cls(item, item_size(item))


@dataclass(frozen=True, slots=True)
class Collection:
    """The items of one partition key, with their positions in order."""

    positions: list[Position] = field(default_factory=list)
    items: dict[Position, Stored] = field(default_factory=dict)

    def put(self, position: Position, stored: Stored) -> None:
        """Hold an item, instead of the one that was there."""
        if position not in self.items:
            if not self.positions or position > self.positions[-1]:
                self.positions.append(position)
            else:
                insort(self.positions, position)
        self.items[position] = stored

    def remove(self, position: Position) -> None:
        """Hold no item there."""
        if self.items.pop(position, None):
            self.positions.remove(position)


NOTHING = Collection()


@dataclass(slots=True)
class Space:
    """The collections of the table, or of an index."""

    schema: Schema
    collections: dict[Comparable, Collection] = field(default_factory=dict)

    def get(self, key: Item) -> Stored | None:
        """The item of a key."""
        partition, position = self.schema.place(key)
        return self.collections.get(partition, NOTHING).items.get(position)

    def replace(self, old: Stored | None, new: Stored | None) -> None:
        """Hold `new` in the place of `old`, which may be elsewhere."""
        if old and not (new and self.schema.place(old.item) == self.schema.place(new.item)):
            partition, position = self.schema.place(old.item)
            self.collections[partition].remove(position)
        if new:
            partition, position = self.schema.place(new.item)
            self.collections.setdefault(partition, Collection()).put(position, new)


type Change = tuple[str, Stored | None, Stored | None]

LONGEST_LAG = 20
"""Items whose last changes a read that need not be consistent may not have seen yet."""


class Storage:
    """The table and its indexes.

    An index follows the table at once; with `lag`, each look at an index finds it some changes behind, in their order,
    and so does each look at the table that need not be consistent.
    """

    def __init__(self, schemas: Schemas, lag: Random | None = None) -> None:
        self._table = Space(schemas.table)
        self._indexes = {name: Space(schema) for name, schema in schemas.indexes.items()}
        self._lag = lag
        self._pending: deque[Change] = deque()
        self._recent: deque[tuple[Stored | None, Stored | None]] = deque(maxlen=LONGEST_LAG if lag else 0)
        self.unseen: Sequence[tuple[Stored | None, Stored | None]] = []
        """Changes of the table that no read sees."""

    def get(self, key: Item) -> Stored | None:
        """The item of a key."""
        return self._table.get(key)

    def space(self, index: str | None, *, consistent: bool = False) -> Space:
        """Where a read looks."""
        if index is None:
            undone = self.unseen if consistent or not self._lag else self._latest(self._lag)
            return self._without(undone) if undone else self._table
        self._follow(self._lag.randint(0, len(self._pending)) if self._lag else len(self._pending))
        return self._indexes[index]

    def settle(self) -> None:
        """Let the indexes catch up with the table."""
        self._follow(len(self._pending))

    def replace(self, old: Stored | None, new: Stored | None) -> dict[str, int]:
        """Write an item; the write units of each index that changes with it."""
        self._table.replace(old, new)
        self._recent.append((old, new))
        units = {}
        for name, space in self._indexes.items():
            before, after = _entry(space.schema, old), _entry(space.schema, new)
            if consumed := _index_units(space.schema, before, after):
                units[name] = consumed
                self._pending.append((name, before, after))
        return units

    def items(self) -> Iterator[tuple[tuple[Comparable, Comparable], Item]]:
        """All items by their keys, in order."""
        for partition in sorted(self._table.collections):
            collection = self._table.collections[partition]
            for position in collection.positions:
                yield (partition, position[0]), collection.items[position].item

    def _latest(self, lag: Random) -> Sequence[tuple[Stored | None, Stored | None]]:
        """Some of the latest changes."""
        return list(self._recent)[len(self._recent) - lag.randint(0, len(self._recent)) :]

    def _without(self, undone: Sequence[tuple[Stored | None, Stored | None]]) -> Space:
        """The table as it would be if some changes had not been made."""
        before = Space(self._table.schema, dict(self._table.collections))
        places = [before.schema.place(each.item)[0] for change in undone for each in change if each]
        for partition in dict.fromkeys(places):
            now = self._table.collections[partition]
            before.collections[partition] = Collection(list(now.positions), dict(now.items))
        for old, new in reversed(undone):
            before.replace(new, old)
        return before

    def _follow(self, changes: int) -> None:
        for _ in range(changes):
            index, before, after = self._pending.popleft()
            self._indexes[index].replace(before, after)


def _entry(schema: Schema, stored: Stored | None) -> Stored | None:
    return Stored.of(schema.project(stored.item)) if stored and schema.holds(stored.item) else None


def _index_units(schema: Schema, before: Stored | None, after: Stored | None) -> int:
    """What a change costs in an index: nothing if what it holds stays the same; a move is a delete and an insert.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
    """
    if before and after and schema.place(before.item) == schema.place(after.item):
        return 0
    return sum(write_units(entry.size) for entry in (before, after) if entry)
