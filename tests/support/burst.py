"""Requests released together, each to a definite answer."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from time import sleep

import httpx

IN_FLIGHT = 16
"""The emulator starts a process for each request that finds none free, so bursts are bounded and begin warm."""
PATIENCE = 40
"""How often a 503 is asked again before the test gives up."""

type Request = Callable[[], httpx.Response]


@dataclass(frozen=True, slots=True)
class Burst:
    """The definite answers, in the order of the requests, and how many times a 503 was repeated."""

    answers: Sequence[httpx.Response]
    repeated: int

    @property
    def statuses(self) -> Counter[int]:
        """How often each status was answered."""
        return Counter(answer.status_code for answer in self.answers)


def burst(requests: Sequence[Request], *, in_flight: int = IN_FLIGHT) -> Burst:
    """Send requests, the first `in_flight` of them released together; every 503 is repeated with the same request."""
    workers = min(in_flight, len(requests))
    start = Barrier(workers)
    repeated: list[int] = []

    def work(number: int) -> httpx.Response:
        if number < workers:
            start.wait()
        for _ in range(PATIENCE):
            answer = requests[number]()
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            repeated.append(number)
            sleep(float(answer.headers.get("Retry-After", "1")))
        raise AssertionError(f"no definite answer to request {number} in {PATIENCE} tries")

    with ThreadPoolExecutor(workers) as pool:
        answers = list(pool.map(work, range(len(requests))))
    print(f"{len(answers)} requests, {len(repeated)} repeated after a 503")
    return Burst(answers, len(repeated))
