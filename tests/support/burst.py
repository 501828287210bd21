"""Requests released together, each to a definite answer."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from time import monotonic, sleep

import httpx

IN_FLIGHT = 6
"""As many as keep two processors busy. More would not race harder, and the emulator starts a process, which takes it a
second, for each request that finds none free: so bursts are bounded, and begin warm."""
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


def definite(request: Request) -> tuple[httpx.Response, int]:
    """The definite answer to a request, and how many times a 503 was repeated with the same one to get it."""
    for repeated in range(PATIENCE):
        answer = request()
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer, repeated
        sleep(float(answer.headers.get("Retry-After", "1")))
    raise AssertionError(f"no definite answer in {PATIENCE} tries")


def burst(requests: Sequence[Request], *, in_flight: int = IN_FLIGHT) -> Burst:
    """Send requests, the first `in_flight` of them released together; every 503 is repeated with the same request."""
    workers = min(in_flight, len(requests))
    start = Barrier(workers)

    def work(number: int) -> tuple[httpx.Response, int]:
        if number < workers:
            start.wait()
        return definite(requests[number])

    began = monotonic()
    with ThreadPoolExecutor(workers) as pool:
        done = list(pool.map(work, range(len(requests))))
    repeated = sum(repeated for _, repeated in done)
    print(f"{len(done)} requests in {monotonic() - began:.1f} s, {repeated} repeated after a 503")
    return Burst([answer for answer, _ in done], repeated)
