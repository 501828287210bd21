"""Many pieces of work at once, in an order and at moments that follow from a seed.

    scheduler = Scheduler(world.clock, seed)
    answers = scheduler.run(requests, in_flight=16)   # each of them calls `scheduler.pause` where others may go on

Each piece of work runs in a thread of its own, but only one of them ever runs: it goes on until it pauses or ends, and
then the one whose pause is over first does. Time is the clock's, and passes in pauses alone, so that an hour of
back-off takes no time, and what has happened once happens again with the same seed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random
from threading import Lock, Thread
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from tests.support.world import Clock


def _turn() -> Lock:
    """What a thread waits for by acquiring it, until another one releases it."""
    turn = Lock()
    turn.acquire()
    return turn


@dataclass(eq=False, slots=True)
class _Task:
    """One piece of work, and what came of it."""

    work: Callable[[], object]
    turn: Lock = field(default_factory=_turn)
    forked: bool = False
    """Whether it is a part of another's work."""
    awaited_by: _Task | None = None
    ended: bool = False
    answer: object = None
    error: BaseException | None = None

    def run(self) -> None:
        try:
            self.answer = self.work()
        except BaseException as error:  # noqa: BLE001 -- it is raised where the work was ordered
            self.error = error
        self.ended = True


class Scheduler:
    """Lets one task run at a time, and time pass, on a clock in milliseconds; `random` is for whoever draws a pause."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 -- it must be repeatable
        self._clock = clock
        self._seed = seed
        self._waiting: list[tuple[float, int, _Task]] = []
        self._order = count()
        self._running: _Task | None = None
        self._further: list[_Task] = []
        self._turn = _turn()

    def pause(self, seconds: float) -> None:
        """Let time pass, and others go on meanwhile. Outside of `run` there are none."""
        task = self._running
        if task is None:
            self._clock.now += round(seconds * 1000)
            return
        self._wake(task, self._clock.now + seconds * 1000)
        self._turn.release()
        task.turn.acquire()

    def begin(self, work: Callable[[], object], *, after: float = 0) -> None:
        """Let another piece of work begin so many seconds from now, while others `run`; nobody waits for its answer."""
        task = _Task(work)
        self._further.append(task)
        self._start(task, after)

    def fork[Answer](self, work: Callable[[], Answer]) -> Callable[[], Answer]:
        """Let a piece of work begin beside the one that runs, which gets its answer when it asks, and waits till then.

        Outside of `run` nothing is beside anything: it is done at once.
        """
        task = _Task(work, forked=True)
        if self._running:
            self._start(task)
        else:
            task.run()

        def answer() -> Answer:
            waiting = self._running
            if not task.ended and waiting:
                task.awaited_by = waiting
                self._turn.release()
                waiting.turn.acquire()
            if task.error:
                raise task.error
            return cast("Answer", task.answer)

        return answer

    def run[Answer](self, works: Iterable[Callable[[], Answer]], *, in_flight: int) -> list[Answer]:
        """Do all of it, so many pieces at once, each next one as soon as one has ended; the answers, in its order.

        When all has ended, and what else was begun meanwhile, the first error is raised, with a note of the seed.
        """
        tasks = [_Task(work) for work in works]
        behind = deque(tasks)
        for _ in range(min(in_flight, len(tasks))):
            self._start(behind.popleft())
        while self._waiting:
            moment, _, task = heappop(self._waiting)
            self._clock.now = max(self._clock.now, round(moment))
            self._running = task
            task.turn.release()
            self._turn.acquire()
            self._running = None
            if task.ended and task.awaited_by:
                self._wake(task.awaited_by, self._clock.now)
            if task.ended and behind and not task.forked:
                self._start(behind.popleft())
        further, self._further = self._further, []
        for task in (*tasks, *further):
            if task.error:
                task.error.add_note(f"seed {self._seed}")
                raise task.error
        return [cast("Answer", task.answer) for task in tasks]

    def _start(self, task: _Task, after: float = 0) -> None:
        def work() -> None:
            task.turn.acquire()
            task.run()
            self._turn.release()

        Thread(target=work, daemon=True).start()
        self._wake(task, self._clock.now + after * 1000)

    def _wake(self, task: _Task, moment: float) -> None:
        heappush(self._waiting, (moment, next(self._order), task))
