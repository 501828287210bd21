"""What operators' functions are invoked with, about clients and keys."""

from typing import Annotated

from pydantic import Field, StringConstraints

from coffer.models.clients import ClientStatus
from coffer.models.strict import Strict


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
