"""Clients and their API keys, as they are kept."""

from typing import Literal, NamedTuple

from coffer.models.strict import Strict

type ClientStatus = Literal["ACTIVE", "DISABLED"]


class Client(Strict):
    """A client: whoever calls, and owns what it makes."""

    client_id: str
    client_name: str
    status: ClientStatus


class ApiKey(NamedTuple):
    """An API key as it is kept: its secret only as a hash."""

    secret_hash: str
    scopes: str
    networks: tuple[str, ...]
    revoked: bool
