"""What the token endpoint answers, and the well-known documents beside it."""

from typing import Literal

from pydantic import BaseModel

from coffer.models.clients import Client


class TokenAnswer(BaseModel):
    """An access token (RFC 6749 §5.1), with the client that it was given to."""

    token: str
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str
    client: Client


class Jwk(BaseModel):
    """An RSA public key (RFC 7518 §6.3.1)."""

    kty: str
    use: str
    alg: str
    kid: str
    n: str
    e: str


class KeySet(BaseModel):
    """A set of public keys (RFC 7517 §5)."""

    keys: list[Jwk]


class ServerMetadata(BaseModel):
    """Metadata of an authorization server (RFC 8414 §2)."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    scopes_supported: list[str]
    response_types_supported: list[str]
