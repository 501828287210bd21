"""Clients and their API keys, as operators make them and token answers show them."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from coffer.models.strict import Strict

type ClientStatus = Literal["ACTIVE", "DISABLED"]


class Client(Strict):
    """A client: whoever calls, and owns what it makes."""

    client_id: str
    client_name: str
    status: ClientStatus


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as it is kept: its secret only as a hash."""

    secret_hash: str
    scopes: str
    networks: tuple[str, ...]
    revoked: bool


class _Event(Strict):
    """What an operator's function is invoked with."""


class NewClient(_Event):
    """A client to make."""

    client_name: Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"\S")]


class ClientChange(_Event):
    """A client to disable, or to let in again."""

    client_id: str
    status: ClientStatus


class NewApiKey(_Event):
    """An API key to make.

    Unless scopes are named it holds all but `settlement:write`, and unless networks are named it is good everywhere.
    """

    client_id: str
    scopes: Annotated[list[str], Field(min_length=1)] | None = None
    networks: list[str] = Field(default_factory=list)


class ClientsToList(_Event):
    """All clients, or those after one of them."""

    after: str | None = None


class ApiKeysToList(_Event):
    """A client's API keys, or those after one of them."""

    client_id: str
    after: str | None = None


class NewSigningKey(_Event):
    """A KMS key to publish; by default the stack's own."""

    kms_arn: str | None = None


class SigningKeyName(_Event):
    """A signing key that was published."""

    kid: str


class RevokedApiKey(_Event):
    """An API key to revoke."""

    api_key: str


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
