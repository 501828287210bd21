"""Whether an answer is one that the OpenAPI document describes, and may be kept by no cache."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker

from coffer.auth.metadata import JWKS_PATH
from tools.openapi.document import document

GENERAL_HEADERS = {"Content-Type", "Cache-Control", "Pragma"}
"""HTTP's own, which say nothing of Coffer."""

KEPT = {(JWKS_PATH, "200"), ("/.well-known/oauth-authorization-server", "200")}
"""What caches may keep, for five minutes: it is the same for everybody."""


def check_answer(method: str, path: str, payload: Mapping[str, Any]) -> None:
    """AssertionError unless an endpoint's answer, as the gateway gets it, is documented: status, headers and body."""
    status = str(payload["statusCode"])
    responses = _document()["paths"][path][method.lower()]["responses"]
    assert status in responses, f"{method} {path} is not documented to answer {status}: {payload}"
    response = _resolved(responses[status])
    kept = "public, max-age=300" if (path, status) in KEPT else "no-store"
    assert payload["headers"]["Cache-Control"] == kept, f"{method} {path} {status} {payload['headers']}"
    headers = payload["headers"].keys() - GENERAL_HEADERS
    assert headers <= response["headers"].keys(), f"{method} {path} {status} {headers}"
    for name, header in response["headers"].items():
        assert name in headers or not _resolved(header).get("required"), f"{method} {path} {status} lacks {name}"
    if method == "HEAD":
        return  # the gateway sends no body, whatever it is given
    assert ("content" in response) == ("body" in payload), f"{method} {path} {status} {payload}"
    if "body" in payload:
        (schema,) = (content["schema"] for content in response["content"].values())
        check_value(schema, json.loads(payload["body"]))


def check_request(method: str, path: str, body: object) -> None:
    """AssertionError unless a body is one that an endpoint is documented to take."""
    content = _document()["paths"][path][method.lower()]["requestBody"]["content"]
    check_value(content["application/json"]["schema"], body)


def check_value(schema: Mapping[str, Any], value: object) -> None:
    """AssertionError unless a value is as a schema of the document says."""
    whole = {"allOf": [schema], "components": _document()["components"]}
    problems = list(OAS31Validator(whole, format_checker=oas31_format_checker).iter_errors(value))
    assert not problems, f"{value}: {problems}"


def _resolved(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of the document, or what it refers to."""
    if "$ref" not in part:
        return part
    found: Any = _document()
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return _resolved(found)


@cache
def _document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(document()))
    return made
