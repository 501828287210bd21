"""GET /.well-known/jwks.json

The public keys that tokens are signed with (RFC 7517).
"""

from coffer.api.call import Call
from coffer.api.declare import public
from coffer.api.responses import Response, json_response
from coffer.models.oauth import KeySet
from coffer.store import keyring

MAX_AGE = {"Cache-Control": "public, max-age=300"}


@public(__doc__, answer=KeySet)
def handler(call: Call) -> Response:
    return json_response(200, keyring.get(call.table()).jwks(), MAX_AGE)
