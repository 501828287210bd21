"""The stand-ins speak AWS's JSON protocol: what a real client sends is understood, and what it gets it can read."""

import json

import pytest

from tests.support.dynamodb.errors import cancelled, reason
from tests.support.samples import sample_world
from tools.bench.services import as_sent, method_of, respond


@pytest.mark.parametrize(
    ("target", "method"),
    [
        ("DynamoDB_20120810.GetItem", "get_item"),
        ("DynamoDB_20120810.TransactWriteItems", "transact_write_items"),
        ("TrentService.Sign", "sign"),
    ],
)
def test_a_target_names_a_method_of_the_client(target: str, method: str) -> None:
    assert method_of(target) == method


def test_an_error_is_sent_with_what_stands_beside_it() -> None:
    sent = as_sent(cancelled("transact_write_items", [reason("TransactionConflict")]))
    assert sent["__type"].endswith("#TransactionCanceledException")
    assert [each["Code"] for each in sent["CancellationReasons"]] == ["TransactionConflict"]


def test_a_call_is_answered_without_what_botocore_adds() -> None:
    world = sample_world()
    clients = {"DynamoDB": world.fake, "TrentService": world.runtime.kms()}
    key = {"pk": {"S": "nothing"}, "sk": {"S": "there"}}
    request = json.dumps({"TableName": world.fake.table, "Key": key}).encode()
    assert respond(clients, "DynamoDB_20120810.GetItem", request) == (200, b"{}")
