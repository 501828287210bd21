"""What Coffer relies on when it reads a collection."""

from __future__ import annotations

import pytest

from coffer.store.values import Value
from tests.contract.stores import Store
from tests.contract.wire import Wire, collection, item, key, refused, values


def _fill(store: Store, pk: str, *sks: str, **attributes: Value) -> None:
    for sk in sks:
        store.client.put_item(TableName=store.table, Item=item(pk, sk, **attributes))


def _sks(items: list[Wire]) -> list[str]:
    return [each["sk"]["S"] for each in items]


def test_the_newest_entry_is_read_backwards_with_a_limit_of_one(store: Store, pk: str) -> None:
    _fill(store, pk, "0000000001", "0000000002", "0000000010")
    assert _sks(collection(store, pk, ScanIndexForward=False, Limit=1)) == ["0000000010"]


def test_an_empty_collection_is_an_empty_list(store: Store, pk: str) -> None:
    assert collection(store, pk) == []


def test_items_are_in_the_order_of_their_bytes(store: Store, pk: str) -> None:
    ordered = ["!", "-", "0", "9", "A", "Z", "_", "a", "aa", "b", "z", "é", "ﬀ", "\U0001f600"]
    _fill(store, pk, *reversed(ordered))
    assert _sks(collection(store, pk)) == ordered
    assert _sks(collection(store, pk, ScanIndexForward=False)) == ordered[::-1]


@pytest.mark.parametrize(
    ("condition", "given", "found"),
    [
        ("sk = :a", {"a": "b1"}, ["b1"]),
        ("sk < :a", {"a": "b1"}, ["a"]),
        ("sk <= :a", {"a": "b1"}, ["a", "b1"]),
        ("sk > :a", {"a": "b1"}, ["b2", "c"]),
        ("sk >= :a", {"a": "b1"}, ["b1", "b2", "c"]),
        (":a <= sk", {"a": "b1"}, ["b1", "b2", "c"]),
        ("sk BETWEEN :a AND :z", {"a": "b1", "z": "b2"}, ["b1", "b2"]),
        ("sk BETWEEN :a AND :z", {"a": "b", "z": "bz"}, ["b1", "b2"]),
        ("begins_with(sk, :a)", {"a": "b"}, ["b1", "b2"]),
        ("begins_with(sk, :a)", {"a": "x"}, []),
        ("(sk > :a)", {"a": "b1"}, ["b2", "c"]),
    ],
    ids=["=", "<", "<=", ">", ">=", "a value first", "BETWEEN", "BETWEEN others", "a prefix", "no prefix", "(>)"],
)
def test_a_part_of_a_collection_is_read(
    store: Store, pk: str, condition: str, given: dict[str, Value], found: list[str]
) -> None:
    _fill(store, pk, "a", "b1", "b2", "c")
    answer = store.client.query(
        TableName=store.table,
        KeyConditionExpression=f"pk = :pk AND {condition}",
        ExpressionAttributeValues=values(pk=pk, **given),
        ConsistentRead=True,
    )
    assert _sks(list(answer["Items"])) == found


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param("sk = :pk", id="no partition key"),
        pytest.param("pk > :pk", id="a range of partition keys"),
        pytest.param("pk = :pk AND v = :pk", id="another attribute"),
        pytest.param("pk = :pk AND sk <> :pk", id="inequality"),
        pytest.param("pk = :pk OR sk = :pk", id="an alternative"),
        pytest.param("pk = :pk AND sk > :pk AND sk < :pk", id="two conditions on one key"),
    ],
)
def test_a_key_condition_is_refused(store: Store, pk: str, condition: str) -> None:
    with refused("ValidationException"):
        store.client.query(
            TableName=store.table, KeyConditionExpression=condition, ExpressionAttributeValues=values(pk=pk)
        )


@pytest.mark.parametrize("forward", [True, False])
def test_pages_go_on_where_the_last_one_ended(store: Store, pk: str, forward: bool) -> None:
    _fill(store, pk, *"abcdefg")
    read: list[str] = []
    start: Wire = {}
    for _ in range(3):
        answer = store.client.query(
            TableName=store.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=values(pk=pk),
            ScanIndexForward=forward,
            Limit=3,
            ConsistentRead=True,
            **start,
        )
        read += _sks(list(answer["Items"]))
        start = {"ExclusiveStartKey": answer.get("LastEvaluatedKey")}
    assert start == {"ExclusiveStartKey": None}
    assert "".join(read) == ("abcdefg" if forward else "gfedcba")


def test_a_page_that_reached_its_limit_tells_where_to_go_on_though_nothing_follows(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "b")
    answer = store.client.query(
        TableName=store.table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values(pk=pk), Limit=2
    )
    assert answer.get("LastEvaluatedKey") == key(pk, "b")


def test_a_page_can_begin_after_an_item_that_is_gone(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "c")
    assert _sks(collection(store, pk, ExclusiveStartKey=key(pk, "b"))) == ["c"]


@pytest.mark.parametrize(
    "start",
    [
        pytest.param({"pk": {"S": "x"}}, id="a part of one"),
        pytest.param({"pk": {"S": "x"}, "sk": {"N": "1"}}, id="of another type"),
        pytest.param({"a": {"S": "x"}}, id="something else"),
    ],
)
def test_a_cursor_that_is_no_key_is_refused(store: Store, pk: str, start: Wire) -> None:
    with refused("ValidationException"):
        collection(store, pk, ExclusiveStartKey=start)


def test_a_cursor_of_another_collection_is_refused(store: Store, pk: str) -> None:
    with refused("ValidationException"):
        collection(store, pk, ExclusiveStartKey=key(f"{pk}-other", "a"))


def test_a_filter_drops_items_after_they_were_counted(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "b", hue="red")
    _fill(store, pk, "c", "d", hue="blue")
    answer = store.client.query(
        TableName=store.table,
        KeyConditionExpression="pk = :pk",
        FilterExpression="hue = :blue",
        ExpressionAttributeValues=values(pk=pk, blue="blue"),
        Limit=3,
        ConsistentRead=True,
    )
    assert (_sks(list(answer["Items"])), answer["Count"], answer["ScannedCount"]) == (["c"], 1, 3)
    assert answer["LastEvaluatedKey"] == key(pk, "c")


def test_a_filter_on_a_key_is_refused(store: Store, pk: str) -> None:
    with refused("ValidationException"):
        store.client.query(
            TableName=store.table,
            KeyConditionExpression="pk = :pk",
            FilterExpression="sk <> :pk",
            ExpressionAttributeValues=values(pk=pk),
        )


def test_items_can_be_counted_alone(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "b", "c")
    answer = store.client.query(
        TableName=store.table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=values(pk=pk),
        Select="COUNT",
        ConsistentRead=True,
    )
    assert answer["Count"] == 3
    assert not answer.get("Items")


def test_attributes_can_be_chosen(store: Store, pk: str) -> None:
    _fill(store, pk, "a", hue="red", count=1)
    assert collection(store, pk, ProjectionExpression="sk, hue, #u", ExpressionAttributeNames={"#u": "unknown"}) == [
        {"sk": {"S": "a"}, "hue": {"S": "red"}}
    ]
    answer = store.client.get_item(TableName=store.table, Key=key(pk, "a"), ProjectionExpression="hue")
    assert answer["Item"] == {"hue": {"S": "red"}}


def test_a_page_ends_at_a_megabyte(store: Store, pk: str) -> None:
    for number in range(5):
        _fill(store, pk, str(number), body="x" * 300_000)
    answer = store.client.query(
        TableName=store.table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=values(pk=pk),
        ConsistentRead=True,
    )
    assert _sks(list(answer["Items"])) in (["0", "1", "2"], ["0", "1", "2", "3"])
    rest = collection(store, pk, ExclusiveStartKey=answer["LastEvaluatedKey"])
    assert _sks([*answer["Items"], *rest]) == ["0", "1", "2", "3", "4"]
