"""What Coffer relies on when it writes one item."""

from __future__ import annotations

import pytest

from tests.contract.stores import Store
from tests.contract.wire import ABSENT, PRESENT, Wire, item, key, read, refused, values


def test_a_write_is_seen_by_the_next_consistent_read(store: Store, pk: str) -> None:
    written = item(pk, "1", text="Grüße 🌍", count=42, flag=True, nothing=None, list=["a", 1], map={"a": {"b": False}})
    store.client.put_item(TableName=store.table, Item=written)
    assert read(store, pk, "1") == written


def test_what_is_not_there_has_no_item(store: Store, pk: str) -> None:
    assert read(store, pk, "1") is None


def test_an_item_that_must_be_absent_is_written_once(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", who="first"), ConditionExpression=ABSENT)
    with refused("ConditionalCheckFailedException"):
        store.client.put_item(TableName=store.table, Item=item(pk, "1", who="second"), ConditionExpression=ABSENT)
    assert read(store, pk, "1") == item(pk, "1", who="first")


def test_a_failed_condition_tells_the_item_that_stands_there_when_asked(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", who="first"))
    with refused("ConditionalCheckFailedException") as told:
        store.client.put_item(
            TableName=store.table,
            Item=item(pk, "1", who="second"),
            ConditionExpression=ABSENT,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert told["Item"] == item(pk, "1", who="first")


def test_a_failed_condition_tells_no_item_unasked(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1"))
    with refused("ConditionalCheckFailedException") as told:
        store.client.put_item(TableName=store.table, Item=item(pk, "1"), ConditionExpression=ABSENT)
    assert "Item" not in told


def test_a_put_replaces_the_whole_item_and_can_tell_the_old_one(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", a=1, b=2))
    told = store.client.put_item(TableName=store.table, Item=item(pk, "1", a=3), ReturnValues="ALL_OLD")
    assert told["Attributes"] == item(pk, "1", a=1, b=2)
    assert read(store, pk, "1") == item(pk, "1", a=3)


def test_a_delete_can_tell_the_old_item_and_needs_none(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", a=1))
    first = store.client.delete_item(TableName=store.table, Key=key(pk, "1"), ReturnValues="ALL_OLD")
    second = store.client.delete_item(TableName=store.table, Key=key(pk, "1"), ReturnValues="ALL_OLD")
    assert first["Attributes"] == item(pk, "1", a=1)
    assert not second.get("Attributes")
    assert read(store, pk, "1") is None


def test_a_delete_of_what_must_be_there_is_refused(store: Store, pk: str) -> None:
    with refused("ConditionalCheckFailedException"):
        store.client.delete_item(TableName=store.table, Key=key(pk, "1"), ConditionExpression=PRESENT)


def test_an_update_sets_adds_and_removes_in_one_step(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", name="old", count=5, gone="x"))
    told = store.client.update_item(
        TableName=store.table,
        Key=key(pk, "1"),
        UpdateExpression="SET #n = :name, previous = #n REMOVE gone ADD #c :three, fresh :three",
        ExpressionAttributeNames={"#n": "name", "#c": "count"},
        ExpressionAttributeValues=values(name="new", three=3),
        ReturnValues="ALL_NEW",
    )
    assert told["Attributes"] == item(pk, "1", name="new", previous="old", count=8, fresh=3)
    assert read(store, pk, "1") == told["Attributes"]


def test_an_update_reckons_with_what_stood_there_before(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", a=1, b=10))
    told = store.client.update_item(
        TableName=store.table,
        Key=key(pk, "1"),
        UpdateExpression="SET a = b - a, b = a + :one, c = if_not_exists(c, :one), d = if_not_exists(a, :one)",
        ExpressionAttributeValues=values(one=1),
        ReturnValues="ALL_NEW",
    )
    assert told["Attributes"] == item(pk, "1", a=9, b=2, c=1, d=1)


def test_an_update_can_tell_the_old_item(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", a=1))
    told = store.client.update_item(
        TableName=store.table,
        Key=key(pk, "1"),
        UpdateExpression="SET a = :two",
        ExpressionAttributeValues=values(two=2),
        ReturnValues="ALL_OLD",
    )
    assert told["Attributes"] == item(pk, "1", a=1)


def test_an_update_of_nothing_makes_an_item(store: Store, pk: str) -> None:
    store.client.update_item(
        TableName=store.table,
        Key=key(pk, "1"),
        UpdateExpression="ADD #n :one",
        ExpressionAttributeNames={"#n": "count"},
        ExpressionAttributeValues=values(one=1),
    )
    assert read(store, pk, "1") == item(pk, "1", count=1)


def test_an_update_of_what_must_be_there_makes_no_item(store: Store, pk: str) -> None:
    with refused("ConditionalCheckFailedException"):
        store.client.update_item(
            TableName=store.table,
            Key=key(pk, "1"),
            UpdateExpression="SET a = :one",
            ConditionExpression=PRESENT,
            ExpressionAttributeValues=values(one=1),
        )
    assert read(store, pk, "1") is None


@pytest.mark.parametrize(
    ("expression", "with_"),
    [
        pytest.param("SET pk = :text", {"text": "x"}, id="the partition key"),
        pytest.param("REMOVE sk", {}, id="the sort key"),
        pytest.param("SET a = missing + :one", {"one": 1}, id="from what is not there"),
        pytest.param("SET a = :one + :text", {"one": 1, "text": "x"}, id="a sum with a text"),
        pytest.param("ADD words :one", {"one": 1}, id="a number to a text"),
        pytest.param("ADD a :text", {"text": "x"}, id="a text"),
        pytest.param("SET a = :one, a = :two", {"one": 1, "two": 2}, id="one attribute twice"),
        pytest.param("SET a = :one SET b = :two", {"one": 1, "two": 2}, id="one section twice"),
        pytest.param("SET a :one", {"one": 1}, id="without a sign"),
    ],
)
def test_an_update_does_not_change(store: Store, pk: str, expression: str, with_: Wire) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", words="a"))
    given: Wire = {"ExpressionAttributeValues": values(**with_)} if with_ else {}
    with refused("ValidationException"):
        store.client.update_item(TableName=store.table, Key=key(pk, "1"), UpdateExpression=expression, **given)
    assert read(store, pk, "1") == item(pk, "1", words="a")


def test_another_table_is_not_found(store: Store, pk: str) -> None:
    with refused("ResourceNotFoundException"):
        store.client.get_item(TableName=f"{store.table}-other", Key=key(pk, "1"))
