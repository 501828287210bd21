"""What is wrong with a value, in words for the caller: pydantic's own speak of Python."""

import re

from pydantic_core import ErrorDetails

_SHOULD = re.compile(r"^\w+ should ")

_WORDS = {
    "missing": "is required",
    "extra_forbidden": "is not known here",
    "model_type": "must be an object",
    "string_type": "must be a string",
    "int_type": "must be a whole number",
}


def describe(problem: ErrorDetails) -> str:
    """What a field must be, to follow its name: `must have at most 256 characters`."""
    return _WORDS.get(problem["type"]) or _SHOULD.sub("must ", problem["msg"]).replace(" after validation", "")
