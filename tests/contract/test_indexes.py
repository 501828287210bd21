"""What Coffer relies on in its indexes: they follow the table after a while, and hold keys only."""

from __future__ import annotations

import pytest

from tests.contract.stores import Store
from tests.contract.wire import Wire, eventually, item, key, put, refused, values


def _listed(store: Store, pk: str, **more: object) -> list[Wire]:
    """What index `gsi1` has under the test's partition."""
    given: Wire = {
        "TableName": store.table,
        "IndexName": "gsi1",
        "KeyConditionExpression": "gsi1pk = :pk",
        "ExpressionAttributeValues": values(pk=pk),
        **more,
    }
    return list(store.client.query(**given)["Items"])


def _sks(items: list[Wire]) -> list[str]:
    return [each["sk"]["S"] for each in items]


def test_an_index_holds_the_keys_of_the_items_that_have_its_keys(store: Store, pk: str) -> None:
    store.client.transact_write_items(
        TransactItems=[
            put(store, item(pk, "both", gsi1pk=pk, gsi1sk="1", more="x")),
            put(store, item(pk, "one", gsi1pk=pk, more="x")),
            put(store, item(pk, "none", more="x")),
        ]
    )
    assert eventually(lambda: _listed(store, pk) == [item(pk, "both", gsi1pk=pk, gsi1sk="1")])


def test_an_index_is_in_the_order_of_its_own_sort_key(store: Store, pk: str) -> None:
    for sk, order in (("a", "3"), ("b", "1"), ("c", "2")):
        store.client.put_item(TableName=store.table, Item=item(pk, sk, gsi1pk=pk, gsi1sk=order))
    assert eventually(lambda: _sks(_listed(store, pk)) == ["b", "c", "a"])
    assert _sks(_listed(store, pk, ScanIndexForward=False, Limit=2)) == ["a", "c"]


def test_an_item_moves_in_an_index_and_leaves_it(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "a", gsi1pk=pk, gsi1sk="1"))
    store.client.put_item(TableName=store.table, Item=item(pk, "b", gsi1pk=pk, gsi1sk="2"))
    store.client.update_item(
        TableName=store.table,
        Key=key(pk, "a"),
        UpdateExpression="SET gsi1sk = :three",
        ExpressionAttributeValues=values(three="3"),
    )
    assert eventually(lambda: _sks(_listed(store, pk)) == ["b", "a"])
    store.client.update_item(TableName=store.table, Key=key(pk, "a"), UpdateExpression="REMOVE gsi1pk, gsi1sk")
    assert eventually(lambda: _sks(_listed(store, pk)) == ["b"])
    store.client.delete_item(TableName=store.table, Key=key(pk, "b"))
    assert eventually(lambda: _listed(store, pk) == [])


def test_a_cursor_of_an_index_has_its_keys_and_the_table_s(store: Store, pk: str) -> None:
    for sk in "abc":
        store.client.put_item(TableName=store.table, Item=item(pk, sk, gsi1pk=pk, gsi1sk="same"))
    assert eventually(lambda: len(_listed(store, pk)) == 3)
    read: list[str] = []
    start: Wire = {}
    for _ in range(2):
        answer = store.client.query(
            TableName=store.table,
            IndexName="gsi1",
            KeyConditionExpression="gsi1pk = :pk",
            ExpressionAttributeValues=values(pk=pk),
            Limit=2,
            **start,
        )
        read += _sks(list(answer["Items"]))
        if "LastEvaluatedKey" in answer:
            assert answer["LastEvaluatedKey"] == item(pk, read[-1], gsi1pk=pk, gsi1sk="same")
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    assert sorted(read) == ["a", "b", "c"]


def test_an_index_is_counted(store: Store, pk: str) -> None:
    for sk in "abc":
        store.client.put_item(TableName=store.table, Item=item(pk, sk, gsi1pk=pk, gsi1sk=sk))
    count: Wire = {
        "TableName": store.table,
        "IndexName": "gsi1",
        "KeyConditionExpression": "gsi1pk = :pk",
        "ExpressionAttributeValues": values(pk=pk),
        "Select": "COUNT",
    }
    assert eventually(lambda: store.client.query(**count)["Count"] == 3)


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"ConsistentRead": True}, id="a consistent read"),
        pytest.param({"Select": "ALL_ATTRIBUTES"}, id="all attributes"),
        pytest.param({"ProjectionExpression": "more"}, id="an attribute that it does not hold"),
    ],
)
def test_an_index_refuses(store: Store, pk: str, asked: Wire) -> None:
    with refused("ValidationException"):
        _listed(store, pk, **asked)


def test_an_unknown_index_is_refused(store: Store, pk: str) -> None:
    with refused("ValidationException"):
        _listed(store, pk, IndexName="gsi3")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"S": ""}, id="empty"),
        pytest.param({"N": "1"}, id="a number"),
        pytest.param({"NULL": True}, id="null"),
    ],
)
def test_an_item_with_a_wrong_key_of_an_index_is_refused(store: Store, pk: str, wrong: Wire) -> None:
    with refused("ValidationException"):
        store.client.put_item(TableName=store.table, Item={**item(pk, "a", gsi1sk="1"), "gsi1pk": wrong})
