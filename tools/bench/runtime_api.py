"""Lambda's Runtime API, for one function at a time: enough for the real runtime interface client.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any

from tools.bench.serving import Server, serving

DEADLINE = 15_000
"""Milliseconds that an invocation may take, as the template says."""
PATIENCE = 30.0
"""Seconds after which a function that has not answered is given up."""


@dataclass(slots=True)
class Invocation:
    """The one event that a process gets, and what became of it; `answered_at` is of `time.perf_counter`."""

    event: Mapping[str, Any]
    given: bool = False
    answered_at: float = 0.0
    path: str = ""
    answer: bytes = b""
    answered: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)
    """Set when the process has been ended."""

    @property
    def failed(self) -> bool:
        """Whether the function ended in an error, or never started."""
        return not self.path.endswith("/response")


class RuntimeApi:
    """The API, at `address`; `expect` says which event comes next."""

    def __init__(self, server: Server) -> None:
        self.address = server.address
        self._server = server

    def expect(self, event: Mapping[str, Any]) -> Invocation:
        """The next process that asks gets this event."""
        self._server.state = invocation = Invocation(event)
        return invocation


@contextmanager
def runtime_api() -> Iterator[RuntimeApi]:
    """The API, served while the block lasts."""
    with serving(_Handler) as server:
        yield RuntimeApi(server)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        """`/runtime/invocation/next`: the event, once; who asks again waits until he is ended."""
        invocation: Invocation = self.server.state
        if invocation.given:
            invocation.over.wait(PATIENCE)
            self.close_connection = True
            return
        invocation.given = True
        event = json.dumps(invocation.event).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + DEADLINE))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:bench")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(event)))
        self.end_headers()
        self.wfile.write(event)

    def do_POST(self) -> None:
        """`…/response`, `…/error`: what came of it."""
        invocation: Invocation = self.server.state
        invocation.answered_at = time.perf_counter()
        invocation.path = self.path
        invocation.answer = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        invocation.answered.set()
