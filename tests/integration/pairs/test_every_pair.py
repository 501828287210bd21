"""Every request in the midst of every other one, at each of its calls: it is as if one had come after the other.

In each run of the tests some of them meet, always the same, so that what fails can be seen again. In `make pairs` all
do, once a week on GitHub.
"""

from collections.abc import Iterator
from itertools import islice

import pytest

from tests.integration.pairs.meeting import Meeting
from tests.integration.pairs.stages import STAGES
from tests.support.audit import problems
from tests.support.effort import examples

ONE_IN = max(1, 20 // examples(1))


@pytest.fixture(scope="module", params=STAGES)
def meeting(request: pytest.FixtureRequest) -> Meeting:
    """A stage."""
    return Meeting(STAGES[request.param])


def pairs(meeting: Meeting) -> Iterator[tuple[str, str, int]]:
    """All that can meet, and before which call of the first."""
    for first in meeting.requests:
        for second in meeting.requests:
            for nth in range(2, meeting.calls(first) + 1):
                yield first, second, nth


def check(meeting: Meeting, first: str, second: str, nth: int) -> None:
    """One request comes in the midst of another."""
    told, told_second, state = meeting.amid(first, second, nth)
    assert problems(meeting.snapshot()) == [], (first, second, nth)
    one, other = meeting.in_turn(first, second), meeting.in_turn(second, first)
    assert (told, told_second, state) in [one, (other[1], other[0], other[2])], (first, second, nth)


def test_a_request_that_meets_itself_is_done_as_if_it_came_twice(meeting: Meeting) -> None:
    for first, second, nth in pairs(meeting):
        if first == second:
            check(meeting, first, second, nth)


def test_a_request_that_meets_another_is_done_as_if_one_came_after_the_other(meeting: Meeting) -> None:
    for first, second, nth in islice(pairs(meeting), 0, None, ONE_IN):
        check(meeting, first, second, nth)
