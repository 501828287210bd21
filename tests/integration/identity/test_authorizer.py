"""The authorizer's verdict, and what endpoints make of it."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from io import StringIO
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from coffer.auth.tokens import LIFETIME
from coffer.ledger.refusal import Reason, Refusal
from tests.integration.identity.office import ApiKey, Office
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults, Operation
from tests.support.template import table_definition
from tests.support.world import Answer, World

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

INVALID = {"verdict": "invalid_token"}
EXPIRED = {"verdict": "token_expired"}

LEDGER_PATH = "/v1/organizations"
WALLET_PATH = "/api/v1/wallets"

by_face = pytest.mark.parametrize("path", [LEDGER_PATH, WALLET_PATH])


class Forge:
    """Makes tokens as nobody should: our key signs whatever it is given."""

    def __init__(self, office: Office, kms: "KMSClient", arn: str) -> None:
        self.token = office.token()
        self.header: dict[str, Any] = jwt.get_unverified_header(self.token)
        self.claims: dict[str, Any] = jwt.decode(self.token, options={"verify_signature": False})
        self._kms = kms
        self._arn = arn

    def signed(self, header: Mapping[str, object] | None = None, claims: Mapping[str, object] | None = None) -> str:
        """The token with another header or other claims, signed by our key."""
        text = f"{_segment({**self.header, **(header or {})})}.{_segment({**self.claims, **(claims or {})})}"
        signature = self._kms.sign(
            KeyId=self._arn,
            Message=text.encode(),
            MessageType="RAW",
            SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
        )["Signature"]
        return f"{text}.{_base64url(signature)}"

    def public_pem(self) -> bytes:
        """What everyone may know of our key."""
        der = self._kms.get_public_key(KeyId=self._arn)["PublicKey"]
        return load_der_public_key(der).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _segment(part: Mapping[str, object]) -> str:
    return _base64url(json.dumps(part).encode())


def _without_signature(forge: Forge) -> str:
    return f"{_segment({**forge.header, 'alg': 'none'})}.{_segment(forge.claims)}."


def _hmac_with_the_public_key(forge: Forge) -> str:
    text = f"{_segment({**forge.header, 'alg': 'HS256'})}.{_segment(forge.claims)}"
    signature = hmac.digest(forge.public_pem(), text.encode(), sha256)  # PyJWT refuses to do it
    return f"{text}.{_base64url(signature)}"


def _by_another_key(forge: Forge) -> str:
    foreign = generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(forge.claims, foreign, algorithm="RS256", headers=forge.header)


def _tampered(forge: Forge) -> str:
    header, _, signature = forge.token.split(".")
    return f"{header}.{_segment({**forge.claims, 'scope': 'assets:write'})}.{signature}"


def _signature_cut(forge: Forge) -> str:
    header, claims, signature = forge.token.split(".")
    return f"{header}.{claims}.{_base64url(urlsafe_b64decode(signature + '==')[:-1])}"


BAD: dict[str, Callable[[Forge], str]] = {
    "nothing": lambda _: "",
    "no token": lambda _: "token",
    "two tokens": lambda forge: f"{forge.token},Bearer {forge.token}",
    "a word more": lambda forge: f"{forge.token} {forge.token}",
    "a token without a signature": _without_signature,
    "HS256 with the public key": _hmac_with_the_public_key,
    "another issuer's key under our kid": _by_another_key,
    "another payload": _tampered,
    "a signature that is too short": _signature_cut,
    "another issuer": lambda forge: forge.signed(claims={"iss": "https://evil.example"}),
    "an issuer with a slash": lambda forge: forge.signed(claims={"iss": forge.claims["iss"] + "/"}),
    "another audience": lambda forge: forge.signed(claims={"aud": "vault"}),
    "several audiences": lambda forge: forge.signed(claims={"aud": ["coffer", "vault"]}),
    "another type": lambda forge: forge.signed(header={"typ": "JWT"}),
    "an unknown kid": lambda forge: forge.signed(header={"kid": "x"}),
    "a key of its own": lambda forge: forge.signed(header={"jwk": {"kty": "oct", "k": "AAAA"}}),
    "a place to get a key from": lambda forge: forge.signed(header={"jku": "https://evil.example/jwks"}),
    "another subject": lambda forge: forge.signed(claims={"sub": "cli_01KF0KV801E8KBCF2TPY8VEP2A"}),
    "not valid yet": lambda forge: forge.signed(claims={"nbf": forge.claims["iat"] + 60}),
    "issued in the future": lambda forge: forge.signed(claims={"iat": forge.claims["iat"] + 60}),
    "expired and of another issuer": lambda forge: forge.signed(claims={"iss": "https://evil.example", "exp": 1}),
    "a client that is not there": lambda forge: forge.signed(
        claims=dict.fromkeys(("sub", "client_id"), "cli_01KF0KV801E8KBCF2TPY8VEP2A")
    ),
    "an API key that is not there": lambda forge: forge.signed(
        claims={"key_id": "01976a3e-9000-7fff-bfff-ffffffffffff"}
    ),
}


@pytest.fixture
def forge(office: Office, kms: "KMSClient", arns: Sequence[str]) -> Forge:
    """Has our key sign."""
    return Forge(office, kms, arns[0])


def _is_unauthorized(answer: Answer, path: str, word: str) -> None:
    """401, with the word in the body that the client needs, in the shape of the face."""
    assert answer.status == 401
    assert word in (answer.body or "")
    if path == WALLET_PATH:
        assert (answer.json["code"], answer.json["type"]) == (word, "authentication_error")
    else:
        assert answer.json["code"] == {"invalid_token": "0042", "token_expired": "9003"}[word]
        assert set(answer.json) == {"code", "title", "message"}
    assert answer.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')  # RFC 6750 §3.1


def test_a_good_token_says_who_is_calling_and_what_they_may_do(office: Office) -> None:
    key = office.key(scopes=["ledgers:read", "assets:read"])
    before = office.world.clock.now
    assert office.authorize(f"Bearer {office.token(key)}") == {
        "verdict": "ok",
        "client_id": key.client_id,
        "scope": "assets:read ledgers:read",
        "exp": str(before // 1000 + LIFETIME),
    }


def test_a_good_verdict_is_two_reads(office: Office) -> None:
    token = office.token()
    seen = len(office.world.recorder.calls)
    office.authorize(f"Bearer {token}")
    assert [call.operation for call in office.world.recorder.calls[seen:]] == ["get_item", "transact_get_items"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_schemes_name_has_no_case(office: Office, scheme: str) -> None:
    assert office.authorize(f"{scheme} {office.token()}")["verdict"] == "ok"
    assert office.authorize(f"{scheme}  {office.token()} ")["verdict"] == "ok"


@pytest.mark.parametrize(
    "authorization",
    ["", " ", "Bearer", "Bearer ", "token", "Basic YTpi", "Digest x", "BearerX", "bearer\ttoken", "é", "Bearer é"],
)
def test_anything_but_a_bearer_token_is_invalid(office: Office, authorization: str) -> None:
    assert office.authorize(authorization) == INVALID


def test_a_key_for_a_token_is_invalid(office: Office) -> None:
    key = office.key()
    for authorization in (key.basic, f"Bearer {key.key}", f"Bearer {key.secret}"):
        assert office.authorize(authorization) == INVALID


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_token_is_invalid_and_says_no_more(office: Office, forge: Forge, bad: Callable[[Forge], str]) -> None:
    assert office.authorize(f"Bearer {forge.token}")["verdict"] == "ok"
    assert office.authorize(f"Bearer {bad(forge)}") == INVALID


def test_what_our_key_signs_as_it_should_be_is_good(office: Office, forge: Forge) -> None:
    assert office.authorize(f"Bearer {forge.signed()}")["verdict"] == "ok"


@by_face
def test_a_bad_token_is_a_401_that_says_so(office: Office, path: str) -> None:
    _is_unauthorized(office.visit("token", path), path, "invalid_token")


@by_face
def test_an_expired_token_is_a_401_that_says_so(office: Office, path: str) -> None:
    token = office.token()
    office.world.clock.now += LIFETIME * 1000
    assert office.authorize(f"Bearer {token}") == EXPIRED
    answer = office.visit(token, path)
    _is_unauthorized(answer, path, "token_expired")
    assert "token_expired" in answer.headers["WWW-Authenticate"]


def test_a_token_is_good_until_its_last_second(office: Office) -> None:
    token = office.token()
    expiry = int(office.authorize(f"Bearer {token}")["exp"]) * 1000
    office.world.clock.now = expiry - 2
    assert office.authorize(f"Bearer {token}")["verdict"] == "ok"
    assert office.authorize(f"Bearer {token}") == EXPIRED


@by_face
def test_a_good_verdict_that_the_gateway_kept_beyond_the_tokens_time_is_refused(office: Office, path: str) -> None:
    verdict = office.authorize(f"Bearer {office.token()}")
    office.world.clock.now = int(verdict["exp"]) * 1000 - 5
    assert office.get(path, verdict).status == 200
    office.world.clock.now = int(verdict["exp"]) * 1000 - 1
    _is_unauthorized(office.get(path, verdict), path, "token_expired")


def _disable(office: Office, key: ApiKey) -> None:
    office.operate("set_client_status", client_id=key.client_id, status="DISABLED")


def _revoke(office: Office, key: ApiKey) -> None:
    office.operate("revoke_api_key", api_key=key.key)


@by_face
@pytest.mark.parametrize("act", [_disable, _revoke])
def test_a_disabled_clients_or_revoked_keys_token_is_invalid_at_once(
    office: Office, path: str, act: Callable[[Office, ApiKey], None]
) -> None:
    key = office.key()
    token = office.token(key)
    assert office.visit(token, path).status == 200
    act(office, key)
    assert office.authorize(f"Bearer {token}") == INVALID
    _is_unauthorized(office.visit(token, path), path, "invalid_token")


def test_a_revoked_key_leaves_the_tokens_of_its_clients_other_keys_alone(office: Office) -> None:
    client = office.client()
    one, other = office.key(client), office.key(client)
    tokens = office.token(one), office.token(other)
    _revoke(office, one)
    assert [office.visit(token).status for token in tokens] == [401, 200]


def test_a_client_that_is_let_in_again_goes_on_with_its_token(office: Office) -> None:
    key = office.key()
    token = office.token(key)
    _disable(office, key)
    office.operate("set_client_status", client_id=key.client_id, status="ACTIVE")
    assert office.visit(token).status == 200


def test_nonsense_costs_no_read(office: Office) -> None:
    seen = len(office.world.recorder.calls)
    for authorization in ("", "Basic YTpi", "nonsense"):
        office.authorize(authorization)
    assert len(office.world.recorder.calls) == seen


def test_what_is_wrong_with_a_token_is_told_to_the_log_alone(office: Office, forge: Forge, log: StringIO) -> None:
    bad = forge.signed(claims={"aud": "vault"})
    assert office.authorize(f"Bearer {bad}") == INVALID
    (line,) = [json.loads(line) for line in log.getvalue().splitlines() if "token refused" in line]
    assert (line["why"], line["request_id"]) == ("for another audience", "gateway-request")
    assert bad not in log.getvalue()


def test_no_log_line_holds_any_part_of_a_bad_token(office: Office, forge: Forge, log: StringIO) -> None:
    tokens = [bad(forge) for bad in BAD.values()]
    for token in tokens:
        office.visit(token)
    long = {part for token in tokens for part in token.replace(",", ".").split(".") if len(part) > 20}
    assert long
    assert {part for part in long if part in log.getvalue()} == set()


@pytest.fixture
def shaken(kms: "KMSClient", arns: Sequence[str]) -> tuple[Office, Faults]:
    """An office whose table can be made to fail."""
    faults = Faults(fake := FakeDynamoDB(table_definition()))
    office = Office(World(faults, fake=fake, kms=kms))
    office.sign_with(arns[0])
    return office, faults


READS: tuple[Operation, ...] = ("get_item", "transact_get_items")


@pytest.mark.parametrize("operation", READS)
def test_when_the_table_is_down_there_is_no_verdict(shaken: tuple[Office, Faults], operation: Operation) -> None:
    """The function fails, the gateway answers 500 and keeps nothing: a verdict would be kept for a minute."""
    office, faults = shaken
    token = office.token()
    faults.refuse_connection(operation, nth=range(1, 10_000))
    with pytest.raises(Refusal) as refused:
        office.authorize(f"Bearer {token}")
    assert refused.value.reason is Reason.UNAVAILABLE


def test_a_table_that_fails_now_and_then_is_asked_again(shaken: tuple[Office, Faults]) -> None:
    office, faults = shaken
    token = office.token()
    for operation in READS:
        faults.refuse_connection(operation)
        faults.fail(operation, "ThrottlingException", nth=2)
        faults.lose_answer(operation, nth=3)
    assert office.authorize(f"Bearer {token}")["verdict"] == "ok"
    assert faults.struck == 6
