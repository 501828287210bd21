"""One request's access to the table: strongly consistent reads, and calls that are repeated while that can help."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import batched, chain
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from coffer.ledger.refusal import Reason, Refusal
from coffer.store.failures import Failure, causes, classify
from coffer.store.idempotency import Claim
from coffer.store.keys import Key
from coffer.store.limits import READ_TOGETHER, READ_TOGETHER_OF_ANY_SIZE
from coffer.store.meter import Call, Meter
from coffer.store.values import Item, decode_item, text
from coffer.store.writes import key_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Operation = Literal["get_item", "batch_get_item", "query", "scan", "transact_get_items", "transact_write_items"]

READS_AT_ONCE = 4
"""Reads of one request that are under way: as many as keep a processor of 512 MB busy, which takes about as long for a
call as the table does. Further ones would wait for it, and each would open a connection of its own, whose handshake
takes several times as long."""

FIRST_PAUSE = 0.025
"""Seconds: the longest first pause before a call is repeated; each further one may be twice as long."""
LONGEST_PAUSE = 0.25
"""Seconds. With a second, a hot account takes a seventh less, and the unlucky wait twice as long (`make bench`)."""
_MOST_DOUBLINGS = 10
"""By then a pause is the longest; who has minutes may pause a thousand times, and 2 to that power is no float."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What all requests of a process share. Without a pool, reads that could run in parallel run one by one.

    The pool is not for what runs in it: that would wait for itself.
    """

    client: DynamoDBClient
    table: str
    pool: Executor | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What one look at a part of the table found, perhaps nothing, and after which key to go on; None: it is through.

    That key is all that has to be kept in order to go on, in whatever process and however much later.
    """

    items: Sequence[Item]
    next: Key | None
    unreadable: Sequence[Key] = field(default_factory=list)
    """The items among them that hold what Coffer never stores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One request's access to the table.

    `now` is the request's moment (milliseconds since 1970). `attempt` is written on every item, so that a request knows
    its own work again. `time_left` tells the seconds in which a call can still be made and answered.
    """

    connection: Connection
    now: int
    attempt: str
    new_id: Callable[[], str]
    time_left: Callable[[], float]
    pause: Callable[[float], None]
    random: Random
    claim: Claim | None = None
    meter: Meter = field(default_factory=Meter)

    def get(self, key: Key) -> Item | None:
        """The item under a key, or None."""
        answer = self._repeat("get_item", TableName=self.connection.table, Key=key_of(key), ConsistentRead=True)
        return decode_item(answer["Item"]) if "Item" in answer else None

    def get_together(self, *keys: Key) -> list[Item | None]:
        """Several items as they stood at one moment, in the order of the keys; it sees no half of a write."""
        gets = [{"Get": {"TableName": self.connection.table, "Key": key_of(key)}} for key in keys]
        answer = self._repeat("transact_get_items", TransactItems=gets)
        return [decode_item(each["Item"]) if each.get("Item") else None for each in answer["Responses"]]

    def each[Of, Found](self, read: Callable[[Of], Found], of: Sequence[Of]) -> list[Found]:
        """What is read of each of several, in parallel.

        It begins in this thread, for to hand something over takes longer. Raises what one of them ends in, when all of
        those that were begun have ended.
        """
        left = iter(enumerate(of))
        found: dict[int, Found] = {}
        failed: list[Exception] = []

        def lane(_: int) -> None:
            try:
                for number, one in left:  # whoever is free takes the next
                    found[number] = read(one)
            except Exception as error:  # noqa: BLE001 -- it is raised below
                failed.append(error)
                deque(left, maxlen=0)  # nobody begins another

        pool, lanes = self.connection.pool, min(READS_AT_ONCE, len(of))
        others = pool.map(lane, range(1, lanes)) if pool and lanes > 1 else ()
        lane(0)
        deque(others, maxlen=0)
        if failed:
            raise failed[0]
        return [found[number] for number in range(len(of))]

    def get_each(self, keys: Sequence[Key]) -> list[Item | None]:
        """Any number of items, in the order of the keys, each as it stood at a moment of its own.

        A single one is read like several, so that who may read the one may read the others.
        """
        found: dict[Key, Item] = {}
        for some in self.each(self._get_some, list(batched(dict.fromkeys(keys), READ_TOGETHER, strict=False))):
            found |= some
        return [found.get(key) for key in keys]

    def get_in_parts(self, keys: Sequence[Key]) -> list[Item | None]:
        """Any number of items of any size, in the order of the keys, some of them together; read in parallel.

        Each is seen as whole as if it had been read with all others of its write.
        """

        def read(part: Sequence[Key]) -> list[Item | None]:
            return self.get_together(*part)

        return list(chain.from_iterable(self.each(read, list(batched(keys, READ_TOGETHER_OF_ANY_SIZE, strict=False)))))

    def newest(self, collections: Sequence[str]) -> list[Item | None]:
        """The last item of each collection, or None; the collections are read in parallel."""
        return self.each(self._newest, collections)

    def walk(self, pk: str, low: str, high: str, *, ascending: bool, chunk: int) -> Iterator[Item]:
        """The items of a collection with `low` ≤ sk ≤ `high`, in order, read `chunk` at a time."""
        arguments: dict[str, Any] = {
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
            "ExpressionAttributeValues": {":pk": {"S": pk}, ":low": {"S": low}, ":high": {"S": high}},
            "ScanIndexForward": ascending,
            "Limit": chunk,
        }
        while True:
            answer = self._query(**arguments)
            yield from map(decode_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def count(self, pk: str, low: str, high: str) -> int:
        """How many items of a collection with `low` ≤ sk ≤ `high` have not been deleted. It reads all of them."""
        arguments: dict[str, Any] = {}
        total = 0
        while True:
            answer = self._count(pk, low, high, **arguments)
            total += int(answer["Count"])
            if "LastEvaluatedKey" not in answer:
                return total
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def count_few(self, pk: str, low: str, high: str, most: int) -> int | None:
        """The same after one look, at `most` items and one more; None if there are others."""
        answer = self._count(pk, low, high, Limit=most + 1)
        counted = int(answer["Count"])
        return counted if "LastEvaluatedKey" not in answer and counted <= most else None

    def scan(self, prefixes: tuple[str, ...], after: Key | None = None, *, limit: int) -> Page:
        """The items whose pk begins with any of some prefixes: of the table's next `limit`, or its next 1 MB.

        `after` is where an earlier page ended. A collection comes in one piece, in the order of sk; the collections
        come in no order. Pages do not show one moment: what is written meanwhile is seen if it lies ahead.
        """
        start = {"ExclusiveStartKey": key_of(after)} if after else {}
        values = {f":prefix{number}": {"S": prefix} for number, prefix in enumerate(prefixes)}
        answer = self._repeat(
            "scan",
            TableName=self.connection.table,
            ConsistentRead=True,
            FilterExpression=" OR ".join(f"begins_with(pk, {name})" for name in values),
            ExpressionAttributeValues=values,
            Limit=limit,
            **start,
        )
        items: list[Item] = []
        unreadable: list[Key] = []
        for wire in answer["Items"]:
            try:
                items.append(decode_item(wire))
            except ValueError:
                unreadable.append(_key(wire))
        return Page(items, _key(answer["LastEvaluatedKey"]) if "LastEvaluatedKey" in answer else None, unreadable)

    def _get_some(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """What there is under as many keys as one call takes, no two of them the same."""
        table = self.connection.table
        found: dict[Key, Item] = {}
        left: Any = [key_of(key) for key in keys]
        pauses = 0
        while True:
            wanted = {table: {"Keys": left, "ConsistentRead": True}}
            answer = self._repeat("batch_get_item", RequestItems=wanted)
            found |= {_key(wire): decode_item(wire) for wire in answer["Responses"].get(table, [])}
            if table not in answer["UnprocessedKeys"]:
                return found
            left = answer["UnprocessedKeys"][table]["Keys"]  # more than 16 MB, or more than a partition gives at once
            self.wait(pauses)
            pauses += 1

    def _newest(self, pk: str) -> Item | None:
        answer = self._query(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ScanIndexForward=False,
            Limit=1,
        )
        return decode_item(answer["Items"][0]) if answer["Items"] else None

    def _count(self, pk: str, low: str, high: str, **arguments: Any) -> Any:  # noqa: ANN401
        return self._query(
            KeyConditionExpression="pk = :pk AND sk BETWEEN :low AND :high",
            ExpressionAttributeValues={":pk": {"S": pk}, ":low": {"S": low}, ":high": {"S": high}},
            FilterExpression="attribute_not_exists(deleted_at)",
            Select="COUNT",
            **arguments,
        )

    def _query(self, **arguments: Any) -> Any:  # noqa: ANN401 -- botocore's arguments and answer
        return self._repeat("query", TableName=self.connection.table, ConsistentRead=True, **arguments)

    def _repeat(self, operation: Operation, **arguments: Any) -> Any:  # noqa: ANN401
        return self.repeat(lambda: self.call(operation, **arguments))

    def repeat[Answer](self, call: Callable[[], Answer]) -> Answer:
        """Calls a service until it answers: what changes nothing may be asked again as long as that can help.

        Raises what botocore raises when it cannot, and `Refusal(UNAVAILABLE)` when the time is up.
        """
        pauses = 0
        while True:
            self.require_time()
            try:
                return call()
            except (ClientError, BotoCoreError) as error:
                if _is_bug(error):
                    raise
            self.wait(pauses)
            pauses += 1

    def call(self, operation: Operation, **arguments: Any) -> Any:  # noqa: ANN401
        """One call to the table, metered; raises what botocore raises."""
        answer = getattr(self.connection.client, operation)(**arguments, ReturnConsumedCapacity="TOTAL")
        consumed = answer.get("ConsumedCapacity") or []
        units = sum(each["CapacityUnits"] for each in (consumed if isinstance(consumed, list) else [consumed]))
        self.meter.calls.append(Call(operation, units))
        return answer

    def wait(self, pauses: int) -> None:
        """Pause before a repetition, with full jitter; raises `Refusal(UNAVAILABLE)` when the time is up."""
        pause = self.random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(pauses, _MOST_DOUBLINGS)))
        self.require_time(pause)
        self.meter.retries += 1
        self.pause(pause)

    def require_time(self, seconds: float = 0) -> None:
        """`Refusal(UNAVAILABLE)` unless another call can be made and answered so many seconds from now."""
        if seconds >= self.time_left():
            raise Refusal(
                Reason.UNAVAILABLE,
                "The request could not be settled in time, and nothing is half-done. Send it again after a pause, with "
                "the same idempotency key if it had one.",
            )


def _key(wire: Mapping[str, AttributeValueTypeDef]) -> Key:
    key = decode_item({name: wire[name] for name in ("pk", "sk")})
    return Key(text(key, "pk"), text(key, "sk"))


def _is_bug(error: ClientError | BotoCoreError) -> bool:
    failure = classify(error)
    if isinstance(error, ClientError) and failure is Failure.CANCELLED:
        return Failure.BUG in causes(error.response["CancellationReasons"])
    return failure is Failure.BUG
