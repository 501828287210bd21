"""A handler in the rough: its clock is wrong, its line to the table is unsteady, and it may be killed at any moment.

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
from typing import TYPE_CHECKING, Any, Protocol, cast

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from coffer.api.runtime import READ_TIMEOUT
from tests.support.crowd import TRAVEL, Place, Traffic
from tests.support.faults import ENDPOINT

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from tests.support.scheduler import Scheduler

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
    """Milliseconds by which its clock is wrong."""
    seconds: float = 10.0
    """How long it may take."""


def fate(weather: Weather, random: Random) -> Fate:
    """Draws what a handler meets."""
    drawn = Fate(weather=weather)
    if random.random() < weather.kills:
        drawn.pauses_to_live = random.randrange(20)
    if random.random() < weather.skews:
        most = random.choice([50, 3_000, 300_000])
        drawn.skew = random.randint(-most, most)
    if random.random() < weather.hurries:
        drawn.seconds = random.uniform(0.01, 0.3)
    return drawn


class Table(Protocol):
    """What is behind a line: the table, with a note of who is asking."""

    random: Random
    scheduler: Scheduler
    held: Counter[Place]
    counts: Counter[str]


class Line:
    """One handler's DynamoDB client. Every call travels for a while, in which others go on."""

    def __init__(self, table: Table, client: object, meets: Fate) -> None:
        self._table = table
        self._meets = meets
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
            self._killed = True
            self._table.counts["killed"] += 1
            raise Killed
        if self._meets.pauses_to_live is not None:
            self._meets.pauses_to_live -= 1
        self._table.scheduler.pause(seconds)

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
