"""POST /api/v1/auth/token

Gives an access token for an API key and its secret: in the headers `X-API-Key` and `X-API-Secret`, or as OAuth 2 client
credentials in a form (RFC 6749 §4.4), there also for fewer scopes than the key holds.
"""

from coffer.api import tokens
from coffer.api.call import Call
from coffer.api.declare import public
from coffer.api.responses import Response
from coffer.models.oauth import TokenAnswer


@public(__doc__, answer=TokenAnswer)
def handler(call: Call) -> Response:
    return tokens.issue(call)
