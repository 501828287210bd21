"""Examples for the OpenAPI document: what the sample events ask, and what the endpoints really answer to them."""

import json
from typing import Any

from tests.support.samples import invoke, sample_event, sample_world

_TOKENS = {"token", "access_token"}
_SHOWN = 40
"""Characters of a token: the rest is long, and never the same twice."""


def path_parameters(folder: str, module: str) -> dict[str, str]:
    """The ids in the path of an endpoint's sample event."""
    return dict(sample_event(folder, module).get("pathParameters", {}))


def request(folder: str, module: str) -> object:
    """The JSON body of an endpoint's sample event; None if it has none."""
    return json.loads(sample_event(folder, module).get("body") or "null")


def answer(folder: str, module: str) -> object:
    """The JSON body with which an endpoint answers its sample event, always the same one; None if it has none."""
    answered = invoke(sample_world(), folder, module, sample_event(folder, module))
    body: Any = json.loads(answered.get("body") or "null")
    if isinstance(body, dict):
        return {name: f"{value[:_SHOWN]}…" if name in _TOKENS else value for name, value in body.items()}
    return body
