"""What may stand in the log: lines of a closed form, and never a token, a secret, or what a caller wrote.

`tests/conftest.py` holds every test's log to it.
"""

from __future__ import annotations

import json
import logging
import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from coffer.api.log import logger
from coffer.api.routes import ROUTES
from coffer.ids import is_prefixed
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
_NOBODY = "cli_00000000000000000000000000"
_NUMBERS = ("status", "milliseconds", "calls", "read_units", "write_units", "retries")

_SECRETS = re.compile(r"eyJ[-\w]+\.|cfs_[-\w]|cfk_[-\w]|\b(?:Bearer|Basic) [-\w+/=.]{8}", re.IGNORECASE)
"""JWTs, API keys, their secrets, and what stands in an Authorization header."""

_SECRET_HEADERS = {"authorization", "x-api-key", "x-api-secret", "idempotency-key", "x-idempotency", "cookie"}
_TELLING = 8
"""Characters from which on a text tells whose it is; shorter ones stand in the lines of a traceback by chance."""


def problems(line: str, events: list[Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with a line of the log, if anything, after some events."""
    if _SECRETS.search(line):
        yield "a token or a secret"
    said: dict[str, Any] = json.loads(line)
    known = _LINES.get(said["message"])
    if known is None:
        yield "a message that is not known"
        return
    if unknown := said.keys() - known - _ALWAYS:
        yield f"{sorted(unknown)}, of which nothing is known"
    if said["message"] == "request":
        yield from _of_request(said)
    else:
        for event in events:
            yield from (f"what a caller wrote: {text}" for text in private(event) if text in line)


def _of_request(said: Mapping[str, Any]) -> Iterator[str]:
    if said["outcome"] not in _OUTCOMES:
        yield "an outcome that is not known"
    if said.get("route") not in _ROUTE_KEYS:
        yield "a route that is not known"
    if not is_prefixed(said.get("client", _NOBODY), "cli"):
        yield "a client that is none"
    if not all(isinstance(said[name], int | float) for name in _NUMBERS):
        yield "a text for a number"


def private(event: Mapping[str, Any]) -> Iterator[str]:
    """What in an event is the caller's own and could tell: secrets in its headers, and every text of its body."""
    for name, value in event.get("headers", {}).items():
        if name in _SECRET_HEADERS:
            yield from _texts(value)
    try:
        yield from _texts(json.loads(event.get("body") or "null"))
    except ValueError:
        yield event["body"]


def _texts(value: object) -> Iterator[str]:
    match value:
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)
        case str() if len(value) >= _TELLING:
            yield value


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logger.registered_formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def watched() -> Iterator[None]:
    """AssertionError at the end if anything was logged that may not be; what the last 100 events held is known."""
    handler, events = _Lines(), deque[Mapping[str, Any]](maxlen=100)
    inner = logging.getLogger(logger.name)
    inner.addHandler(handler)
    world.listeners.append(events.append)
    try:
        yield
    finally:
        world.listeners.remove(events.append)
        inner.removeHandler(handler)
    found = [f"{problem}: {line}" for line in handler.lines for problem in problems(line, list(events))]
    assert not found, "the log holds " + "\n".join(found)
