"""Getting a token with a key and its secret in headers, and what both dialects have in common."""

import json
from collections.abc import Callable
from io import StringIO

import jwt
import pytest

from coffer.auth.scopes import UNLESS_NAMED
from coffer.auth.secrets import ApiKeyId
from tests.integration.identity.office import FORM, ApiKey, Office
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults
from tests.support.template import table_definition
from tests.support.world import Answer, World

SCOPES = ["assets:read", "assets:write", "ledgers:read"]


def _claims(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _by_headers(office: Office, key: ApiKey, source: str = "192.0.2.1") -> Answer:
    return office.ask(key, source=source)


def _by_basic(office: Office, key: ApiKey, source: str = "192.0.2.1") -> Answer:
    return office.form({"grant_type": "client_credentials"}, authorization=key.basic, source=source)


def _by_fields(office: Office, key: ApiKey, source: str = "192.0.2.1") -> Answer:
    fields = {"grant_type": "client_credentials", "client_id": key.key, "client_secret": key.secret}
    return office.form(fields, source=source)


WAYS = {"headers": _by_headers, "HTTP Basic": _by_basic, "fields of a form": _by_fields}
type Way = Callable[..., Answer]

by_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@by_way
def test_the_answer_has_every_field(office: Office, way: Way) -> None:
    key = office.key(scopes=SCOPES)
    answer = way(office, key)
    assert answer.status == 200
    body = answer.json
    assert body == {
        "token": body["token"],
        "access_token": body["token"],
        "token_type": "Bearer",
        "expires_in": 900,
        "scope": "assets:read assets:write ledgers:read",
        "client": {"client_id": key.client_id, "client_name": "Acme", "status": "ACTIVE"},
    }


@by_way
def test_the_answer_is_kept_by_no_cache(office: Office, way: Way) -> None:
    answer = way(office, office.key())
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"  # RFC 6749 §5.1
    assert answer.headers["X-Request-Id"]


@by_way
def test_the_token_is_what_rfc_9068_asks_for(office: Office, way: Way) -> None:
    key = office.key(scopes=SCOPES)
    before = office.world.clock.now
    token = way(office, key).json["token"]
    header, claims = jwt.get_unverified_header(token), _claims(token)
    assert (header["alg"], header["typ"]) == ("RS256", "at+jwt")
    assert header["kid"] == office.open("/.well-known/jwks.json").json["keys"][0]["kid"]
    assert claims["iss"] == "https://coffer.example"
    assert claims["aud"] == "coffer"
    assert claims["sub"] == claims["client_id"] == key.client_id
    assert claims["scope"] == "assets:read assets:write ledgers:read"
    assert claims["iat"] == before // 1000
    assert claims["exp"] == before // 1000 + 900
    assert claims["jti"] != _claims(way(office, key).json["token"])["jti"]


@by_way
def test_the_token_opens_what_its_scopes_allow_and_nothing_else(office: Office, way: Way) -> None:
    token = way(office, office.key(scopes=["organizations:read"])).json["token"]
    assert office.visit(token).status == 200
    assert office.visit(token, "/api/v1/wallets").status == 403


def _wrong(office: Office) -> dict[str, ApiKey]:
    key, other, revoked = office.key(), office.key(), office.key()
    office.operate("revoke_api_key", api_key=revoked.key)
    unknown = ApiKeyId(client="01976a3e-9000-7fff-bfff-fffffffffff0", key="01976a3e-9000-7fff-bfff-ffffffffffff")
    return {
        "a wrong secret": ApiKey(key.client_id, key.key, "cfs_" + "x" * 43),
        "another key's secret": ApiKey(key.client_id, key.key, other.secret),
        "no secret": ApiKey(key.client_id, key.key, ""),
        "a secret with something behind it": ApiKey(key.client_id, key.key, key.secret + " "),
        "a secret in other letters": ApiKey(key.client_id, key.key, key.secret.swapcase()),
        "an unknown key": ApiKey(key.client_id, str(unknown), key.secret),
        "an unknown key of a known client": ApiKey(key.client_id, key.key[:26] + other.key[26:], key.secret),
        "a known key of another client": ApiKey(key.client_id, other.key[:26] + key.key[26:], key.secret),
        "a malformed key": ApiKey(key.client_id, "cfk_nonsense", key.secret),
        "a key in other letters": ApiKey(key.client_id, key.key.upper(), key.secret),
        "a client's id for a key": ApiKey(key.client_id, key.client_id, key.secret),
        "no key": ApiKey(key.client_id, "", key.secret),
        "a revoked key": revoked,
        "a revoked key and a wrong secret": ApiKey(revoked.client_id, revoked.key, key.secret),
    }


@by_way
def test_whatever_is_wrong_gets_the_same_answer_for_the_same_calls(office: Office, way: Way) -> None:
    answers, costs = {}, {}
    for what, key in _wrong(office).items():
        seen = len(office.world.recorder.calls)
        answers[what] = way(office, key)
        costs[what] = [(call.operation, call.units) for call in office.world.recorder.calls[seen:]]
    first = next(iter(answers.values()))
    assert first.status == 401
    assert first.headers["WWW-Authenticate"] == 'Basic realm="coffer"'
    assert {what: answer for what, answer in answers.items() if answer != first} == {}
    assert {what: cost for what, cost in costs.items() if cost != next(iter(costs.values()))} == {}
    assert len(next(iter(costs.values()))) == 1


def test_each_dialect_says_unauthorized_in_its_own_shape(office: Office) -> None:
    key = ApiKey("", office.key().key, "cfs_wrong")
    message = "The API key or its secret is wrong."
    assert _by_headers(office, key).json == {
        "code": "unauthorized",
        "type": "authentication_error",
        "message": message,
    }
    for way in (_by_basic, _by_fields):
        assert way(office, key).json == {"error": "invalid_client", "error_description": message}


@by_way
def test_a_disabled_client_is_forbidden_once_its_secret_was_right(office: Office, way: Way) -> None:
    key = office.key()
    office.operate("set_client_status", client_id=key.client_id, status="DISABLED")
    forbidden = way(office, key)
    assert forbidden.status == 403
    assert forbidden.json.get("code") == "forbidden" or forbidden.json.get("error") == "unauthorized_client"
    assert way(office, ApiKey(key.client_id, key.key, "cfs_wrong")).status == 401


ALLOWED = ["198.51.100.0/24", "2001:db8::/32", "203.0.113.7/32"]


@by_way
@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("198.51.100.1", 200),
        ("198.51.100.255", 200),
        ("198.51.101.0", 403),
        ("203.0.113.7", 200),
        ("203.0.113.8", 403),
        ("2001:db8::1", 200),
        ("2001:db9::1", 403),
        ("::ffff:198.51.100.1", 200),
        ("::ffff:198.51.101.1", 403),
        ("", 403),
        ("localhost", 403),
    ],
)
def test_a_key_with_networks_is_good_from_them_alone(office: Office, way: Way, source: str, status: int) -> None:
    key = office.key(networks=ALLOWED)
    assert way(office, key, source).status == status
    assert way(office, ApiKey(key.client_id, key.key, "cfs_wrong"), source).status == 401


def test_forwarded_addresses_are_not_believed(office: Office) -> None:
    key = office.key(networks=ALLOWED)
    headers = {**key.headers, "X-Forwarded-For": "198.51.100.1", "Forwarded": "for=198.51.100.1"}
    assert office.post(headers=headers).status == 403


def test_headers_need_no_body_and_one_is_not_looked_at(office: Office) -> None:
    key = office.key()
    for body in ("", "{}", "not json", "grant_type=password", '{"scope":"assets:read"}'):
        answer = office.post(body, headers=key.headers)
        assert (answer.status, answer.json["scope"]) == (200, " ".join(sorted(UNLESS_NAMED)))
    assert office.post("{}", headers={**key.headers, "Content-Type": "application/json"}).status == 200


@pytest.mark.parametrize("body", [None, ""])
def test_an_empty_body_may_be_called_a_form(office: Office, body: str | None) -> None:
    headers = {**office.key().headers, "Content-Type": FORM}
    assert office.post(body, headers=headers).status == 200
    assert office.post("x=", headers=headers).json["error"] == "invalid_request"


def test_without_anything_the_answer_is_unauthorized(office: Office) -> None:
    assert office.post().status == 401
    assert office.post(headers={"Authorization": office.key().basic}).status == 401  # OAuth speaks in forms


def test_a_client_is_named_as_it_is(office: Office) -> None:
    key = office.key(office.client("Überweisungs-Gesellschaft „Müller“ & Söhne"))
    assert office.ask(key).json["client"]["client_name"] == "Überweisungs-Gesellschaft „Müller“ & Söhne"


def test_a_token_costs_one_read_of_the_table(office: Office) -> None:
    key = office.key()
    seen = len(office.world.recorder.calls)
    office.token(key)
    assert [call.operation for call in office.world.recorder.calls[seen:]] == ["transact_get_items"]


def test_a_scope_that_this_version_does_not_know_grants_nothing(office: Office) -> None:
    key = office.key(scopes=["assets:read"])
    items = office.world.fake.snapshot().items()
    (item,) = [item for (_, sk), item in items if str(sk).startswith("API_KEY#")]
    office.world.fake.put_item(TableName="coffer", Item={**item, "scopes": {"S": "assets:read galaxies:write"}})
    assert office.ask(key).json["scope"] == "assets:read"


def test_a_table_that_is_down_is_a_503_in_the_dialect_that_was_spoken() -> None:
    faults = Faults(fake := FakeDynamoDB(table_definition()))
    office = Office(World(faults, fake=fake))
    key = office.key()
    faults.refuse_connection(nth=range(1, 10_000))
    headers, basic, fields = (way(office, key) for way in WAYS.values())
    assert (headers.status, headers.json["code"]) == (503, "service_unavailable")
    for form in (basic, fields):
        assert (form.status, form.json["error"]) == (503, "temporarily_unavailable")
    assert {answer.headers["Retry-After"] for answer in (headers, basic, fields)} == {"1"}


def test_the_log_says_what_came_of_it_and_keeps_secrets_and_tokens_to_itself(office: Office, log: StringIO) -> None:
    key = office.key()
    for way in WAYS.values():
        assert way(office, key).status == 200
        assert way(office, ApiKey(key.client_id, key.key, key.secret + "x")).status == 401
    token = office.token(key)
    office.authorize(f"Bearer {token}x")
    office.visit(token)
    written = log.getvalue()
    lines = [json.loads(line) for line in written.splitlines()]
    requests = [line for line in lines if line["message"] == "request"]
    assert [line["outcome"] for line in requests] == [
        *("done", "credentials_invalid", "done", "invalid_client", "done", "invalid_client"),
        *("done", "done"),
    ]
    assert [line["status"] for line in requests] == [200, 401, 200, 401, 200, 401, 200, 200]
    signature = token.rpartition(".")[2]
    for hidden in (key.secret, key.basic, key.basic.removeprefix("Basic "), token, signature):
        assert hidden not in written
