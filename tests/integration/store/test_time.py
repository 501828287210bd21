"""A request ends in time: with its answer, or with a 503 that leaves nothing half-done and may be sent again."""

from collections.abc import Callable

import pytest

from coffer.store.table import FIRST_PAUSE, LONGEST_PAUSE
from tests.integration.store.acts import EACH, HTTP, KEYED, PIECEWISE, REPEATABLE, Act
from tests.support.audit import problems
from tests.support.dynamodb.errors import reason
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults, Operation
from tests.support.template import table_definition
from tests.support.world import TIME_LEFT, Answer, World
from tools.scenarios import ASSET, KEY, ORGANIZATION, SCENARIOS, Scene

WRITE: Operation = "transact_write_items"
ALWAYS = range(1, 1_000_000)

NOT_APPLIED: dict[str, Callable[[Faults], object]] = {
    "collisions": lambda faults: faults.cancel("TransactionConflict", nth=ALWAYS),
    "throttling": lambda faults: faults.cancel("ThrottlingError", nth=ALWAYS),
    "throttling of the table": lambda faults: faults.fail(WRITE, "ThrottlingException", nth=ALWAYS),
    "no connection": lambda faults: faults.refuse_connection(nth=ALWAYS),
    "server errors": lambda faults: faults.fail(None, "InternalServerError", nth=ALWAYS),
}

APPLIED: dict[str, Callable[[Faults], object]] = {
    "no answer arrives": lambda faults: faults.lose_answer(WRITE, nth=ALWAYS),
    "the first one is lost, then collisions": lambda faults: [
        faults.lose_answer(WRITE),
        faults.cancel("TransactionConflict", nth=ALWAYS),
    ],
    "the first one is lost, then no connection": lambda faults: [
        faults.lose_answer(WRITE),
        faults.refuse_connection(WRITE, nth=ALWAYS),
    ],
}

piecewise = pytest.mark.parametrize("act", PIECEWISE.values(), ids=PIECEWISE)
keyed = pytest.mark.parametrize("act", KEYED.values(), ids=KEYED)
over_http = pytest.mark.parametrize("act", HTTP.values(), ids=HTTP)
not_applied = pytest.mark.parametrize("strike", NOT_APPLIED.values(), ids=NOT_APPLIED)
applied = pytest.mark.parametrize("strike", APPLIED.values(), ids=APPLIED)


class Slow:
    """A world whose calls to the table take a while, and which knows when each of them began."""

    def __init__(self, seed: int = 0) -> None:
        self.begun: list[float] = []
        """By the world's clock, in seconds."""
        self.seconds = 0.0
        self.fake = FakeDynamoDB(table_definition())
        self.faults = Faults(self.fake)
        self.world = World(self, fake=self.fake, seed=seed)

    def __getattr__(self, operation: str) -> Callable[..., object]:
        def call(**request: object) -> object:
            self.begun.append(self.world.clock.now / 1000)
            self.world.clock.now += int(self.seconds * 1000)
            answer: object = getattr(self.faults, operation)(**request)
            return answer

        return call


def _unavailable(answer: Answer) -> None:
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json["code"] in {"9004", "service_unavailable"}
    assert "idempotency key" in answer.json["message"]


def _in_doubt(answer: Answer) -> None:
    """A code of its own, and no header that would have a client send it again by itself, which might do it twice."""
    assert answer.status == 503
    assert "Retry-After" not in answer.headers
    assert answer.json["code"] in {"9011", "outcome_unknown"}
    assert "not known whether" in answer.json["message"]


@over_http
@not_applied
def test_what_cannot_be_settled_in_time_is_a_503_and_nothing_is_done(
    act: Act, strike: Callable[[Faults], object]
) -> None:
    slow = Slow()
    request = act(Scene(slow.world, slow.world.client()))
    before = slow.fake.snapshot()
    strike(slow.faults)
    slow.world.recorder.calls.clear()
    answer = request()
    assert isinstance(answer, Answer)
    wrote = any(call.operation == WRITE for call in slow.world.recorder.calls)
    safe = act in {*KEYED.values(), *REPEATABLE.values()}
    if strike is NOT_APPLIED["server errors"] and wrote and not safe:
        _in_doubt(answer)  # nobody knows of a write at which the service failed whether it was applied
    else:
        _unavailable(answer)
    assert slow.fake.snapshot() == before


@keyed
@not_applied
def test_the_same_request_with_the_same_key_is_done_once_afterwards(
    act: Act, strike: Callable[[Faults], object]
) -> None:
    slow = Slow()
    request = act(Scene(slow.world, slow.world.client()))
    strike(slow.faults)
    for answer in (request(), request()):
        assert isinstance(answer, Answer)
        assert answer.status == 503
    slow.faults.plans.clear()
    first, second = request(), request()
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert first.status == second.status < 300
    assert first.body == second.body
    assert "X-Idempotency-Replayed" not in first.headers
    assert second.headers["X-Idempotency-Replayed"] == "true"
    assert problems(slow.fake.snapshot()) == []


@keyed
@applied
def test_what_was_done_without_our_knowing_is_found_by_its_key_afterwards(
    act: Act, strike: Callable[[Faults], object]
) -> None:
    slow = Slow()
    request = act(Scene(slow.world, slow.world.client()))
    strike(slow.faults)
    answer = request()
    assert isinstance(answer, Answer)
    _unavailable(answer)
    done = slow.fake.snapshot()
    assert problems(done) == []
    slow.faults.plans.clear()
    replay = request()
    assert isinstance(replay, Answer)
    assert replay.status < 300
    assert replay.headers["X-Idempotency-Replayed"] == "true"
    assert slow.fake.snapshot() == done


@pytest.mark.parametrize("seed", range(10))
def test_pauses_grow_and_are_bounded_and_fit_into_the_time(seed: int) -> None:
    slow = Slow(seed=seed)
    client = slow.world.client()
    slow.faults.fail(WRITE, "ThrottlingException", nth=ALWAYS)
    assert client.post("/v1/organizations", ORGANIZATION).status == 503
    pauses = slow.world.pauses
    assert all(pause <= min(LONGEST_PAUSE, FIRST_PAUSE * 2**n) for n, pause in enumerate(pauses))
    assert sum(pauses) < TIME_LEFT + len(pauses) / 1000  # the clock counts whole milliseconds
    assert len(slow.begun) == len(pauses) + 1
    assert len(pauses) < 1.5 * TIME_LEFT / (LONGEST_PAUSE / 2)


def test_pauses_are_drawn_from_the_whole_range() -> None:
    firsts = []
    for seed in range(60):
        slow = Slow(seed=seed)
        slow.faults.fail(WRITE, "ThrottlingException")
        slow.world.client().post("/v1/organizations", ORGANIZATION)
        firsts += slow.world.pauses
    assert len(firsts) == 60
    assert min(firsts) < FIRST_PAUSE / 10
    assert max(firsts) > FIRST_PAUSE * 9 / 10
    assert len(set(firsts)) == 60


@pytest.mark.parametrize("seconds", [0.4, 1.3, 3.0])
@not_applied
def test_no_call_begins_when_the_time_is_up(strike: Callable[[Faults], object], seconds: float) -> None:
    slow = Slow()
    path = Scene(slow.world, client := slow.world.client()).assets()
    strike(slow.faults)
    slow.seconds, slow.begun = seconds, []
    start = slow.world.clock.now / 1000
    assert client.post(path, ASSET).status == 503
    assert len(slow.begun) > 1
    assert all(moment - start < TIME_LEFT for moment in slow.begun)


def test_reads_that_take_long_one_after_the_other_end_in_time_too() -> None:
    slow = Slow()
    path = Scene(slow.world, client := slow.world.client()).asset()
    before = slow.fake.snapshot()
    slow.seconds, slow.begun = 1.5, []
    start = slow.world.clock.now / 1000
    _unavailable(client.delete(path))  # it reads sixteen chains, here one by one
    assert all(moment - start < TIME_LEFT for moment in slow.begun)
    assert slow.fake.snapshot() == before


def test_without_time_no_call_is_made() -> None:
    slow = Slow()
    path = Scene(slow.world, client := slow.world.client()).asset()
    before = slow.fake.snapshot()
    slow.begun.clear()
    slow.world.time_left = 0
    for answer in (
        client.post("/v1/organizations", ORGANIZATION),
        client.get(path),
        client.patch(path, {"name": "Other"}),
        client.delete(path),
    ):
        _unavailable(answer)
    assert not slow.begun
    assert slow.fake.snapshot() == before


def test_a_record_that_cannot_be_looked_for_in_time_leaves_the_refusal_untold() -> None:
    slow = Slow()
    request = SCENARIOS["assets.create, with a key"][1](Scene(slow.world, slow.world.client()))
    slow.faults.cancel("ConditionalCheckFailed")
    slow.faults.cancel("TransactionConflict", operation="transact_get_items", nth=ALWAYS)
    answer = request()
    assert isinstance(answer, Answer)
    _unavailable(answer)


def test_what_meets_the_same_over_and_over_is_a_503_and_nothing_is_done() -> None:
    slow = Slow()
    request = SCENARIOS["ledgers.create"][1](Scene(slow.world, slow.world.client()))
    before = slow.fake.snapshot()
    there = reason("ConditionalCheckFailed", item={"attempt": {"S": "another"}})
    slow.faults.cancel(None, there, there, nth=ALWAYS)
    answer = request()
    assert isinstance(answer, Answer)
    _unavailable(answer)
    assert slow.fake.snapshot() == before


def test_the_key_of_a_request_that_was_not_settled_may_not_be_used_for_another_one_once_it_was_done() -> None:
    slow = Slow()
    scene = Scene(slow.world, slow.world.client())
    path = scene.assets()
    slow.faults.lose_answer(WRITE, nth=ALWAYS)
    assert scene.client.post(path, ASSET, **KEY).status == 503
    slow.faults.plans.clear()
    other = scene.client.post(path, {**ASSET, "code": "XBT", "name": "Other"}, **KEY)
    assert (other.status, other.json["code"]) == (422, "0084")


def test_who_has_minutes_may_pause_thousands_of_times() -> None:
    world = World()
    world.time_left = 15 * 60
    table = world.table()
    for pauses in range(2_000):
        table.wait(pauses)
    assert max(world.pauses) <= LONGEST_PAUSE


@over_http
@applied
def test_a_503_in_doubt_says_that_it_is_not_known_whether_it_was_done_unless_it_is_safe_to_send_again(
    act: Act, strike: Callable[[Faults], object]
) -> None:
    slow = Slow()
    request = act(Scene(slow.world, slow.world.client()))
    strike(slow.faults)
    answer = request()
    assert isinstance(answer, Answer)
    assert problems(slow.fake.snapshot()) == []
    safe = act in {*KEYED.values(), *REPEATABLE.values()}
    if safe:
        _unavailable(answer)
    else:
        _in_doubt(answer)
    assert ("nothing is half-done" in answer.json["message"]) == safe


# -------------------------------------------------------------------------------------------------------------- pieces


def _reasons(answer: object) -> set[tuple[str, str]]:
    """Why nothing of a batch could be settled in time, by code and in words: said once, or of each transaction."""
    assert isinstance(answer, Answer)
    if answer.status == 503:
        _unavailable(answer)
        return {(answer.json["code"], answer.json["message"])}
    assert [each["status"] for each in answer.json["transactions"]] == [503] * len(EACH["transactions"])
    return {(each["error"]["code"], each["error"]["message"]) for each in answer.json["transactions"]}


@piecewise
@not_applied
def test_what_of_a_batch_cannot_be_settled_in_time_is_not_done(act: Act, strike: Callable[[Faults], object]) -> None:
    slow = Slow()
    request = act(Scene(slow.world, slow.world.client()))
    before = slow.fake.snapshot()
    strike(slow.faults)
    ((code, message),) = _reasons(request())
    assert code == "9004"
    assert "nothing is half-done" in message
    assert slow.fake.snapshot() == before


@applied
def test_without_a_key_a_batch_in_doubt_says_that_it_is_not_known_what_was_done(
    strike: Callable[[Faults], object],
) -> None:
    slow = Slow()
    request = PIECEWISE["transactions.create_batch, each"](Scene(slow.world, slow.world.client()))
    strike(slow.faults)
    ((code, message),) = _reasons(request())
    assert code == "9011"
    assert "not known whether" in message
    assert problems(slow.fake.snapshot()) == []


def _results(answer: object) -> list[tuple[int, object]]:
    assert isinstance(answer, Answer)
    return [(each["status"], each["transaction"]) for each in answer.json["transactions"]]


GOES_WRONG: dict[str, Callable[[Faults], object]] = {
    **{f"from the claim of its key on: {name}": strike for name, strike in (NOT_APPLIED | APPLIED).items()},
    "after it: collisions": lambda faults: faults.cancel("TransactionConflict", nth=range(2, 1_000_000)),
    "after it: no answer arrives": lambda faults: faults.lose_answer(WRITE, nth=range(2, 1_000_000)),
    "after it: one is lost, then no connection": lambda faults: [
        faults.lose_answer(WRITE, nth=2),
        faults.refuse_connection(WRITE, nth=range(2, 1_000_000)),
    ],
}
"""What goes wrong with a batch that claims its key first."""


@pytest.mark.parametrize("strike", GOES_WRONG.values(), ids=GOES_WRONG)
def test_a_batch_with_a_key_goes_on_when_it_is_sent_again(strike: Callable[[Faults], object]) -> None:
    slow = Slow()
    request = PIECEWISE["transactions.create_batch, each, with a key"](Scene(slow.world, slow.world.client()))
    before = slow.fake.snapshot()
    strike(slow.faults)
    first = request()
    assert isinstance(first, Answer)
    assert "could not be settled in time" in (first.body or "")
    assert "not known whether" not in (first.body or "")
    slow.faults.plans.clear()
    second, done = _results(request()), slow.fake.snapshot()
    assert [status for status, _ in second] == [201, 422, 201]
    assert _results(request()) == second
    assert slow.fake.snapshot() == done
    assert len(done) == len(before) + 1 + 2 * 3  # its claim, and two payments
    assert problems(done) == []


def test_with_a_key_what_of_a_batch_was_posted_is_told_though_no_answer_arrived() -> None:
    slow = Slow()
    request = PIECEWISE["transactions.create_batch, each, with a key"](Scene(slow.world, slow.world.client()))
    GOES_WRONG["after it: no answer arrives"](slow.faults)
    first = _results(request())
    assert [status for status, _ in first] == [201, 503, 201]
    slow.faults.plans.clear()
    second = _results(request())
    assert [first[0], first[2]] == [second[0], second[2]]
