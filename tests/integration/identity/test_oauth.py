"""OAuth 2's client credentials: RFC 6749 §2.3.1, §3.2, §4.4, §5.1 and §5.2."""

import re
from base64 import b64encode

import pytest

from tests.integration.identity.office import FORM, ApiKey, Office, basic
from tests.support.world import Answer

GRANT = {"grant_type": "client_credentials"}
TEXT = re.compile(r"[\x20-\x21\x23-\x5B\x5D-\x7E]+")
"""What RFC 6749 §5.2 allows in `error` and `error_description`."""


def _is_refused(answer: Answer, status: int, code: str) -> None:
    assert answer.status == status
    assert set(answer.json) == {"error", "error_description"}
    assert answer.json["error"] == code
    assert TEXT.fullmatch(answer.json["error_description"])
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


@pytest.fixture
def key(office: Office) -> ApiKey:
    """A key that holds three scopes."""
    return office.key(scopes=["assets:read", "assets:write", "ledgers:read"])


@pytest.mark.parametrize("encoded", [True, False], ids=["as HTTP APIs send forms", "as text"])
def test_a_form_with_basic_gets_a_token(office: Office, key: ApiKey, *, encoded: bool) -> None:
    answer = office.form(GRANT, authorization=key.basic, encoded=encoded)
    assert answer.status == 200
    assert answer.json["scope"] == "assets:read assets:write ledgers:read"


@pytest.mark.parametrize(
    "content_type", [FORM, f"{FORM}; charset=UTF-8", f"{FORM};charset=utf-8", FORM.upper(), f" {FORM} ; x=y"]
)
def test_the_content_type_may_have_parameters_and_any_case(office: Office, key: ApiKey, content_type: str) -> None:
    assert office.form(GRANT, authorization=key.basic, content_type=content_type).status == 200


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_the_schemes_name_has_no_case(office: Office, key: ApiKey, scheme: str) -> None:
    assert office.form(GRANT, authorization=f"{scheme} {key.basic.removeprefix('Basic ')}").status == 200


def test_key_and_secret_are_form_encoded_inside_basic(office: Office, key: ApiKey) -> None:
    everything = "".join(f"%{ord(letter):02X}" for letter in key.secret)
    header = "Basic " + b64encode(f"{key.key}:{everything}".encode()).decode()
    assert office.form(GRANT, authorization=header).status == 200


def test_a_colon_of_the_secrets_own_is_part_of_it(office: Office, key: ApiKey) -> None:
    _is_refused(office.form(GRANT, authorization=basic(key.key, f"{key.secret}:")), 401, "invalid_client")
    raw = "Basic " + b64encode(f"{key.key}:{key.secret}:".encode()).decode()
    _is_refused(office.form(GRANT, authorization=raw), 401, "invalid_client")


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic",
        "Basic ",
        "Basic !",
        "Basic " + b64encode(b"no colon").decode(),
        "Basic " + b64encode(b"\xff:\xff").decode(),
        "Basic " + b64encode("ключ:секрет".encode()).decode(),
        "Basic a:b",
        "Bearer token",
        "Digest username=a",
        "nonsense",
        "é",
        " ",
    ],
)
def test_an_authorization_that_is_not_basic_is_an_invalid_client(office: Office, authorization: str) -> None:
    answer = office.form(GRANT, authorization=authorization)
    _is_refused(answer, 401, "invalid_client")
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="coffer"'  # RFC 6749 §5.2, RFC 9110 §11.6.1


def test_two_ways_to_authenticate_at_once_are_refused(office: Office, key: ApiKey) -> None:
    other = office.key()
    for fields in (
        {"client_id": key.key, "client_secret": key.secret},
        {"client_secret": key.secret},
        {"client_id": other.key},
        {"client_id": other.key, "client_secret": other.secret},
    ):
        _is_refused(office.form(GRANT | fields, authorization=key.basic), 400, "invalid_request")


def test_to_name_the_client_once_more_beside_basic_is_fine(office: Office, key: ApiKey) -> None:
    assert office.form(GRANT | {"client_id": key.key}, authorization=key.basic).status == 200


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"scope": "assets:read"}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": "Client_Credentials"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials "}, "unsupported_grant_type"),
    ],
)
def test_any_other_grant_is_refused(office: Office, key: ApiKey, fields: dict[str, str], code: str) -> None:
    _is_refused(office.form(fields, authorization=key.basic), 400, code)


@pytest.mark.parametrize(
    "form",
    [
        "grant_type=client_credentials&grant_type=client_credentials",
        "grant_type=client_credentials&grant_type=",
        "grant_type=client_credentials&scope=assets:read&scope=assets:write",
        "grant_type=client_credentials&scope=&scope=",
        "grant_type=client_credentials&other=1&other=2",
    ],
)
def test_a_parameter_that_stands_twice_is_refused(office: Office, key: ApiKey, form: str) -> None:
    _is_refused(office.form(form, authorization=key.basic), 400, "invalid_request")


@pytest.mark.parametrize(
    "form",
    [
        "grant_type=client_credentials&scope=%FF",
        "grant_type=client_credentials&" + "&".join(f"x{n}=1" for n in range(20)),
    ],
)
def test_what_is_no_form_is_refused(office: Office, key: ApiKey, form: str) -> None:
    _is_refused(office.form(form, authorization=key.basic), 400, "invalid_request")


def test_a_body_of_other_bytes_than_utf_8_is_refused(office: Office, key: ApiKey) -> None:
    _is_refused(office.form("grant_type=\udcff", authorization=key.basic, encoded=False), 400, "invalid_request")


def test_what_nobody_knows_is_ignored(office: Office, key: ApiKey) -> None:
    fields = GRANT | {"audience": "else", "resource": "https://coffer.example", "x": ""}
    assert office.form(fields, authorization=key.basic).status == 200


def test_a_parameter_without_a_value_counts_as_left_out(office: Office, key: ApiKey) -> None:
    form = "grant_type=client_credentials&scope=&client_id=&client_secret"
    answer = office.form(form, authorization=key.basic)
    assert (answer.status, answer.json["scope"]) == (200, "assets:read assets:write ledgers:read")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 401),
        ({"client_id": "cfk_x"}, 401),
        ({"client_secret": "cfs_x"}, 401),
        ({"client_id": "", "client_secret": ""}, 401),
    ],
)
def test_a_form_without_credentials_is_an_invalid_client(office: Office, fields: dict[str, str], status: int) -> None:
    _is_refused(office.form(GRANT | fields), status, "invalid_client")


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        ("assets:read", "assets:read"),
        ("ledgers:read assets:read", "assets:read ledgers:read"),
        ("assets:read assets:read", "assets:read"),
        ("assets:read assets:write ledgers:read", "assets:read assets:write ledgers:read"),
    ],
)
def test_a_token_can_ask_for_less(office: Office, key: ApiKey, scope: str, granted: str) -> None:
    answer = office.form(GRANT | {"scope": scope}, authorization=key.basic)
    assert (answer.status, answer.json["scope"]) == (200, granted)
    assert office.authorize(f"Bearer {answer.json['token']}")["scope"] == granted


@pytest.mark.parametrize(
    "scope",
    [
        "organizations:read",
        "assets:read organizations:read",
        "assets:eat",
        "assets",
        "*",
        " ",
        "assets:read  assets:write",
        " assets:read",
        "assets:read ",
        "assets:read,assets:write",
        "assets:read\tassets:write",
        "ASSETS:READ",
        'as"sets',
        "ássets:read",
    ],
)
def test_a_scope_that_is_unknown_malformed_or_not_held_is_invalid(office: Office, key: ApiKey, scope: str) -> None:
    _is_refused(office.form(GRANT | {"scope": scope}, authorization=key.basic), 400, "invalid_scope")


def test_a_wrong_secret_comes_before_a_wrong_scope(office: Office, key: ApiKey) -> None:
    answer = office.form(GRANT | {"scope": "assets:eat"}, authorization=basic(key.key, "cfs_wrong"))
    _is_refused(answer, 401, "invalid_client")


def test_a_form_that_is_too_large_is_refused(office: Office, key: ApiKey) -> None:
    seen = len(office.world.recorder.calls)
    answer = office.form("grant_type=client_credentials&x=" + "x" * (256 * 1024), authorization=key.basic)
    _is_refused(answer, 413, "invalid_request")
    assert len(office.world.recorder.calls) == seen


def test_what_is_refused_for_its_form_asks_nothing_of_the_table(office: Office, key: ApiKey) -> None:
    seen = len(office.world.recorder.calls)
    for fields in ({}, {"grant_type": "password"}, GRANT | {"client_secret": "x"}):
        assert office.form(fields, authorization=key.basic).status == 400
    assert office.form(GRANT, authorization="nonsense").status == 401
    assert len(office.world.recorder.calls) == seen


def test_a_disabled_client_is_unauthorized(office: Office, key: ApiKey) -> None:
    office.operate("set_client_status", client_id=key.client_id, status="DISABLED")
    _is_refused(office.form(GRANT, authorization=key.basic), 403, "unauthorized_client")


def test_an_address_that_is_not_allowed_is_unauthorized(office: Office) -> None:
    key = office.key(networks=["198.51.100.0/24"])
    _is_refused(office.form(GRANT, authorization=key.basic), 403, "unauthorized_client")
    assert office.form(GRANT, authorization=key.basic, source="198.51.100.7").status == 200


def test_the_metadata_name_what_is_offered(office: Office) -> None:
    metadata = office.open("/.well-known/oauth-authorization-server").json
    assert metadata["token_endpoint"] == "https://coffer.example/api/v1/auth/token"
    assert metadata["grant_types_supported"] == ["client_credentials"]
    assert metadata["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]
    assert "assets:read" in metadata["scopes_supported"]
