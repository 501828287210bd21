"""RFC 8414's document, and that it tells the truth about the tokens."""

from coffer.auth.metadata import server_metadata
from coffer.auth.scopes import Scope


def test_the_document_says_where_a_token_is_got_and_how_it_is_checked() -> None:
    assert server_metadata("https://ledger.example") == {
        "issuer": "https://ledger.example",
        "token_endpoint": "https://ledger.example/api/v1/auth/token",
        "jwks_uri": "https://ledger.example/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": sorted(Scope),
        "response_types_supported": [],
    }
