"""GET /.well-known/oauth-authorization-server

What the authorization server says of itself (RFC 8414).
"""

from coffer.api.call import Call
from coffer.api.declare import public
from coffer.api.responses import Response, json_response
from coffer.auth.metadata import server_metadata
from coffer.models.oauth import ServerMetadata


@public(__doc__, answer=ServerMetadata)
def handler(call: Call) -> Response:
    return json_response(200, server_metadata(call.issuer), {"Cache-Control": "public, max-age=300"})
