"""Who calls: several at once, each one thing after the other, and none of them knows more than it was told.

Whoever gets no answer, or a 503, repeats the request after a while, or gives up. Requests arrive twice at times, or
late, and old ones are sent again by somebody else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random
from typing import Any

from tests.simulation.handlers import Weather
from tests.simulation.requests import Misuse, Request
from tests.simulation.stage import Stage
from tests.support.world import Answer, Client

THINKING = 0.005
"""Seconds between two requests of a caller, on average."""
PATIENCE = 6
"""How often a caller repeats a request at most."""
BUSY = 503

WEATHERS: Sequence[tuple[int, Weather]] = (
    (2, Weather()),
    (4, Weather(faults=0.02, late=0.02, kills=0.1, skews=0.3, jumps=0.1, hurries=0.05)),
    (3, Weather(faults=0.05, late=0.05, kills=0.25, skews=0.5, jumps=0.3, hurries=0.1)),
    (1, Weather(late=0.25, kills=0.4, skews=0.1, jumps=0.1)),
)
"""How often it is how rough."""


class Trade(ABC):
    """What callers ask for in one kind of run; what they hear of each other's work is on its boards."""

    def __init__(self, stage: Stage, bent: Mapping[str, int]) -> None:
        self.stage = stage
        self.random: Random = stage.random
        self.client: Client = stage.world.client()
        self._bent = bent
        self._keys: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(1))

    @abstractmethod
    def prepare(self) -> None:
        """Makes what has to be there, in calm weather."""

    @abstractmethod
    def acts(self) -> Mapping[Callable[[], Request | None], int]:
        """What a caller may ask for next, and how often it does; None if it finds nothing to ask for."""

    @abstractmethod
    def hear(self, request: Request, answer: Answer) -> None:
        """A request was acknowledged, and everybody hears of it."""

    def _make(self, request: Request) -> None:
        answer = self.stage.deliver(request, self.client)
        assert answer
        if answer.status < 300:
            self.hear(request, answer)

    def _post(self, path: str, body: object = None) -> dict[str, Any]:
        """A POST, most of them with a key: the first one's on a path is that of the first one on any other."""
        key = f"k{next(self._keys[path])}" if self.random.random() < 0.7 else None
        return {"name": self._name(), "method": "POST", "path": path, "body": body, "key": key}

    def _name(self) -> str:
        return f"r{next(self.stage.numbers)}"


@dataclass(slots=True)
class Callers:
    """The callers of a run who are of one client."""

    stage: Stage
    trade: Trade
    requests: int
    """How many each of them makes."""
    acknowledged: list[Request] = field(default_factory=list)
    """Requests with a key that are known to be done."""

    def call(self) -> None:
        """One of them calls."""
        for _ in range(self.requests):
            self._wait(THINKING)
            if request := self._next():
                self._persist(request)

    def _next(self) -> Request | None:
        random = self.stage.random
        if self.acknowledged and random.random() < 0.1:
            return self._again(random.choice(self.acknowledged))
        acts = self.trade.acts()
        (act,) = random.choices(list(acts), list(acts.values()))
        return act()

    def _again(self, request: Request) -> Request:
        """The same once more, or something else under its key."""
        if (other := request.other_body) and self.stage.random.random() < 0.2:
            return Misuse(name=f"other {request.name}", method="POST", path=request.path, body=other, key=request.key)
        self.stage.counts["sent again later"] += 1
        return request

    def _persist(self, request: Request) -> None:
        """Sends a request until its caller knows, or gives up."""
        random = self.stage.random
        if random.random() < 0.1:
            self.stage.counts["arrived twice"] += 1
            self.stage.scheduler.begin(partial(self._send, request), after=random.expovariate(10))
        for _ in range(PATIENCE):
            if random.random() < 0.05:
                self.stage.counts["not waited for"] += 1
                self.stage.scheduler.begin(partial(self._send, request))
                answer = None
            else:
                answer = self._send(request)
            if answer and answer.status != BUSY:
                return
            if random.random() < 0.2:
                self.stage.counts["given up"] += 1
                return
            self.stage.counts["repeated"] += 1
            self._wait(0.5)

    def _send(self, request: Request) -> Answer | None:
        answer = self.stage.deliver(request, self.trade.client)
        if answer and answer.status < 300:
            self.trade.hear(request, answer)
            if request.key and request not in self.acknowledged and not isinstance(request, Misuse):
                self.acknowledged.append(request)
        return answer

    def _wait(self, seconds: float) -> None:
        self.stage.scheduler.pause(self.stage.random.expovariate(1 / seconds))
