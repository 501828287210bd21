"""A handler that is killed has no effect any more, but for what was under way already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.simulation.handlers import CALM, LATEST, Fate, Killed, Line
from tests.simulation.stage import Stage

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

BEFORE_IT_IS_SENT, WHILE_IT_IS_DONE, BEFORE_ITS_ANSWER = range(3)
SEEDS = range(20)


def stored(seed: int, pauses_to_live: int) -> list[tuple[str, float]]:
    """What a handler that is killed in its first write leaves in the table, and the seconds until all had ended."""
    stage = Stage(seed)
    line = Line(stage, stage.world.fake, Fate(weather=CALM, pauses_to_live=pauses_to_live))

    def write(sk: str) -> None:
        item = {"pk": {"S": "p"}, "sk": {"S": sk}}
        put: TransactWriteItemTypeDef = {"Put": {"TableName": stage.world.fake.table, "Item": item}}
        line.client.transact_write_items(TransactItems=[put])

    def work() -> None:
        try:
            write("first")
        finally:
            with pytest.raises(Killed):
                write("second")
            with pytest.raises(Killed):
                line.pause(1)

    begun = stage.world.clock.now
    with pytest.raises(Killed):
        stage.scheduler.run([work], in_flight=1)
    seconds = (stage.world.clock.now - begun) / 1000
    return [(str(sk), seconds) for _, sk in stage.world.fake.snapshot()]


@pytest.mark.parametrize("pauses", [BEFORE_IT_IS_SENT, WHILE_IT_IS_DONE])
def test_what_was_under_way_when_it_was_killed_arrives_late_or_never(pauses: int) -> None:
    left = [stored(seed, pauses) for seed in SEEDS]
    arrived = [found for found in left if found]
    assert 0 < len(arrived) < len(left)
    assert all(sk == "first" and seconds < LATEST + 1 for found in arrived for sk, seconds in found)
    assert max(seconds for found in arrived for _, seconds in found) > LATEST / 2


def test_what_had_been_done_stays_done() -> None:
    assert {sk for seed in SEEDS for sk, _ in stored(seed, BEFORE_ITS_ANSWER)} == {"first"}
    assert all(stored(seed, BEFORE_ITS_ANSWER) for seed in SEEDS)
