"""What every answer has: the request's id, its type, and the shape of its errors."""

from __future__ import annotations

from copy import replace

import pytest

from coffer.auth.scopes import Scope
from tests.integration.ledger_api.books import ASSET, LEDGER, NOBODYS, Books, done, made, open_books, refused
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults
from tests.support.template import table_definition
from tests.support.world import Answer, World

OF_THE_GATEWAY = "gateway-request"

KINDS = {
    "create": 201,
    "list": 200,
    "count": 204,
    "update": 200,
    "malformed": 400,
    "forbidden": 403,
    "not found": 404,
    "conflict": 409,
    "too large": 413,
    "delete": 204,
}
"""Kinds of answers, and their statuses."""


def answer(books: Books, kind: str, **headers: str) -> Answer:
    """An answer of some kind to a request with some headers."""
    client = books.client
    requests: dict[str, tuple[str, str, object]] = {
        "create": ("POST", books.assets, ASSET),
        "list": ("GET", books.assets, None),
        "count": ("HEAD", f"{books.assets}/metrics/count", None),
        "update": ("PATCH", books.ledger, {"metadata": {}}),
        "malformed": ("POST", books.assets, "{"),
        "forbidden": ("GET", books.assets, None),
        "not found": ("GET", f"{books.assets}/{NOBODYS}", None),
        "conflict": ("POST", books.ledgers, LEDGER),
        "too large": ("POST", books.assets, " " * 300_000),
        "delete": ("DELETE", books.ledger, None),
    }
    method, path, body = requests[kind]
    if kind == "forbidden":
        client = replace(client, scopes=frozenset({Scope.ASSETS_WRITE}))
    sent = client.send(method, path, body, headers)
    assert sent.status == KINDS[kind]
    return sent


# ---------------------------------------------------------------------------------------------------------- request id


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_carries_the_callers_own_request_id(books: Books, kind: str) -> None:
    assert answer(books, kind, X_Request_Id="trace-42_e").headers["X-Request-Id"] == "trace-42_e"


@pytest.mark.parametrize("kind", KINDS)
def test_without_one_it_carries_the_gateways(books: Books, kind: str) -> None:
    assert answer(books, kind).headers["X-Request-Id"] == OF_THE_GATEWAY


@pytest.mark.parametrize(
    "sent", ["x", "Z" * 128, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "JKJaXmPLvHcESHA=", "a_b-C=9"]
)
def test_a_request_id_is_at_most_128_characters_of_an_id(books: Books, sent: str) -> None:
    assert answer(books, "list", X_Request_Id=sent).headers["X-Request-Id"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 129, "tab\there", "new\nline", "id\n", "clé", "\u0664\u0662", "\x7f"])
def test_any_other_is_not_repeated(books: Books, sent: str) -> None:
    assert answer(books, "list", X_Request_Id=sent).headers["X-Request-Id"] == OF_THE_GATEWAY


@pytest.mark.parametrize(
    "sent", ["ada@example.com", "Ada Lovelace", "192.0.2.7", "2001:db8::7", "+55 11 91234-5678", "eyJh.eyJp.c2ln"]
)
def test_what_could_be_an_address_a_name_or_a_token_is_no_request_id_and_so_in_no_log(
    books: Books, sent: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert answer(books, "list", X_Request_Id=sent).headers["X-Request-Id"] == OF_THE_GATEWAY
    assert [vars(record)["request_id"] for record in caplog.records] == [OF_THE_GATEWAY]


# ---------------------------------------------------------------------------------------------------------------- cache


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_may_be_kept_by_a_cache(books: Books, kind: str) -> None:
    assert answer(books, kind).headers["Cache-Control"] == "no-store"


# ----------------------------------------------------------------------------------------------------------------- body


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_is_json_and_no_content_has_none(books: Books, kind: str) -> None:
    sent = answer(books, kind)
    if sent.status == 204:
        assert (sent.body, sent.headers.get("Content-Type")) == (None, None)
    else:
        assert sent.headers["Content-Type"] == "application/json"
        assert sent.json is not None


@pytest.mark.parametrize(("kind", "code"), [("malformed", "0094"), ("not found", "0007"), ("too large", "0143")])
def test_an_error_says_code_title_and_message(books: Books, kind: str, code: str) -> None:
    refused(answer(books, kind), KINDS[kind], code)


# ------------------------------------------------------------------------------------- when the table does not answer


def faulty() -> tuple[World, Faults]:
    """A world whose table can be made to fail."""
    fake = FakeDynamoDB(table_definition())
    faults = Faults(fake)
    return World(faults, fake=fake), faults


def test_what_could_not_be_settled_in_time_is_503_and_says_when_to_come_back() -> None:
    world, faults = faulty()
    books = open_books(world.client())
    before = world.fake.snapshot()
    faults.fail("transact_write_items", "ThrottlingException", probability=1)
    sent = books.client.post(books.assets, ASSET, Idempotency_Key="1")
    assert "same idempotency key" in refused(sent, 503, "9004")
    assert int(sent.headers["Retry-After"]) >= 1
    assert world.fake.snapshot() == before


def test_the_same_request_with_the_same_key_is_safe_to_send_again_after_a_503() -> None:
    world, faults = faulty()
    books = open_books(world.client())
    faults.lose_answer("transact_write_items", probability=1)
    assert books.client.post(books.assets, ASSET, Idempotency_Key="1").status == 503
    faults.plans.clear()
    again = made(books.client.post(books.assets, ASSET, Idempotency_Key="1"))
    assert again.headers["X-Idempotency-Replayed"] == "true"
    assert [row["id"] for row in done(books.client.get(books.assets))] == [again.id]


def test_a_read_that_could_not_be_answered_in_time_is_503_too() -> None:
    world, faults = faulty()
    books = open_books(world.client())
    faults.refuse_connection("query", probability=1)
    assert int(books.client.get(books.assets).headers["Retry-After"]) >= 1


def test_a_mistake_of_ours_is_500_and_tells_nothing_but_the_request_id() -> None:
    world, faults = faulty()
    books = open_books(world.client())
    faults.fail("get_item", "ValidationException")
    failed = books.client.get(books.ledger, X_Request_Id="trace-1")
    assert failed.headers["Cache-Control"] == "no-store"
    said = refused(failed, 500, "0046")
    assert "trace-1" in said
    assert "Validation" not in said
