"""The watch over the log finds what may not stand there."""

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest

from coffer.api.log import logger
from tests.support.logs import problems, watched

REQUEST: Mapping[str, object] = {
    "level": "INFO",
    "message": "request",
    "timestamp": "2026-01-15T10:40:00.000+00:00",
    "request_id": "trace-1",
    "client": "cli_01KF0KV800E00800000000000A",
    "route": "POST /v1/organizations",
    "status": 201,
    "outcome": "done",
    "milliseconds": 12,
    "calls": 1,
    "read_units": 0,
    "write_units": 2.0,
    "retries": 0,
}
MISTAKE = {name: REQUEST[name] for name in ("level", "message", "timestamp")} | {"message": "mistake"}
EVENT: Mapping[str, Any] = {
    "headers": {"authorization": "Bearer abcdefgh", "idempotency-key": "order-42"},
    "body": json.dumps({"legalName": "Ada Lovelace", "metadata": {"iban": "DE89370400440532013000"}}),
}


def test_a_line_of_a_request_is_good() -> None:
    assert list(problems(json.dumps(REQUEST), [EVENT])) == []


LEAKS: Mapping[str, Mapping[str, object]] = {
    "a token": {**REQUEST, "request_id": "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJj"},
    "a secret": {**REQUEST, "request_id": "cfs_sample"},
    "an API key": {**REQUEST, "request_id": "cfk_sample"},
    "a header": {**REQUEST, "request_id": "bearer abcdefgh"},
    "a body": {**REQUEST, "body": "{}"},
    "a message of another kind": {**REQUEST, "message": "created Ada Lovelace"},
    "a path for a route": {**REQUEST, "route": "GET /v1/organizations/1/ledgers/2/accounts/alias/@ada"},
    "a message for an outcome": {**REQUEST, "outcome": "The alias @ada is taken."},
    "a name for a client": {**REQUEST, "client": "Acme"},
    "a text for a number": {**REQUEST, "status": "201 for Ada"},
    "a name in a traceback": {**MISTAKE, "exception": "ValueError: Ada Lovelace"},
    "metadata in a traceback": {**MISTAKE, "exception": "ValueError: DE89370400440532013000"},
    "an idempotency key in a traceback": {**MISTAKE, "exception": "ValueError: order-42"},
}


@pytest.mark.parametrize("line", LEAKS.values(), ids=LEAKS)
def test_a_line_that_tells_too_much_is_found(line: Mapping[str, object]) -> None:
    assert list(problems(json.dumps(line), [EVENT])) != []


def test_what_is_logged_in_a_test_is_looked_at() -> None:
    def leak() -> None:
        with watched():
            logger.info("created Ada Lovelace")

    with pytest.raises(AssertionError, match="a message that is not known"):
        leak()
    # This test is watched, too.
    logging.getLogger(logger.name).handlers[-1].__dict__["lines"].clear()
