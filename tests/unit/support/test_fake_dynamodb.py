"""What the fake has beyond the contract that all stores share."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.support.dynamodb.errors import NotFaked
from tests.support.dynamodb.service import Changes
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.template import table_definition

type Wire = dict[str, Any]

KB = 1_024


def item(sk: str, size: int = 0, **attributes: str) -> Wire:
    """An item of partition `p`, of so many bytes if they are given."""
    texts = {"pk": "p", "sk": sk, **attributes}
    made = {name: {"S": text} for name, text in texts.items()}
    if size:
        made["body"] = {"S": "x" * (size - 4 - sum(len(name) + len(text) for name, text in texts.items()))}
    return made


def key(sk: str) -> Wire:
    """A key of partition `p`."""
    return item(sk)


def put(sk: str, size: int = 0, **more: str | bool) -> Wire:
    """An action that writes an item."""
    return {"Put": {"TableName": "coffer", "Item": item(sk, size), **more}}


@pytest.fixture
def fake() -> FakeDynamoDB:
    """An empty table."""
    return FakeDynamoDB(table_definition())


def listed(fake: FakeDynamoDB) -> list[str]:
    """What index `gsi1` has under `list`."""
    answer = fake.query(
        TableName="coffer",
        IndexName="gsi1",
        KeyConditionExpression="gsi1pk = :list",
        ExpressionAttributeValues={":list": {"S": "list"}},
    )
    return [each["sk"]["S"] for each in answer["Items"]]


def test_every_call_is_announced_before_it_is_carried_out() -> None:
    seen: list[tuple[str, str, int]] = []

    def look(operation: str, request: Mapping[str, Any]) -> None:
        seen.append((operation, request["TableName"], len(watched.snapshot())))

    watched = FakeDynamoDB(table_definition(), on_call=look)
    watched.put_item(TableName="coffer", Item=item("1"))
    watched.delete_item(TableName="coffer", Key=key("1"))
    assert seen == [("put_item", "coffer", 0), ("delete_item", "coffer", 1)]


def test_another_call_can_come_in_between() -> None:
    def intrude(operation: str, _request: Mapping[str, Any]) -> None:
        if operation == "put_item":
            watched.delete_item(TableName="coffer", Key=key("1"))

    watched = FakeDynamoDB(table_definition(), on_call=intrude)
    for _ in range(2):
        watched.put_item(TableName="coffer", Item=item("1"), ConditionExpression="attribute_not_exists(pk)")
    assert watched.meter.calls == {"put_item": 2, "delete_item": 2}


def test_snapshots_are_equal_exactly_when_the_tables_are(fake: FakeDynamoDB) -> None:
    other = FakeDynamoDB(table_definition())
    for sk in ("b", "a"):
        fake.put_item(TableName="coffer", Item=item(sk))
    for sk in ("a", "b"):
        other.put_item(TableName="coffer", Item=dict(reversed(item(sk).items())))
    assert fake.snapshot() == other.snapshot()
    assert list(fake.snapshot()) == [("p", "a"), ("p", "b")]
    other.put_item(TableName="coffer", Item=item("a", more="x"))
    assert fake.snapshot() != other.snapshot()


def test_nobody_outside_holds_what_the_table_holds(fake: FakeDynamoDB) -> None:
    given: Wire = {**key("1"), "list": {"L": [{"M": {"a": {"S": "x"}}}]}}
    fake.put_item(TableName="coffer", Item=given)
    before = fake.snapshot()
    given["list"]["L"][0]["M"]["a"]["S"] = "changed"
    fake.snapshot()["p", "1"]["list"]["L"].clear()
    told: Any = fake.get_item(TableName="coffer", Key=key("1"))["Item"]
    told["list"]["L"][0]["M"]["a"]["S"] = "changed"
    assert fake.snapshot() == before


def test_a_lagging_index_shows_some_earlier_state_and_settles() -> None:
    fake = FakeDynamoDB(table_definition(), lag=Random(7))  # noqa: S311 -- it must be repeatable
    seen = []
    for number in range(20):
        fake.put_item(TableName="coffer", Item=item(f"{number:02}", gsi1pk="list", gsi1sk=f"{number:02}"))
        seen.append(listed(fake))
    every = [f"{number:02}" for number in range(20)]
    assert all(state == every[: len(state)] for state in seen)
    assert any(len(state) <= number for number, state in enumerate(seen))
    fake.settle()
    assert listed(fake) == every


@pytest.mark.parametrize("consistent", [True, False])
def test_with_lag_a_read_that_need_not_be_consistent_shows_some_earlier_state(*, consistent: bool) -> None:
    fake = FakeDynamoDB(table_definition(), lag=Random(7))  # noqa: S311 -- it must be repeatable
    seen = []
    for number in range(20):
        fake.put_item(TableName="coffer", Item=item("1", n=f"{number}"))
        fake.put_item(TableName="coffer", Item=item(f"2{number:02}"))
        found = fake.get_item(TableName="coffer", Key=key("1"), ConsistentRead=consistent)
        rows = fake.query(
            TableName="coffer",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "p"}},
            ConsistentRead=consistent,
        )
        seen.append((number, int(found.get("Item", {"n": {"S": "-1"}})["n"]["S"]), rows["Count"] - 2))
    trailing = [(number, got, counted) for number, got, counted in seen if (got, counted) != (number, number)]
    assert all(max(got, counted) <= number for number, got, counted in seen)
    assert bool(trailing) != consistent
    assert fake.snapshot()["p", "1"]["n"] == {"S": "19"}


def test_what_was_written_is_told_with_what_stood_there_before() -> None:
    fake, told = FakeDynamoDB(table_definition()), list[Changes]()
    fake.on_write = told.append
    for n in "12":
        written: Wire = {"Put": {"TableName": "coffer", "Item": item("1", n=n)}}
        fake.transact_write_items(TransactItems=[written], ClientRequestToken=n)  # type: ignore[list-item]
        fake.transact_write_items(TransactItems=[written], ClientRequestToken=n)  # type: ignore[list-item]
    assert told == [[(None, item("1", n="1"))], [(item("1", n="1"), item("1", n="2"))]]


def test_a_token_is_forgotten_after_ten_minutes() -> None:
    now = [0.0]
    fake = FakeDynamoDB(table_definition(), clock=lambda: now[0])
    add: Wire = {
        "Update": {
            "TableName": "coffer",
            "Key": key("1"),
            "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }
    for now[0] in (0, 599, 601):
        fake.transact_write_items(TransactItems=[add], ClientRequestToken="token")  # type: ignore[list-item]
    assert fake.snapshot()["p", "1"]["n"] == {"N": "2"}


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param({"ConditionExpression": "contains(a, :v)"}, id="contains"),
        pytest.param({"ConditionExpression": "size(a) > :v"}, id="size"),
        pytest.param({"ConditionExpression": "a.b = :v"}, id="a path"),
        pytest.param({"ConditionExpression": "a[0] = :v"}, id="an element"),
        pytest.param({"UpdateExpression": "SET a = list_append(a, :v)"}, id="list_append"),
        pytest.param({"UpdateExpression": "DELETE a :v"}, id="DELETE"),
        pytest.param({"UpdateExpression": "SET a = :v", "ReturnValues": "UPDATED_NEW"}, id="UPDATED_NEW"),
    ],
)
def test_what_it_does_not_know_it_says_so(fake: FakeDynamoDB, request_: Wire) -> None:
    with pytest.raises(NotFaked):
        fake.update_item(TableName="coffer", Key=key("1"), ExpressionAttributeValues={":v": {"S": "x"}}, **request_)


@pytest.mark.parametrize(
    "request_", [{"IndexName": "gsi1"}, {"Segment": 0, "TotalSegments": 2}, {"FilterExpression": "size(a) > :v"}]
)
def test_of_scans_too_it_says_what_it_does_not_know(fake: FakeDynamoDB, request_: Wire) -> None:
    with pytest.raises(NotFaked):
        fake.scan(TableName="coffer", **request_)


def test_a_scan_reads_partitions_in_an_order_that_is_always_the_same_and_not_their_own() -> None:
    def scanned(pks: str) -> str:
        table = FakeDynamoDB(table_definition())
        for pk in pks:
            table.put_item(TableName="coffer", Item=item("1", pk=pk))
        items: list[Wire] = list(table.scan(TableName="coffer")["Items"])
        return "".join(each["pk"]["S"] for each in items)

    assert scanned("abcdefgh") == scanned("hgfedcba") == "ecghdfab"


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("get_item", {"TableName": "coffer", "Key": {}, "AttributesToGet": ["a"]}),
        ("get_item", {"Key": {}}),
        ("batch_get_item", {"RequestItems": {"coffer": {"Keys": []}}}),
        ("batch_get_item", {"RequestItems": {"coffer": {"Keys": [key("1")], "AttributesToGet": ["a"]}}}),
        ("put_item", {"TableName": "coffer", "Item": {"pk": {"S": 1}}}),
        ("put_item", {"TableName": "coffer", "Item": {"pk": {"S": "x", "N": "1"}}}),
        ("put_item", {"TableName": "coffer", "Item": {}, "Expected": {}}),
        ("query", {"TableName": "coffer", "QueryFilter": {}}),
        ("scan", {"TableName": "coffer", "ScanFilter": {}}),
        ("scan", {"TableName": "coffer", "Limit": 0}),
        ("transact_write_items", {"TransactItems": [put("1", Oops=True)]}),
    ],
)
def test_a_request_of_another_form_is_refused_as_botocore_does(
    fake: FakeDynamoDB, operation: str, request_: Wire
) -> None:
    with pytest.raises(ParamValidationError):
        getattr(fake, operation)(**request_)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"ConditionExpression": ""}, "Invalid ConditionExpression: The expression can not be empty;"),
        (
            {"ConditionExpression": "((attribute_exists(pk)))"},
            "Invalid ConditionExpression: The expression has redundant parentheses;",
        ),
        (
            {"ConditionExpression": "name = :v", "ExpressionAttributeValues": {":v": {"S": "x"}}},
            "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: name",
        ),
        (
            {"UpdateExpression": "INVALID SYNTAX HERE"},
            'Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"',
        ),
        (
            {"UpdateExpression": "SET a = :v"},
            (
                "Invalid UpdateExpression: An expression attribute value used in expression is not defined; "
                "attribute value: :v"
            ),
        ),
        (
            {"UpdateExpression": "REMOVE a", "ExpressionAttributeNames": {"#u": "u"}},
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#u}",
        ),
        (
            {"UpdateExpression": "REMOVE pk"},
            "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
        ),
    ],
)
def test_it_says_what_the_service_says(fake: FakeDynamoDB, request_: Wire, message: str) -> None:
    with pytest.raises(ClientError) as caught:
        fake.update_item(TableName="coffer", Key=key("1"), **request_)
    assert caught.value.response["Error"] == {"Code": "ValidationException", "Message": message}


def test_its_errors_are_those_of_a_client(fake: FakeDynamoDB) -> None:
    with pytest.raises(
        ClientError, match="when calling the TransactWriteItems operation: Transaction cancelled"
    ) as caught:
        fake.transact_write_items(TransactItems=[put("1", ConditionExpression="attribute_exists(pk)")])  # type: ignore[list-item]
    assert isinstance(caught.value, fake.exceptions.TransactionCanceledException)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize(("standing", "written", "units"), [(0, 1, 1), (1, 1, 1), (2, 1, 2), (300, 310, 310)])
def test_a_failed_condition_costs_its_write(fake: FakeDynamoDB, standing: int, written: int, units: int) -> None:
    if standing:
        fake.put_item(TableName="coffer", Item=item("1", standing * KB))
    before = fake.meter.write_units
    with pytest.raises(fake.exceptions.ConditionalCheckFailedException):
        fake.put_item(TableName="coffer", Item=item("1", written * KB), ConditionExpression="attribute_exists(nothing)")
    assert fake.meter.write_units - before == units


def test_a_cancelled_transaction_is_metered_as_if_it_had_been_written(fake: FakeDynamoDB) -> None:
    with pytest.raises(fake.exceptions.TransactionCanceledException):
        fake.transact_write_items(
            TransactItems=[put("1", 500), put("2", 1_500, ConditionExpression="attribute_exists(pk)")]  # type: ignore[list-item]
        )
    assert fake.meter.write_units == 2 * (1 + 2)


def test_three_items_of_500_bytes_cost_six_units_to_write_at_once_and_six_to_read(fake: FakeDynamoDB) -> None:
    """The example of https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html"""
    fake.transact_write_items(TransactItems=[put(sk, 500) for sk in "abc"])  # type: ignore[misc]
    fake.transact_get_items(TransactItems=[{"Get": {"TableName": "coffer", "Key": key(sk)}} for sk in "abc"])
    assert (fake.meter.write_units, fake.meter.read_units) == (6, 6)


@pytest.mark.parametrize(("items", "size", "units"), [(10, 4_178, 11), (1_500, 64, 24)])
def test_a_query_costs_by_the_sum_of_its_items(fake: FakeDynamoDB, items: int, size: int, units: int) -> None:
    """The examples of https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html"""
    for number in range(items):
        fake.put_item(TableName="coffer", Item=item(f"{number:04}", size))
    fake.query(
        TableName="coffer",
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "p"}},
        ConsistentRead=True,
    )
    assert fake.meter.read_units == units
