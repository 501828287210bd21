"""What operators do with clients, API keys and signing keys."""

import os
from collections.abc import Callable, Mapping

from botocore.exceptions import ClientError

from coffer.api.operators import Order, check_client, page
from coffer.auth import scopes
from coffer.auth.addresses import parse_networks
from coffer.auth.errors import InvalidScope, KeyringError
from coffer.auth.keyring import Keyring
from coffer.auth.scopes import Scope
from coffer.auth.secrets import ApiKeyId, hash_secret, new_secret, parse_api_key
from coffer.ids import pack, prefixed, unpack
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.administration import (
    ApiKeysToList,
    ClientChange,
    ClientsToList,
    NewApiKey,
    NewClient,
    NewSigningKey,
    RevokedApiKey,
    SigningKeyName,
)
from coffer.models.clients import ApiKey
from coffer.store import clients, keyring
from coffer.times import rfc3339


def create_client(order: Order[NewClient]) -> Mapping[str, object]:
    """Makes a client."""
    return clients.create_client(order.table, order.body.client_name).model_dump()


def set_client_status(order: Order[ClientChange]) -> Mapping[str, object]:
    """Disables a client, or lets it in again."""
    check_client(order.body.client_id)
    return clients.set_status(order.table, order.body.client_id, order.body.status).model_dump()


def list_clients(order: Order[ClientsToList]) -> Mapping[str, object]:
    """The clients, a page of them."""
    after = order.body.after
    if after is not None:
        check_client(after, "after")
    found, more = page(clients.every_client(order.table, after))
    listed = [{**client.model_dump(), "created_at": rfc3339(made)} for client, made in found]
    return {"clients": listed, "next": {"after": found[-1][0].client_id} if more else None}


def list_api_keys(order: Order[ApiKeysToList]) -> Mapping[str, object]:
    """A client's API keys, a page of them: all that is kept but the hashes of their secrets."""
    body = order.body
    check_client(body.client_id)
    after = None if body.after is None else _api_key_of(body.client_id, body.after)
    clients.require(order.table, body.client_id)
    found, more = page(clients.every_key(order.table, body.client_id, after))
    listed = [
        {
            "api_key": str(api_key),
            "scopes": kept.scopes.split(),
            "networks": list(kept.networks),
            "revoked": kept.revoked,
            "created_at": rfc3339(made),
        }
        for api_key, kept, made in found
    ]
    further = {"client_id": body.client_id, "after": str(found[-1][0])} if more else None
    return {"client_id": body.client_id, "api_keys": listed, "next": further}


def create_api_key(order: Order[NewApiKey]) -> Mapping[str, object]:
    """Makes an API key. Its secret is in this answer and nowhere else."""
    body = order.body
    check_client(body.client_id)
    held = _scopes(body.scopes)
    try:
        parse_networks(body.networks)
    except ValueError as error:
        raise Refusal(Reason.BAD_REQUEST, "A network is not in CIDR notation.", {"networks": str(error)}) from None
    api_key = ApiKeyId(client=unpack(pack(body.client_id)), key=order.table.new_id())
    secret = new_secret()
    kept = ApiKey(hash_secret(secret), scopes.render(held), tuple(body.networks), revoked=False)
    clients.create_key(order.table, api_key, kept)
    return {
        "client_id": body.client_id,
        "api_key": str(api_key),
        "api_secret": secret,
        "scopes": sorted(held),
        "networks": body.networks,
    }


def revoke_api_key(order: Order[RevokedApiKey]) -> Mapping[str, object]:
    """Revokes an API key for good: no new token at once, and none of its tokens within a minute."""
    api_key = parse_api_key(order.body.api_key)
    if api_key is None:
        raise _no_api_key("api_key", "does not look like cfk_…")
    clients.revoke_key(order.table, api_key)
    return {"api_key": order.body.api_key, "revoked": True}


def publish_signing_key(order: Order[NewSigningKey]) -> Mapping[str, object]:
    """Publishes the public half of a KMS key, so that it may sign later."""
    from coffer.auth.public_key import jwk_from_der  # noqa: PLC0415 -- needs cryptography, which only this function has

    name = order.body.kms_arn or os.environ["SIGNING_KEY_ARN"]
    try:
        key = order.table.repeat(lambda: order.runtime.kms().get_public_key(KeyId=name))
        if key["KeyUsage"] != "SIGN_VERIFY":
            raise _no_signing_key(f"is a key for {key['KeyUsage']}")
        jwk = jwk_from_der(key["PublicKey"])
    except (ClientError, KeyringError) as error:
        raise _no_signing_key(str(error)) from error
    # The key's own ARN, for an alias can be made to mean another key.
    return _take(order, jwk["kid"], lambda ring: ring.publish(key["KeyId"], jwk))


def switch_signing_key(order: Order[SigningKeyName]) -> Mapping[str, object]:
    """Lets a published key sign from now on."""
    return _take(order, order.body.kid, lambda ring: ring.switch(order.body.kid))


def retire_signing_key(order: Order[SigningKeyName]) -> Mapping[str, object]:
    """Removes a key that no longer signs: whatever it has signed is invalid from now on."""
    return _take(order, order.body.kid, lambda ring: ring.retire(order.body.kid))


def _api_key_of(client_id: str, named: str) -> ApiKeyId:
    api_key = parse_api_key(named)
    if api_key is None or prefixed("cli", api_key.client) != client_id:
        raise _no_api_key("after", "is not an API key of this client")
    return api_key


def _no_api_key(field: str, why: str) -> Refusal:
    return Refusal(Reason.BAD_REQUEST, "This is not an API key.", {field: why})


def _take(
    order: Order[NewSigningKey] | Order[SigningKeyName], kid: str, step: Callable[[Keyring], Keyring]
) -> Mapping[str, object]:
    try:
        ring = keyring.change(order.table, step)
    except KeyringError as error:
        raise Refusal(Reason.BAD_REQUEST, str(error), {"kid": str(error)}) from None
    return {"kid": kid, "state": next((key.state.value for key in ring.keys if key.kid == kid), "RETIRED")}


def _no_signing_key(why: str) -> Refusal:
    return Refusal(Reason.BAD_REQUEST, "This KMS key cannot sign tokens.", {"kms_arn": why})


def _scopes(names: list[str] | None) -> frozenset[Scope]:
    if names is None:
        return scopes.UNLESS_NAMED
    try:
        return scopes.parse(" ".join(names))
    except InvalidScope:
        known = ", ".join(sorted(Scope))
        raise Refusal(Reason.BAD_REQUEST, "A scope is not known.", {"scopes": f"are not all of {known}"}) from None
