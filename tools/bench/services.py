"""DynamoDB and KMS over HTTPS, for processes that are measured: the tests' stand-ins behind AWS's JSON protocol."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any

import trustme
from botocore.exceptions import ClientError

from tests.support.world import World
from tools.bench.serving import Server, serving

_BYTES = {"Message", "Signature", "PublicKey"}
"""KMS's members of bytes; the ledger's items have none."""


@dataclass(slots=True)
class Services:
    """At `address` answers the world that is set here; `certificate`, PEM, is of who signs for it.

    `asked` are the targets of the calls since then.
    """

    server: Server
    certificate: str
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """What `AWS_ENDPOINT_URL` is."""
        return f"https://{self.server.address}"

    def answer_from(self, world: World) -> None:
        """From now on, what is asked is asked of this world."""
        clients = {"DynamoDB": world.fake, "TrentService": world.runtime.kms()}
        self.asked = []
        self.server.state = partial(self._answer, clients)

    def _answer(self, clients: Mapping[str, Any], target: str, body: bytes) -> tuple[int, bytes]:
        self.asked.append(target)  # several threads do: a count would not be exact
        return respond(clients, target, body)


@contextmanager
def services() -> Iterator[Services]:
    """Both services, while the block lasts."""
    signer = trustme.CA(key_type=trustme.KeyType.RSA)
    with serving(_Handler, signer) as server:
        yield Services(server, signer.cert_pem.bytes().decode())


def method_of(target: str) -> str:
    """The client's method for an `X-Amz-Target`: `DynamoDB_20120810.GetItem` → `get_item`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", target.rpartition(".")[2]).lower()


def respond(clients: Mapping[str, Any], target: str, body: bytes) -> tuple[int, bytes]:
    """Status and body of the answer of a service, found by the name of its API without the version."""
    client = clients[target.partition(".")[0].partition("_")[0]]
    try:
        answer = getattr(client, method_of(target))(**decoded(json.loads(body)))
    except ClientError as error:
        return 400, json.dumps(as_sent(error)).encode()
    return 200, json.dumps(
        encoded({name: value for name, value in answer.items() if name != "ResponseMetadata"})
    ).encode()


def as_sent(error: ClientError) -> dict[str, Any]:
    """An error as the service sends it."""
    response: Mapping[str, Any] = error.response
    more = {name: value for name, value in response.items() if name not in {"Error", "ResponseMetadata"}}
    code = f"com.amazonaws.dynamodb.v20120810#{response['Error']['Code']}"
    return {"__type": code, "message": response["Error"]["Message"], **more}


def decoded(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request's members as boto3's client takes them."""
    return {name: b64decode(value) if name in _BYTES else value for name, value in request.items()}


def encoded(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer's members as JSON takes them."""
    return {name: b64encode(value).decode() if name in _BYTES else value for name, value in answer.items()}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second would wait for an acknowledgement
    server: Server

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_POST(self) -> None:
        """A call."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer = self.server.state(self.headers["X-Amz-Target"], body)
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
