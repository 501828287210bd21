"""A world in which requests overlap, as they do in the service.

world = CrowdedWorld(seed)
acme = world.client()
answers = world.together([partial(acme.post, path, body)] * 50, in_flight=16)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import replace
from typing import Any

from tests.support.batches import read_apart
from tests.support.dynamodb.errors import cancelled, reason
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults
from tests.support.scheduler import Scheduler
from tests.support.template import table_definition
from tests.support.world import World

TRAVEL = 0.004
"""Seconds that a request or an answer is under way, on average; some take ten times as long."""

type Place = tuple[str, str]
"""An item's key."""


class Traffic:
    """A DynamoDB client to which calls travel for a while, in which others go on, and whose transactions collide.

    A batch of reads is answered with what one half of its items was, and the other some time later.

    A transaction holds the items that it writes or checks while it is worked on. Another one that wants one of them
    meanwhile is cancelled with `TransactionConflict`; `held` is what those of several clients hold together.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
    """

    def __init__(self, client: object, linger: Callable[[], None], held: Counter[Place] | None = None) -> None:
        self.collisions = 0
        self._behind = client
        self._linger = linger
        self._held: Counter[Place] = Counter() if held is None else held

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 -- boto3's arguments and answer
            self._linger()
            try:
                if operation in {"transact_write_items", "transact_get_items"}:
                    return self._transact(operation, request)
                if operation == "batch_get_item":
                    return read_apart(getattr(self._behind, operation), request, self._linger)
                return getattr(self._behind, operation)(**request)
            finally:
                self._linger()

        return call

    def _transact(self, operation: str, request: Mapping[str, Any]) -> Any:  # noqa: ANN401
        keys = [_key(action) for action in request["TransactItems"]]
        if any(self._held[key] for key in keys):
            self.collisions += 1
            conflicts = [reason("TransactionConflict" if self._held[key] else "None") for key in keys]
            raise cancelled(operation, conflicts)
        self._held.update(keys)
        try:
            self._linger()
            return getattr(self._behind, operation)(**request)
        finally:
            self._held.subtract(keys)


class CrowdedWorld(World):
    """A world whose requests can be sent together, with faults to mix in; all that happens follows from its seed."""

    def __init__(self, seed: int = 0) -> None:
        fake = FakeDynamoDB(table_definition())
        self.faults = Faults(fake, seed=seed)
        self.traffic = Traffic(self.faults, self._linger)
        super().__init__(self.traffic, fake=fake, seed=seed)
        self.scheduler = Scheduler(self.clock, seed)
        self.runtime = replace(self.runtime, pause=self.scheduler.pause)

    def together[Answer](self, requests: Iterable[Callable[[], Answer]], *, in_flight: int = 16) -> list[Answer]:
        """Send requests, at most so many at once; their answers, in the order of the requests."""
        return self.scheduler.run(requests, in_flight=in_flight)

    def _linger(self) -> None:
        self.scheduler.pause(self.scheduler.random.expovariate(1 / TRAVEL))


def _key(action: Mapping[str, Any]) -> Place:
    (request,) = action.values()
    key = request.get("Key") or request["Item"]
    return key["pk"]["S"], key["sk"]["S"]
