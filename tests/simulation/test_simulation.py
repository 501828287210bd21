"""Many callers at once, everything that can go wrong, and a ledger that is as if one thing had followed the other.

`make simulate` does the same some thousand times more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest

from local.home import PROJECT
from tests.simulation.fleet import Share, share

RUNS = 200


@pytest.fixture(scope="module")
def work() -> Share:
    """What came of some runs."""
    return share(range(RUNS))


def test_whatever_happens_it_is_as_if_one_thing_had_been_done_after_the_other(work: Share) -> None:
    assert work.failed == {}


def test_requests_of_every_kind_are_done_and_refused_and_left_unknown(work: Share) -> None:
    kinds: dict[str, Counter[str]] = {}
    for name, count in work.counts.items():
        kind, _, how = name.partition(": ")
        if how:
            kinds.setdefault(kind, Counter())[how] += count
    never_refused = {"activate", "allow", "block", "freeze", "look", "note", "sweep"}
    never_refused |= {f"look at {what}" for what in ("account", "asset", "assets", "balance", "segments")}
    assert {kind for kind, hows in kinds.items() if not hows["done"]} == {"misuse"}
    assert {kind for kind, hows in kinds.items() if not hows["refused"]} <= never_refused
    assert sum(hows["unknown"] for hows in kinds.values()) > RUNS
    assert sum(hows["replayed"] for hows in kinds.values()) > RUNS


@pytest.mark.parametrize(
    "what",
    [
        "arrived late",
        "arrived twice",
        "calls failed",
        "clocks jumped",
        "clocks off",
        "collisions",
        "given up",
        "killed",
        "not waited for",
        "of two clients",
        "overtaken",
        "repeated",
        "sent again later",
        "took several writes",
    ],
)
def test_everything_that_can_go_wrong_does(work: Share, what: str) -> None:
    assert work.counts[what] > RUNS / 10


@pytest.mark.parametrize("seed", [1, 2])
def test_a_seed_replays_its_run_to_the_last_step(seed: int) -> None:
    first, second = (_simulate("0", "--seed", f"{seed}"), _simulate("1", "--seed", f"{seed}"))
    assert first.stdout == second.stdout
    assert first.returncode == 0
    assert first.stdout.splitlines()[-1] == f"seed {seed}: nothing wrong"


def test_a_failure_names_its_seed_and_how_to_replay_it() -> None:
    planted = ("--mutation", "drop-the-heads-condition")
    found = _simulate("0", "--runs", "25", "--processes", "1", *planted)
    assert "seed 3 fails:" in found.stdout
    assert "make simulate SEED=3 MUTATION=drop-the-heads-condition" in found.stdout
    replayed = _simulate("1", "--seed", "3", *planted)
    assert replayed.returncode == 1
    assert "WRONG: " in replayed.stdout


def _simulate(hash_seed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make simulate`, with the order of Python's sets as a seed of theirs has it."""
    return subprocess.run(
        [sys.executable, "-m", "tests.simulation", *arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=False,
    )
