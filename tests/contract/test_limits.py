"""The limits that Coffer keeps within, so that they are where it thinks they are.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

from __future__ import annotations

import pytest

from tests.contract.stores import Store
from tests.contract.wire import Wire, collection, item, key, put, read, refused, update, values
from tests.support.dynamodb.sizes import KB, item_size

LARGEST = 400 * KB


def _sized(pk: str, sk: str, size: int) -> Wire:
    """An item of exactly so many bytes."""
    return item(pk, sk, body="x" * (size - item_size(item(pk, sk, body=""))))


def test_a_transaction_holds_a_hundred_actions(store: Store, pk: str) -> None:
    store.client.transact_write_items(TransactItems=[put(store, item(pk, f"{n:03}")) for n in range(100)])
    assert len(collection(store, pk)) == 100
    gets: list[Wire] = [{"Get": {"TableName": store.table, "Key": key(pk, f"{n:03}")}} for n in range(100)]
    assert len(store.client.transact_get_items(TransactItems=gets)["Responses"]) == 100  # type: ignore[arg-type]


def test_a_transaction_holds_no_more_than_a_hundred_actions(store: Store, pk: str) -> None:
    with refused("ValidationException"):
        store.client.transact_write_items(TransactItems=[put(store, item(pk, f"{n:03}")) for n in range(101)])
    with refused("ValidationException"):
        store.client.transact_get_items(
            TransactItems=[{"Get": {"TableName": store.table, "Key": key(pk, str(n))}} for n in range(101)]
        )


def test_a_transaction_holds_no_more_than_four_megabytes(store: Store, pk: str) -> None:
    with refused("ValidationException"):
        store.client.transact_write_items(TransactItems=[put(store, _sized(pk, str(n), 390 * KB)) for n in range(11)])
    assert collection(store, pk) == []


def test_an_item_holds_400_kb(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=_sized(pk, "1", LARGEST))
    store.client.transact_write_items(TransactItems=[put(store, _sized(pk, "2", LARGEST))])
    assert [item_size(each) for each in collection(store, pk)] == [LARGEST, LARGEST]


def test_an_item_holds_no_more_than_400_kb(store: Store, pk: str) -> None:
    with refused("ValidationException"):
        store.client.put_item(TableName=store.table, Item=_sized(pk, "1", LARGEST + 1))
    with refused("ValidationException"):
        store.client.transact_write_items(TransactItems=[put(store, _sized(pk, "1", LARGEST + 1))])
    assert read(store, pk, "1") is None


def test_an_item_does_not_grow_past_400_kb(store: Store, pk: str) -> None:
    whole = _sized(pk, "1", LARGEST)
    store.client.put_item(TableName=store.table, Item=whole)
    with refused("ValidationException"):
        store.client.update_item(
            TableName=store.table,
            Key=key(pk, "1"),
            UpdateExpression="SET body = :body",
            ExpressionAttributeValues=values(body="x" * LARGEST),
        )
    with refused("TransactionCanceledException"):
        store.client.transact_write_items(
            TransactItems=[
                update(store, key(pk, "1"), "SET body = :body", ExpressionAttributeValues=values(body="x" * LARGEST))
            ]
        )
    assert read(store, pk, "1") == whole


@pytest.mark.parametrize("name", ["pk", "sk"])
def test_no_key_is_empty(store: Store, pk: str, name: str) -> None:
    empty = {**key(pk, "1"), name: {"S": ""}}
    with refused("ValidationException"):
        store.client.put_item(TableName=store.table, Item=empty)
    with refused("ValidationException"):
        store.client.transact_write_items(TransactItems=[put(store, empty)])
    with refused("ValidationException"):
        store.client.get_item(TableName=store.table, Key=empty)


def test_other_texts_may_be_empty(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", text=""))
    assert read(store, pk, "1") == item(pk, "1", text="")


@pytest.mark.parametrize(("name", "most"), [("pk", 2_048), ("sk", 1_024)])
def test_a_key_has_a_longest_length(store: Store, pk: str, name: str, most: int) -> None:
    long = (pk if name == "pk" else "1").ljust(most, "x")
    store.client.put_item(TableName=store.table, Item={**key(pk, "1"), name: {"S": long}})
    with refused("ValidationException"):
        store.client.put_item(TableName=store.table, Item={**key(pk, "1"), name: {"S": f"{long}x"}})


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"pk": {"S": "x"}}, id="a part of it"),
        pytest.param({"pk": {"S": "x"}, "sk": {"N": "1"}}, id="of another type"),
        pytest.param({"pk": {"S": "x"}, "sk": {"S": "1"}, "a": {"S": "1"}}, id="more than it"),
    ],
)
def test_a_key_is_exactly_the_table_s(store: Store, wrong: Wire) -> None:
    with refused("ValidationException"):
        store.client.get_item(TableName=store.table, Key=wrong)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("1.50", "1.5"),
        ("-1.0", "-1"),
        ("1E3", "1000"),
        ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
        ("0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001"),
    ],
    ids=["0", "-0", "007", "1.50", "-1.0", "1E3", "38 digits", "38 decimals"],
)
def test_a_number_comes_back_in_its_shortest_form(store: Store, pk: str, written: str, stored: str) -> None:
    store.client.put_item(TableName=store.table, Item={**key(pk, "1"), "n": {"N": written}})
    assert read(store, pk, "1") == {**key(pk, "1"), "n": {"N": stored}}


@pytest.mark.parametrize(
    "number",
    ["1" * 39, "0." + "1" * 39, "1E126", "1E-131", "x", "NaN", ""],
    ids=["39 digits", "39 decimals", "1E126", "1E-131", "a text", "NaN", "nothing"],
)
def test_a_number_that_would_not_be_exact_is_refused(store: Store, pk: str, number: str) -> None:
    with refused("ValidationException"):
        store.client.put_item(TableName=store.table, Item={**key(pk, "1"), "n": {"N": number}})
    assert read(store, pk, "1") is None
