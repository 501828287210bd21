"""Tokens over HTTP, on the deployed template: gateway, authorizer and endpoints together."""

from collections.abc import Iterator
from time import monotonic, sleep

import httpx
import pytest

from local.stack import Stack
from tests.stack.conftest import Leaver

ORGANIZATIONS = "/v1/organizations"


@pytest.fixture
def anybody(stack: Stack) -> Iterator[httpx.Client]:
    """Somebody without a token."""
    with httpx.Client(base_url=stack.base_url, timeout=60) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def test_both_dialects_give_a_token_that_is_accepted(stack: Stack, anybody: httpx.Client) -> None:
    access = stack.access
    plain = anybody.post("/api/v1/auth/token", headers={"X-API-Key": access.api_key, "X-API-Secret": access.api_secret})
    oauth = anybody.post(
        "/api/v1/auth/token",
        data={"grant_type": "client_credentials", "scope": "organizations:read"},
        auth=(access.api_key, access.api_secret),
    )
    assert plain.json()["client"]["client_id"] == oauth.json()["client"]["client_id"] == access.client_id
    assert oauth.json()["scope"] == "organizations:read"
    for answer in (plain, oauth):
        headers = bearer(answer.json()["access_token"])
        assert anybody.get(ORGANIZATIONS, headers=headers).status_code == httpx.codes.OK
        if answer is oauth:
            refused = anybody.post(ORGANIZATIONS, headers=headers, json={"legalName": "A", "legalDocument": "1"})
            assert (refused.status_code, refused.json()["code"]) == (403, "0043")


def test_a_wrong_secret_is_refused_in_the_shape_of_its_dialect(stack: Stack, anybody: httpx.Client) -> None:
    plain = anybody.post("/api/v1/auth/token", headers={"X-API-Key": stack.access.api_key, "X-API-Secret": "cfs_x"})
    assert (plain.status_code, plain.json()["code"], plain.json()["type"]) == (
        401,
        "unauthorized",
        "authentication_error",
    )
    oauth = anybody.post(
        "/api/v1/auth/token", data={"grant_type": "client_credentials"}, auth=(stack.access.api_key, "cfs_x")
    )
    assert (oauth.status_code, oauth.json()["error"]) == (401, "invalid_client")


def test_without_a_token_the_gateway_answers_and_with_a_bad_one_the_endpoint_does(anybody: httpx.Client) -> None:
    assert anybody.get(ORGANIZATIONS).json() == {"message": "Unauthorized"}
    bad = anybody.get(ORGANIZATIONS, headers={"Authorization": "Bearer bad"})
    assert (bad.status_code, bad.json()["code"]) == (401, "0042")
    assert bad.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_published_keys_can_be_found(anybody: httpx.Client) -> None:
    metadata = anybody.get("/.well-known/oauth-authorization-server").json()
    (key,) = anybody.get("/.well-known/jwks.json").json()["keys"]
    assert metadata["jwks_uri"].endswith("/.well-known/jwks.json")
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")


def test_a_revoked_key_is_refused_within_a_minute(stack: Stack, anybody: httpx.Client, leaver: Leaver) -> None:
    answer = anybody.get(ORGANIZATIONS, headers=bearer(leaver.token))
    while answer.status_code == httpx.codes.OK and monotonic() < leaver.revoked + 60:
        sleep(1)
        answer = anybody.get(ORGANIZATIONS, headers=bearer(leaver.token))
    assert (answer.status_code, answer.json()["code"]) == (401, "0042")
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        stack.token(leaver.access)


def test_two_clients_share_nothing(stack: Stack, anybody: httpx.Client, client: httpx.Client) -> None:
    other = bearer(stack.token(stack.new_access("Other")))
    organization = client.post(ORGANIZATIONS, json={"legalName": "Acme", "legalDocument": "1"}).json()
    foreign = anybody.get(f"{ORGANIZATIONS}/{organization['id']}", headers=other)
    assert foreign.status_code == httpx.codes.NOT_FOUND
    assert anybody.get(ORGANIZATIONS, headers=other).json()["items"] == []
    assert client.get(ORGANIZATIONS).json()["items"] == [organization]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "9005"),
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("PUT", ORGANIZATIONS, 405, "9006"),
        ("GET", "/api/v1/auth/token", 405, "method_not_allowed"),
    ],
)
def test_a_path_or_method_that_is_not_there_is_refused_in_its_face_s_shape(
    anybody: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    answer = anybody.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if status == httpx.codes.METHOD_NOT_ALLOWED:
        assert answer.headers["Allow"]


def test_health_and_version_need_no_token(anybody: httpx.Client) -> None:
    assert anybody.get("/health").json() == {"status": "UP"}
    assert set(anybody.get("/version").json()) == {"version"}


def test_an_answer_carries_the_caller_s_request_id(client: httpx.Client) -> None:
    assert client.get(ORGANIZATIONS, headers={"X-Request-Id": "mine"}).headers["X-Request-Id"] == "mine"
    assert client.get(ORGANIZATIONS).headers["X-Request-Id"]
