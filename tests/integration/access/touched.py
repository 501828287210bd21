"""What of the table a call has to do with."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.world import Call


def partitions(call: Call) -> Iterator[str]:
    """The partition keys, of the table and of its indexes, that a call names."""
    assert call.operation != "scan", "which touches every partition"
    if call.operation == "query":
        yield call.request["ExpressionAttributeValues"][":pk"]["S"]
    for item in _items(call.request):
        yield from (value["S"] for name, value in item.items() if name in {"pk", "gsi1pk", "gsi2pk"})


def _items(request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "Key" in request:
        yield request["Key"]
    for action in request.get("TransactItems", []):
        (details,) = action.values()
        yield details.get("Item") or details["Key"]
    for wanted in request.get("RequestItems", {}).values():
        yield from wanted["Keys"]
