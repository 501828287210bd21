"""A transaction that is seen item by item: some of it at first, all of it when it is answered, none of it twice."""

from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.template import table_definition
from tests.support.torn import Torn

NUMBERS = range(6)


def _key(number: int) -> dict[str, Any]:
    return {"pk": {"S": str(number)}, "sk": {"S": "0"}}


def _seen(torn: Torn) -> set[int]:
    """Which of the items a read finds."""
    return {
        each for each in NUMBERS if "Item" in torn.get_item(TableName="coffer", Key=_key(each), ConsistentRead=True)
    }


def _write(torn: Torn) -> None:
    torn.transact_write_items(TransactItems=[{"Put": {"TableName": "coffer", "Item": _key(each)}} for each in NUMBERS])


def _looks(torn: Torn) -> list[set[int]]:
    """What several looks find in the midst of a write, and one when it is answered."""
    found: list[set[int]] = []
    torn.amid = lambda: found.extend(_seen(torn) for _ in range(3))
    _write(torn)
    return [*found, _seen(torn)]


def test_a_write_is_seen_in_part_then_more_and_whole_when_it_is_answered() -> None:
    looks: set[int] = set()
    for seed in range(20):
        found = _looks(Torn(FakeDynamoDB(table_definition()), seed))
        assert all(earlier <= later for earlier, later in pairwise(found))
        assert found[-1] == set(NUMBERS)
        looks.update(map(len, found))
    assert len(looks) > 3


def test_a_batch_may_see_of_a_write_what_another_look_at_the_same_moment_did_not() -> None:
    asked = {"coffer": {"Keys": [*map(_key, NUMBERS)], "ConsistentRead": True}}
    looks: list[tuple[set[int], set[int]]] = []

    def read() -> None:
        before = set(NUMBERS) - {int(new["pk"]["S"]) for _, new in torn._unseen}
        found = torn.batch_get_item(RequestItems=asked)["Responses"]["coffer"]
        looks.append((before, {int(each["pk"]["S"]) for each in found}))

    for seed in range(40):
        torn = Torn(FakeDynamoDB(table_definition()), seed)
        torn.amid = read
        _write(torn)
    assert all(before <= found for before, found in looks)
    assert any(before < found for before, found in looks)


def test_a_transaction_that_wants_what_is_not_seen_yet_is_cancelled() -> None:
    torn = Torn(FakeDynamoDB(table_definition()), 0)

    wanted = [{"Get": {"TableName": "coffer", "Key": _key(each)}} for each in NUMBERS]

    def read() -> None:
        with pytest.raises(ClientError, match="TransactionConflict"):
            torn.transact_get_items(TransactItems=wanted)

    torn.amid = read
    _write(torn)
    assert all(each.get("Item") for each in torn.transact_get_items(TransactItems=wanted)["Responses"])
