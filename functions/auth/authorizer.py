"""Says who is calling, for every route that takes a token; the endpoints refuse."""

from collections.abc import Mapping
from typing import Any

from coffer.api.authorizer import authorize
from coffer.api.runtime import LambdaContext, production, start, time_left

start()


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, object]:
    return authorize(event, production(), time_left(context))
