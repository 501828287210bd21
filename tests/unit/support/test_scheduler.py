"""Work goes on in an order that follows from the seed, on a clock that nobody waits for."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.support.crowd import CrowdedWorld
from tests.support.scheduler import Scheduler
from tests.support.world import JANUARY, Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


def _walk(scheduler: Scheduler, log: list[str], name: str, steps: int) -> Callable[[], str]:
    def work() -> str:
        for step in range(steps):
            scheduler.pause(scheduler.random.random())
            log.append(f"{name}{step}")
        return name

    return work


def _log(seed: int) -> list[str]:
    scheduler, log = Scheduler(Clock(), seed), list[str]()
    scheduler.run([_walk(scheduler, log, name, 4) for name in "abcdef"], in_flight=4)
    return log


def test_the_answers_come_in_the_order_of_the_work() -> None:
    scheduler = Scheduler(Clock(), 0)
    assert scheduler.run([_walk(scheduler, [], name, 3) for name in "abc"], in_flight=3) == ["a", "b", "c"]


def test_one_seed_gives_one_order_and_another_another() -> None:
    assert _log(1) == _log(1)
    assert len({tuple(_log(seed)) for seed in range(10)}) == 10
    assert sorted(_log(1)) == sorted(f"{name}{step}" for name in "abcdef" for step in range(4))


def test_whose_pause_is_over_first_goes_on_first_and_the_clock_tells_when() -> None:
    clock = Clock()
    scheduler, log = Scheduler(clock, 0), list[tuple[str, int]]()

    def work(name: str, *pauses: float) -> Callable[[], None]:
        def body() -> None:
            for pause in pauses:
                scheduler.pause(pause)
                log.append((name, clock.now - JANUARY))

        return body

    scheduler.run([work("a", 2, 2), work("b", 1, 0.5), work("c", 3)], in_flight=3)
    assert log == [("b", 1000), ("b", 1500), ("a", 2000), ("c", 3000), ("a", 4000)]


def test_an_hour_passes_in_no_time() -> None:
    clock = Clock()
    scheduler = Scheduler(clock, 0)
    start = time.monotonic()
    scheduler.run([lambda: scheduler.pause(3600)] * 3, in_flight=1)
    assert clock.now - JANUARY == 3 * 3_600_000
    assert time.monotonic() - start < 5


def test_only_so_many_are_begun_at_once_and_only_one_runs() -> None:
    scheduler = Scheduler(Clock(), 3)
    begun, running, most = [0], [0], [0]

    def work() -> None:
        begun[0] += 1
        most[0] = max(most[0], begun[0])
        for _ in range(3):
            running[0] += 1
            assert running[0] == 1
            running[0] -= 1
            scheduler.pause(scheduler.random.random())
        begun[0] -= 1

    scheduler.run([work] * 20, in_flight=5)
    assert most == [5]


def test_an_error_is_raised_when_all_has_ended_and_names_the_seed() -> None:
    scheduler, log = Scheduler(Clock(), 42), list[str]()

    def fail() -> str:
        scheduler.pause(0.1)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken") as raised:
        scheduler.run([fail, _walk(scheduler, log, "a", 3)], in_flight=2)
    assert raised.value.__notes__ == ["seed 42"]
    assert log == ["a0", "a1", "a2"]
    assert scheduler.run([lambda: "again"], in_flight=1) == ["again"]


def test_what_is_begun_meanwhile_goes_on_by_itself_and_its_error_is_raised_too() -> None:
    clock = Clock()
    scheduler, log = Scheduler(clock, 0), list[tuple[str, int]]()

    def further() -> None:
        log.append(("further", clock.now - JANUARY))
        raise ValueError("broken")

    def work() -> str:
        scheduler.begin(further, after=2)
        scheduler.pause(1)
        log.append(("work", clock.now - JANUARY))
        return "done"

    with pytest.raises(ValueError, match="broken"):
        scheduler.run([work], in_flight=1)
    assert log == [("work", 1000), ("further", 2000)]
    assert scheduler.run([lambda: "again"], in_flight=1) == ["again"]


def test_a_part_of_a_work_goes_on_beside_it_until_it_is_asked_for_its_answer() -> None:
    clock = Clock()
    scheduler = Scheduler(clock, 0)

    def part(seconds: float) -> float:
        scheduler.pause(seconds)
        return seconds

    def work(_: int) -> tuple[list[float], int]:
        began = clock.now
        parts = [scheduler.fork(partial(part, seconds)) for seconds in (3, 1)]
        scheduler.pause(2)
        return [answer() for answer in parts], clock.now - began

    assert scheduler.run([partial(work, number) for number in range(2)], in_flight=1) == [([3, 1], 3_000)] * 2
    assert clock.now - JANUARY == 6_000
    assert work(0) == ([3, 1], 6_000)  # outside of a run one follows the other


def test_a_part_that_fails_fails_where_it_is_asked_for_its_answer() -> None:
    scheduler = Scheduler(Clock(), 0)

    def part() -> None:
        scheduler.pause(1)
        raise ValueError("broken")

    def work() -> str:
        answer = scheduler.fork(part)
        with pytest.raises(ValueError, match="broken"):
            answer()
        return "done"

    assert scheduler.run([work], in_flight=1) == ["done"]


def test_outside_of_a_run_a_pause_lets_time_pass() -> None:
    clock = Clock()
    Scheduler(clock, 0).pause(1.5)
    assert clock.now - JANUARY == 1500


def test_in_a_crowd_transactions_that_want_one_item_at_once_collide() -> None:
    world = CrowdedWorld(0)
    client = world.recorder

    def write(sk: str) -> Callable[[], str]:
        put: TransactWriteItemTypeDef = {
            "Put": {"TableName": "coffer", "Item": {"pk": {"S": "p"}, "sk": {"S": sk}}},
        }

        def work() -> str:
            try:
                client.transact_write_items(TransactItems=[put])
            except world.fake.exceptions.TransactionCanceledException as error:
                return str(error.response["CancellationReasons"][0]["Code"])
            return "done"

        return work

    outcomes = world.together([write("same")] * 30 + [write(str(n)) for n in range(30)], in_flight=60)
    assert set(outcomes[:30]) == {"done", "TransactionConflict"}
    assert set(outcomes[30:]) == {"done"}
    assert world.traffic.collisions == outcomes.count("TransactionConflict")


def test_what_happened_once_in_a_crowd_happens_again_with_its_seed() -> None:
    def history(seed: int) -> tuple[object, ...]:
        world = CrowdedWorld(seed)
        world.faults.lose_answer(probability=0.1)
        acme = world.client()
        organization = {"legalName": "Acme", "legalDocument": "1"}
        answers = world.together([lambda: acme.post("/v1/organizations", organization)] * 20)
        return [answer.body for answer in answers], world.fake.snapshot(), world.clock.now

    assert history(7) == history(7)
    assert history(7) != history(8)
