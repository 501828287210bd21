"""Request bodies: bounded and unambiguous JSON, then the endpoint's model."""

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ValidationError

from coffer.ledger.refusal import Reason, Refusal

MAX_BYTES = 256 * 1024
MAX_DEPTH = 10
_LONGEST_INT = 18
"""Digits of a JSON integer that is read as one; longer ones are read as exact decimals, in linear time."""

_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)  # an unclosed string is read once, to the end
_SUSPICIOUS = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read(event: Mapping[str, Any]) -> bytes:
    """The bytes of an event's body; `Refusal(TOO_LARGE)` beyond 256 KiB."""
    body = event.get("body") or ""
    raw = b64decode(body) if event.get("isBase64Encoded") else body.encode(errors="surrogatepass")
    if len(raw) > MAX_BYTES:
        raise Refusal(Reason.TOO_LARGE, f"The body has {len(raw)} bytes; at most {MAX_BYTES} are accepted.")
    return raw


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object in a body; `Refusal(JSON_MALFORMED)` for anything that is not exactly one.

    Integers of more than 18 digits and numbers with a point are decimals, exact as written. A number with an exponent
    is a float: no amount may be one.
    """
    try:
        text = raw.decode()
        _check_depth(text)
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=lambda digits: int(digits) if len(digits) <= _LONGEST_INT else Decimal(digits),
            parse_float=lambda number: float(number) if "e" in number.lower() else Decimal(number),
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError:
        raise _malformed("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise _malformed(f"The body is not JSON: {error.msg} at character {error.pos}.") from None
    if not isinstance(value, dict):
        raise _malformed("The body must be a JSON object.")
    if _SUSPICIOUS.search(text):
        _check_strings(value)
    return value


def validate[Model: BaseModel](model: type[Model], value: Mapping[str, Any]) -> Model:
    """The body as its model; a refusal with the reason of what is worst, and every field that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _refusal(error) from None


def fingerprint(value: Mapping[str, Any]) -> str:
    """A hash of the body as canonical JSON: the order of keys and the white space make no difference."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), default=_canonical_number)
    return sha256(canonical.encode()).hexdigest()


def _canonical_number(number: Decimal) -> int | dict[str, str]:
    if number == number.to_integral_value():
        return int(number)
    return {"": format(number.normalize(), "f")}


def _check_depth(text: str) -> None:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return
    depth, field = 0, ""
    for part in _STRUCTURE.findall(text):
        if part in "{[":
            depth += 1
        elif part in "}]":
            depth -= 1
        elif depth == 1:
            field = part.strip('"')
        if depth > MAX_DEPTH:
            raise Refusal(
                Reason.BAD_REQUEST,
                f"The body is nested deeper than {MAX_DEPTH} levels.",
                {field: f"is nested deeper than {MAX_DEPTH} levels"} if field else {},
            )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise Refusal(Reason.JSON_MALFORMED, "A key stands twice in one object of the body.", {twice: "stands twice"})
    return members


def _no_constant(name: str) -> float:
    raise _malformed(f"{name} is not a number in JSON.")


def _check_strings(value: dict[str, Any]) -> None:
    for path, text in _strings(value, ""):
        if "\0" in text or _SURROGATE.search(text):
            raise Refusal(
                Reason.BAD_REQUEST,
                "A string of the body holds a character that cannot be stored.",
                {path: "holds a NUL character or half of a surrogate pair"},
            )


def _strings(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every string in a value, keys included, with the path to it."""
    match value:
        case str():
            yield path, value
        case dict():
            for key, each in value.items():
                inner = f"{path}.{key}" if path else key
                yield path or "body", key
                yield from _strings(each, inner)
        case list():
            for index, each in enumerate(value):
                yield from _strings(each, f"{path}.{index}")


def _malformed(message: str) -> Refusal:
    return Refusal(Reason.JSON_MALFORMED, message)


_PYDANTIC_REASONS = {
    "missing": Reason.FIELDS_MISSING,
    "extra_forbidden": Reason.FIELDS_UNEXPECTED,
    "literal_error": Reason.TYPE_INVALID,
}


def _refusal(error: ValidationError) -> Refusal:
    """Fields that are missing come first, then unknown ones: both say that the rest may be misread."""
    problems = [
        (_reason(problem["type"]), ".".join(map(str, problem["loc"])), problem["msg"])
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    reasons = [reason for reason, _, _ in problems]
    reason = min(reasons, key=lambda each: _SEVERITY.get(each, 2 if each is not Reason.BAD_REQUEST else 3))
    fields = {field or "body": message for _, field, message in problems}
    return Refusal(
        reason, _SUMMARIES.get(reason, "The request has a field that cannot be accepted. See `fields`."), fields
    )


def _reason(kind: str) -> Reason:
    if kind in Reason:
        return Reason(kind)
    return _PYDANTIC_REASONS.get(kind, Reason.BAD_REQUEST)


_SEVERITY = {Reason.FIELDS_MISSING: 0, Reason.FIELDS_UNEXPECTED: 1}

_SUMMARIES = {
    Reason.FIELDS_MISSING: "The request lacks a field that is required. Add what `fields` names.",
    Reason.FIELDS_UNEXPECTED: "The request has a field that cannot be set here. Leave out what `fields` names.",
}
