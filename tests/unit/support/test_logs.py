"""The watch over the log finds what may not stand there."""

import json
import logging
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from coffer.api.log import logger
from tests.support.logs import Watch, problems, watched

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
    "rawPath": "/v1/organizations/0/ledgers/1/accounts/alias/@ada.lovelace",
    "pathParameters": {"alias": "@grace/hopper"},
    "rawQueryString": "sort_order=asc&metadata.nationalId=123-45-6789&holder=Joan%20Clarke",
    "requestContext": {"http": {"sourceIp": "192.0.2.1"}},
    "headers": {"authorization": "Bearer abcdefgh", "idempotency-key": "order-42"},
    "body": json.dumps({"legalName": "Ada Lovelace", "metadata": {"iban": "DE89370400440532013000", "Kurt Gödel": 1}}),
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
    "an e-mail address for a request's id": {**REQUEST, "request_id": "ada@example.com"},
    "a name for a request's id": {**MISTAKE, "request_id": "Ada Lovelace"},
    "an address for a request's id": {**REQUEST, "request_id": "192.0.2.1"},
    "a name in a traceback": {**MISTAKE, "exception": "ValueError: Ada Lovelace"},
    "metadata in a traceback": {**MISTAKE, "exception": "ValueError: DE89370400440532013000"},
    "a name of metadata in a traceback": {**MISTAKE, "exception": "ValueError: Kurt Gödel"},
    "an idempotency key in a traceback": {**MISTAKE, "exception": "ValueError: order-42"},
    "a part of the path in a traceback": {**MISTAKE, "exception": "ValueError: @ada.lovelace"},
    "a parameter of the path in a traceback": {**MISTAKE, "exception": "ValueError: @grace/hopper"},
    "a value of the query in a traceback": {**MISTAKE, "exception": "ValueError: Joan Clarke"},
    "a value of the query as it was sent in a traceback": {**MISTAKE, "exception": "ValueError: Joan%20Clarke"},
    "what metadata is asked for in a traceback": {**MISTAKE, "exception": "ValueError: 123-45-6789"},
    "a name of metadata that is asked for in a traceback": {**MISTAKE, "exception": "ValueError: nationalId"},
    "the caller's address in a traceback": {**MISTAKE, "exception": "ValueError: 192.0.2.1"},
}


@pytest.mark.parametrize("line", LEAKS.values(), ids=LEAKS)
def test_a_line_that_tells_too_much_is_found(line: Mapping[str, object]) -> None:
    assert list(problems(json.dumps(line), [EVENT])) != []


@pytest.mark.parametrize(
    "body",
    ["{", "[" * 100_000, '{"metadata": null}', '{"metadata": ["Ada Lovelace"]}', f'{{"amount": {"9" * 5000}}}'],
    ids=["malformed", "deep", "no metadata", "metadata of another kind", "a long number"],
)
def test_whatever_a_body_is_a_line_can_be_compared_with_it(body: str) -> None:
    assert list(problems(json.dumps(MISTAKE), [{"body": body}])) == []


def test_a_body_in_base64_is_looked_into() -> None:
    event = {"body": b64encode(b'{"legalName": "Ada Lovelace"}').decode(), "isBase64Encoded": True}
    assert list(problems(json.dumps(LEAKS["a name in a traceback"]), [event])) != []


@pytest.mark.parametrize(
    "text", ["01998f3a-0000-7000-8000-000000000000", "wal_01KF0KV800E00800000000000A", "ledgers", "asc"]
)
def test_an_id_and_what_is_in_every_path_tells_nothing(text: str) -> None:
    event = {"rawPath": f"/v1/{text}", "pathParameters": {"id": text}, "rawQueryString": f"id={text}"}
    assert list(problems(json.dumps({**MISTAKE, "exception": f"KeyError: {text}"}), [event])) == []


# ------------------------------------------------------------------------------------------- when it is that they look


def leak() -> list[str]:
    """Logs what may not be logged; what those who watch found, which they forget."""
    logger.info("created Ada Lovelace")
    (watch,) = (each for each in logging.getLogger(logger.name).handlers if isinstance(each, Watch))
    found = [*watch.found]
    watch.found.clear()
    return found


@pytest.fixture
def leaky() -> Iterator[list[str]]:
    """Leaks before a test and after it, and gives what was found before."""
    yield leak()
    assert len(leak()) == 1


def test_what_is_logged_is_looked_at_before_a_test_and_in_it_and_after_it(leaky: list[str]) -> None:
    assert len(leaky) == 1
    assert len(leak()) == 1


def test_a_test_that_logs_what_may_not_be_logged_fails() -> None:
    def fail() -> None:
        with watched():
            logger.info("created Ada Lovelace")

    with pytest.raises(AssertionError, match="a message that is not known"):
        fail()
    leak()  # this test is watched, too
