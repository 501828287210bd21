"""What no route of ours answers: an unknown path, or a known one with another method."""

import re
from collections.abc import Mapping, Sequence
from copy import replace

from coffer.api import errors
from coffer.api.call import Call
from coffer.api.responses import Response
from coffer.ledger.refusal import Reason, Refusal

type Routes = Mapping[str, Sequence[str]]
"""The methods of every path; parameters stand in braces."""

_PARAMETER = re.compile(r"\\\{\w+\\\}")


def refuse(call: Call, routes: Routes) -> Response:
    """405 with `Allow` where the path is known, 404 where it is not."""
    path = str(call.event["rawPath"])
    face = errors.face_of(path)
    for known, methods in routes.items():
        if re.fullmatch(_PARAMETER.sub("[^/]+", re.escape(known)), path):
            allowed = ", ".join(methods)
            message = f"The path {known} is there, but not with this method. It takes {allowed}."
            refusal = errors.render(Refusal(Reason.METHOD_NOT_ALLOWED, message), face)
            return replace(refusal, headers={**refusal.headers, "Allow": allowed})
    raise Refusal(Reason.ROUTE_UNKNOWN, "There is nothing at this path. The API's paths are in its OpenAPI document.")
