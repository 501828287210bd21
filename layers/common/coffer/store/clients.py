"""Clients and API keys in the table. A client's keys lie beside it; a key's text says whose it is."""

from collections.abc import Iterator

from coffer.auth.secrets import ApiKeyId
from coffer.ids import pack, prefixed, unpack
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.clients import ApiKey, Client, ClientStatus
from coffer.store import index, keys
from coffer.store.commit import Met, Plan, commit
from coffer.store.table import Table
from coffer.store.values import Item, number, text
from coffer.store.writes import THERE, Check, Put, Update

FORMAT = 1

_PREFIX = "API_KEY#"
_CHUNK = 100


def create_client(table: Table, name: str) -> Client:
    """Makes a client."""
    client_id = prefixed("cli", table.new_id())
    key = keys.client(client_id)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "v": FORMAT,
        "client_id": client_id,
        "name": name,
        "status": "ACTIVE",
        "created_at": table.now,
        **keys.clients_index(client_id),
    }
    return commit(table, lambda _met: Plan([Put(item=item)], _client(item)), proof=key)


def require(table: Table, client_id: str) -> None:
    """`Refusal(ENTITY_NOT_FOUND)` if there is no such client."""
    if table.get(keys.client(client_id)) is None:
        raise _no_client(client_id)


def every_client(table: Table, after: str | None) -> Iterator[tuple[Client, int]]:
    """The clients, oldest first, or those after one of them; each with the moment at which it was made."""
    low = f"{pack(after)}{keys.END}" if after else keys.START
    for _, item in index.walk(table, keys.CLIENTS, low, keys.END, ascending=True, chunk=_CHUNK):
        yield _client(item), number(item, "created_at")


def set_status(table: Table, client_id: str, status: ClientStatus) -> Client:
    """Disables a client, or lets it in again; `Refusal(ENTITY_NOT_FOUND)`."""
    key = keys.client(client_id)

    def plan(_met: Met) -> Plan[Client]:
        item = table.get(key)
        if item is None:
            raise _no_client(client_id)
        changed = {**item, "status": status}
        update = Update(key=key, when=THERE, change={"status": status}, otherwise=_no_client(client_id))
        return Plan([update], _client(changed))

    return commit(table, plan, proof=key)


def create_key(table: Table, api_key: ApiKeyId, kept: ApiKey) -> None:
    """Stores an API key of an existing client; `Refusal(ENTITY_NOT_FOUND)`."""
    client_id = prefixed("cli", api_key.client)
    key = keys.api_key(api_key)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "v": FORMAT,
        "secret_hash": kept.secret_hash,
        "scopes": kept.scopes,
        "networks": list(kept.networks),
        "revoked": kept.revoked,
        "created_at": table.now,
    }
    client = Check(key=keys.client(client_id), when=THERE, otherwise=_no_client(client_id))
    commit(table, lambda _met: Plan([client, Put(item=item)], None), proof=key)


def every_key(table: Table, client_id: str, after: ApiKeyId | None) -> Iterator[tuple[ApiKeyId, ApiKey, int]]:
    """A client's API keys, oldest first, or those after one of them; each with the moment at which it was made."""
    low = f"{keys.api_key(after).sk}{keys.END}" if after else f"{_PREFIX}{keys.START}"
    for item in table.walk(keys.client(client_id).pk, low, f"{_PREFIX}{keys.END}", ascending=True, chunk=_CHUNK):
        key = ApiKeyId(client=unpack(pack(client_id)), key=unpack(text(item, "sk").removeprefix(_PREFIX)))
        yield key, _api_key(item), number(item, "created_at")


def revoke_key(table: Table, api_key: ApiKeyId) -> None:
    """Revokes an API key for good; `Refusal(ENTITY_NOT_FOUND)`."""
    key = keys.api_key(api_key)
    gone = Refusal(Reason.ENTITY_NOT_FOUND, "There is no such API key.", {"api_key": "is not known"})
    commit(
        table,
        lambda _met: Plan([Update(key=key, when=THERE, change={"revoked": True}, otherwise=gone)], None),
        proof=key,
    )


def read(client: Item | None, api_key: Item | None) -> tuple[Client, ApiKey] | None:
    """A client and one of its keys from their items, or None unless both are there."""
    if client is None or api_key is None:
        return None
    return _client(client), _api_key(api_key)


def _client(item: Item) -> Client:
    return Client.model_validate(
        {"client_id": item["client_id"], "client_name": item["name"], "status": item["status"]}
    )


def _api_key(item: Item) -> ApiKey:
    networks = item["networks"]
    return ApiKey(
        secret_hash=text(item, "secret_hash"),
        scopes=text(item, "scopes"),
        networks=tuple(str(network) for network in networks) if isinstance(networks, list) else (),
        revoked=item["revoked"] is True,
    )


def _no_client(client_id: str) -> Refusal:
    return Refusal(Reason.ENTITY_NOT_FOUND, f"There is no client {client_id}.", {"client_id": "is not known"})
