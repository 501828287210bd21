"""API Gateway's part over HTTP: a world behind an address on this machine, with the real authorizer before it.

It gives tools that speak HTTP the endpoints without an emulator. What the real gateway does by itself and no test here
needs (its own limits, throttling, CORS) it does not do.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import unquote

from coffer.api.authorizer import authorize
from coffer.api.responses import json_response
from tests.support.world import Answer, World, event_of, find

_TEXTS = ("text/", "application/json", "application/javascript", "application/xml")
"""Content types of bodies that a function gets as they are; others come in base64."""


@contextmanager
def served(world: World) -> Iterator[str]:
    """The address of a gateway to a world.

    It takes one request at a time, for a world's clock and its table are one thread's.
    """
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # a whole answer in one packet: the rest of it would wait for an acknowledgement, 40 ms

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers: dict[str, str] = {}
            for name, value in self.headers.items():
                known = headers.get(name.lower())
                headers[name.lower()] = value if known is None else f"{known},{value}"
            with lock:
                answer = pass_on(world, self.command, self.path, headers, body)
            self._send(answer)

        do_GET = do_HEAD = do_POST = do_PATCH = do_DELETE = do_PUT = do_OPTIONS = do_TRACE = do_QUERY = _answer  # noqa: N815

        def _send(self, answer: Answer) -> None:
            body = (answer.body or "").encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name
            """Nothing: the endpoints log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def pass_on(world: World, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """What the gateway answers to a request, whose headers have names in lower case."""
    path, _, query = target.partition("?")
    endpoint, parameters = find(method, path)
    event = event_of(
        endpoint,
        method,
        unquote(path),
        query=query,
        parameters={name: unquote(value) for name, value in parameters.items()},
    )
    event |= _body(headers, body)
    event["headers"] = dict(headers)
    if endpoint.declaration.scope is not None:
        if not headers.get("authorization"):
            return _refused()
        event["requestContext"]["authorizer"] = {"lambda": _verdict(world, event)}
    return world.call(event, endpoint)


def _body(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    if not body:
        return {"body": None, "isBase64Encoded": False}
    if headers.get("content-type", "").startswith(_TEXTS):
        try:
            return {"body": body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": b64encode(body).decode(), "isBase64Encoded": True}


def _verdict(world: World, event: Mapping[str, Any]) -> object:
    asked = {
        "version": "2.0",
        "type": "REQUEST",
        "identitySource": [event["headers"]["authorization"]],
        "requestContext": event["requestContext"],
    }
    return authorize(asked, world.runtime, world.countdown())["context"]


def _refused() -> Answer:
    """What the gateway says by itself to a request without a token."""
    answer = json_response(401, {"message": "Unauthorized"})
    return Answer(answer.status, {"Content-Type": "application/json"}, answer.body)
