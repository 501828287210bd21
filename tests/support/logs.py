"""What may stand in the log: lines of a closed form, and never a token, a secret, or what a caller wrote.

`tests/conftest.py` holds every test's log to it, `tests/stack/conftest.py` that of the functions on the stack.
"""

from __future__ import annotations

import json
import logging
import re
from base64 import b64decode
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote

from coffer.api.log import logger
from coffer.api.routes import ROUTES
from coffer.ids import is_prefixed, is_uuid
from coffer.ledger.refusal import Reason
from tests.support import world

_ALWAYS = {"level", "message", "timestamp"}
_REQUEST = {
    *("request_id", "client", "route", "status", "outcome", "milliseconds"),
    *("calls", "read_units", "write_units", "retries"),
}
_HOLD = {"client", "organization", "ledger", "transaction"}
_LINES: Mapping[str, set[str]] = {
    "request": _REQUEST,
    "token refused": {"why", "request_id"},
    "mistake": {"request_id", "route", "exception", "exception_name", "found", *_HOLD},
    "hold waits": _HOLD,
}
"""What there is to log, by its message, and what is said of it."""

_OUTCOMES = {"done", "replayed", "invalid_request", "unsupported_grant_type", "invalid_scope", "invalid_client"} | {
    "unauthorized_client",
    "temporarily_unavailable",
    *Reason,
}
_ROUTE_KEYS = {None, "$default", *(f"{method} {path}" for path, methods in ROUTES.items() for method in methods)}
_SEGMENTS = {segment for path in ROUTES for segment in path.split("/")}
_NOBODY = "cli_00000000000000000000000000"
_ID = re.compile(r"[-\w=]{1,128}", re.ASCII)
"""A request's id: the caller's, if it is of these letters, or the gateway's."""
_NUMBERS = ("status", "milliseconds", "calls", "read_units", "write_units", "retries")

SECRETS = re.compile(r"eyJ[-\w]+\.|cfs_[-\w]|cfk_[-\w]|\b(?:Bearer|Basic) [-\w+/=.]{8}", re.IGNORECASE)
"""JWTs, API keys, their secrets, and what stands in an Authorization header."""

_SECRET_HEADERS = {"authorization", "x-api-key", "x-api-secret", "idempotency-key", "x-idempotency", "cookie"}
_TELLING = 8
"""Characters from which on a text tells whose it is; shorter ones stand in the lines of a traceback by chance."""


def problems(line: str, events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with a line of the log, if anything, after some events."""
    if SECRETS.search(line):
        yield "a token or a secret"
    said: dict[str, Any] = json.loads(line)
    known = _LINES.get(said["message"])
    if known is None:
        yield "a message that is not known"
        return
    if unknown := said.keys() - known - _ALWAYS:
        yield f"{sorted(unknown)}, of which nothing is known"
    if not _ID.fullmatch(said.get("request_id", "-")):
        yield "a request's id that is none"
    if said["message"] == "request":
        yield from _of_request(said)
    else:
        text = " ".join(map(str, said.values()))
        for event in events:
            yield from (f"what a caller wrote: {wrote}" for wrote in private(event) if wrote in text)


def _of_request(said: Mapping[str, Any]) -> Iterator[str]:
    """Every value is one of a few, or of a form in which nothing could be told."""
    if said["outcome"] not in _OUTCOMES:
        yield "an outcome that is not known"
    if said.get("route") not in _ROUTE_KEYS:
        yield "a route that is not known"
    if not is_prefixed(said.get("client", _NOBODY), "cli"):
        yield "a client that is none"
    if not all(isinstance(said[name], int | float) for name in _NUMBERS if name in said):
        yield "a text for a number"


def private(event: Mapping[str, Any]) -> Iterator[str]:
    """What in an event is the caller's own and could tell: its address, secrets in its headers, and all that it wrote.

    That is every text of its path, of its query and of its body, but for ids, which tell nothing.
    """
    query = event.get("rawQueryString") or ""
    wrote = [
        event.get("requestContext", {}).get("http", {}).get("sourceIp"),
        [value for name, value in (event.get("headers") or {}).items() if name in _SECRET_HEADERS],
        [segment for segment in (event.get("rawPath") or "").split("/") if segment not in _SEGMENTS],
        event.get("pathParameters"),
        [pair.partition("=")[2] for pair in query.split("&")],
        [(name.partition("metadata.")[2], value) for name, value in parse_qsl(query)],
        _body(event),
    ]
    for text in _texts(wrote):
        if len(text) >= _TELLING and not is_uuid(text) and not is_prefixed(text, text[:3]):
            yield text


def _body(event: Mapping[str, Any]) -> object:
    body: str = event.get("body") or ""
    try:
        return json.loads(b64decode(body) if event.get("isBase64Encoded") else body)
    except (ValueError, RecursionError):
        return body


def _texts(value: object) -> Iterator[str]:
    """All texts in a value of any depth: what is in a list, what an object's fields hold, the names in metadata."""
    rest = [value]
    while rest:
        match rest.pop():
            case dict(fields):
                metadata = fields.get("metadata")
                rest += [*fields.values(), *(metadata if isinstance(metadata, dict) else ())]
            case list(several) | tuple(several):
                rest += several
            case str(text):
                yield text
                yield unquote(text)


_recent = deque[Mapping[str, Any]](maxlen=100)
"""The last events: what they held is looked for in each line, whichever test or fixture sent them."""
world.listeners.append(_recent.append)


class Watch(logging.Handler):
    """Finds what is logged and may not be, at the moment when it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logger.registered_formatter)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self.found += [f"{problem}: {line}" for problem in problems(line, list(_recent))]


@contextmanager
def watched() -> Iterator[None]:
    """AssertionError at the end if anything was logged that may not be."""
    watch = Watch()
    inner = logging.getLogger(logger.name)
    inner.addHandler(watch)
    try:
        yield
    finally:
        inner.removeHandler(watch)
    assert not watch.found, "the log holds " + "\n".join(watch.found)
