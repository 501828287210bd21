"""An in-memory stand-in for boto3's DynamoDB client: the nine calls that Coffer makes, on its one table.

It answers as the service does wherever a ledger depends on it, refuses what the service refuses, and says `NotFaked`
to what it doesn't know; `tests/contract` holds it to that. It differs on purpose in three things:

- every call is atomic and takes no time, so nothing conflicts and nothing is throttled: `faults` do that;
- indexes, and reads that do not ask to be consistent, trail the table only when `lag` is given;
- `UpdateItem` measures the whole item against 400 KB, as transactions do; the service counts some 20 bytes otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, Unpack, cast

from tests.support.dynamodb.errors import Invalid, client_error, exceptions, metadata
from tests.support.dynamodb.service import Service
from tests.support.dynamodb.values import copied

if TYPE_CHECKING:
    from random import Random

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb import type_defs as types
    from types_boto3_dynamodb.client import Exceptions

    from tests.support.dynamodb.capacity import Meter
    from tests.support.dynamodb.service import Changes
    from tests.support.dynamodb.values import Comparable, Item
    from tests.support.template import TableDefinition


class FakeDynamoDB:
    """A table of a definition (keys of two parts, indexes of keys only), and a client that sees nothing else.

    `on_call` is called before every call, with the method's name and its arguments: a scheduler can switch there.
    `on_write` is called after every transaction that was written, with what stood in each place and what stands there
    now. `clock` tells seconds. With `lag`, what may trail the table does so by some writes, drawn anew for each read.
    """

    def __init__(
        self,
        definition: TableDefinition,
        *,
        table: str = "coffer",
        on_call: Callable[[str, Mapping[str, Any]], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        lag: Random | None = None,
    ) -> None:
        self.table = table
        self.on_call = on_call
        self.on_write: Callable[[Changes], None] | None = None
        self.exceptions = cast("Exceptions", exceptions())
        self._service = Service(definition, table, clock, lag, self._written)
        self._lock = Lock()

    @property
    def client(self) -> DynamoDBClient:
        """This fake, for code that is typed for boto3's client."""
        return cast("DynamoDBClient", self)

    @property
    def meter(self) -> Meter:
        """What all calls consumed, also those that failed."""
        return self._service.meter

    def snapshot(self) -> dict[tuple[Comparable, Comparable], Item]:
        """The whole table by its keys, in order: equal if and only if the tables are."""
        return {key: copied(item) for key, item in self._service.storage.items()}

    def held(self) -> Mapping[tuple[Comparable, Comparable], Item]:
        """As `snapshot`, for those who look often: the items that are held themselves, which nobody ever changes."""
        return dict(self._service.storage.items())

    def hide(self, changes: Changes) -> None:
        """Let reads see none of some changes, as `on_write` told them, until others are hidden instead."""
        self._service.hide(changes)

    def settle(self) -> None:
        """Let the indexes catch up with the table."""
        self._service.storage.settle()

    def get_item(self, **request: Unpack[types.GetItemInputTypeDef]) -> types.GetItemOutputTypeDef:
        """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html"""
        return cast("types.GetItemOutputTypeDef", self._call("get_item", request))

    def batch_get_item(self, **request: Unpack[types.BatchGetItemInputTypeDef]) -> types.BatchGetItemOutputTypeDef:
        """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html"""
        return cast("types.BatchGetItemOutputTypeDef", self._call("batch_get_item", request))

    def put_item(self, **request: Unpack[types.PutItemInputTypeDef]) -> types.PutItemOutputTypeDef:
        """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html"""
        return cast("types.PutItemOutputTypeDef", self._call("put_item", request))

    def update_item(self, **request: Unpack[types.UpdateItemInputTypeDef]) -> types.UpdateItemOutputTypeDef:
        """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html"""
        return cast("types.UpdateItemOutputTypeDef", self._call("update_item", request))

    def delete_item(self, **request: Unpack[types.DeleteItemInputTypeDef]) -> types.DeleteItemOutputTypeDef:
        """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html"""
        return cast("types.DeleteItemOutputTypeDef", self._call("delete_item", request))

    def query(self, **request: Unpack[types.QueryInputTypeDef]) -> types.QueryOutputTypeDef:
        """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html"""
        return cast("types.QueryOutputTypeDef", self._call("query", request))

    def scan(self, **request: Unpack[types.ScanInputTypeDef]) -> types.ScanOutputTypeDef:
        """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html"""
        return cast("types.ScanOutputTypeDef", self._call("scan", request))

    def transact_get_items(
        self, **request: Unpack[types.TransactGetItemsInputTypeDef]
    ) -> types.TransactGetItemsOutputTypeDef:
        """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html"""
        return cast("types.TransactGetItemsOutputTypeDef", self._call("transact_get_items", request))

    def transact_write_items(
        self, **request: Unpack[types.TransactWriteItemsInputTypeDef]
    ) -> types.TransactWriteItemsOutputTypeDef:
        """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html"""
        return cast("types.TransactWriteItemsOutputTypeDef", self._call("transact_write_items", request))

    def _written(self, changes: Changes) -> None:
        if self.on_write:
            self.on_write(changes)

    def _call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if self.on_call:
            self.on_call(operation, request)
        with self._lock:
            self.meter.calls[operation] += 1
            try:
                answer: dict[str, Any] = getattr(self._service, operation)(request)
            except Invalid as invalid:
                raise client_error(operation, "ValidationException", str(invalid)) from None
        return {**answer, "ResponseMetadata": metadata()}
