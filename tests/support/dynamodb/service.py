"""What the service does with each call, from its request to its answer, one call at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from tests.support.dynamodb import pages, queries, scans
from tests.support.dynamodb.capacity import Consumed, Meter, asked
from tests.support.dynamodb.errors import Invalid, NotFaked, Reason, cancelled, client_error, misuse, reason
from tests.support.dynamodb.expressions import check_placeholders, projection
from tests.support.dynamodb.schema import Schemas
from tests.support.dynamodb.sizes import EVENTUAL, LARGEST_BATCH, LARGEST_TRANSACTION, TRANSACTIONAL, read_units
from tests.support.dynamodb.storage import Storage, Stored
from tests.support.dynamodb.values import Item, copied
from tests.support.dynamodb.writes import ConditionFailed, Kind, Write, prepare

if TYPE_CHECKING:
    from tests.support.template import TableDefinition

type Request = Mapping[str, Any]
type Answer = dict[str, Any]
type Changes = Sequence[tuple[Item | None, Item | None]]
"""What a transaction did: of every place, the item before and the item after, None where there is none."""

MOST_ACTIONS = 100
MOST_KEYS = 100
"""Of one `BatchGetItem`."""
LONGEST_TOKEN = 36
TOKEN_LIFE = 600
"""Seconds for which the service knows a client request token."""

_GET = frozenset({"TableName", "Key", "ProjectionExpression", "ExpressionAttributeNames"})
_GET_ALONE = _GET | {"ConsistentRead", "ReturnConsumedCapacity"}
_QUERY = frozenset(
    {
        "TableName",
        "IndexName",
        "Select",
        "Limit",
        "ConsistentRead",
        "ScanIndexForward",
        "ExclusiveStartKey",
        "KeyConditionExpression",
        "FilterExpression",
        "ProjectionExpression",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "ReturnConsumedCapacity",
    }
)
_SCAN = _QUERY - {"IndexName", "ScanIndexForward", "KeyConditionExpression"}
_SCAN_NOT_FAKED = frozenset({"IndexName", "Segment", "TotalSegments"})


@dataclass(frozen=True, slots=True)
class _Done:
    """A transaction that was written: what came with its token, how long that is known, what reading it costs."""

    writes: list[Write]
    until: float
    read_units: float


class Service:
    """One table. Each method takes a call's arguments and gives its answer; raises `Invalid` and `ClientError`."""

    def __init__(
        self,
        definition: TableDefinition,
        table: str,
        clock: Callable[[], float],
        lag: Random | None = None,
        on_write: Callable[[Changes], None] = lambda _: None,
    ) -> None:
        self.meter = Meter()
        self.schemas = Schemas.of(definition)
        self.storage = Storage(self.schemas, lag)
        self._table = table
        self._clock = clock
        self._on_write = on_write
        self._tokens: dict[str, _Done] = {}

    def get_item(self, request: Request) -> Answer:
        """The item under a key, or no `Item`."""
        mode = asked(request)
        stored, answer = self._get("get_item", request, _GET_ALONE, consistent=request.get("ConsistentRead", False))
        units = read_units(stored.size if stored else 0) * (1 if request.get("ConsistentRead") else EVENTUAL)
        return self._consumed(answer, Consumed("Read", units), mode)

    def batch_get_item(self, request: Request) -> Answer:
        """Items under several keys, in an order of its own, and the keys of those for which there is no room."""
        mode = asked(request)
        _check_known("BatchGetItem", request, {"RequestItems", "ReturnConsumedCapacity"}, {"RequestItems"})
        if request["RequestItems"].keys() - {self._table}:
            raise client_error("batch_get_item", "ResourceNotFoundException")
        wanted = request["RequestItems"][self._table]
        _check_known("KeysAndAttributes", wanted, {"Keys", "ConsistentRead"}, {"Keys"})
        if not wanted["Keys"]:
            raise misuse("a batch of no keys")
        if len(wanted["Keys"]) > MOST_KEYS:
            raise Invalid("Too many items requested for the BatchGetItem call")
        left = [self.schemas.key(key) for key in wanted["Keys"]]
        if len({self.schemas.table.place(key) for key in left}) < len(left):
            raise Invalid("Provided list of item keys contains duplicates")
        consistent = wanted.get("ConsistentRead", False)
        space = self.storage.space(None, consistent=consistent)
        found: list[Item] = []
        room, units = LARGEST_BATCH, 0.0
        while left:
            stored = space.get(left[-1])
            size = stored.size if stored else 0
            if size > room:
                break
            left.pop()
            room -= size
            units += read_units(size) * (1 if consistent else EVENTUAL)
            found += [copied(stored.item)] if stored else []
        answer: Answer = {
            "Responses": {self._table: found},
            "UnprocessedKeys": {self._table: {**wanted, "Keys": left}} if left else {},
        }
        return self._consumed(answer, Consumed("Read", units), mode, listed=True)

    def query(self, request: Request) -> Answer:
        """A page of a collection, of the table or of an index."""
        mode = asked(request)
        _check_known("Query", request, _QUERY, {"TableName"})
        self._check_table("query", request)
        index = request.get("IndexName")
        if index is not None and index not in self.schemas.indexes:
            raise Invalid(f"The table does not have the specified index: {index}")
        page = queries.run(request, self.storage.space(index, consistent=request.get("ConsistentRead", False)))
        units = _page_units(request, page)
        consumed = Consumed("Read", 0, {index: units}) if index else Consumed("Read", units)
        return self._consumed(_told(request, page), consumed, mode)

    def scan(self, request: Request) -> Answer:
        """A page of the table."""
        mode = asked(request)
        if unknown := request.keys() & _SCAN_NOT_FAKED:
            raise NotFaked(f"a scan with {sorted(unknown)}")
        _check_known("Scan", request, _SCAN, {"TableName"})
        self._check_table("scan", request)
        page = scans.run(request, self.storage.space(None, consistent=request.get("ConsistentRead", False)))
        return self._consumed(_told(request, page), Consumed("Read", _page_units(request, page)), mode)

    def transact_get_items(self, request: Request) -> Answer:
        """Several items of one moment; `{}` where there is none."""
        mode = asked(request)
        _check_known("TransactGetItems", request, {"TransactItems", "ReturnConsumedCapacity"}, {"TransactItems"})
        _check_length(request["TransactItems"])
        gets = [_only(each, ("Get",))[1] for each in request["TransactItems"]]
        found = [self._get("transact_get_items", get, _GET) for get in gets]
        self._check_distinct([self.schemas.key(get["Key"]) for get in gets])
        sizes = [stored.size if stored else 0 for stored, _ in found]
        _check_together(sizes)
        units = TRANSACTIONAL * sum(map(read_units, sizes))
        answer = {"Responses": [answer for _, answer in found]}
        return self._consumed(answer, Consumed("Read", units, transactional=True), mode)

    def put_item(self, request: Request) -> Answer:
        """Write an item, over the one that is there."""
        return self._write_alone("put_item", "Put", request)

    def update_item(self, request: Request) -> Answer:
        """Change an item, or make one."""
        return self._write_alone("update_item", "Update", request)

    def delete_item(self, request: Request) -> Answer:
        """Remove an item, if there is one."""
        return self._write_alone("delete_item", "Delete", request)

    def transact_write_items(self, request: Request) -> Answer:
        """Write all or nothing; the same token with the same actions is done once."""
        mode = asked(request)
        known = {"TransactItems", "ClientRequestToken", "ReturnConsumedCapacity"}
        _check_known("TransactWriteItems", request, known, {"TransactItems"})
        token, actions = request.get("ClientRequestToken"), request["TransactItems"]
        if token is not None and len(token) > LONGEST_TOKEN:
            raise Invalid(
                "1 validation error detected: Value at 'ClientRequestToken' failed to satisfy constraint: Member must "
                f"have length less than or equal to {LONGEST_TOKEN}"
            )
        _check_length(actions)
        requests = [_only(action, ("Put", "Update", "Delete", "ConditionCheck")) for action in actions]
        writes = [prepare(kind, each, self.schemas) for kind, each in requests]
        for _, each in requests:
            self._check_table("transact_write_items", each)
        self._check_distinct([write.key for write in writes if not write.mismatch])
        if token and (done := self._done(token, writes)):
            return self._consumed({}, Consumed("Read", done.read_units, transactional=True), mode)

        olds = [None if write.mismatch else self.storage.get(write.key) for write in writes]
        news = self._outcomes(writes, olds)
        sizes = [max(old.size if old else 0, new.size if new else 0) for old, new in zip(olds, news, strict=True)]
        _check_together(sizes)
        indexes: Counter[str] = Counter()
        for old, new in zip(olds, news, strict=True):
            indexes.update(self.storage.replace(old, new))
        self._on_write([(_item(old), _item(new)) for old, new in zip(olds, news, strict=True)])
        if token:
            reads = TRANSACTIONAL * sum(map(read_units, sizes))
            self._tokens[token] = _Done(writes, self._clock() + TOKEN_LIFE, reads)
        units = TRANSACTIONAL * sum(_units(writes, olds, news))
        return self._consumed({}, Consumed("Write", units, indexes, transactional=True), mode)

    def hide(self, changes: Changes) -> None:
        """Let reads see none of some changes; writes do."""
        self.storage.unseen = [
            (Stored.of(old) if old else None, Stored.of(new) if new else None) for old, new in changes
        ]

    def _outcomes(self, writes: Sequence[Write], olds: Sequence[Stored | None]) -> list[Stored | None]:
        """What stands there after all writes of a transaction; the cancellation when one of them can't be.

        Nothing is published on what a cancelled transaction costs. It is metered as if it had been written: the most
        it can be.
        """
        news: list[Stored | None] = []
        reasons: list[Reason] = []
        for write, old in zip(writes, olds, strict=True):
            told, new = reason("None"), old
            try:
                new = write.outcome(old)
            except ConditionFailed as failed:
                told = reason("ConditionalCheckFailed", item=failed.item)
            except Invalid as invalid:
                told = reason("ValidationError", str(invalid))
            news.append(new)
            reasons.append(told)
        if any(each["Code"] != "None" for each in reasons):
            Consumed("Write", TRANSACTIONAL * sum(_units(writes, olds, news))).count(self.meter)
            raise cancelled("transact_write_items", reasons)
        return news

    def _write_alone(self, operation: str, kind: Kind, request: Request) -> Answer:
        mode = asked(request)
        write = prepare(kind, request, self.schemas, alone=True)
        self._check_table(operation, request)
        old = None if write.mismatch else self.storage.get(write.key)
        try:
            new = write.outcome(old)
        except ConditionFailed as failed:
            Consumed("Write", write.units(old, None)).count(self.meter)
            more: Answer = {"Item": failed.item} if failed.item else {}
            raise client_error(operation, "ConditionalCheckFailedException", **more) from None
        indexes = self.storage.replace(old, new)
        returned = {"ALL_OLD": old, "ALL_NEW": new}.get(request.get("ReturnValues", "NONE"))
        answer: Answer = {"Attributes": copied(returned.item)} if returned else {}
        return self._consumed(answer, Consumed("Write", write.units(old, new), indexes), mode)

    def _get(
        self, operation: str, request: Request, known: frozenset[str], *, consistent: bool = True
    ) -> tuple[Stored | None, Answer]:
        _check_known("Get", request, known, {"TableName", "Key"})
        show = projection(request["ProjectionExpression"]) if "ProjectionExpression" in request else None
        names = request.get("ExpressionAttributeNames")
        check_placeholders([show] if show else [], names, None)
        self._check_table(operation, request)
        stored = self.storage.space(None, consistent=consistent).get(self.schemas.key(request["Key"]))
        if stored is None:
            return None, {}
        item = pages.project(stored.item, show.run(names or {})) if show else stored.item
        return stored, {"Item": copied(item)}

    def _done(self, token: str, writes: list[Write]) -> _Done | None:
        done = self._tokens.get(token)
        if done is None or done.until < self._clock():
            return None
        if done.writes != writes:
            raise client_error("transact_write_items", "IdempotentParameterMismatchException")
        return done

    def _consumed(self, answer: Answer, consumed: Consumed, mode: str | None, *, listed: bool = False) -> Answer:
        consumed.count(self.meter)
        if mode is not None:
            told = consumed.answer(self._table, mode)
            answer["ConsumedCapacity"] = [told] if listed or consumed.transactional else told
        return answer

    def _check_table(self, operation: str, request: Request) -> None:
        if request["TableName"] != self._table:
            raise client_error(operation, "ResourceNotFoundException")

    def _check_distinct(self, keys: Sequence[Item]) -> None:
        if len({self.schemas.table.place(key) for key in keys}) < len(keys):
            raise Invalid("Transaction request cannot include multiple operations on one item")


def _item(stored: Stored | None) -> Item | None:
    return copied(stored.item) if stored else None


def _told(request: Request, page: pages.Page) -> Answer:
    answer: Answer = {"Count": len(page.items), "ScannedCount": page.scanned}
    if request.get("Select") != "COUNT":
        answer["Items"] = page.items
    if page.last is not None:
        answer["LastEvaluatedKey"] = page.last
    return answer


def _page_units(request: Request, page: pages.Page) -> float:
    return read_units(page.size) * (1 if request.get("ConsistentRead") else EVENTUAL)


def _units(writes: Sequence[Write], olds: Sequence[Stored | None], news: Sequence[Stored | None]) -> list[int]:
    return [write.units(old, new) for write, old, new in zip(writes, olds, news, strict=True)]


def _only(action: Request, kinds: Sequence[Any]) -> tuple[Any, Request]:
    """The one action that an element of a transaction holds."""
    if len(action) != 1 or next(iter(action)) not in kinds:
        raise Invalid("TransactItems can only contain one of Check, Put, Update or Delete")
    ((kind, request),) = action.items()
    return kind, request


def _check_known(what: str, request: Request, known: set[str] | frozenset[str], required: set[str]) -> None:
    if missing := required - request.keys():
        raise misuse(f"{what} misses {sorted(missing)}")
    if unknown := request.keys() - known:
        raise misuse(f"parameters of {what} that are unknown or not faked: {sorted(unknown)}")


def _check_length(actions: Sequence[Request]) -> None:
    if not 1 <= len(actions) <= MOST_ACTIONS:
        limit = "greater than or equal to 1" if not actions else f"less than or equal to {MOST_ACTIONS}"
        raise Invalid(
            f"1 validation error detected: Value '{list(actions)}' at 'transactItems' failed to satisfy constraint: "
            f"Member must have length {limit}"
        )


def _check_together(sizes: Sequence[int]) -> None:
    if sum(sizes) > LARGEST_TRANSACTION:
        raise Invalid("The aggregate size of the items in the transaction exceeds 4 MB")
