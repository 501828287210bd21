"""Many runs, over several processes, and what all of them did together."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import batched
from multiprocessing import get_context

from tests.simulation.mutations import MUTATIONS
from tests.simulation.run import simulate

TOGETHER = 25
"""Runs that a process does before it reports."""
PROGRESS_SECONDS = 10


@contextmanager
def quiet() -> Iterator[None]:
    """No log: a mistake of ours is a 500, and so is found anyway."""
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def planted(mutation: str | None) -> AbstractContextManager[None]:
    """The product with a bug, or as it is."""
    return MUTATIONS[mutation].planted() if mutation else nullcontext()


@dataclass(frozen=True, slots=True)
class Share:
    """What came of some runs: what they did, and what is wrong with those that failed."""

    runs: int
    counts: Counter[str]
    failed: dict[int, Sequence[str]]


def share(seeds: Sequence[int], mutation: str | None = None) -> Share:
    """Does some runs, one after the other."""
    counts: Counter[str] = Counter()
    failed: dict[int, Sequence[str]] = {}
    with quiet(), planted(mutation):
        for seed in seeds:
            report = simulate(seed)
            counts += report.counts
            if report.problems:
                failed[seed] = report.problems
    return Share(len(seeds), counts, failed)


def shares(first: int, runs: int, processes: int, mutation: str | None) -> Iterator[Share]:
    """Does many runs; what came of them, as it comes in. Every few seconds it says how far it is."""
    finished, said = 0, time.monotonic()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        seeds = batched(range(first, first + runs), TOGETHER, strict=False)
        waiting = [pool.submit(share, each, mutation) for each in seeds]
        try:
            for done in as_completed(waiting):
                finished += done.result().runs
                if time.monotonic() - said > PROGRESS_SECONDS:
                    said = time.monotonic()
                    print(f"{finished:,} of {runs:,} runs", flush=True)
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def table(counts: Counter[str]) -> Iterator[str]:
    """What was done: of each kind of request what its callers were told, and whatever else happened."""
    hows = ("done", "replayed", "refused", "unknown")
    kinds = sorted({name.partition(": ")[0] for name in counts if ": " in name})
    yield f"{'request':16}{''.join(f'{how:>10}' for how in hows)}"
    for kind in kinds:
        yield f"{kind:16}{''.join(f'{counts[f"{kind}: {how}"]:>10,}' for how in hows)}"
    yield ""
    for name in sorted(name for name in counts if ": " not in name):
        yield f"{name:16}{counts[name]:>10,}"
