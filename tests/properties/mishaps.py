"""What can happen to the calls of a request, for all properties that must hold whatever happens to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import strategies as st

from tests.support.dynamodb.errors import cancelled, reason
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import ENDPOINT, Faults, Operation
from tests.support.template import table_definition
from tests.support.world import Answer, World

WRITE: Operation = "transact_write_items"
READ: Sequence[Operation] = ("get_item", "batch_get_item", "query", "transact_get_items")

PATIENCE = 20
"""How often a request is sent until its answer is definite."""
CALM_AFTER = 2
"""Of these tries, how many mishaps may happen to."""

REFUSED = 400
"""The lowest status with which nothing was done."""
INTERNAL = 500
"""The lowest status that says nothing of what was done; itself it is for mistakes alone."""


class Shaken:
    """A world whose calls fail as planned; `forget` makes the service forget every token."""

    def __init__(self) -> None:
        self.now = 0.0
        self.stale: list[str] = []
        """Reads of the table that might have been answered with what it was before."""
        self.fake = FakeDynamoDB(table_definition(), clock=lambda: self.now, on_call=self._look)
        self.faults = Faults(self.fake)
        self.world = World(self.faults, fake=self.fake)

    def forget(self) -> None:
        """Of every write that was done, what is left is what it wrote."""
        self.now += 3600

    def _look(self, operation: str, request: Mapping[str, Any]) -> None:
        reads = operation in {"get_item", "query", "scan"} and "IndexName" not in request
        asked = [request] if reads else request["RequestItems"].values() if operation == "batch_get_item" else []
        if not all(each.get("ConsistentRead") for each in asked):
            self.stale.append(operation)

    def plan(self, mishaps: Plan) -> None:
        """Lets mishaps happen to the next calls, and nothing else that was planned before."""
        self.faults.plans.clear()
        for name, nth in mishaps:
            MISHAPS[name](self, nth)

    def ask(self, mishaps: Plan, request: Callable[[], Answer]) -> Answer:
        """The definite answer to a request that is safe to send again, and is, as a caller does."""
        answer = self._ask(mishaps, request, safe=True)
        assert answer
        return answer

    def ask_once(self, mishaps: Plan, request: Callable[[], Answer]) -> Answer | None:
        """The definite answer to a request that is sent again only if it was not done; None: done, and no answer."""
        return self._ask(mishaps, request, safe=False)

    def _ask(self, mishaps: Plan, request: Callable[[], Answer], *, safe: bool) -> Answer | None:
        self.plan(mishaps)
        for tried in range(PATIENCE):
            if tried == CALM_AFTER:
                self.faults.plans.clear()
            before = self.fake.held()
            answer = request()
            assert not self.stale
            happened = {name for name, _ in mishaps}
            if answer.status >= INTERNAL:
                assert happened & (MISTAKES if answer.status == INTERNAL else MISTAKES | LASTING), answer
            if answer.status < INTERNAL:
                self.faults.plans.clear()
                assert answer.status < REFUSED or self.fake.held() == before, "what was refused has happened"
                return answer
            if not safe and self.fake.held() != before:
                self.faults.plans.clear()
                return None
        raise AssertionError("no definite answer")


def _collide(operation: str, request: Mapping[str, Any]) -> ClientError:
    return cancelled(operation, [reason("TransactionConflict") for _ in request["TransactItems"]])


def _throttle(operation: str, request: Mapping[str, Any]) -> ClientError:
    return cancelled(operation, [reason("ThrottlingError") for _ in request["TransactItems"]])


def _forgotten(at: Shaken, nth: int) -> None:
    def error(*_: object) -> ReadTimeoutError:
        at.forget()
        return ReadTimeoutError(endpoint_url=ENDPOINT)

    at.faults.plan(error, WRITE, applied=True, nth=nth)


type Fault = Callable[[Shaken, int], object]
type Plan = Sequence[tuple[str, int]]
"""Mishaps by their names, and to which calls of their kind they happen, from 1."""

READS: Mapping[str, Fault] = {
    "a read's answer is lost": lambda at, nth: [at.faults.lose_answer(read, nth=nth) for read in READ],
    "no connection for a read": lambda at, nth: [at.faults.refuse_connection(read, nth=nth) for read in READ],
    "throttling of a read": lambda at, nth: [at.faults.fail(read, "ThrottlingException", nth=nth) for read in READ],
    "a mistake in a read": lambda at, nth: [at.faults.fail(read, "AccessDeniedException", nth=nth) for read in READ],
    "a collision of a read": lambda at, nth: at.faults.plan(_collide, "transact_get_items", nth=nth),
}
"""What happens to the `nth` read of each kind."""

BATCHES: Mapping[str, Fault] = {
    "a batch that is read in part": lambda at, nth: at.faults.leave_out(nth=nth),
}
"""What happens to the `nth` read of many items, which none of the simple resources makes."""

WRITES: Mapping[str, Fault] = {
    "the answer is lost": lambda at, nth: at.faults.lose_answer(WRITE, nth=nth),
    "the answer is lost and the token forgotten": _forgotten,
    "no connection": lambda at, nth: at.faults.refuse_connection(WRITE, nth=nth),
    "a server error": lambda at, nth: at.faults.fail(WRITE, "InternalServerError", nth=nth),
    "a server error after it was done": lambda at, nth: at.faults.fail(
        WRITE, "ServiceUnavailable", applied=True, nth=nth
    ),
    "throttling": lambda at, nth: at.faults.fail(WRITE, "ThrottlingException", nth=nth),
    "still going on": lambda at, nth: at.faults.fail(WRITE, "TransactionInProgressException", nth=nth),
    "a collision": lambda at, nth: at.faults.plan(_collide, WRITE, nth=nth),
    "cancelled by throttling": lambda at, nth: at.faults.plan(_throttle, WRITE, nth=nth),
    "a mistake": lambda at, nth: at.faults.fail(WRITE, "AccessDeniedException", nth=nth),
    "no answer from then on": lambda at, nth: at.faults.lose_answer(WRITE, nth=range(nth, 10_000)),
    "no connection from then on": lambda at, nth: at.faults.refuse_connection(nth=range(nth, 10_000)),
    "collisions from then on": lambda at, nth: at.faults.plan(_collide, WRITE, nth=range(nth, 10_000)),
}
"""What happens to the `nth` write."""

MISHAPS: Mapping[str, Fault] = {**READS, **BATCHES, **WRITES}
MISTAKES = {"a mistake in a read", "a mistake"}
"""What says that Coffer asked for something that nobody should: for the caller it is an internal error."""
LASTING = {name for name in WRITES if name.endswith("from then on")}
"""What may keep a request from being settled in time. Of anything else the caller gets to know nothing."""

COMMON = ("the answer is lost", "the answer is lost and the token forgotten", "a collision")
"""Those that most is to be made sure of for."""


def plans(most: int = 2) -> st.SearchStrategy[Plan]:
    """Plans of a few mishaps, often of none."""
    names = st.sampled_from(COMMON) | st.sampled_from(sorted(MISHAPS))
    return st.lists(st.tuples(names, st.integers(1, 3)), max_size=most)
