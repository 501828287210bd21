"""Where a run takes place: the real handlers over one table, on a clock of its own; all of it follows from a seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from copy import replace
from itertools import count
from random import Random
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from coffer.api.expiry import HoldsKept
from coffer.api.operators import Operator
from coffer.ledger.refusal import Reason, Refusal
from coffer.store.limits import WRITTEN_TOGETHER
from coffer.store.table import Connection
from tests.simulation.handlers import CALM, Killed, Line, Weather, fate
from tests.simulation.history import Delivery, History
from tests.simulation.ledger_requests import Sweep
from tests.simulation.requests import Request
from tests.support.crowd import Place
from tests.support.dynamodb.service import Changes
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults, Operation
from tests.support.scheduler import Scheduler
from tests.support.template import table_definition
from tests.support.world import Answer, Client, World
from tools.endpoints import handler

_WRITE: Operation = "transact_write_items"
_WAYS: Sequence[Callable[[Faults, float], object]] = (
    lambda faults, chance: faults.lose_answer(probability=chance),
    lambda faults, chance: faults.lose_answer(_WRITE, probability=chance),
    lambda faults, chance: faults.refuse_connection(probability=chance),
    lambda faults, chance: faults.fail(None, "InternalServerError", probability=chance / 2),
    lambda faults, chance: faults.fail(None, "ServiceUnavailable", applied=True, probability=chance / 2),
    lambda faults, chance: faults.fail(None, "ThrottlingException", probability=chance / 2),
    lambda faults, chance: faults.fail(_WRITE, "TransactionInProgressException", probability=chance / 2),
    lambda faults, chance: faults.cancel("TransactionConflict", probability=chance),
    lambda faults, chance: faults.cancel("ThrottlingError", probability=chance / 2),
    lambda faults, chance: faults.cancel("TransactionConflict", operation="transact_get_items", probability=chance),
    lambda faults, chance: faults.leave_out(probability=chance),
)
"""How calls fail."""


class Stage:
    """One run's table, time, chance, and history."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 -- it must be repeatable
        fake = FakeDynamoDB(table_definition(), clock=self._seconds, lag=Random(seed))  # noqa: S311 -- likewise
        fake.on_write = self._written
        self.faults = Faults(fake, seed=seed)
        self.world = World(self.faults, fake=fake, seed=seed)
        self.world.time_left = 1e6  # of what is asked outside of the run
        self.scheduler = Scheduler(self.world.clock, seed)
        self.held: Counter[Place] = Counter()
        self.history = History()
        self.counts: Counter[str] = Counter()
        self.numbers = count(1)
        """Of whatever has to have a name of its own."""
        self.written_together = WRITTEN_TOGETHER
        """How many items of a batch one write may have."""
        self.weather = CALM
        self._delivered: Counter[str] = Counter()
        self._writing: Delivery | None = None

    def let(self, weather: Weather) -> None:
        """From now on it is as rough as that."""
        self.weather = weather
        self.faults.plans.clear()
        if weather.faults:
            for plan in _WAYS:
                plan(self.faults, weather.faults)

    def deliver(self, request: Request, client: Client) -> Answer | None:
        """What a new handler makes of a client's request; None if it is killed."""
        self._delivered[request.name] += 1
        delivery = self.history.begin(request, client, self._delivered[request.name])
        meets = fate(self.weather, self.random)
        line = Line(self, _Pen(self, delivery), meets)
        self.note(
            "{} begins, by a clock that is {:+d} ms off{}: {}",
            delivery,
            meets.skew,
            " and jumps" if meets.jumps else "",
            request,
        )
        try:
            delivery.answer = self._served(delivery, line)
            self.note("{} is answered {}", delivery, _short(delivery.answer))
        except Killed:
            delivery.killed = True
            self.note("{} is killed", delivery)
        self.history.end(delivery)
        self.counts["collisions"] += line.collisions
        self.counts["clocks off"] += bool(meets.skew)
        return delivery.answer

    def note(self, what: str, *of: object) -> None:
        """Something happened, for whoever reads the history."""
        self.history.note(self.world.clock.now, what, *of)

    def _served(self, delivery: Delivery, line: Line) -> Answer:
        world = self.world

        def clock() -> int:
            moment = line.clock()
            delivery.now = delivery.now or moment
            return moment

        runtime = replace(
            world.runtime,
            connection=Connection(line.client, world.fake.table),
            clock=clock,
            pause=line.pause,
        )
        request = delivery.request
        if isinstance(request, Sweep):
            sweep = cast("Operator[Any]", handler("transactions", "expire"))
            try:
                sweep.serve({}, runtime, line.clock.time_left)
            except HoldsKept as kept:
                if kept.mistakes:
                    raise
            except Refusal as refusal:
                if refusal.reason is not Reason.UNAVAILABLE:
                    raise
            return Answer(200, {}, "{}")
        endpoint, event = delivery.client.event(request.method, request.path, request.body, request.headers)
        payload = cast("dict[str, Any]", endpoint.serve(event, runtime, line.clock.time_left))
        return Answer(payload["statusCode"], payload["headers"], payload.get("body"))

    def carried_out(self, delivery: Delivery, operation: str, request: Mapping[str, Any]) -> object:
        """A call comes to the table."""
        self._writing = delivery
        struck = self.faults.struck
        try:
            return getattr(self.faults, operation)(**request)
        except (ClientError, BotoCoreError) as error:
            overtaken = self.faults.struck == struck
            self.counts["overtaken"] += overtaken
            self.note("{} {} its {}: {}", delivery, "is too late with" if overtaken else "fails in", operation, error)
            raise
        finally:
            self._writing = None

    def _written(self, changes: Changes) -> None:
        if self._writing:
            self.history.write(self._writing, changes)
            self.note("{} writes, as write {}", self._writing, len(self.history.writes))

    def _seconds(self) -> float:
        return self.world.clock.now / 1000


class _Pen:
    """The table, with a note of whose calls these are."""

    def __init__(self, stage: Stage, delivery: Delivery) -> None:
        self._stage = stage
        self._delivery = delivery

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 -- boto3's arguments and answer
            return self._stage.carried_out(self._delivery, operation, request)

        return call


def _short(answer: Answer) -> str:
    """An answer in a line of the history."""
    body = answer.json
    code = body.get("code") if answer.status >= 400 and isinstance(body, dict) else ""
    replayed = "replayed" if "X-Idempotency-Replayed" in answer.headers else ""
    return " ".join(filter(None, [str(answer.status), code, replayed]))
