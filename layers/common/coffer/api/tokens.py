"""Getting a token: API key and secret in headers, or OAuth 2's client credentials in a form; the same answer."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from coffer.api import bodies, errors
from coffer.api.call import Call
from coffer.api.responses import Response, json_response
from coffer.auth import scopes
from coffer.auth.addresses import is_allowed, parse_networks
from coffer.auth.errors import InvalidScope, KeyringError
from coffer.auth.keyring import SigningKey
from coffer.auth.secrets import ApiKeyId, is_secret, parse_api_key
from coffer.auth.tokens import LIFETIME, mint
from coffer.ids import prefixed
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.clients import Client
from coffer.models.oauth import TokenAnswer
from coffer.store import clients, keyring, keys
from coffer.store.values import Item

FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 20

_NOBODY = ApiKeyId(client="00000000-0000-0000-0000-000000000000", key="00000000-0000-0000-0000-000000000000")
"""Whose key is looked up when the text of one is not even that: a wrong key takes the same time as a wrong secret."""


def issue(call: Call) -> Response:
    """Answers a token, or says why not in the dialect that was spoken."""
    headers = call.headers
    is_form = headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
    # Some clients call even an empty body a form.
    if not is_form or ("x-api-key" in headers and not bodies.read(call.event)):
        return _grant(call, headers.get("x-api-key", ""), headers.get("x-api-secret", ""), None)
    try:
        return _client_credentials(call)
    except _OAuthError as error:
        return _oauth_answer(error.code, error.description, Response(400))
    except InvalidScope as error:
        return _oauth_answer("invalid_scope", str(error), Response(400))
    except Refusal as refusal:
        told = errors.render(refusal, errors.Face.WALLET)
        return _oauth_answer(_OAUTH_CODES[refusal.reason], refusal.message, told)


@dataclass
class _OAuthError(Exception):
    """RFC 6749 §5.2, of a request that is not one of this dialect's."""

    code: str
    description: str


_OAUTH_CODES = {
    Reason.CREDENTIALS_INVALID: "invalid_client",
    Reason.CLIENT_FORBIDDEN: "unauthorized_client",
    Reason.TOO_LARGE: "invalid_request",
    Reason.UNAVAILABLE: "temporarily_unavailable",
}


def _oauth_answer(code: str, description: str, told: Response) -> Response:
    """An answer with `told`'s status and headers, in the shape of RFC 6749 §5.2."""
    return json_response(told.status, {"error": code, "error_description": description}, told.headers, code)


def _client_credentials(call: Call) -> Response:
    """RFC 6749 §4.4."""
    form = _form(call)
    if "grant_type" not in form:
        raise _OAuthError("invalid_request", "grant_type is missing; it must be client_credentials")
    if form["grant_type"] != "client_credentials":
        raise _OAuthError("unsupported_grant_type", "grant_type must be client_credentials")
    key, secret = _credentials(call.headers.get("authorization"), form)
    return _grant(call, key, secret, form.get("scope"))


def _form(call: Call) -> Mapping[str, str]:
    """The form's parameters; one without a value counts as left out (RFC 6749 §3.2)."""
    try:
        fields = parse_qsl(
            bodies.read(call.event).decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise _OAuthError(
            "invalid_request", f"the body is not a form in UTF-8 of at most {MAX_FIELDS} fields"
        ) from None
    if len(dict(fields)) < len(fields):
        raise _OAuthError("invalid_request", "a parameter stands twice")
    return {name: value for name, value in fields if value}


def _credentials(authorization: str | None, form: Mapping[str, str]) -> tuple[str, str]:
    """Key and secret from HTTP Basic, whose parts are form-encoded (RFC 6749 §2.3.1), or from the form; never both."""
    if authorization is None:
        return form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, encoded = authorization.partition(" ")
    try:
        key, separator, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        separator = key = secret = ""
    if scheme.lower() != "basic" or not separator:
        raise Refusal(Reason.CREDENTIALS_INVALID, "The Authorization header is not HTTP Basic.")
    key, secret = unquote_plus(key), unquote_plus(secret)
    if "client_secret" in form or form.get("client_id", key) != key:
        raise _OAuthError("invalid_request", "send the credentials as HTTP Basic or in the form, not both")
    return key, secret


def _grant(call: Call, key: str, secret: str, scope: str | None) -> Response:
    """The token for a key and its secret.

    Raises `Refusal` for CREDENTIALS_INVALID, CLIENT_FORBIDDEN and UNAVAILABLE, and InvalidScope.
    """
    api_key = parse_api_key(key) or _NOBODY
    table = call.table()
    client_id = prefixed("cli", api_key.client)
    client_item, key_item, keyring_item = table.get_together(
        keys.client(client_id), keys.api_key(api_key), keys.KEYRING
    )
    known = clients.read(client_item, key_item)
    right = is_secret(secret, known[1].secret_hash if known else None)
    if known is None or not right or known[1].revoked:
        raise Refusal(Reason.CREDENTIALS_INVALID, "The API key or its secret is wrong.")
    client, kept = known
    if client.status != "ACTIVE":
        raise Refusal(Reason.CLIENT_FORBIDDEN, "The client is disabled.")
    if not is_allowed(call.source_ip, parse_networks(kept.networks)):
        raise Refusal(Reason.CLIENT_FORBIDDEN, "The API key may not be used from this address.")
    granted = scopes.grant(scope, scopes.recognized(kept.scopes))
    signing_key = _signing_key(keyring_item)
    token = table.repeat(
        lambda: mint(
            issuer=call.issuer,
            audience=call.runtime.audience,
            client_id=client_id,
            key_id=api_key.key,
            scopes=granted,
            now=call.now,
            signing_key=signing_key,
            kms=call.runtime.kms(),
        )
    )
    # RFC 6749 §5.1 asks for Pragma beside Cache-Control, which every answer has.
    return Response(200, _answer(token, scopes.render(granted), client).model_dump_json(), {"Pragma": "no-cache"})


def _signing_key(keyring_item: Item | None) -> SigningKey:
    try:
        return keyring.read(keyring_item).signing_key
    except KeyringError:
        raise Refusal(
            Reason.UNAVAILABLE,
            "No key signs tokens yet. An operator publishes one and switches to it, with the functions "
            "publish_signing_key and switch_signing_key.",
        ) from None


def _answer(token: str, scope: str, client: Client) -> TokenAnswer:
    return TokenAnswer(
        token=token,
        access_token=token,
        token_type="Bearer",  # noqa: S106 -- a scheme
        expires_in=LIFETIME,
        scope=scope,
        client=client,
    )
