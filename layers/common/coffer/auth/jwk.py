"""The public half of a signing key as the world sees it: RFC 7517 JSON Web Keys. Needs no cryptography."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Literal, TypedDict

ALGORITHM: Literal["RS256"] = "RS256"


class PublicJwk(TypedDict):
    """An RSA public key for signatures (RFC 7518 §6.3.1); `n` and `e` are base64url of big-endian bytes."""

    kty: Literal["RSA"]
    use: Literal["sig"]
    alg: Literal["RS256"]
    kid: str
    n: str
    e: str


class JwkSet(TypedDict):
    """RFC 7517 §5: what `/.well-known/jwks.json` answers."""

    keys: list[PublicJwk]


def public_jwk(n: str, e: str) -> PublicJwk:
    """The JWK of a modulus and an exponent, named by its own thumbprint."""
    return {"kty": "RSA", "use": "sig", "alg": ALGORITHM, "kid": thumbprint(n, e), "n": n, "e": e}


def thumbprint(n: str, e: str) -> str:
    """RFC 7638's name of an RSA key: 43 characters that follow from the key, whoever publishes it."""
    required_members = {"e": e, "kty": "RSA", "n": n}  # §3.3: these alone, in lexicographic order, without white space
    digest = sha256(json.dumps(required_members, separators=(",", ":")).encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
