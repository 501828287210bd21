"""DynamoDB as a busy ledger meets it: calls take their time, transactions collide, a partition writes so much a second.

A world over it serves the product's own code; time is the scheduler's, so that an hour of traffic takes no time, and
all that happens follows from the seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from copy import replace
from dataclasses import dataclass
from functools import partial
from math import ceil, inf
from random import Random
from threading import local
from typing import Any, cast

from tests.support.crowd import Traffic
from tests.support.dynamodb.errors import cancelled, reason
from tests.support.dynamodb.sizes import item_size
from tests.support.dynamodb.values import checked_item
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.scheduler import Scheduler
from tests.support.template import table_definition, template
from tests.support.world import Clock, World
from tools.bench.latency import SINGLE, Latency, of_transaction

WRITE_UNITS_A_SECOND = 1_000
"""Of one partition: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"""
UNIT = 1_024
"""Bytes; in a transaction each costs two units."""
TRANSACTIONS = {"transact_write_items", "transact_get_items"}
CORE = 1_769
"""MB of a function that has one core: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""
OF_A_CALL, OF_AN_ITEM = 0.8, 0.22
"""Milliseconds of a core for each call, its way through TLS included, and for each item that it writes.

They fit what `make bench` measures of a two-leg transaction (3 calls, 3 items) and a batch of 30 (3 calls, 91 items).
"""


class Partitions:
    """A DynamoDB client that lets each collection of items write so many units a second, as if it were a partition.

    What exceeds them is cancelled with `ThrottlingError`. An index is taken to keep up.
    """

    def __init__(self, client: object, clock: Clock) -> None:
        self.throttled = 0
        self._behind = client
        self._clock = clock
        self._spent: dict[str, tuple[int, float]] = {}
        """By collection: when it wrote last, and how many units were then left of its second."""

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 -- boto3's arguments and answer
            if operation == "transact_write_items":
                self._write(request["TransactItems"])
            return getattr(self._behind, operation)(**request)

        return call

    def _write(self, actions: Iterable[Mapping[str, Any]]) -> None:
        units: Counter[str] = Counter()
        places = []
        for action in actions:
            place, needed = _units(action)
            places.append(place)
            units[place] += needed
        left = {place: self._left(place) for place in units}
        beyond = {place for place in units if units[place] > left[place]}
        if beyond:
            self.throttled += 1
            reasons = [reason("ThrottlingError" if place in beyond else "None") for place in places]
            raise cancelled("transact_write_items", reasons)
        for place in units:
            self._spent[place] = self._clock.now, left[place] - units[place]

    def _left(self, place: str) -> float:
        moment, left = self._spent.get(place, (self._clock.now, float(WRITE_UNITS_A_SECOND)))
        return min(WRITE_UNITS_A_SECOND, left + (self._clock.now - moment) * WRITE_UNITS_A_SECOND / 1_000)


@dataclass(slots=True)
class _Processor:
    """What a function computes with, one thing after the other, whichever of its threads it is for."""

    free: float = 0.0
    """Since when, in milliseconds of the clock's, or from when on."""

    def compute(self, now: float, milliseconds: float) -> float:
        """Do something as soon as can be; in how many milliseconds it will be done."""
        self.free = max(self.free, now) + milliseconds
        return self.free - now


class _Here(local):
    """A thread's: on which processor it computes, and what is left of the way of its call."""

    def __init__(self) -> None:
        self.processor = _Processor()
        self.parts: Iterator[float] = iter(())


class Busy(Executor):
    """A DynamoDB client whose calls take as long as published, in which others go on; and a pool for parallel reads.

    `draw` gives the quantile of each call, from 0 to 1; without it, each takes as long as it does on average. Of a
    transaction's time its items are held all but the way there and back, for which the fastest `PutItem` stands. A
    batch of reads takes as long as the slowest of them. A function of so many MB computes before each call, for one of
    its threads at a time; with none, that takes no time.
    """

    def __init__(
        self, client: object, scheduler: Scheduler, clock: Clock, draw: Callable[[], float] | None, memory: int | None
    ) -> None:
        self.traffic = Traffic(client, self._linger)
        self._scheduler = scheduler
        self._clock = clock
        self._draw = draw
        self._cores = min(1.0, memory / CORE) if memory else inf
        self._here = _Here()

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 -- boto3's arguments and answer
            self._compute(items=len(request.get("TransactItems", ())))
            self._here.parts = iter(self._parts(operation, request))
            return getattr(self.traffic, operation)(**request)

        return call

    def map[Of, Found](self, fn: Callable[[Of], Found], *of: Iterable[Of], **_: object) -> Iterator[Found]:
        """Do things in threads of the pool, on the processor of the function that wants them."""
        processor = self._here.processor

        def work(*each: Of) -> Found:
            self._here.processor = processor
            return fn(*each)

        answers = [self._scheduler.fork(partial(work, *each)) for each in zip(*of, strict=True)]
        return (answer() for answer in answers)

    def _compute(self, items: int) -> None:
        milliseconds = (OF_A_CALL + items * OF_AN_ITEM) / self._cores
        self._pause(self._here.processor.compute(self._clock.now, milliseconds))

    def _parts(self, operation: str, request: Mapping[str, Any]) -> list[float]:
        """Milliseconds: there, perhaps at work, and back."""
        if operation == "batch_get_item":
            ((_, wanted),) = request["RequestItems"].items()
            whole = self._time(SINGLE, len(wanted["Keys"]))
            return [whole / 2, 0, whole / 2]
        if operation not in TRANSACTIONS:
            whole = self._time(SINGLE)
            return [whole / 2, whole / 2]
        whole = self._time(of_transaction(len(request["TransactItems"])))
        way = SINGLE.at(0) / 2
        return [way, whole - 2 * way, way]

    def _time(self, latency: Latency, of: int = 1) -> float:
        """Milliseconds of a call, or of the slowest of several."""
        draw = self._draw
        return max(latency.at(draw()) for _ in range(of)) if draw else latency.mean(of)

    def _linger(self) -> None:
        self._pause(next(self._here.parts))

    def _pause(self, milliseconds: float) -> None:
        self._scheduler.pause(milliseconds / 1_000)


class BusyWorld(World):
    """A world over such a service, whose requests can be sent together; times are drawn from the seed, if any."""

    def __init__(self, seed: int | None, memory: int | None = None) -> None:
        fake = FakeDynamoDB(table_definition())
        clock = Clock()
        draw = Random(seed).random if seed is not None else None  # noqa: S311 -- repeatable
        self.scheduler = Scheduler(clock, seed or 0)
        self.partitions = Partitions(fake, clock)
        self.service = Busy(self.partitions, self.scheduler, clock, draw, memory)
        super().__init__(self.service, fake=fake, seed=seed or 0)
        self.clock = clock
        self.runtime = replace(
            self.runtime,
            connection=replace(self.runtime.connection, pool=self.service),
            pause=self.scheduler.pause,
            clock=lambda: clock.now,  # a look at it takes no time
        )


def default_memory() -> int:
    """MB that the template gives a function."""
    return int(template()["Parameters"]["DefaultMemory"]["Default"])


def _units(action: Mapping[str, Any]) -> tuple[str, int]:
    """The collection that an action writes to, and its units; of what is changed in place or checked, two."""
    (kind, request), *_ = action.items()
    item = cast("dict[str, Any]", request.get("Item") or request["Key"])
    size = item_size(checked_item(item)) if kind == "Put" else UNIT
    return item["pk"]["S"], 2 * ceil(size / UNIT)
