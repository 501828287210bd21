"""Access tokens: JWTs of RFC 9068's profile, minted for one API key, short-lived. Needs no cryptography."""

import json

from coffer.auth.keyring import SigningKey
from coffer.auth.scopes import Scope, render
from coffer.auth.signing import Kms, sign_jws
from coffer.ids import new_id

LIFETIME = 900  # seconds; a disabled key is refused sooner, by its status
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the media type of RFC 9068 §2.1, no secret


def mint(
    *,
    issuer: str,
    audience: str,
    client_id: str,
    key_id: str,
    scopes: frozenset[Scope],
    now: int,
    signing_key: SigningKey,
    kms: Kms,
) -> str:
    """For `client_id`, a token got with its API key `key_id`; it lives 900 s from the second of `now` (ms since 1970).

    The claims are RFC 9068 §2.2's, with the client as its own subject, and `key_id`: disabling one key leaves tokens of
    the client's other keys alone. The KMS client's errors pass through.
    """
    issued_at = now // 1000
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": client_id,
        "client_id": client_id,
        "key_id": key_id,
        "scope": render(scopes),
        "jti": new_id(now),
        "iat": issued_at,
        "exp": issued_at + LIFETIME,
    }
    payload = json.dumps(claims, separators=(",", ":")).encode()
    return sign_jws(payload, typ=TOKEN_TYPE, kid=signing_key.kid, kms_arn=signing_key.kms_arn, kms=kms)
