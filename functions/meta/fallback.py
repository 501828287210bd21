"""ANY $default

What no other endpoint answers: 405 with `Allow` for a path that is there, 404 for one that is not.
"""

from coffer.api import routing
from coffer.api.call import Call
from coffer.api.declare import public
from coffer.api.responses import Response
from coffer.api.routes import ROUTES


@public(__doc__)
def handler(call: Call) -> Response:
    return routing.refuse(call, ROUTES)
