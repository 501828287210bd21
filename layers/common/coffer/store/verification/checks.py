"""What a check is: it says what else of the ledger it wants to see, is shown it, and says what is wrong.

It reads nothing itself: whoever runs many of them reads for all at once, and may run one again on what stands by then.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coffer.store.keys import Key
from coffer.store.values import Item, Value

_LONGEST_NAME = 60
_LONGEST_VALUE = 60
_LONGEST_MESSAGE = 160


class Newest(NamedTuple):
    """The last item of a collection."""

    pk: str


type Want = Key | Newest
"""An item that a check wants to see."""

type Wrong = tuple[str, str]
"""An attribute, or a rule, and what is wrong with it."""

type Check = Generator[Sequence[Want], Sequence[Item | None], list[Wrong]]
"""It is shown what it wants in the order in which it wants it; None: it is not there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with which item, in so few words that a hundred of them can be kept in one item."""

    key: Key
    what: str
    message: str

    @property
    def item(self) -> str:
        """Where the item stands."""
        return f"{self.key.pk} {self.key.sk}"

    def __post_init__(self) -> None:
        object.__setattr__(self, "what", self.what[:_LONGEST_NAME])
        object.__setattr__(self, "message", self.message[:_LONGEST_MESSAGE])


class Lock(NamedTuple):
    """What a pending transaction holds. Its `code` is the user's own; in a wallet ledger, a wallet transaction's id."""

    transaction_id: str
    code: str | None
    asset_code: str
    value: str


def differences(found: Mapping[str, Value], due: Mapping[str, Value], of: str = "") -> Iterator[Wrong]:
    """Which attributes are not what they must be; None: not there. `of` stands before their names."""
    for name, value in due.items():
        there = found.get(name)
        if (type(there), there) != (type(value), value):
            yield f"{of}{name}", f"is {_shown(there)}, and {_shown(value)} is due"


def _shown(value: Value) -> str:
    return "nothing" if value is None else str(value)[:_LONGEST_VALUE]
