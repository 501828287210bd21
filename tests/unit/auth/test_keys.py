"""From a KMS key to a published one: RFC 7638's name, RFC 7517's form."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.utils import from_base64url_uint

from coffer.auth.errors import KeyringError
from coffer.auth.jwk import thumbprint
from coffer.auth.public_key import jwk_from_der
from tests.unit.auth.vectors import RFC_7515_A2_N, RFC_7638_N, RFC_7638_THUMBPRINT


def _der(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _rsa_der(n: str) -> bytes:
    return _der(RSAPublicNumbers(n=from_base64url_uint(n), e=65537).public_key())


def test_the_thumbprint_is_that_of_rfc_7638() -> None:
    assert thumbprint(n=RFC_7638_N, e="AQAB") == RFC_7638_THUMBPRINT


def test_a_published_key_is_rfc_7515s_and_named_by_its_thumbprint() -> None:
    assert jwk_from_der(_rsa_der(RFC_7515_A2_N)) == {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": thumbprint(n=RFC_7515_A2_N, e="AQAB"),
        "n": RFC_7515_A2_N,
        "e": "AQAB",
    }


def test_two_keys_have_two_names() -> None:
    assert jwk_from_der(_rsa_der(RFC_7515_A2_N))["kid"] != jwk_from_der(_rsa_der(RFC_7638_N))["kid"]


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"-----BEGIN PUBLIC KEY-----",
        _rsa_der(RFC_7638_N)[:-1],
        _der(generate_private_key(public_exponent=65537, key_size=1024).public_key()),  # noqa: S505
        _der(ec.generate_private_key(ec.SECP256R1()).public_key()),
        _der(ed25519.Ed25519PrivateKey.generate().public_key()),
    ],
    ids=["nothing", "PEM", "cut off", "RSA of 1,024 bits", "elliptic curve", "Ed25519"],
)
def test_a_key_that_cannot_sign_our_tokens_is_refused(der: bytes) -> None:
    with pytest.raises(KeyringError):
        jwk_from_der(der)
