"""`make simulate`: thousands of runs, over all processors; one that fails is named by its seed, which replays it.

make simulate                 # 10,000 runs; RUNS=…, FIRST=… others
make simulate SEED=42         # one run, with its history
make simulate MUTATION=…      # runs with a planted bug, until one of them finds it
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections import Counter

from coffer.api.log import logger
from tests.simulation.fleet import planted, shares, table
from tests.simulation.mutations import MUTATIONS
from tests.simulation.run import simulate

RUNS = 10_000


def replay(seed: int, mutation: str | None) -> int:
    """Does one run, and prints its history."""
    logger.setLevel(logging.ERROR)  # a mistake of ours tells where it was made
    with planted(mutation):
        report = simulate(seed)
    for line in report.history.told():
        print(line)
    for problem in report.problems:
        print("WRONG:", problem)
    print(f"seed {seed}: {len(report.problems) or 'nothing'} wrong")
    return 1 if report.problems else 0


def run(first: int, runs: int, processes: int, mutation: str | None) -> int:
    """Does many runs, and prints what they did."""
    began, counts, failed = time.monotonic(), Counter[str](), 0
    for done in shares(first, runs, processes, mutation):
        counts += done.counts
        failed += len(done.failed)
        for seed, problems in done.failed.items():
            print(f"\nseed {seed} fails:", *problems[:5], sep="\n  ")
            print(f"  make simulate SEED={seed}{f' MUTATION={mutation}' if mutation else ''}", flush=True)
        if failed and mutation:
            return 0
    print()
    for line in table(counts):
        print(line)
    print(f"{counts['runs']:,} runs in {time.monotonic() - began:,.0f} s, {failed} failed")
    if mutation:
        print(f"{mutation} was not found")
    return 1 if failed or mutation else 0


def main() -> int:
    """What the arguments ask for."""
    parser = argparse.ArgumentParser(prog="make simulate")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--mutation", choices=sorted(MUTATIONS))
    parser.add_argument("--processes", type=int, default=os.process_cpu_count() or 1)
    asked = parser.parse_args()
    if asked.seed is not None:
        return replay(asked.seed, asked.mutation)
    return run(asked.first, asked.runs, asked.processes, asked.mutation)


if __name__ == "__main__":
    sys.exit(main())
