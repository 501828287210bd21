"""A DynamoDB client whose calls fail as planned, with the errors that a real one raises.

    faults = Faults(fake)
    faults.lose_answer("transact_write_items")          # the next one is applied, its answer lost
    faults.fail("query", "ThrottlingException", nth=2)  # the second one from now
    faults.cancel(None, "TransactionConflict")          # the next write is cancelled, for its second action
    faults.refuse_connection(probability=0.05)          # each call of any kind, drawn from the seed
    faults.leave_out(nth=range(1, 4))                   # the next three batches are answered in part

Of several plans that are due at one call, the one made first is carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, cast

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, ReadTimeoutError

from tests.support.batches import read_in_part
from tests.support.dynamodb.errors import Reason, cancelled, client_error, reason

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb import type_defs as types

type Operation = Literal[
    "get_item",
    "batch_get_item",
    "put_item",
    "update_item",
    "delete_item",
    "query",
    "scan",
    "transact_get_items",
    "transact_write_items",
]
type Request = Mapping[str, Any]

ENDPOINT = "https://dynamodb.eu-central-1.amazonaws.com/"


class Which(TypedDict, total=False):
    """Which calls of an operation a plan is about."""

    nth: int | Container[int]
    when: Callable[[Request], bool]
    probability: float


@dataclass(slots=True, kw_only=True)
class Plan:
    """Which calls fail, how, and whether they are carried out before they do; without an error, they do so in part."""

    error: Callable[[str, Request], ClientError | BotoCoreError] | None
    applied: bool
    operation: Operation | None
    when: Callable[[Request], bool] | None
    nth: int | Container[int]
    probability: float | None
    seen: int = 0
    struck: int = 0
    """How often it was carried out. A test of a fault that never strikes says nothing."""

    def is_due(self, operation: str, request: Request, random: Random) -> bool:
        """Whether it strikes this call, which it counts if it is of its kind."""
        if self.operation not in {None, operation} or (self.when and not self.when(request)):
            return False
        self.seen += 1
        if self.probability is not None:
            return random.random() < self.probability
        return self.seen == self.nth if isinstance(self.nth, int) else self.seen in self.nth


class Faults:
    """A client in front of another, with the plans for its failures; `seed` is for those that come by chance.

    Every plan is told which calls it is about: those of `operation` (None: of any) whose arguments fulfil `when`. Of
    these it strikes the `nth` from now on (1 is the next; a range, a set: several), or each with a `probability`.
    """

    def __init__(self, client: Any, *, seed: int = 0) -> None:  # noqa: ANN401 -- of boto3, or anything with its calls
        self.plans: list[Plan] = []
        self.calls: list[str] = []
        """The operations of all calls, in their order."""
        self._behind = client
        self._lock = Lock()
        self._random = Random(seed)  # noqa: S311 -- it must be repeatable

    @property
    def client(self) -> DynamoDBClient:
        """This client, for code that is typed for boto3's."""
        return cast("DynamoDBClient", self)

    @property
    def struck(self) -> int:
        """How many calls failed as planned."""
        return sum(plan.struck for plan in self.plans)

    def refuse_connection(self, operation: Operation | None = None, **which: Unpack[Which]) -> Plan:
        """Let calls fail before they are sent."""
        return self.plan(lambda *_: EndpointConnectionError(endpoint_url=ENDPOINT), operation, **which)

    def lose_answer(self, operation: Operation | None = None, **which: Unpack[Which]) -> Plan:
        """Let calls be carried out, and their answers be lost."""
        return self.plan(lambda *_: ReadTimeoutError(endpoint_url=ENDPOINT), operation, applied=True, **which)

    def fail(self, operation: Operation | None, code: str, *, applied: bool = False, **which: Unpack[Which]) -> Plan:
        """Let calls fail with an error code of the service; with `applied`, after they were carried out (a 5xx may)."""
        return self.plan(lambda failing, _: client_error(failing, code), operation, applied=applied, **which)

    def cancel(
        self,
        *reasons: str | Reason | None,
        operation: Literal["transact_write_items", "transact_get_items"] = "transact_write_items",
        **which: Unpack[Which],
    ) -> Plan:
        """Let transactions be cancelled, for these reasons of their first actions; None, and the rest, are no cause."""

        def error(failing: str, request: Request) -> ClientError:
            padded = [*reasons, *[None] * (len(request["TransactItems"]) - len(reasons))]
            return cancelled(
                failing, [reason(each or "None") if not isinstance(each, dict) else each for each in padded]
            )

        return self.plan(error, operation, **which)

    def leave_out(self, **which: Unpack[Which]) -> Plan:
        """Let batches be answered in part, as when a partition is busy: the other keys are to be asked for again."""
        return self.plan(None, "batch_get_item", **which)

    def plan(
        self,
        error: Callable[[str, Request], ClientError | BotoCoreError] | None,
        operation: Operation | None = None,
        *,
        applied: bool = False,
        **which: Unpack[Which],
    ) -> Plan:
        """Let calls fail with any error, made from the operation and its arguments; None: be carried out in part."""
        plan = Plan(
            error=error,
            applied=applied,
            operation=operation,
            when=which.get("when"),
            nth=which.get("nth", 1),
            probability=which.get("probability"),
        )
        self.plans.append(plan)
        return plan

    def get_item(self, **request: Unpack[types.GetItemInputTypeDef]) -> types.GetItemOutputTypeDef:
        """As boto3's, unless a fault strikes."""
        return cast("types.GetItemOutputTypeDef", self._call("get_item", request))

    def batch_get_item(self, **request: Unpack[types.BatchGetItemInputTypeDef]) -> types.BatchGetItemOutputTypeDef:
        """As boto3's, unless a fault strikes."""
        return cast("types.BatchGetItemOutputTypeDef", self._call("batch_get_item", request))

    def put_item(self, **request: Unpack[types.PutItemInputTypeDef]) -> types.PutItemOutputTypeDef:
        """As boto3's, unless a fault strikes."""
        return cast("types.PutItemOutputTypeDef", self._call("put_item", request))

    def update_item(self, **request: Unpack[types.UpdateItemInputTypeDef]) -> types.UpdateItemOutputTypeDef:
        """As boto3's, unless a fault strikes."""
        return cast("types.UpdateItemOutputTypeDef", self._call("update_item", request))

    def delete_item(self, **request: Unpack[types.DeleteItemInputTypeDef]) -> types.DeleteItemOutputTypeDef:
        """As boto3's, unless a fault strikes."""
        return cast("types.DeleteItemOutputTypeDef", self._call("delete_item", request))

    def query(self, **request: Unpack[types.QueryInputTypeDef]) -> types.QueryOutputTypeDef:
        """As boto3's, unless a fault strikes."""
        return cast("types.QueryOutputTypeDef", self._call("query", request))

    def scan(self, **request: Unpack[types.ScanInputTypeDef]) -> types.ScanOutputTypeDef:
        """As boto3's, unless a fault strikes."""
        return cast("types.ScanOutputTypeDef", self._call("scan", request))

    def transact_get_items(
        self, **request: Unpack[types.TransactGetItemsInputTypeDef]
    ) -> types.TransactGetItemsOutputTypeDef:
        """As boto3's, unless a fault strikes."""
        return cast("types.TransactGetItemsOutputTypeDef", self._call("transact_get_items", request))

    def transact_write_items(
        self, **request: Unpack[types.TransactWriteItemsInputTypeDef]
    ) -> types.TransactWriteItemsOutputTypeDef:
        """As boto3's, unless a fault strikes."""
        return cast("types.TransactWriteItemsOutputTypeDef", self._call("transact_write_items", request))

    def _call(self, operation: str, request: Request) -> object:
        plan = self._due(operation, request)
        if plan is None:
            return getattr(self._behind, operation)(**request)
        if plan.error is None:
            return read_in_part(getattr(self._behind, operation), request)
        if plan.applied:
            with suppress(ClientError):  # what the service answered, a refusal too, is what gets lost
                getattr(self._behind, operation)(**request)
        raise plan.error(operation, request)

    def _due(self, operation: str, request: Request) -> Plan | None:
        with self._lock:
            self.calls.append(operation)
            due = [plan for plan in self.plans if plan.is_due(operation, request, self._random)]
            if not due:
                return None
            due[0].struck += 1
            return due[0]
