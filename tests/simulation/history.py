"""What happened in a run: which request was delivered when, what it wrote, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from coffer.ids import pack, unpack
from coffer.store.values import Item, decode_item, number, text

if TYPE_CHECKING:
    from tests.simulation.requests import Request
    from tests.support.dynamodb.service import Changes
    from tests.support.world import Answer, Client


SEGMENT = "SEGMENT#"
"""With what the sort key of a segment begins."""


class Place(NamedTuple):
    """One chain of a balance."""

    alias: str
    key: str
    shard: int


@dataclass(eq=False, slots=True)
class Delivery:
    """One handler that was given a request."""

    request: Request
    client: Client
    number: int
    begun: int
    """How many writes there were before it."""
    now: int = 0
    """What its clock said when it began, in milliseconds since 1970."""
    ended: int | None = None
    """How many writes there were when it ended."""
    answer: Answer | None = None
    """None: it was killed, or has not ended."""
    killed: bool = False

    def __str__(self) -> str:
        return f"{self.request.name}/{self.number}"


@dataclass(frozen=True, eq=False, slots=True)
class Written:
    """One transaction that was written to the table: whose, and each item before and after."""

    delivery: Delivery
    changes: Sequence[tuple[Item | None, Item | None]]

    def of(self, client: Client) -> Written:
        """The part of it that is a client's."""
        return Written(self.delivery, [(old, new) for old, new in self.changes if belongs(new or old or {}, client)])

    @property
    def records(self) -> Iterator[tuple[Item | None, Item]]:
        """The records of the ledger's transactions among them."""
        return ((old, new) for old, new in self.changes if new and new["sk"] == "TRANSACTION" and old != new)

    @property
    def entries(self) -> Iterator[tuple[Place, Item]]:
        """The entries among them, in the order of their chains."""
        found = [new for old, new in self.changes if new and "#BALANCE#" in text(new, "pk") and old != new]
        return ((place_of(item), item) for item in sorted(found, key=lambda item: text(item, "sk")))

    @property
    def segments(self) -> Sequence[str]:
        """The ids of the ledger's segments that this made."""
        made = [new for old, new in self.changes if new and not old and text(new, "sk").startswith(SEGMENT)]
        return [unpack(text(item, "sk").removeprefix(SEGMENT)) for item in made]

    @property
    def keeps_an_answer_only(self) -> bool:
        """Whether it does nothing but to keep the answer of a request for which nothing was to be done."""
        return all(new and new["sk"] == "IDEMPOTENCY" for _, new in self.changes)

    @property
    def moment(self) -> int:
        """The moment of its entries, in milliseconds since 1970."""
        return max(number(item, "created_at") for _, item in self.entries)

    def made(self, code: str) -> Item | None:
        """The record of the transaction with a code, if this made it."""
        return next((new for old, new in self.records if old is None and new.get("code") == code), None)

    def of_transaction(self, transaction_id: str) -> Iterator[tuple[Place, Item]]:
        """The entries of one transaction."""
        for place, item in self.entries:
            packed = item.get("transaction_id")
            if isinstance(packed, str) and unpack(packed) == transaction_id:
                yield place, item


@dataclass(slots=True)
class History:
    """A run, as it went."""

    deliveries: list[Delivery] = field(default_factory=list)
    writes: list[Written] = field(default_factory=list)
    lines: list[tuple[int, str, tuple[object, ...]]] = field(default_factory=list)
    """What happened at which millisecond, for whoever wants to read it."""

    def begin(self, request: Request, client: Client, number: int) -> Delivery:
        """A handler is given a client's request, for the `number`th time."""
        delivery = Delivery(request, client, number, len(self.writes))
        self.deliveries.append(delivery)
        return delivery

    def write(self, delivery: Delivery, changes: Changes) -> None:
        """A write of a handler's was carried out."""
        found = [(_decoded(old), _decoded(new)) for old, new in changes if old or new]
        self.writes.append(Written(delivery, found))

    def end(self, delivery: Delivery) -> None:
        """A handler has ended, if only by being killed."""
        delivery.ended = len(self.writes)

    def note(self, moment: int, what: str, *of: object) -> None:
        """Something happened."""
        self.lines.append((moment, what, of))

    def told(self) -> Iterator[str]:
        """The run, line by line."""
        begun = self.lines[0][0] if self.lines else 0
        for moment, what, of in self.lines:
            yield f"{(moment - begun) / 1000:10.3f}  {what.format(*of)}"


def belongs(item: Item, client: Client) -> bool:
    """Whether an item is a client's."""
    return text(item, "pk").startswith(f"{pack(client.client_id)}#")


def place_of(item: Item) -> Place:
    """The chain that an entry is on."""
    alias, key, shard = text(item, "pk").partition("#BALANCE#")[2].split("#")
    return Place(alias, key, int(shard))


def id_of(record: Item) -> str:
    """The id of a record's transaction."""
    return unpack(text(record, "pk").rpartition("#")[2])


def _decoded(wire: Mapping[str, Any] | None) -> Item | None:
    return decode_item(cast("Any", wire)) if wire else None
