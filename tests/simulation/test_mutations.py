"""The simulation finds bugs: each that is planted is found by its seed, by which nothing is found without it."""

import pytest

from tests.simulation.fleet import share
from tests.simulation.mutations import MUTATIONS

by_mutation = pytest.mark.parametrize("name", MUTATIONS)


@by_mutation
def test_a_planted_bug_is_found_for_what_it_is(name: str) -> None:
    mutation = MUTATIONS[name]
    (problems,) = share([mutation.seed], name).failed.values()
    assert any(mutation.found in problem for problem in problems)
    assert not any("was told 500" in problem for problem in problems)


def test_without_it_the_same_seed_finds_nothing() -> None:
    assert share(sorted({mutation.seed for mutation in MUTATIONS.values()})).failed == {}
