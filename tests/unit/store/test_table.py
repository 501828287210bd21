"""Reads that run in parallel, as they do in Lambda."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Lock
from typing import Any

import pytest
from botocore.exceptions import ClientError

from coffer.ledger.refusal import Reason, Refusal
from coffer.store.table import Table
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults
from tests.support.template import table_definition
from tests.support.world import World

CHAINS = [f"chain {number}" for number in range(8)]


class Together:
    """A client whose queries wait until so many of them are there at once."""

    def __init__(self, behind: FakeDynamoDB, number: int) -> None:
        self._behind = behind
        self._barrier = Barrier(number, timeout=10)

    def query(self, **request: Any) -> object:  # noqa: ANN401 -- boto3's arguments
        """Together with the others."""
        self._barrier.wait()
        return self._behind.query(**request)


@pytest.fixture
def fake() -> FakeDynamoDB:
    """Chains of one to three entries, and every third one empty."""
    fake = FakeDynamoDB(table_definition())
    for number, chain in enumerate(CHAINS):
        for sequence in range(number % 3):
            item: Any = {"pk": {"S": chain}, "sk": {"S": str(sequence)}, "of": {"S": chain}}
            fake.put_item(TableName="coffer", Item=item)
    return fake


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """As many threads as chains."""
    with ThreadPoolExecutor(len(CHAINS)) as pool:
        yield pool


def _table(client: object, fake: FakeDynamoDB, pool: ThreadPoolExecutor) -> Table:
    world = World(client, fake=fake)
    table, lock, pause = world.table(), Lock(), world.runtime.pause

    def locked(seconds: float) -> None:
        with lock:
            pause(seconds)

    return replace(table, connection=replace(table.connection, pool=pool), pause=locked)


def test_the_heads_of_chains_come_in_their_order(fake: FakeDynamoDB, pool: ThreadPoolExecutor) -> None:
    for table in (_table(fake, fake, pool), World(fake, fake=fake).table()):
        heads = table.newest(CHAINS)
        assert [head and (head["of"], head["sk"]) for head in heads] == [
            (chain, str(number % 3 - 1)) if number % 3 else None for number, chain in enumerate(CHAINS)
        ]


def test_they_are_asked_for_at_once(fake: FakeDynamoDB, pool: ThreadPoolExecutor) -> None:
    table = _table(Together(fake, len(CHAINS)), fake, pool)
    assert len(table.newest(CHAINS)) == len(CHAINS)
    assert len(table.meter.calls) == len(CHAINS)


def test_each_is_asked_for_until_it_is_answered(fake: FakeDynamoDB, pool: ThreadPoolExecutor) -> None:
    faults = Faults(fake, seed=1)
    faults.lose_answer("query", probability=0.3)
    faults.fail("query", "ThrottlingException", probability=0.3)
    table = _table(faults, fake, pool)
    assert table.newest(CHAINS) == World(fake, fake=fake).table().newest(CHAINS)
    assert faults.struck > 0


def _mistake(faults: Faults) -> None:
    faults.fail("query", "AccessDeniedException", nth=5)


def _down(faults: Faults) -> None:
    faults.refuse_connection("query", nth=range(1, 10_000))


@pytest.mark.parametrize(("strike", "error"), [(_mistake, ClientError), (_down, Refusal)])
def test_what_one_of_them_ends_in_is_raised(
    fake: FakeDynamoDB, pool: ThreadPoolExecutor, strike: Callable[[Faults], None], error: type[Exception]
) -> None:
    faults = Faults(fake)
    strike(faults)
    with pytest.raises(error) as raised:
        _table(faults, fake, pool).newest(CHAINS)
    if isinstance(raised.value, Refusal):
        assert raised.value.reason is Reason.UNAVAILABLE
