"""GET /health

Says that the stack is up: it answers once the table has.
"""

from coffer.api.call import Call
from coffer.api.declare import public
from coffer.api.responses import Response, json_response
from coffer.models.meta import Health
from coffer.store import keys


@public(__doc__, answer=Health)
def handler(call: Call) -> Response:
    call.table().get(keys.KEYRING)
    return json_response(200, {"status": "UP"})
