"""GET /version

The version that is deployed.
"""

from coffer import __version__
from coffer.api.call import Call
from coffer.api.declare import public
from coffer.api.responses import Response, json_response
from coffer.models.meta import Version


@public(__doc__, answer=Version)
def handler(_call: Call) -> Response:
    return json_response(200, {"version": __version__})
