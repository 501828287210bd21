"""Faults strike the calls that they were planned for, and leave behind what they say."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from tests.support.dynamodb.errors import reason
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import ENDPOINT, Faults
from tests.support.template import table_definition

type Wire = dict[str, Any]


def key(sk: str) -> Wire:
    """A key."""
    return {"pk": {"S": "p"}, "sk": {"S": sk}}


@pytest.fixture
def fake() -> FakeDynamoDB:
    """An empty table."""
    return FakeDynamoDB(table_definition())


@pytest.fixture
def faults(fake: FakeDynamoDB) -> Faults:
    """A client in front of it."""
    return Faults(fake)


def put(faults: Faults, sk: str = "1") -> None:
    """Write an item."""
    faults.put_item(TableName="coffer", Item=key(sk))


def write(faults: Faults, *sks: str) -> None:
    """Write several at once."""
    faults.transact_write_items(TransactItems=[{"Put": {"TableName": "coffer", "Item": key(sk)}} for sk in sks])


def struck(call: Callable[[], object], times: int) -> list[bool]:
    """Which of several calls failed."""
    fates = []
    for _ in range(times):
        try:
            call()
        except EndpointConnectionError:
            fates.append(True)
        else:
            fates.append(False)
    return fates


def test_a_batch_is_answered_in_part_and_the_other_keys_are_told(faults: Faults) -> None:
    for sk in "134":
        put(faults, sk)
    asked: Wire = {"coffer": {"Keys": [key(sk) for sk in "12345"], "ConsistentRead": True}}
    plan = faults.leave_out(nth=2)
    whole, part = (faults.batch_get_item(RequestItems=asked) for _ in range(2))
    assert (plan.seen, plan.struck) == (2, 1)
    assert {each["sk"]["S"] for each in whole["Responses"]["coffer"]} == {"1", "3", "4"}
    assert whole["UnprocessedKeys"] == {}
    assert {each["sk"]["S"] for each in part["Responses"]["coffer"]} == {"1", "3"}
    assert part["UnprocessedKeys"] == {"coffer": {"Keys": [key("2"), key("4")], "ConsistentRead": True}}


def test_without_a_plan_every_call_passes(faults: Faults) -> None:
    put(faults)
    faults.update_item(TableName="coffer", Key=key("1"), UpdateExpression="REMOVE a", ReturnValues="ALL_NEW")
    write(faults, "2")
    assert faults.get_item(TableName="coffer", Key=key("1"))["Item"] == key("1")
    query: Wire = {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}}
    assert faults.query(TableName="coffer", **query)["Items"] == [key("1"), key("2")]
    assert faults.scan(TableName="coffer")["Items"] == [key("1"), key("2")]
    get: Wire = {"Get": {"TableName": "coffer", "Key": key("2")}}
    assert faults.transact_get_items(TransactItems=[get])["Responses"] == [{"Item": key("2")}]  # type: ignore[list-item]
    faults.delete_item(TableName="coffer", Key=key("1"))
    assert faults.struck == 0
    assert faults.calls == [
        "put_item",
        "update_item",
        "transact_write_items",
        "get_item",
        "query",
        "scan",
        "transact_get_items",
        "delete_item",
    ]


def test_a_refused_connection_leaves_nothing_done(faults: Faults, fake: FakeDynamoDB) -> None:
    faults.refuse_connection("put_item")
    with pytest.raises(EndpointConnectionError):
        put(faults)
    assert fake.snapshot() == {}


def test_a_lost_answer_leaves_all_done(faults: Faults, fake: FakeDynamoDB) -> None:
    faults.lose_answer("transact_write_items")
    with pytest.raises(ReadTimeoutError):
        write(faults, "1", "2")
    assert set(fake.snapshot()) == {("p", "1"), ("p", "2")}


def test_a_refusal_can_be_lost_as_any_answer(faults: Faults, fake: FakeDynamoDB) -> None:
    faults.lose_answer("put_item")
    with pytest.raises(ReadTimeoutError):
        faults.put_item(TableName="coffer", Item=key("1"), ConditionExpression="attribute_exists(pk)")
    assert fake.snapshot() == {}


@pytest.mark.parametrize("applied", [False, True])
def test_an_error_code_comes_before_the_call_or_after_it(faults: Faults, fake: FakeDynamoDB, applied: bool) -> None:
    faults.fail("put_item", "InternalServerError", applied=applied)
    with pytest.raises(ClientError) as caught:
        put(faults)
    assert caught.value.response["Error"]["Code"] == "InternalServerError"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert len(fake.snapshot()) == applied


@pytest.mark.parametrize(
    "code",
    [
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
        "TransactionConflictException",
    ],
)
def test_an_error_is_of_the_class_that_a_client_has_for_it(faults: Faults, fake: FakeDynamoDB, code: str) -> None:
    faults.fail(None, code)
    with pytest.raises(getattr(fake.exceptions, code)) as caught:
        write(faults, "1")
    assert caught.value.response["Error"]["Message"] != code


def test_a_cancellation_has_a_reason_for_each_action(faults: Faults, fake: FakeDynamoDB) -> None:
    standing = reason("ConditionalCheckFailed", item=key("2"))
    faults.cancel("TransactionConflict", standing, None, "ThrottlingError")
    with pytest.raises(fake.exceptions.TransactionCanceledException) as caught:
        write(faults, "1", "2", "3", "4", "5")
    reasons = caught.value.response["CancellationReasons"]
    assert [each["Code"] for each in reasons] == [
        "TransactionConflict",
        "ConditionalCheckFailed",
        "None",
        "ThrottlingError",
        "None",
    ]
    assert (reasons[1]["Item"], reasons[2]) == (key("2"), {"Code": "None"})
    assert fake.snapshot() == {}


def test_any_other_error_can_be_planned(faults: Faults) -> None:
    faults.plan(lambda *_: ConnectionClosedError(endpoint_url=ENDPOINT), "put_item", applied=True)
    with pytest.raises(ConnectionClosedError):
        put(faults)


@pytest.mark.parametrize(
    ("nth", "fates"),
    [(1, "x----"), (3, "--x--"), (range(2, 4), "-xx--"), ({1, 5}, "x---x"), (9, "-----")],
    ids=["the next", "the third", "the second and third", "the first and fifth", "none of them"],
)
def test_a_fault_strikes_the_nth_call(faults: Faults, nth: int | Container[int], fates: str) -> None:
    plan = faults.refuse_connection("put_item", nth=nth)
    assert struck(lambda: put(faults), 5) == [fate == "x" for fate in fates]
    assert plan.struck == faults.struck == fates.count("x")


def test_only_calls_of_its_kind_are_counted(faults: Faults) -> None:
    faults.refuse_connection("put_item", nth=2, when=lambda request: request["Item"]["sk"]["S"] == "b")
    faults.get_item(TableName="coffer", Key=key("b"))
    assert struck(lambda: put(faults, "b"), 1) == [False]
    assert struck(lambda: put(faults, "a"), 3) == [False] * 3
    assert struck(lambda: put(faults, "b"), 2) == [True, False]


def test_it_counts_from_when_it_was_planned(faults: Faults) -> None:
    put(faults)
    faults.refuse_connection("put_item", nth=1)
    assert struck(lambda: put(faults), 2) == [True, False]


def test_chance_is_repeated_by_its_seed(fake: FakeDynamoDB) -> None:
    def fates(seed: int) -> list[bool]:
        faults = Faults(fake, seed=seed)
        faults.refuse_connection(probability=0.3)
        return struck(lambda: put(faults), 50)

    assert fates(1) == fates(1)
    assert fates(1) != fates(2)
    assert 5 < sum(fates(1)) < 25


def test_of_two_plans_for_one_call_the_first_is_carried_out(faults: Faults) -> None:
    first, second = faults.refuse_connection("put_item"), faults.lose_answer("put_item")
    assert struck(lambda: put(faults), 2) == [True, False]
    assert (first.struck, second.struck) == (1, 0)
