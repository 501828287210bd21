"""boto3's client as the functions make it, against a server that misbehaves: nothing is repeated behind our back."""

from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from zlib import crc32

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from coffer.api.runtime import CLIENT
from coffer.store.failures import Failure, classify

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ITEM = b'{"Item":{"pk":{"S":"a"},"sk":{"S":"b"}}}'
PK = {"pk": {"S": "a"}, "sk": {"S": "b"}}

POLL = 0.01
"""Seconds."""

type Reply = tuple[int, Mapping[str, str], bytes]


class Server(HTTPServer):
    """Gives one answer to everything, and counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply: Reply = (200, {}, b"{}")
        self.asked = 0


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        status, headers, body = self.server.reply
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on this machine."""
    server = Server()
    thread = Thread(target=server.serve_forever, args=[POLL])
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client(server: Server) -> Iterator["DynamoDBClient"]:
    """A client made as in Lambda, but for where it goes."""
    client = boto3.client(
        "dynamodb",
        config=CLIENT,
        region_name="eu-central-1",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    yield client
    client.close()


def _checked(body: bytes) -> Mapping[str, str]:
    return {"x-amz-crc32": str(crc32(body))}


def _failure(call: Callable[[], object]) -> Failure:
    with pytest.raises((ClientError, BotoCoreError)) as raised:
        call()
    assert isinstance(raised.value, ClientError | BotoCoreError)
    return classify(raised.value)


def test_an_answer_arrives(server: Server, client: "DynamoDBClient") -> None:
    server.reply = (200, _checked(ITEM), ITEM)
    assert client.get_item(TableName="coffer", Key=PK)["Item"] == PK


@pytest.mark.parametrize("rest", [b"", ITEM[:20], ITEM.replace(b"a", b"A")], ids=["nothing", "half", "another"])
def test_an_answer_that_is_not_whole_counts_as_lost_and_not_as_an_empty_one(
    server: Server, client: "DynamoDBClient", rest: bytes
) -> None:
    server.reply = (200, _checked(ITEM), rest)
    assert _failure(lambda: client.get_item(TableName="coffer", Key=PK)) is Failure.AMBIGUOUS
    assert server.asked == 1


def _error(code: str, more: str = "") -> bytes:
    return f'{{"__type":"com.amazonaws.dynamodb.v20120810#{code}"{more}}}'.encode()


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (500, _error("InternalServerError"), Failure.AMBIGUOUS),
        (503, b"<html>busy</html>", Failure.AMBIGUOUS),
        (500, b"", Failure.AMBIGUOUS),
        (400, _error("TransactionInProgressException"), Failure.AMBIGUOUS),
        (400, _error("ThrottlingException"), Failure.BUSY),
        (400, _error("ProvisionedThroughputExceededException"), Failure.BUSY),
        (
            400,
            _error("TransactionCanceledException", ',"CancellationReasons":[{"Code":"TransactionConflict"}]'),
            Failure.CANCELLED,
        ),
        (400, _error("ValidationException"), Failure.BUG),
        (403, b"<html>no</html>", Failure.BUG),
    ],
)
def test_an_error_comes_through_as_it_is_after_one_request(
    server: Server, client: "DynamoDBClient", status: int, body: bytes, failure: Failure
) -> None:
    server.reply = (status, _checked(body), body)
    write = {"Put": {"TableName": "coffer", "Item": PK}}
    assert _failure(lambda: client.transact_write_items(TransactItems=[write])) is failure  # type: ignore[list-item]
    assert server.asked == 1


def test_a_connection_that_breaks_off_counts_as_a_lost_answer(server: Server, client: "DynamoDBClient") -> None:
    server.reply = (200, {**_checked(ITEM), "Content-Length": "0", "Transfer-Encoding": "chunked"}, b'5\r\n{"It')
    assert _failure(lambda: client.get_item(TableName="coffer", Key=PK)) is Failure.AMBIGUOUS
    assert server.asked == 1


def test_a_port_on_which_nobody_listens_was_never_reached(server: Server, client: "DynamoDBClient") -> None:
    server.shutdown()
    server.server_close()
    assert _failure(lambda: client.get_item(TableName="coffer", Key=PK)) is Failure.BUSY
    assert server.asked == 0
