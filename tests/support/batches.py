"""A `BatchGetItem` as the service may carry it out: each item is read at a moment of its own, and not all need be read.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

type Request = Mapping[str, Any]
type Answer = dict[str, Any]


def read_apart(read: Callable[..., Any], request: Request, between: Callable[[], object]) -> Answer:
    """The answer to a request of whose items one half is read some time before the other."""
    ((table, wanted),) = request["RequestItems"].items()
    middle = len(wanted["Keys"]) // 2
    first: Answer | None = read(**_for(request, wanted["Keys"][:middle])) if middle else None
    between()
    second: Answer = read(**_for(request, wanted["Keys"][middle:]))
    if first is None:
        return second
    left = [key for each in (first, second) for key in each["UnprocessedKeys"].get(table, {}).get("Keys", [])]
    units = [each["CapacityUnits"] for answer in (first, second) for each in answer.get("ConsumedCapacity", [])]
    return {
        **second,
        "Responses": {table: [*first["Responses"][table], *second["Responses"][table]]},
        "UnprocessedKeys": {table: {**wanted, "Keys": left}} if left else {},
        **({"ConsumedCapacity": [{"TableName": table, "CapacityUnits": sum(units)}]} if units else {}),
    }


def read_in_part(read: Callable[..., Any], request: Request) -> Answer:
    """The answer to a request of which every other key is left to be asked for again."""
    ((table, wanted),) = request["RequestItems"].items()
    answer: Answer = read(**_for(request, wanted["Keys"][::2]))
    left = [*answer["UnprocessedKeys"].get(table, {}).get("Keys", []), *wanted["Keys"][1::2]]
    return {**answer, "UnprocessedKeys": {table: {**wanted, "Keys": left}} if left else {}}


def _for(request: Request, keys: Sequence[Any]) -> Answer:
    """The same request for other keys."""
    ((table, wanted),) = request["RequestItems"].items()
    return {**request, "RequestItems": {table: {**wanted, "Keys": keys}}}
