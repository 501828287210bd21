"""Getting a token: API key and secret in headers, or OAuth 2's client credentials in a form; the same answer."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from botocore.exceptions import BotoCoreError, ClientError

from coffer.api import bodies
from coffer.api.call import Call
from coffer.api.responses import Response, json_response
from coffer.auth import scopes
from coffer.auth.addresses import is_allowed, parse_networks
from coffer.auth.errors import InvalidScope
from coffer.auth.secrets import ApiKeyId, is_secret, parse_api_key
from coffer.auth.tokens import LIFETIME, mint
from coffer.ids import prefixed
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.clients import Client, TokenAnswer
from coffer.store import clients, keyring, keys
from coffer.store.failures import Failure, classify

FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 20

_NOBODY = ApiKeyId(client="00000000-0000-0000-0000-000000000000", key="00000000-0000-0000-0000-000000000000")
"""Whose key is looked up when the text of one is not even that: a wrong key takes the same time as a wrong secret."""


def issue(call: Call) -> Response:
    """Answers a token, or says why not in the dialect that was spoken."""
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        headers = call.headers
        return _grant(call, headers.get("x-api-key", ""), headers.get("x-api-secret", ""), None)
    try:
        return _client_credentials(call)
    except _OAuthError as error:
        body = {"error": error.code, "error_description": error.description}
        challenge = {"WWW-Authenticate": 'Basic realm="coffer"'} if error.status == _UNAUTHORIZED else {}
        return json_response(error.status, body, challenge)


_UNAUTHORIZED = 401


@dataclass
class _OAuthError(Exception):
    """RFC 6749 §5.2."""

    status: int
    code: str
    description: str


def _client_credentials(call: Call) -> Response:
    form = _form(call)
    if "grant_type" not in form:
        raise _OAuthError(400, "invalid_request", "grant_type is missing; it must be client_credentials")
    if form["grant_type"] != "client_credentials":
        raise _OAuthError(400, "unsupported_grant_type", "grant_type must be client_credentials")
    key, secret = _credentials(call.headers.get("authorization"), form)
    try:
        return _grant(call, key, secret, form.get("scope"))
    except InvalidScope as error:
        raise _OAuthError(400, "invalid_scope", str(error)) from None
    except Refusal as refusal:
        match refusal.reason:
            case Reason.CREDENTIALS_INVALID:
                raise _OAuthError(_UNAUTHORIZED, "invalid_client", refusal.message) from None
            case Reason.CLIENT_FORBIDDEN:
                raise _OAuthError(403, "unauthorized_client", refusal.message) from None
        raise


def _form(call: Call) -> Mapping[str, str]:
    try:
        fields = parse_qsl(
            bodies.read(call.event).decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise _OAuthError(400, "invalid_request", "the body is not a form in UTF-8") from None
    form = dict(fields)
    if len(form) < len(fields):
        raise _OAuthError(400, "invalid_request", "a parameter stands twice")
    return form


def _credentials(authorization: str | None, form: Mapping[str, str]) -> tuple[str, str]:
    """Key and secret from HTTP Basic, whose parts are form-encoded (RFC 6749 §2.3.1), or from the form; never both."""
    if authorization is None:
        return form.get("client_id", ""), form.get("client_secret", "")
    if "client_secret" in form:
        raise _OAuthError(400, "invalid_request", "send the credentials as HTTP Basic or in the form, not both")
    scheme, _, encoded = authorization.partition(" ")
    try:
        key, separator, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        separator = key = secret = ""
    if scheme.lower() != "basic" or not separator:
        raise _OAuthError(_UNAUTHORIZED, "invalid_client", "the Authorization header is not HTTP Basic")
    return unquote_plus(key), unquote_plus(secret)


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
    token = _signed(
        lambda: mint(
            issuer=call.issuer,
            audience=call.runtime.audience,
            client_id=client_id,
            key_id=api_key.key,
            scopes=granted,
            now=call.now,
            signing_key=keyring.read(keyring_item).signing_key,
            kms=call.runtime.kms(),
        )
    )
    return Response(200, _answer(token, scopes.render(granted), client).model_dump_json())


def _answer(token: str, scope: str, client: Client) -> TokenAnswer:
    return TokenAnswer(
        token=token,
        access_token=token,
        token_type="Bearer",  # noqa: S106 -- a scheme
        expires_in=LIFETIME,
        scope=scope,
        client=client,
    )


def _signed(sign: Callable[[], str]) -> str:
    try:
        return sign()
    except (ClientError, BotoCoreError) as error:
        if classify(error) is Failure.BUG:
            raise
        raise Refusal(Reason.UNAVAILABLE, "The token could not be signed in time. Ask again after a pause.") from error
