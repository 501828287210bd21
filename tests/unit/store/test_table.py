"""Reads that run in parallel, as they do in Lambda."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import replace
from itertools import count
from threading import Barrier, Event, Lock, get_ident
from typing import Any

import pytest
from botocore.exceptions import ClientError

from coffer.api.runtime import CLIENT, THREADS
from coffer.ledger.refusal import Reason, Refusal
from coffer.store.expiry import AT_ONCE as HOLDS_AT_ONCE
from coffer.store.keys import Key
from coffer.store.limits import READ_TOGETHER
from coffer.store.meter import Call
from coffer.store.table import READS_AT_ONCE, Operation, Table
from coffer.store.values import Item, text
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults
from tests.support.template import table_definition
from tests.support.world import World

CHAINS = [f"chain {number}" for number in range(8)]

READS: Mapping[Operation, Callable[[Table], list[Item | None]]] = {
    "query": lambda table: table.newest(CHAINS),
    "batch_get_item": lambda table: table.get_each(
        [Key(chain, str(n)) for chain in CHAINS for n in range(READ_TOGETHER)]
    ),
}
"""By the operation that each of them is made of."""

in_each_way = pytest.mark.parametrize("operation", READS)


class Together:
    """A client whose calls wait until so many of them are there at once; `threads` are those that they come from."""

    def __init__(self, behind: FakeDynamoDB, number: int) -> None:
        self.threads: set[int] = set()
        self._behind = behind
        self._barrier = Barrier(number, timeout=10)

    def __getattr__(self, operation: str) -> Callable[..., object]:
        def call(**request: object) -> object:
            self.threads.add(get_ident())
            self._barrier.wait()
            answer: object = getattr(self._behind, operation)(**request)
            return answer

        return call


class Numbers(list[int]):
    """Numbers from 0, which note that there is none left for whoever wants the next."""

    def __init__(self, number: int) -> None:
        super().__init__(range(number))
        self.over = Event()

    def __iter__(self) -> Iterator[int]:
        numbers = count()

        def following() -> int | None:
            number = next(numbers)
            if number < len(self):
                return number
            self.over.set()
            return None

        return iter(following, None)  # no generator: several threads ask it


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


def test_items_come_in_the_order_of_their_keys(fake: FakeDynamoDB, pool: ThreadPoolExecutor) -> None:
    keys = [Key(chain, sk) for sk in "10" for chain in reversed(CHAINS)]
    for table in (_table(fake, fake, pool), World(fake, fake=fake).table()):
        for read in (table.get_each, table.get_in_parts):
            assert [item and Key(text(item, "of"), text(item, "sk")) for item in read(keys)] == [
                key if int(key.sk) < CHAINS.index(key.pk) % 3 else None for key in keys
            ]
            assert read([]) == []


def test_an_item_that_is_asked_for_twice_is_read_once(fake: FakeDynamoDB, pool: ThreadPoolExecutor) -> None:
    table = _table(fake, fake, pool)
    there, missing = Key(CHAINS[1], "0"), Key(CHAINS[0], "0")
    first, second, third, fourth = table.get_each([there, missing, there, missing])
    assert first
    assert [second, third, fourth] == [None, first, None]
    assert table.meter.calls == [Call("batch_get_item", 2)]


def test_items_are_read_strongly_consistently_a_hundred_at_once(fake: FakeDynamoDB, pool: ThreadPoolExecutor) -> None:
    table = _table(fake, fake, pool)
    table.get_each([Key(chain, "0") for chain in CHAINS])
    assert table.meter.calls == [Call("batch_get_item", len(CHAINS))]
    table.get_each([Key("chain", str(number)) for number in range(READ_TOGETHER + 1)])
    assert sorted(call.units for call in table.meter.calls[1:]) == [1, READ_TOGETHER]


def test_what_one_call_leaves_out_is_asked_for_again(fake: FakeDynamoDB) -> None:
    keys = [Key(chain, "0") for chain in CHAINS]
    faults = Faults(fake)
    faults.leave_out(nth=range(1, 3))
    world = World(faults, fake=fake)
    table = world.table()
    assert table.get_each(keys) == World(fake, fake=fake).table().get_each(keys)
    assert table.meter.calls == [Call("batch_get_item", units) for units in (4, 2, 2)]
    assert table.meter.retries == len(world.pauses) == 2


def test_items_of_more_than_one_call_gives_are_all_read() -> None:
    fake = FakeDynamoDB(table_definition())
    keys = [Key(f"large {number}", "0") for number in range(READ_TOGETHER)]
    for key in keys:
        item: Any = {"pk": {"S": key.pk}, "sk": {"S": key.sk}, "of": {"S": "x" * 409_580}}
        fake.put_item(TableName="coffer", Item=item)
    table = World(fake, fake=fake).table()
    assert [item and item["pk"] for item in table.get_each(keys)] == [key.pk for key in keys]
    assert [call.operation for call in table.meter.calls] == ["batch_get_item"] * 3


def test_what_is_left_out_is_not_asked_for_when_the_time_is_up(fake: FakeDynamoDB) -> None:
    faults = Faults(fake)
    faults.leave_out()
    world = World(faults, fake=fake)
    world.time_left = 0.0005
    table = world.table()
    with pytest.raises(Refusal) as raised:
        table.get_each([Key(chain, "0") for chain in CHAINS])
    assert raised.value.reason is Reason.UNAVAILABLE
    assert table.meter.calls == [Call("batch_get_item", 4)]


def test_of_the_largest_items_no_more_are_read_together_than_fit() -> None:
    fake = FakeDynamoDB(table_definition())
    keys = [Key(f"large {number}", "0") for number in range(25)]
    for key in keys:
        item: Any = {"pk": {"S": key.pk}, "sk": {"S": key.sk}, "of": {"S": "x" * 409_580}}
        fake.put_item(TableName="coffer", Item=item)
    table = World(fake, fake=fake).table()
    assert all(table.get_in_parts(keys))
    assert [call.operation for call in table.meter.calls] == ["transact_get_items"] * 3
    with pytest.raises(ClientError):
        table.get_together(*keys[:11])


@in_each_way
def test_they_are_asked_for_at_once(fake: FakeDynamoDB, pool: ThreadPoolExecutor, operation: Operation) -> None:
    together = Together(fake, READS_AT_ONCE)
    table = _table(together, fake, pool)
    assert READS[operation](table) == READS[operation](World(fake, fake=fake).table())
    assert [call.operation for call in table.meter.calls] == [operation] * len(CHAINS)
    assert len(together.threads) == READS_AT_ONCE  # and no more, though the pool has more
    assert get_ident() in together.threads


@in_each_way
def test_each_is_asked_for_until_it_is_answered(
    fake: FakeDynamoDB, pool: ThreadPoolExecutor, operation: Operation
) -> None:
    faults = Faults(fake, seed=1)
    faults.lose_answer(operation, probability=0.3)
    faults.fail(operation, "ThrottlingException", probability=0.3)
    table = _table(faults, fake, pool)
    read = READS[operation]
    assert read(table) == read(World(fake, fake=fake).table())
    assert faults.struck > 0


def _mistake(faults: Faults, operation: Operation) -> None:
    faults.fail(operation, "AccessDeniedException", nth=5)


def _down(faults: Faults, operation: Operation) -> None:
    faults.refuse_connection(operation, nth=range(1, 10_000))


@in_each_way
@pytest.mark.parametrize(("strike", "error"), [(_mistake, ClientError), (_down, Refusal)])
def test_what_one_of_them_ends_in_is_raised(
    fake: FakeDynamoDB,
    pool: ThreadPoolExecutor,
    operation: Operation,
    strike: Callable[[Faults, Operation], None],
    error: type[Exception],
) -> None:
    faults = Faults(fake)
    strike(faults, operation)
    with pytest.raises(error) as raised:
        READS[operation](_table(faults, fake, pool))
    if isinstance(raised.value, Refusal):
        assert raised.value.reason is Reason.UNAVAILABLE


def test_there_is_a_thread_and_a_connection_for_all_that_is_done_at_once() -> None:
    assert THREADS == HOLDS_AT_ONCE >= READS_AT_ONCE
    assert CLIENT.max_pool_connections == THREADS  # type: ignore[attr-defined]


def test_when_one_of_them_fails_those_that_were_begun_end_and_no_other_begins(
    fake: FakeDynamoDB, pool: ThreadPoolExecutor
) -> None:
    numbers, together = Numbers(20), Barrier(READS_AT_ONCE, timeout=10)
    begun: list[int] = []
    ended: list[int] = []

    def read(number: int) -> None:
        begun.append(number)
        together.wait()
        if number == READS_AT_ONCE - 1:
            raise Refusal(Reason.UNAVAILABLE, "")
        assert numbers.over.wait(timeout=10)
        ended.append(number)

    with pytest.raises(Refusal):
        _table(fake, fake, pool).each(read, numbers)
    assert sorted(begun) == [*sorted(ended), READS_AT_ONCE - 1] == [*range(READS_AT_ONCE)]
