"""What Coffer relies on when it writes, or reads, several items at once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.contract.stores import Store
from tests.contract.wire import (
    ABSENT,
    PRESENT,
    Wire,
    cancelled,
    check,
    collection,
    delete,
    item,
    key,
    put,
    read,
    refused,
    update,
    values,
)


def test_all_actions_of_a_transaction_are_done(store: Store, pk: str) -> None:
    for sk in ("changed", "deleted", "checked"):
        store.client.put_item(TableName=store.table, Item=item(pk, sk, a=1))
    store.client.transact_write_items(
        TransactItems=[
            put(store, item(pk, "new"), ConditionExpression=ABSENT),
            update(store, key(pk, "changed"), "ADD a :one", ExpressionAttributeValues=values(one=1)),
            delete(store, key(pk, "deleted"), ConditionExpression=PRESENT),
            check(store, key(pk, "checked"), "a = :one", ExpressionAttributeValues=values(one=1)),
        ]
    )
    assert collection(store, pk) == [item(pk, "changed", a=2), item(pk, "checked", a=1), item(pk, "new")]


@pytest.mark.parametrize("failing", ["put", "update", "delete", "check"])
def test_none_is_done_when_the_condition_of_one_fails(store: Store, pk: str, failing: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "taken", a=1))
    last = {
        "put": put(store, item(pk, "taken"), ConditionExpression=ABSENT),
        "update": update(
            store,
            key(pk, "gone"),
            "SET a = :one",
            ConditionExpression=PRESENT,
            ExpressionAttributeValues=values(one=1),
        ),
        "delete": delete(store, key(pk, "gone"), ConditionExpression=PRESENT),
        "check": check(store, key(pk, "gone"), PRESENT),
    }[failing]
    with cancelled("None", "None", "ConditionalCheckFailed"):
        store.client.transact_write_items(
            TransactItems=[put(store, item(pk, "first")), put(store, item(pk, "second")), last]
        )
    assert collection(store, pk) == [item(pk, "taken", a=1)]


def test_a_cancellation_tells_every_action_that_failed_in_their_order(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", who="someone"))
    store.client.put_item(TableName=store.table, Item=item(pk, "3", who="else"))
    with cancelled("ConditionalCheckFailed", "None", "ConditionalCheckFailed") as reasons:
        store.client.transact_write_items(
            TransactItems=[put(store, item(pk, sk), ConditionExpression=ABSENT) for sk in ("1", "2", "3")]
        )
    assert "Item" not in reasons[0]


def test_a_cancellation_tells_the_items_that_stood_in_the_way_when_asked(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", who="someone"))
    tell: Wire = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    with cancelled(*["ConditionalCheckFailed"] * 3) as reasons:
        store.client.transact_write_items(
            TransactItems=[
                put(store, item(pk, "1"), ConditionExpression=ABSENT, **tell),
                delete(store, key(pk, "2"), ConditionExpression=PRESENT, **tell),
                check(store, key(pk, "3"), PRESENT, **tell),
            ]
        )
    assert reasons[0]["Item"] == item(pk, "1", who="someone")
    assert not reasons[1].get("Item")
    assert not reasons[2].get("Item")


def test_a_cancellation_says_in_its_message_what_its_reasons_say(store: Store, pk: str) -> None:
    with refused("TransactionCanceledException") as told:
        store.client.transact_write_items(
            TransactItems=[check(store, key(pk, "1"), PRESENT), put(store, item(pk, "2"))]
        )
    assert told["Error"]["Message"].endswith("[ConditionalCheckFailed, None]")


def test_two_actions_on_one_item_are_refused(store: Store, pk: str) -> None:
    with refused("ValidationException"):
        store.client.transact_write_items(TransactItems=[put(store, item(pk, "1")), check(store, key(pk, "1"), ABSENT)])
    assert collection(store, pk) == []


def test_the_same_request_with_the_same_token_is_done_once(store: Store, pk: str) -> None:
    token = str(uuid4())
    for _ in range(3):
        store.client.transact_write_items(
            TransactItems=[update(store, key(pk, "1"), "ADD a :one", ExpressionAttributeValues=values(one=1))],
            ClientRequestToken=token,
        )
    assert read(store, pk, "1") == item(pk, "1", a=1)


def test_a_repeated_request_succeeds_where_its_conditions_fail_by_now(store: Store, pk: str) -> None:
    token = str(uuid4())
    for _ in range(2):
        store.client.transact_write_items(
            TransactItems=[put(store, item(pk, "1"), ConditionExpression=ABSENT)], ClientRequestToken=token
        )
    assert read(store, pk, "1") == item(pk, "1")


def test_the_same_token_with_another_request_is_refused(store: Store, pk: str) -> None:
    token = str(uuid4())
    store.client.transact_write_items(TransactItems=[put(store, item(pk, "1", a=1))], ClientRequestToken=token)
    with refused("IdempotentParameterMismatchException"):
        store.client.transact_write_items(TransactItems=[put(store, item(pk, "1", a=2))], ClientRequestToken=token)
    assert read(store, pk, "1") == item(pk, "1", a=1)


def test_a_cancelled_request_is_tried_again_with_the_same_token(store: Store, pk: str) -> None:
    token = str(uuid4())
    store.client.put_item(TableName=store.table, Item=item(pk, "1", who="someone"))
    write = [put(store, item(pk, "1", who="we"), ConditionExpression=ABSENT)]
    with cancelled("ConditionalCheckFailed"):
        store.client.transact_write_items(TransactItems=write, ClientRequestToken=token)
    store.client.delete_item(TableName=store.table, Key=key(pk, "1"))
    store.client.transact_write_items(TransactItems=write, ClientRequestToken=token)
    assert read(store, pk, "1") == item(pk, "1", who="we")


def test_a_token_has_at_most_36_characters(store: Store, pk: str) -> None:
    store.client.transact_write_items(TransactItems=[put(store, item(pk, "1"))], ClientRequestToken=pk[-36:])
    with refused("ValidationException"):
        store.client.transact_write_items(TransactItems=[put(store, item(pk, "2"))], ClientRequestToken=pk[-37:])


def test_a_change_that_can_not_be_made_cancels_the_transaction(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", a="text"))
    with cancelled("None", "ValidationError"):
        store.client.transact_write_items(
            TransactItems=[
                put(store, item(pk, "2")),
                update(store, key(pk, "1"), "ADD a :one", ExpressionAttributeValues=values(one=1)),
            ]
        )
    assert read(store, pk, "2") is None


def test_a_malformed_action_refuses_the_transaction(store: Store, pk: str) -> None:
    with refused("ValidationException"):
        store.client.transact_write_items(
            TransactItems=[
                put(store, item(pk, "1")),
                check(store, key(pk, "2"), ABSENT, ExpressionAttributeValues=values(unused=1)),
            ]
        )
    assert collection(store, pk) == []


def test_several_items_are_read_in_the_order_of_their_keys(store: Store, pk: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", a=1))
    store.client.put_item(TableName=store.table, Item=item(pk, "3", a=3))
    answer = store.client.transact_get_items(
        TransactItems=[{"Get": {"TableName": store.table, "Key": key(pk, sk)}} for sk in ("3", "2", "1")]
    )
    assert [response.get("Item") or None for response in answer["Responses"]] == [
        item(pk, "3", a=3),
        None,
        item(pk, "1", a=1),
    ]


def test_one_item_is_not_read_twice_at_once(store: Store, pk: str) -> None:
    with refused("ValidationException"):
        store.client.transact_get_items(
            TransactItems=[{"Get": {"TableName": store.table, "Key": key(pk, "1")}} for _ in range(2)]
        )
