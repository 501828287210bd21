"""A write whose answer is lost is done once, and nobody is told wrong: for everything that writes to the table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    ReadTimeoutError,
    SSLError,
)

from tests.integration.store.acts import ACTS, HTTP, KEYED, PIECEWISE, Act, Run, run
from tests.support.audit import problems
from tests.support.dynamodb.errors import cancelled, client_error, reason
from tests.support.faults import ENDPOINT, Faults, Operation, Request
from tools.scenarios import SCENARIOS

WRITE: Operation = "transact_write_items"

type Error = ClientError | BotoCoreError

TIMEOUT = ReadTimeoutError(endpoint_url=ENDPOINT)

ANSWERED = {**HTTP, **PIECEWISE}

by_act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
over_http = pytest.mark.parametrize("act", ANSWERED.values(), ids=ANSWERED)

type Strike = Callable[[Faults, int], object]
"""Plans what a try meets: the first of all writes is 1."""


def _mixed(operation: str, request: Mapping[str, Any]) -> ClientError:
    """Every other action of a write is throttled, the rest collide with another write."""
    codes = zip(request["TransactItems"], cycle(["ThrottlingError", "TransactionConflict"]), strict=False)
    return cancelled(operation, [reason(code) for _, code in codes])


AGAIN: dict[str, Strike] = {
    "a collision": lambda faults, nth: faults.cancel("TransactionConflict", nth=nth),
    "three collisions": lambda faults, nth: faults.cancel("TransactionConflict", nth=range(nth, nth + 3)),
    "throttling": lambda faults, nth: faults.cancel("ThrottlingError", nth=nth),
    "throttling of the table": lambda faults, nth: faults.fail(WRITE, "ThrottlingException", nth=nth),
    "throttling of the account": lambda faults, nth: faults.fail(WRITE, "RequestLimitExceeded", nth=nth),
    "throttling and a collision": lambda faults, nth: faults.plan(_mixed, WRITE, nth=nth),
    "the first try still going on": lambda faults, nth: faults.fail(WRITE, "TransactionInProgressException", nth=nth),
    "a server error": lambda faults, nth: faults.fail(WRITE, "InternalServerError", nth=nth),
    "no connection": lambda faults, nth: faults.refuse_connection(WRITE, nth=nth),
    "another lost answer": lambda faults, nth: faults.lose_answer(WRITE, nth=nth),
    "a long run of all of them": lambda faults, nth: [
        faults.lose_answer(WRITE, nth=nth),
        faults.cancel("TransactionConflict", nth=nth + 1),
        faults.refuse_connection(WRITE, nth=nth + 2),
        faults.fail(WRITE, "ServiceUnavailable", nth=nth + 3),
        faults.cancel("ProvisionedThroughputExceeded", nth=nth + 4),
        faults.fail(WRITE, "TransactionInProgressException", nth=nth + 5),
    ],
}
"""What the next try meets."""

in_every_way = pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)


def runs(act: Act, strike: Strike, clock: Callable[[], float] = lambda: 0) -> Iterator[tuple[Run, Run, int]]:
    """For each write of an act: the act undisturbed, the act when that write is struck, and which one it is."""
    calm = run(act)

    def struck(nth: int) -> Run:
        return run(act, lambda faults: strike(faults, nth), clock=clock)

    for nth in range(1, len(calm.writes) + 1):
        yield calm, struck(nth), nth


class Forgetful:
    """The service's clock: as soon as a call strikes it, the service has forgotten every token."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def lose_answer(self, faults: Faults, nth: int = 1, error: Error = TIMEOUT) -> None:
        """The `nth` write from now is applied; its answer gets lost, and its token forgotten before the next one."""

        def forget(*_: object) -> Error:
            self.now += 3600
            return error

        faults.plan(forget, WRITE, applied=True, nth=nth)


def sent_again(calm: Run, nth: int, times: int = 2) -> list[int]:
    """How often each write is sent when the `nth` is sent so many times."""
    return [times if number == nth else 1 for number in range(1, len(calm.writes) + 1)]


LOST: dict[str, Error] = {
    "time-out": TIMEOUT,
    "broken connection": ConnectionClosedError(endpoint_url=ENDPOINT),
    "5xx": client_error(WRITE, "InternalServerError"),
}


@by_act
@pytest.mark.parametrize("error", LOST.values(), ids=LOST)
def test_a_lost_answer_is_asked_for_again_and_the_write_is_done_once(act: Act, error: Error) -> None:
    def strike(faults: Faults, nth: int) -> None:
        faults.plan(lambda *_: error, WRITE, applied=True, nth=nth)

    for calm, shaken, nth in runs(act, strike):
        assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after)
        assert shaken.after != shaken.before
        assert shaken.tries == sent_again(calm, nth)
        assert all(write["ClientRequestToken"] for write in shaken.writes)


NOT_APPLIED: dict[str, Error] = {
    "time-out of the connection": ConnectTimeoutError(endpoint_url=ENDPOINT),
    "time-out of the answer": TIMEOUT,
    "5xx": client_error(WRITE, "InternalServerError"),
}


@by_act
@pytest.mark.parametrize("error", NOT_APPLIED.values(), ids=NOT_APPLIED)
def test_a_write_that_fails_before_it_was_applied_is_sent_again(act: Act, error: Error) -> None:
    for calm, shaken, nth in runs(act, lambda faults, nth: faults.plan(lambda *_: error, WRITE, nth=nth)):
        assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after)
        assert shaken.tries == sent_again(calm, nth)


@by_act
def test_a_write_that_the_service_no_longer_knows_by_its_token_is_known_by_our_attempt(act: Act) -> None:
    service = Forgetful()
    for calm, shaken, nth in runs(act, service.lose_answer, clock=service):
        assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after)
        assert shaken.tries == sent_again(calm, nth)


@by_act
@in_every_way
def test_whatever_the_next_try_meets_the_write_is_done_once(act: Act, again: Strike) -> None:
    for calm, shaken, nth in runs(
        act, lambda faults, nth: [faults.lose_answer(WRITE, nth=nth), again(faults, nth + 1)]
    ):
        assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after)
        assert shaken.tries == sent_again(calm, nth, shaken.tries[nth - 1])
        assert shaken.tries[nth - 1] > 2


@by_act
@in_every_way
def test_whatever_a_write_meets_before_it_is_applied_it_is_done_once(act: Act, again: Strike) -> None:
    for calm, shaken, _ in runs(
        act, lambda faults, nth: [faults.refuse_connection(WRITE, nth=nth), again(faults, nth + 1)]
    ):
        assert shaken.outcome == calm.outcome
        assert len(shaken.after) == len(calm.after)
        assert problems(shaken.after) == []
        assert len(shaken.writes) > len(calm.writes) + 1


@over_http
@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url=ENDPOINT),
        ConnectionClosedError(endpoint_url=ENDPOINT),
        SSLError(endpoint_url=ENDPOINT, error=OSError("EOF occurred in violation of protocol")),
        client_error(WRITE, "InternalServerError"),
        client_error(WRITE, "ServiceUnavailable"),
        client_error(WRITE, "RequestTimeoutException"),
        ClientError({"Error": {"Code": "502"}, "ResponseMetadata": {"HTTPStatusCode": 502}}, "TransactWriteItems"),  # type: ignore[typeddict-item]
    ],
    ids=lambda error: str(error)[:40],
)
def test_every_way_to_lose_an_answer_leaves_the_write_done_once(act: Act, error: Error) -> None:
    service = Forgetful()
    for calm, shaken, _ in runs(act, partial(service.lose_answer, error=error), clock=service):
        assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after)


def test_the_answer_to_a_write_that_was_planned_again_may_get_lost_too() -> None:
    service = Forgetful()
    act = SCENARIOS["assets.create, code used before"][1]
    calm = run(act)
    assert len(calm.writes) == 2  # the first one did not know of the names and the chains that are there already
    lost = run(act, lambda faults: faults.lose_answer(WRITE, nth=2))
    forgotten = run(act, lambda faults: service.lose_answer(faults, nth=2), clock=service)
    for shaken in (lost, forgotten):
        assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after)
        assert len(shaken.writes) == 3
        assert shaken.writes[1] == shaken.writes[2]


def test_the_answer_that_a_write_was_overtaken_may_get_lost_too() -> None:
    act = SCENARIOS["assets.create, code used before"][1]
    calm = run(act)
    shaken = run(act, lambda faults: faults.lose_answer(WRITE))
    assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after)
    first, second, third = shaken.writes
    assert first == second
    assert first["ClientRequestToken"] != third["ClientRequestToken"]


READERS = {name: act for name, (status, act) in SCENARIOS.items() if status and not name.startswith("auth.")}
"""All that is asked over HTTP, but for tokens."""

READ: tuple[Operation, ...] = ("get_item", "batch_get_item", "query", "transact_get_items")
TOGETHER: tuple[Operation, ...] = ("transact_get_items",)
"""Several items at once: that alone can collide with a write."""

type ReadStrike = Callable[[Faults, Operation], object]
"""Plans what the next read of a kind meets."""

FAILED_READS: dict[str, tuple[Sequence[Operation], ReadStrike]] = {
    "time-out": (READ, lambda faults, read: faults.lose_answer(read)),
    "throttling": (READ, lambda faults, read: faults.fail(read, "ThrottlingException")),
    "conflict": (TOGETHER, lambda faults, _: faults.cancel("TransactionConflict", operation="transact_get_items")),
    "5xx": (READ, lambda faults, read: faults.fail(read, "InternalServerError")),
    "no connection": (READ, lambda faults, read: faults.refuse_connection(read)),
}
"""Which reads can fail so, and how they do."""


def plan_each(strike: ReadStrike, reads: Sequence[Operation], faults: Faults) -> None:
    """Plans it for the next read of each of some kinds."""
    for read in reads:
        strike(faults, read)


@pytest.mark.parametrize(("reads", "strike"), FAILED_READS.values(), ids=FAILED_READS)
def test_a_read_that_fails_is_read_again(reads: Sequence[Operation], strike: ReadStrike) -> None:
    struck: set[Operation] = set()
    for name, act in READERS.items():
        calm = run(act)
        made = [read for read in reads if read in calm.reads]
        shaken = run(act, partial(plan_each, strike, made))
        assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after), name
        assert len(shaken.reads) == len(calm.reads) + len(made), name
        struck |= {*made}
    assert struck == {*reads}


def test_of_a_batch_that_is_answered_in_part_the_rest_is_read_again() -> None:
    def several(request: Request) -> bool:
        return any(len(wanted["Keys"]) > 1 for wanted in request["RequestItems"].values())

    struck = set()
    for name, act in READERS.items():
        calm = run(act)
        if any(call.operation == "batch_get_item" and several(call.request) for call in calm.calls):
            shaken = run(act, lambda faults: faults.leave_out(when=several))
            assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after), name
            assert len(shaken.reads) == len(calm.reads) + 1, name
            struck.add(name)
    assert len(struck) > 3


@over_http
def test_a_read_that_fails_again_and_again_is_read_until_there_is_an_answer(act: Act) -> None:
    def strike(faults: Faults) -> None:
        for operation in READ:
            faults.lose_answer(operation)
            faults.fail(operation, "ThrottlingException", nth=2)
            faults.refuse_connection(operation, nth=3)
            faults.fail(operation, "InternalServerError", nth=4)

    calm, shaken = run(act), run(act, strike)
    assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after)
    assert len(shaken.reads) == len(calm.reads) + 4 * len(set(calm.reads))


@pytest.mark.parametrize("act", KEYED.values(), ids=KEYED)
def test_who_lost_its_answer_gets_a_fresh_one_and_who_asks_again_a_replay(act: Act) -> None:
    shaken = run(act, lambda faults: faults.lose_answer(WRITE))
    assert "X-Idempotency-Replayed" not in shaken.outcome.headers
    replay = shaken.again()
    assert replay.headers["X-Idempotency-Replayed"] == "true"
    assert (replay.status, replay.body) == (shaken.outcome.status, shaken.outcome.body)
    assert shaken.world.fake.snapshot() == shaken.after
