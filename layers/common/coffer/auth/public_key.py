"""From KMS's form of a public key to the published one. Needs `cryptography`; for operators' functions."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from jwt.utils import to_base64url_uint

from coffer.auth.errors import KeyringError
from coffer.auth.jwk import PublicJwk, public_jwk

_MINIMUM_BITS = 2048  # RFC 7518 §3.3


def jwk_from_der(der: bytes) -> PublicJwk:
    """The JWK of a DER SubjectPublicKeyInfo, the `PublicKey` of KMS `GetPublicKey`.

    Raises KeyringError unless it is an RSA key of at least 2,048 bits.
    """
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyringError("not a public key in DER") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < _MINIMUM_BITS:
        raise KeyringError(f"a signing key is an RSA key of at least {_MINIMUM_BITS} bits")
    numbers = key.public_numbers()
    return public_jwk(n=to_base64url_uint(numbers.n).decode(), e=to_base64url_uint(numbers.e).decode())
