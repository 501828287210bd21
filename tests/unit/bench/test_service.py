"""The busy service: time passes in calls, a partition has its limit, and all follows from the seed."""

from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from coffer.store.table import READS_AT_ONCE
from coffer.store.values import encode_item
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.template import table_definition
from tests.support.world import Clock
from tools.bench import contention
from tools.bench.latency import SINGLE
from tools.bench.service import CORE, OF_A_CALL, OF_AN_ITEM, WRITE_UNITS_A_SECOND, BusyWorld, Partitions


def put(number: int, pk: str = "hot") -> dict[str, Any]:
    """An action of 10 KB, which costs 20 units and a little."""
    item = encode_item({"pk": pk, "sk": f"{number:06}", "text": "x" * 10_000})
    return {"Put": {"TableName": "coffer", "Item": item}}


def test_a_collection_writes_a_thousand_units_a_second_and_others_are_not_concerned() -> None:
    clock = Clock()
    client = Partitions(FakeDynamoDB(table_definition()), clock)
    written = WRITE_UNITS_A_SECOND // 20
    for number in range(written):
        client.transact_write_items(TransactItems=[put(number)])
    with pytest.raises(ClientError, match=r"\[ThrottlingError\]"):
        client.transact_write_items(TransactItems=[put(written)])
    client.transact_write_items(TransactItems=[put(0, "cold")])
    clock.now += 1_000
    client.transact_write_items(TransactItems=[put(written)])


def test_a_posting_takes_two_round_trips_of_simulated_time() -> None:
    world = BusyWorld(1)
    client = world.client()
    ledger = contention._books(client, contention.LOADS[0], 1)
    began = world.clock.now
    (answer,) = world.scheduler.run([contention._request(client, ledger, contention.LOADS[0], 0)], in_flight=1)
    assert answer.status == 201
    assert 25 <= world.clock.now - began <= 250  # milliseconds: a read of 5 to 29 and a write of 19 to 218


def test_a_function_with_less_memory_takes_longer_for_what_it_computes() -> None:
    def took(memory: int | None) -> float:
        world = BusyWorld(None, memory)
        ledger = contention._books(client := world.client(), contention.LOADS[0], 1)
        began = world.clock.now
        world.scheduler.run([contention._request(client, ledger, contention.LOADS[0], 0)], in_flight=1)
        return world.clock.now - began

    of_a_core = 3 * OF_A_CALL + 3 * OF_AN_ITEM
    assert took(CORE) - took(None) == pytest.approx(of_a_core, abs=1.5)  # the clock has whole milliseconds
    assert took(CORE // 4) - took(None) == pytest.approx(4 * of_a_core, abs=1.5)


def test_what_a_function_reads_at_once_takes_as_long_as_the_slowest_and_its_processor_is_one() -> None:
    def took(chains: int, memory: int | None) -> float:
        world = BusyWorld(None, memory)
        began = world.clock.now
        world.scheduler.run(
            [lambda: world.table().newest([f"chain {number}" for number in range(chains)])], in_flight=1
        )
        return world.clock.now - began

    one = SINGLE.mean()
    assert took(1, None) == pytest.approx(one, abs=1)
    assert took(READS_AT_ONCE, None) == pytest.approx(one, abs=1)
    assert took(2 * READS_AT_ONCE, None) == pytest.approx(2 * one, abs=2)
    memory = CORE // 10
    computed = OF_A_CALL * CORE / memory
    assert took(READS_AT_ONCE, memory) == pytest.approx(READS_AT_ONCE * computed + one, abs=READS_AT_ONCE)


def test_the_same_seed_gives_the_same_outcome() -> None:
    measured = partial(contention.measure, contention.LOADS[0], 2, requests=40)
    assert measured() == measured()


def test_more_shards_take_more() -> None:
    one, sixteen = (contention.measure(contention.LOADS[1], shards, requests=60) for shards in (1, 16))
    assert sixteen.postings > 2 * one.postings
    assert sixteen.collisions < one.collisions
