"""What Coffer relies on when it reads many items at once, each as it stood at a moment of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.contract.stores import Store
from tests.contract.wire import Wire, item, key, refused
from tests.support.dynamodb.sizes import KB


def _batch(store: Store, keys: Sequence[Wire], **more: bool) -> Wire:
    """The answer to a batch of reads."""
    wanted: Any = {"Keys": keys, "ConsistentRead": True, **more}
    answer = store.client.batch_get_item(RequestItems={store.table: wanted}, ReturnConsumedCapacity="TOTAL")
    return dict(answer)


def _by_key(items: Sequence[Wire]) -> dict[str, Wire]:
    return {each["sk"]["S"]: each for each in items}


def test_of_the_items_of_a_batch_those_that_are_there_come_in_some_order(store: Store, pk: str) -> None:
    stored = {sk: item(pk, sk, a=number) for number, sk in enumerate("cab")}
    for each in stored.values():
        store.client.put_item(TableName=store.table, Item=each)
    answer = _batch(store, [key(pk, sk) for sk in "dbcae"])
    assert len(answer["Responses"][store.table]) == len(stored)
    assert _by_key(answer["Responses"][store.table]) == stored
    assert answer["UnprocessedKeys"] == {}


def test_a_batch_of_nothing_that_is_there_is_answered_with_nothing(store: Store, pk: str) -> None:
    answer = _batch(store, [key(pk, "1")])
    assert not answer["Responses"].get(store.table)
    assert answer["UnprocessedKeys"] == {}


def test_a_batch_has_a_hundred_keys(store: Store, pk: str) -> None:
    keys = [key(pk, f"{number:03}") for number in range(101)]
    for each in keys:
        store.client.put_item(TableName=store.table, Item=each)
    answer = _batch(store, keys[:100])
    assert sorted(_by_key(answer["Responses"][store.table])) == [each["sk"]["S"] for each in keys[:100]]
    with refused("ValidationException"):
        _batch(store, keys)


@pytest.mark.parametrize("sks", ["11", "121"])
def test_no_two_keys_of_a_batch_are_the_same(store: Store, pk: str, sks: str) -> None:
    with refused("ValidationException"):
        _batch(store, [key(pk, sk) for sk in sks])


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"pk": {"S": "x"}}, id="a part of it"),
        pytest.param({"pk": {"S": "x"}, "sk": {"N": "1"}}, id="of another type"),
        pytest.param({"pk": {"S": "x"}, "sk": {"S": "1"}, "a": {"S": "1"}}, id="more than it"),
        pytest.param({"pk": {"S": ""}, "sk": {"S": "1"}}, id="empty"),
    ],
)
def test_a_key_of_a_batch_is_exactly_the_table_s(store: Store, pk: str, wrong: Wire) -> None:
    with refused("ValidationException"):
        _batch(store, [key(pk, "1"), wrong])


def test_a_batch_of_a_table_that_is_not_there_is_refused(store: Store, pk: str) -> None:
    with refused("ResourceNotFoundException"):
        store.client.batch_get_item(RequestItems={f"{store.table}-other": {"Keys": [key(pk, "1")]}})


def test_what_a_batch_has_no_room_for_is_left_to_be_asked_for_again(store: Store, pk: str) -> None:
    """It has 16 MB."""
    keys = [key(pk, f"{number:02}") for number in range(50)]
    for each in keys:
        store.client.put_item(TableName=store.table, Item={**each, "body": {"S": "x" * 390 * KB}})
    first = _batch(store, keys)
    left = first["UnprocessedKeys"][store.table]["Keys"]
    assert 0 < len(left) < len(keys)
    second = _batch(store, left)
    assert second["UnprocessedKeys"] == {}
    found = [*first["Responses"][store.table], *second["Responses"][store.table]]
    assert sorted(_by_key(found)) == [each["sk"]["S"] for each in keys]
    assert len(found) == len(keys)


@pytest.mark.parametrize(("consistent", "units"), [(True, 2 + 1 + 1), (False, (2 + 1 + 1) / 2)])
def test_a_batch_costs_by_each_of_its_items_also_by_those_that_are_not_there(
    store: Store, pk: str, *, consistent: bool, units: float
) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "large", body="x" * 5 * KB))
    store.client.put_item(TableName=store.table, Item=item(pk, "small"))
    answer = _batch(store, [key(pk, sk) for sk in ("large", "small", "missing")], ConsistentRead=consistent)
    assert answer["ConsumedCapacity"] == [{"TableName": store.table, "CapacityUnits": units}]
