"""What Coffer relies on in conditions."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from coffer.store.values import Value, encode
from tests.contract.stores import Store
from tests.contract.wire import Wire, item, key, refused

STANDING: dict[str, Value] = {"text": "b", "number": 5, "flag": True}

HOLD = [
    "attribute_exists(pk)",
    "attribute_not_exists(absent)",
    "#t = :b",
    "#t <> :a",
    "#t < :c",
    "#t <= :b",
    "#t > :a",
    "#t >= :b",
    "#n > :four",
    "#n < :twelve",
    "#n <> :b",
    "flag = :yes",
    "absent <> :a",
    "#t BETWEEN :a AND :b",
    "#n BETWEEN :four AND :twelve",
    "#t IN (:a, :b)",
    "begins_with(#t, :b)",
    "NOT #t = :a",
    "NOT attribute_exists(absent)",
    "#t = :a OR #n = :five",
    "#t = :b AND #n = :five",
    "#t = :b OR #t = :a AND #n = :four",
    "(#t = :b) AND (#n = :five)",
    "NOT (#t = :a OR #n = :four)",
    "#t = :b and not #n = :four",
    "absent = :a OR attribute_not_exists(absent)",
]
FAIL = [
    "attribute_exists(absent)",
    "attribute_not_exists(pk)",
    "#t = :a",
    "#t <> :b",
    "#t > :b",
    "#n < :four",
    "#n = :b",
    "#n > :a",
    "absent = :a",
    "absent < :a",
    "absent > :a",
    "absent IN (:a, :b)",
    "absent BETWEEN :a AND :b",
    "begins_with(absent, :a)",
    "#t BETWEEN :c AND :c",
    "#t IN (:a, :c)",
    "(#t = :b OR #t = :a) AND #n = :four",
    "NOT #t = :b",
]
MALFORMED = [
    "",
    "#t =",
    "#t = :b AND",
    "#t == :b",
    "(#t = :b",
    "#t = :b)",
    "((#t = :b))",
    "#t = #t",
    "attribute_exists()",
    "attribute_exists(:b)",
    "unknown_function(#t)",
    "status = :b",
    "#t",
]
NAMES = {"#t": "text", "#n": "number"}
VALUES: dict[str, Value] = {"a": "a", "b": "b", "c": "c", "four": 4, "five": 5, "twelve": 12, "yes": True}


def _delete_if(store: Store, pk: str, condition: str) -> None:
    """Delete the item if the condition holds; it is told of no name and no value that it does not use."""
    given: Wire = {
        "ExpressionAttributeNames": {name: to for name, to in NAMES.items() if name in condition},
        "ExpressionAttributeValues": {
            f":{name}": encode(value) for name, value in VALUES.items() if _names(condition, name)
        },
    }
    store.client.delete_item(
        TableName=store.table,
        Key=key(pk, "1"),
        ConditionExpression=condition,
        **{name: content for name, content in given.items() if content},
    )


def _names(condition: str, value: str) -> bool:
    words = condition.replace("(", " ").replace(")", " ").replace(",", " ").split()
    return f":{value}" in words


@pytest.mark.parametrize("condition", HOLD)
def test_a_condition_holds(store: Store, pk: str, condition: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", **STANDING))
    _delete_if(store, pk, condition)


@pytest.mark.parametrize("condition", FAIL)
def test_a_condition_does_not_hold(store: Store, pk: str, condition: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", **STANDING))
    with refused("ConditionalCheckFailedException"):
        _delete_if(store, pk, condition)


@pytest.mark.parametrize("condition", MALFORMED, ids=lambda condition: condition or "nothing")
def test_a_condition_is_malformed(store: Store, pk: str, condition: str) -> None:
    store.client.put_item(TableName=store.table, Item=item(pk, "1", **STANDING))
    with refused("ValidationException"):
        _delete_if(store, pk, condition)


def test_of_no_item_only_absence_and_difference_hold(store: Store, pk: str) -> None:
    for condition in ("attribute_not_exists(pk)", "NOT #t = :a", "#t <> :a"):
        _delete_if(store, pk, condition)
    for condition in ("attribute_exists(pk)", "#t = :a", "#n < :four"):
        with refused("ConditionalCheckFailedException"):
            _delete_if(store, pk, condition)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"ExpressionAttributeNames": {"#a": "a"}}, id="an undefined value"),
        pytest.param({"ExpressionAttributeValues": {":one": {"N": "1"}}}, id="an undefined name"),
        pytest.param(
            {
                "ExpressionAttributeNames": {"#a": "a", "#b": "b"},
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            },
            id="an unused name",
        ),
        pytest.param(
            {
                "ExpressionAttributeNames": {"#a": "a"},
                "ExpressionAttributeValues": {":one": {"N": "1"}, ":two": {"N": "2"}},
            },
            id="an unused value",
        ),
    ],
)
def test_names_and_values_are_exactly_those_that_are_used(store: Store, pk: str, given: Wire) -> None:
    with refused("ValidationException"):
        store.client.delete_item(TableName=store.table, Key=key(pk, "1"), ConditionExpression="#a = :one", **given)


def test_names_without_an_expression_are_refused(store: Store, pk: str) -> None:
    with refused("ValidationException"):
        store.client.put_item(TableName=store.table, Item=item(pk, "1"), ExpressionAttributeNames={"#a": "a"})


def test_a_refusal_by_condition_is_an_exception_of_its_own(store: Store, pk: str) -> None:
    with pytest.raises(ClientError) as caught:
        store.client.delete_item(TableName=store.table, Key=key(pk, "1"), ConditionExpression="attribute_exists(pk)")
    assert isinstance(caught.value, store.client.exceptions.ConditionalCheckFailedException)
