"""What the service says its calls cost: what Coffer's figures are reckoned with.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.contract.stores import Store
from tests.contract.wire import ABSENT, PRESENT, Wire, check, delete, item, key, put, update, values


def _units(consumed: Wire) -> tuple[float, dict[str, float]]:
    """Of the table, and of each index."""
    indexes = consumed.get("GlobalSecondaryIndexes", {})
    return consumed["Table"]["CapacityUnits"], {name: units["CapacityUnits"] for name, units in indexes.items()}


def _kb(pk: str, sk: str, size: float, **more: str) -> Wire:
    """An item of a little less than so many KB."""
    return item(pk, sk, body="x" * (int(size * 1024) - 150), **more)


@pytest.mark.parametrize(("size", "units"), [(0.5, 1), (1, 1), (2, 2), (3.5, 4)], ids=["0.5", "1", "2", "3.5"])
def test_a_write_costs_a_unit_for_each_started_kb(store: Store, pk: str, size: float, units: int) -> None:
    answer = store.client.put_item(TableName=store.table, Item=_kb(pk, "1", size), ReturnConsumedCapacity="TOTAL")
    assert answer["ConsumedCapacity"] == {"TableName": store.table, "CapacityUnits": units}


def test_a_write_costs_by_the_larger_of_before_and_after(store: Store, pk: str) -> None:
    def cost(consumed: Wire) -> float:
        units: float = consumed["ConsumedCapacity"]["CapacityUnits"]
        return units

    store.client.put_item(TableName=store.table, Item=_kb(pk, "1", 3))
    told = {"TableName": store.table, "ReturnConsumedCapacity": "TOTAL"}
    shrunk: Wire = {"UpdateExpression": "REMOVE body", "Key": key(pk, "1"), **told}
    removed: Wire = {"Key": key(pk, "1"), **told}
    assert (
        cost(dict(store.client.put_item(TableName=store.table, Item=_kb(pk, "1", 2), ReturnConsumedCapacity="TOTAL")))
        == 3
    )
    assert cost(dict(store.client.update_item(**shrunk))) == 2
    assert cost(dict(store.client.delete_item(**removed))) == 1
    assert cost(dict(store.client.delete_item(**removed))) == 1


@pytest.mark.parametrize(
    ("size", "consistent", "units"),
    [(0.5, True, 1), (4, True, 1), (5, True, 2), (4, False, 0.5), (5, False, 1)],
    ids=["0.5-True", "4-True", "5-True", "4-False", "5-False"],
)
def test_a_read_costs_a_unit_for_each_started_4_kb_or_half_of_it(
    store: Store, pk: str, size: float, consistent: bool, units: float
) -> None:
    store.client.put_item(TableName=store.table, Item=_kb(pk, "1", size))
    answer = store.client.get_item(
        TableName=store.table, Key=key(pk, "1"), ConsistentRead=consistent, ReturnConsumedCapacity="TOTAL"
    )
    assert answer["ConsumedCapacity"]["CapacityUnits"] == units


def test_reading_what_is_not_there_costs_a_read(store: Store, pk: str) -> None:
    answer = store.client.get_item(
        TableName=store.table, Key=key(pk, "1"), ConsistentRead=True, ReturnConsumedCapacity="TOTAL"
    )
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 1


@pytest.mark.parametrize(("limit", "units"), [(1, 1), (8, 1), (17, 5)], ids=["0.5 KB", "4 KB", "20 KB"])
def test_a_query_costs_by_all_that_it_reads_together(store: Store, pk: str, limit: int, units: int) -> None:
    for number in range(17):
        store.client.put_item(TableName=store.table, Item=_kb(pk, f"{number:02}", 0.5 if limit < 17 else 1.15))
    answer = store.client.query(
        TableName=store.table,
        KeyConditionExpression="pk = :pk",
        FilterExpression="attribute_exists(nothing)",
        ExpressionAttributeValues=values(pk=pk),
        ConsistentRead=True,
        Limit=limit,
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["ConsumedCapacity"]["CapacityUnits"] == units


@pytest.mark.parametrize(
    ("limit", "consistent", "units"),
    [(1, True, 1), (8, True, 1), (17, True, 5), (17, False, 2.5)],
    ids=["0.5 KB", "4 KB", "20 KB", "20 KB-False"],
)
def test_a_scan_costs_by_all_that_it_reads_together(
    store: Store, pk: str, limit: int, consistent: bool, units: float
) -> None:
    for number in range(17):
        store.client.put_item(TableName=store.table, Item=_kb(pk, f"{number:02}", 0.5 if limit < 17 else 1.15))
    answer = store.client.scan(
        TableName=store.table,
        FilterExpression="attribute_exists(nothing)",
        ExclusiveStartKey=key(pk, " "),
        ConsistentRead=consistent,
        Limit=limit,
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["ConsumedCapacity"] == {"TableName": store.table, "CapacityUnits": units}


def test_a_query_of_an_index_costs_half_of_what_the_index_holds(store: Store, pk: str) -> None:
    answer = store.client.query(
        TableName=store.table,
        IndexName="gsi1",
        KeyConditionExpression="gsi1pk = :pk",
        ExpressionAttributeValues=values(pk=pk),
        ReturnConsumedCapacity="INDEXES",
    )
    assert _units(dict(answer["ConsumedCapacity"])) == (0, {"gsi1": 0.5})


def test_a_transactional_write_costs_double(store: Store, pk: str) -> None:
    answer = store.client.transact_write_items(
        TransactItems=[put(store, _kb(pk, "1", 0.5)), put(store, _kb(pk, "2", 1.5))], ReturnConsumedCapacity="TOTAL"
    )
    assert answer["ConsumedCapacity"] == [{"TableName": store.table, "CapacityUnits": 6, "WriteCapacityUnits": 6}]


def test_a_transactional_read_costs_double_also_of_what_is_not_there(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=_kb(pk, "1", 5))
    answer = store.client.transact_get_items(
        TransactItems=[{"Get": {"TableName": store.table, "Key": key(pk, sk)}} for sk in "12"],
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["ConsumedCapacity"] == [{"TableName": store.table, "CapacityUnits": 6, "ReadCapacityUnits": 6}]


def test_each_action_of_a_transaction_costs_by_its_item(store: Store, pk: str) -> None:
    for sk in ("changed", "deleted", "checked"):
        store.client.put_item(TableName=store.table, Item=_kb(pk, sk, 2))
    answer = store.client.transact_write_items(
        TransactItems=[
            update(store, key(pk, "changed"), "SET a = :one", ExpressionAttributeValues=values(one=1)),
            delete(store, key(pk, "deleted")),
            check(store, key(pk, "checked"), PRESENT),
        ],
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["ConsumedCapacity"][0]["CapacityUnits"] == 12


def test_a_posting_of_two_legs_costs_six_units_and_one_of_the_index(store: Store, pk: str) -> None:
    record = item(pk, "TRANSACTION", gsi1pk=pk, gsi1sk="2026-01-15", body="x" * 600)
    entries = [item(pk, f"{number:010}", body="x" * 400) for number in (1, 2)]
    answer = store.client.transact_write_items(
        TransactItems=[put(store, each, ConditionExpression=ABSENT) for each in (record, *entries)],
        ReturnConsumedCapacity="INDEXES",
    )
    (consumed,) = answer["ConsumedCapacity"]
    assert consumed["CapacityUnits"] == 7
    assert _units(dict(consumed)) == (6, {"gsi1": 1})


def test_a_repeated_transaction_costs_the_reading_of_its_items(store: Store, pk: str) -> None:
    request: Wire = {
        "TransactItems": [put(store, _kb(pk, "1", 1.5))],
        "ClientRequestToken": str(uuid4()),
        "ReturnConsumedCapacity": "TOTAL",
    }
    first = store.client.transact_write_items(**request)
    second = store.client.transact_write_items(**request)
    assert first["ConsumedCapacity"][0].get("WriteCapacityUnits") == 4
    assert second["ConsumedCapacity"][0].get("ReadCapacityUnits") == 2


@pytest.mark.parametrize(
    ("change", "indexed"),
    [
        pytest.param("SET a = :x", {}, id="nothing of it"),
        pytest.param("SET gsi1sk = :x", {"gsi1": 2}, id="its place"),
        pytest.param("REMOVE gsi1pk SET a = :x", {"gsi1": 1}, id="that it is there"),
        pytest.param("SET gsi2pk = :x, gsi2sk = :x", {"gsi2": 1}, id="that it is in another"),
    ],
)
def test_an_index_costs_by_what_changes_in_it(store: Store, pk: str, change: str, indexed: dict[str, float]) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", gsi1pk=pk, gsi1sk="1"))
    answer = store.client.update_item(
        TableName=store.table,
        Key=key(pk, "1"),
        UpdateExpression=change,
        ExpressionAttributeValues=values(x="x"),
        ReturnConsumedCapacity="INDEXES",
    )
    assert _units(dict(answer["ConsumedCapacity"])) == (1, indexed)
    assert ("GlobalSecondaryIndexes" in answer["ConsumedCapacity"]) == bool(indexed)


def test_a_call_that_does_not_ask_is_not_told(store: Store, pk: str) -> None:
    answer = store.client.put_item(TableName=store.table, Item=item(pk, "1"))
    assert not answer.get("ConsumedCapacity")
