"""Words for the tests' sentences: items and actions in the wire's form, and refusals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from coffer.store.values import Value, encode, encode_item
from tests.contract.stores import Store

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

type Wire = dict[str, Any]

ABSENT = "attribute_not_exists(pk)"
PRESENT = "attribute_exists(pk)"
_PATIENCE = 10.0
"""Seconds for an index to follow its table."""


def key(pk: str, sk: str) -> Wire:
    """A key."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def item(pk: str, sk: str, **attributes: Value) -> Wire:
    """An item."""
    return {**key(pk, sk), **encode_item(attributes)}


def values(**named: Value) -> Wire:
    """Expression attribute values: `values(a=1)` → `{":a": {"N": "1"}}`."""
    return {f":{name}": encode(value) for name, value in named.items()}


def put(store: Store, put: Wire, **more: Any) -> TransactWriteItemTypeDef:  # noqa: ANN401
    """An action that writes an item."""
    return _action("Put", {"TableName": store.table, "Item": put, **more})


def update(store: Store, at: Wire, expression: str, **more: Any) -> TransactWriteItemTypeDef:  # noqa: ANN401
    """An action that changes an item."""
    return _action("Update", {"TableName": store.table, "Key": at, "UpdateExpression": expression, **more})


def delete(store: Store, at: Wire, **more: Any) -> TransactWriteItemTypeDef:  # noqa: ANN401
    """An action that removes an item."""
    return _action("Delete", {"TableName": store.table, "Key": at, **more})


def check(store: Store, at: Wire, condition: str, **more: Any) -> TransactWriteItemTypeDef:  # noqa: ANN401
    """An action that lets the others stand only if a condition holds."""
    return _action("ConditionCheck", {"TableName": store.table, "Key": at, "ConditionExpression": condition, **more})


def read(store: Store, pk: str, sk: str) -> Wire | None:
    """The item of a key, as it stands now."""
    return store.client.get_item(TableName=store.table, Key=key(pk, sk), ConsistentRead=True).get("Item")


def collection(store: Store, pk: str, **more: Any) -> list[Wire]:  # noqa: ANN401
    """The items of a partition, as they stand now."""
    answer = store.client.query(
        TableName=store.table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=values(pk=pk),
        ConsistentRead=True,
        **more,
    )
    return list(answer["Items"])


@contextmanager
def refused(code: str) -> Iterator[dict[str, Any]]:
    """What is done within is refused with an error code; the error's response is there afterwards."""
    response: dict[str, Any] = {}
    with pytest.raises(ClientError) as caught:
        yield response
    response.update(caught.value.response)
    assert response["Error"]["Code"] == code, response["Error"]


@contextmanager
def cancelled(*codes: str) -> Iterator[list[Wire]]:
    """The transaction within is cancelled, with these reasons; they are there afterwards."""
    reasons: list[Wire] = []
    with refused("TransactionCanceledException") as response:
        yield reasons
    reasons.extend(response["CancellationReasons"])
    assert [reason["Code"] for reason in reasons] == list(codes)


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something becomes true in the time that an index takes to follow its table."""
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _action(kind: str, request: Wire) -> TransactWriteItemTypeDef:
    return cast("TransactWriteItemTypeDef", {kind: request})
