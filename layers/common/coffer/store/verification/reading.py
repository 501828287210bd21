"""Reads for checks: many at once, and whatever somebody may have stored there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from coffer.store.keys import Key
from coffer.store.sealing import is_intact
from coffer.store.table import Table
from coffer.store.values import Item
from coffer.store.verification.checks import Newest, Want

LOOKS = 8
"""How often what seems wrong is looked at, while others are at work on it."""

_LONGEST_PARTITION = 2048
_LONGEST_SORT = 1024
"""Bytes of a key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"""


class Broken(NamedTuple):
    """An item that is not what was sealed; None stands for one that holds what Coffer never stores."""

    item: Item | None = None


type Read = Item | Broken | None


def opened(item: Item) -> Read:
    """An item, unless it is not what was sealed."""
    return item if is_intact(item) else Broken(item)


@dataclass(frozen=True, slots=True)
class Reader:
    """Shows items as they stand. `known` are some that never change, and need not be read again."""

    table: Table
    known: Mapping[Want, Read] = field(default_factory=dict)

    def read(self, wanted: Iterable[Want]) -> dict[Want, Read]:
        """What is wanted, read in parallel."""
        wants = dict.fromkeys(wanted)
        found = {want: self.known[want] for want in wants if want in self.known}
        keys = [want for want in wants if want not in found and isinstance(want, Key)]
        collections = [want for want in wants if isinstance(want, Newest)]
        found |= zip(keys, _readable(self.table.get_each, keys), strict=True)
        newest = _readable(self.table.newest, [want.pk for want in collections])
        found |= zip(collections, newest, strict=True)
        return found


def can_be_there(want: Want) -> bool:
    """Whether there can be an item with such a key: the service does not even look for one that is too long."""
    sort = want.sk if isinstance(want, Key) else "1"
    return 0 < len(want.pk.encode()) <= _LONGEST_PARTITION and 0 < len(sort.encode()) <= _LONGEST_SORT


def _readable[Of](read: Callable[[Sequence[Of]], list[Item | None]], of: Sequence[Of]) -> list[Read]:
    """What is read, with those that hold what Coffer never stores told from the rest, by halves."""
    try:
        return [opened(each) if each else None for each in read(of)]
    except ValueError:
        if len(of) == 1:
            return [Broken()]
        middle = len(of) // 2
        return [*_readable(read, of[:middle]), *_readable(read, of[middle:])]
