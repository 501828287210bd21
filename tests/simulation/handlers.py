"""A handler in the rough: its clock is wrong and jumps, its line is unsteady, and it may be killed at any moment.

Of what is killed no code has any effect any more: whatever still runs on the way out gets no further than its line.
What it had sent may have arrived, or arrive later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, Never, Protocol, cast

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from coffer.api.runtime import READ_TIMEOUT, RESERVE
from tests.support.crowd import TRAVEL, Place, Traffic
from tests.support.faults import ENDPOINT

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from tests.support.scheduler import Scheduler
    from tests.support.world import World

WRITE = "transact_write_items"
LATEST = 4.0
"""Seconds after which a request that was under way at first has arrived."""


class Killed(BaseException):
    """The handler is no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How rough it is: each is a probability, of a handler or of a call."""

    faults: float = 0.0
    """That a call fails in one of many ways."""
    late: float = 0.0
    """That a write arrives when its handler does not wait for it any more."""
    kills: float = 0.0
    skews: float = 0.0
    """That a handler's clock is wrong."""
    jumps: float = 0.0
    """That a handler's clock jumps whenever it is looked at, as it may have done at any moment since the last time."""
    hurries: float = 0.0
    """That a handler has very little time."""


CALM = Weather()


@dataclass(slots=True, kw_only=True)
class Fate:
    """What one handler meets."""

    weather: Weather
    pauses_to_live: int | None = None
    """After how many pauses, of its own and of its calls, it is killed."""
    skew: int = 0
    """Milliseconds by which its clock is wrong at first."""
    seconds: float = 10.0
    """How long it may take."""
    jumps: float = 0.0
    """That its clock jumps when it is looked at."""


def drawn_skew(random: Random) -> int:
    """Milliseconds by which a clock is wrong, or jumps."""
    most = random.choice([50, 3_000, 300_000])
    return random.randint(-most, most)


def fate(weather: Weather, random: Random) -> Fate:
    """Draws what a handler meets."""
    drawn = Fate(weather=weather)
    if random.random() < weather.kills:
        drawn.pauses_to_live = random.randrange(20)
    if random.random() < weather.skews:
        drawn.skew = drawn_skew(random)
    if random.random() < weather.hurries:
        drawn.seconds = random.uniform(0.01, 0.3)
    if random.random() < weather.jumps:
        drawn.jumps = 0.2
    return drawn


class HandlersClock:
    """A handler's clock, which may be wrong, and what it says of the time that the handler has left.

    Lambda's runtime reckons that time by the same clock (awslambdaric, `get_remaining_time_in_millis`): whoever has a
    clock that goes back believes to have more than there is, and is killed when it is over.
    """

    def __init__(self, table: Table, meets: Fate) -> None:
        self._table = table
        self._meets = meets
        self._wrong = meets.skew
        now = table.world.clock.now
        self._believed_end = now + meets.skew + meets.seconds * 1000
        self._end = now + (meets.seconds + RESERVE) * 1000

    def __call__(self) -> int:
        """Milliseconds since 1970."""
        self._look()
        return self._table.world.clock() + self._wrong

    def time_left(self) -> float:
        """The seconds in which a call can still be made and answered, as the handler believes."""
        self._look()
        return (self._believed_end - self._table.world.clock.now - self._wrong) / 1000

    @property
    def over(self) -> bool:
        """Whether Lambda ends the handler."""
        return self._table.world.clock.now >= self._end

    def _look(self) -> None:
        random = self._table.random
        if self._meets.jumps and random.random() < self._meets.jumps:
            self._table.counts["clocks jumped"] += 1
            self._wrong += drawn_skew(random)


class Table(Protocol):
    """What is behind a line: the table, with a note of who is asking."""

    random: Random
    world: World
    scheduler: Scheduler
    held: Counter[Place]
    counts: Counter[str]


class Line:
    """One handler's DynamoDB client. Every call travels for a while, in which others go on."""

    def __init__(self, table: Table, client: object, meets: Fate) -> None:
        self._table = table
        self._meets = meets
        self.clock = HandlersClock(table, meets)
        self._killed = False
        self._arrived = False
        self._behind = Traffic(_Arrivals(client, self._arrive), self._linger, table.held)
        self._after = Traffic(client, self._linger_alone, table.held)

    @property
    def client(self) -> DynamoDBClient:
        """This line, for code that is typed for boto3's client."""
        return cast("DynamoDBClient", self)

    @property
    def collisions(self) -> int:
        """How many of its transactions met another's."""
        return self._behind.collisions + self._after.collisions

    def pause(self, seconds: float) -> None:
        """A pause of the handler's, which it may not survive."""
        if self._killed:
            raise Killed
        if self._meets.pauses_to_live == 0:
            self._kill("killed")
        if self._meets.pauses_to_live is not None:
            self._meets.pauses_to_live -= 1
        self._table.scheduler.pause(seconds)
        if self.clock.over:
            self._kill("out of time")

    def _kill(self, why: str) -> Never:
        self._killed = True
        self._table.counts[why] += 1
        raise Killed

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 -- boto3's arguments and answer
            if self._killed:
                raise Killed
            if operation == WRITE and self._table.random.random() < self._meets.weather.late:
                self._let_arrive(request)
                self.pause(READ_TIMEOUT)
                raise ReadTimeoutError(endpoint_url=ENDPOINT)
            self._arrived = False
            try:
                return getattr(self._behind, operation)(**request)
            except Killed:
                if operation == WRITE and not self._arrived and self._table.random.random() < 0.5:
                    self._let_arrive(request)
                raise

        return call

    def _let_arrive(self, request: dict[str, Any]) -> None:
        self._table.counts["arrived late"] += 1
        arrive = partial(self._arrive_alone, request)
        self._table.scheduler.begin(arrive, after=self._table.random.uniform(0, LATEST))

    def _arrive_alone(self, request: dict[str, Any]) -> None:
        with suppress(ClientError, BotoCoreError):  # nobody is there to hear of it
            self._after.transact_write_items(**request)

    def _arrive(self) -> None:
        self._arrived = True

    def _linger(self) -> None:
        self.pause(self._table.random.expovariate(1 / TRAVEL))

    def _linger_alone(self) -> None:
        self._table.scheduler.pause(self._table.random.expovariate(1 / TRAVEL))


class _Arrivals:
    """A client that tells when a call has come through to it."""

    def __init__(self, client: object, arrive: Callable[[], None]) -> None:
        self._client = client
        self._arrive = arrive

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401
            self._arrive()
            return getattr(self._client, operation)(**request)

        return call
