"""What the authorization server says about itself: RFC 8414."""

from typing import TypedDict

from coffer.auth.scopes import Scope

TOKEN_PATH = "/api/v1/auth/token"  # noqa: S105 - a path
JWKS_PATH = "/.well-known/jwks.json"


class ServerMetadata(TypedDict):
    """RFC 8414 §2, as far as a server for client credentials alone has something to say."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    scopes_supported: list[str]
    response_types_supported: list[str]


def server_metadata(issuer: str) -> ServerMetadata:
    """The document of `/.well-known/oauth-authorization-server`. `issuer` is the tokens' `iss`, no slash at its end."""
    return {
        "issuer": issuer,
        "token_endpoint": issuer + TOKEN_PATH,
        "jwks_uri": issuer + JWKS_PATH,
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": sorted(Scope),
        # §2 requires it and §3.2 would have it left out, being empty: clients that check do so for its presence.
        "response_types_supported": [],
    }
