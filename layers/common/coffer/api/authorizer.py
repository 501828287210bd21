"""The authorizer: says who is calling, and refuses nobody.

An HTTP API answers a refused request in a shape of its own, while callers need to tell an expired token from a bad one.
So the verdict goes into the context, and `coffer.api.caller` refuses. The gateway keeps it for a minute: that is how
long a revoked key or a disabled client may still get in.
"""

from collections.abc import Callable, Mapping
from typing import Any

from coffer.api.caller import Verdict
from coffer.api.log import logger
from coffer.api.runtime import Runtime
from coffer.auth.errors import TokenExpired, TokenInvalid
from coffer.auth.scopes import render
from coffer.auth.secrets import ApiKeyId
from coffer.auth.verification import VerifiedToken, verify
from coffer.ids import pack, unpack
from coffer.store import clients, keyring, keys
from coffer.store.table import Table


def authorize(event: Mapping[str, Any], runtime: Runtime, time_left: Callable[[], float]) -> dict[str, object]:
    """The answer to an authorizer's event of payload format 2.0, in its simple form."""
    now = runtime.clock()
    table = runtime.table(now, time_left)
    issuer = runtime.issuer or f"https://{event['requestContext']['domainName']}"
    try:
        token = verify(
            _bearer(event), keyring.get(table).public_keys, issuer=issuer, audience=runtime.audience, now=now
        )
        context = _verdict(table, token)
    except TokenExpired:
        context = {"verdict": Verdict.EXPIRED}
    except TokenInvalid as invalid:
        context = {"verdict": Verdict.INVALID}
        logger.info("token refused", why=str(invalid), request_id=event["requestContext"].get("requestId"))
    return {"isAuthorized": True, "context": context}


def _bearer(event: Mapping[str, Any]) -> str:
    """The token of the Authorization header (RFC 6750 §2.1)."""
    scheme, _, token = str(event["identitySource"][0]).partition(" ")
    if scheme.lower() != "bearer":
        raise TokenInvalid("not a bearer token")
    return token.strip()


def _verdict(table: Table, token: VerifiedToken) -> dict[str, str]:
    """Good, if the client and its API key still are."""
    api_key = ApiKeyId(client=unpack(pack(token.client_id)), key=token.key_id)
    known = clients.read(*table.get_together(keys.client(token.client_id), keys.api_key(api_key)))
    if known is None:
        raise TokenInvalid("the client or its API key is gone")
    client, kept = known
    if client.status != "ACTIVE" or kept.revoked:
        raise TokenInvalid("the client is disabled, or its API key revoked")
    return {"verdict": Verdict.GOOD, "client_id": token.client_id, "scope": render(token.scopes), "exp": str(token.exp)}
