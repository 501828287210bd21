"""Whether a token is ours, for us and of now: RFC 9068 §4, with RFC 8725's rules. Needs `cryptography`.

PyJWT does the cryptography: one algorithm, named here and not by the token. The claims are checked here, because PyJWT
reads the system's clock, takes the last of two claims of one name, and numbers out of strings.
"""

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from jwt import InvalidTokenError, PyJWK, PyJWS
from jwt.utils import base64url_decode

from coffer.auth.errors import TokenExpired, TokenInvalid
from coffer.auth.jwk import ALGORITHM, PublicJwk
from coffer.auth.scopes import Scope, recognized
from coffer.auth.tokens import TOKEN_TYPE

MAX_LENGTH = 8192  # characters; ours have some 1,300. Nothing nested within it is too deep for the JSON parser either
LEEWAY = 5  # seconds that the minting machine's clock may be ahead; none on `exp`, which is a promise

_COMPACT = re.compile(r"([-0-9A-Z_a-z]+)\.[-0-9A-Z_a-z]+\.[-0-9A-Z_a-z]+")  # RFC 7515 §7.1, no padding
_TYPES = frozenset({TOKEN_TYPE, f"application/{TOKEN_TYPE}"})  # RFC 9068 §4, RFC 7515 §4.1.9
_JWS = PyJWS(options={"enforce_minimum_key_length": True})


class VerifiedToken(NamedTuple):
    """What a verified token says: who is calling, with which API key, and what they may do. Times are in seconds."""

    client_id: str
    key_id: str
    scopes: frozenset[Scope]
    exp: int


def verify(token: str, keys: Mapping[str, PublicJwk], *, issuer: str, audience: str, now: int) -> VerifiedToken:
    """Check an access token against the published keys (by `kid`), at the moment `now` (milliseconds since 1970).

    Raises TokenInvalid, and TokenExpired for a token that was valid in everything else.
    """
    claims = _json_object(_payload(token, keys))
    match claims:
        case {
            "iss": str(iss),
            "aud": str(aud),
            "sub": str(sub),
            "client_id": str(client_id),
            "key_id": str(key_id),
            "scope": str(scope),
            "jti": str(),
            "iat": int(iat),
            "exp": int(exp),
        }:
            verified = VerifiedToken(client_id, key_id, recognized(scope), exp)
        case _:
            raise TokenInvalid("a claim is missing or of another type")
    if iss != issuer:
        raise TokenInvalid("another issuer's")
    if aud != audience:
        raise TokenInvalid("for another audience")
    if sub != client_id:
        raise TokenInvalid("the subject is not the client")
    _check_times(iat=iat, nbf=claims.get("nbf", iat), exp=exp, now=now)
    return verified


def _payload(token: str, keys: Mapping[str, PublicJwk]) -> bytes:
    """The bytes that one of `keys` has signed."""
    compact = _COMPACT.fullmatch(token) if len(token) <= MAX_LENGTH else None
    if compact is None:
        raise TokenInvalid("not a JWS in compact form")
    # The header is read before its signature is checked, so it may do nothing but name one of our keys: not bring one
    # (`jwk`, `x5c`), not say where to get one (`jku`, `x5u`), not change the rules (`crit`, `b64`).
    match _json_object(_decoded(compact[1])):
        case {"alg": _, "typ": str(typ), "kid": str(kid), **others} if typ.lower() in _TYPES and not others:
            jwk = keys.get(kid)
        case _:
            raise TokenInvalid("not an access token's header")
    if jwk is None:
        raise TokenInvalid("unknown kid")
    key = PyJWK(dict(jwk), ALGORITHM)  # not ours to catch: a bad key is a fault of the key ring, not of the token
    try:
        payload: bytes = _JWS.decode_complete(token, key, algorithms=[ALGORITHM])["payload"]
    except InvalidTokenError as error:
        raise TokenInvalid(str(error)) from error
    return payload


def _check_times(*, iat: int, nbf: object, exp: int, now: int) -> None:
    if not isinstance(nbf, int):
        raise TokenInvalid("nbf is not a whole number")
    if max(iat, nbf) * 1000 > now + LEEWAY * 1000:
        raise TokenInvalid("not valid yet")
    if exp * 1000 <= now:
        raise TokenExpired


def _decoded(segment: str) -> bytes:
    try:
        return base64url_decode(segment)
    except ValueError as error:
        raise TokenInvalid("not base64url") from error


def _json_object(data: bytes) -> dict[str, object]:
    """A JSON object whose names are unique at every level (RFC 7519 §4)."""
    try:
        value: object = json.loads(data.decode(), object_pairs_hook=_unique)
    except ValueError as error:
        raise TokenInvalid("not JSON with unique names") from error
    if not isinstance(value, dict):
        raise TokenInvalid("not a JSON object")
    return value


def _unique(members: list[tuple[str, object]]) -> dict[str, object]:
    unique = dict(members)
    if len(unique) != len(members):
        raise ValueError("a name is used twice")
    return unique
