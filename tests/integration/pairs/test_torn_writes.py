"""A request that sees another one's write item by item: it is as if one had come after the other all the same."""

from itertools import islice, product

import pytest

from tests.integration.pairs.meeting import Meeting
from tests.integration.pairs.openings import WRITES, set_openings
from tests.support.audit import problems
from tests.support.effort import examples

ONE_IN = max(1, 40 // examples(1))


@pytest.fixture(scope="module")
def meeting() -> Meeting:
    """The stage."""
    return Meeting(set_openings)


def check(meeting: Meeting, first: str, second: str, seed: int) -> None:
    """One request sees the write of another come about."""
    told, told_second, state = meeting.torn(first, second, seed)
    assert problems(meeting.snapshot()) == [], (first, second, seed)
    one, other = meeting.in_turn(first, second), meeting.in_turn(second, first)
    assert (told, told_second, state) in [one, (other[1], other[0], other[2])], (first, second, seed)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("open an account", "bring in to @new"),
        ("open an account", "delete @new"),
        ("hold on all shards", "commit the last"),
        ("hold on all shards", "cancel the last"),
        ("make an asset", "delete GBP"),
    ],
)
def test_whoever_comes_upon_what_is_only_seen_in_part_waits_for_the_rest(
    meeting: Meeting, first: str, second: str
) -> None:
    for seed in range(12):
        check(meeting, first, second, seed)


def test_a_write_that_is_seen_item_by_item_was_there_or_not_for_everybody(meeting: Meeting) -> None:
    pairs = product(WRITES, meeting.requests, range(2))
    for first, second, seed in islice(pairs, 0, None, ONE_IN):
        check(meeting, first, second, seed)
