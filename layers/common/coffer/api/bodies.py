"""Request bodies: bounded and unambiguous JSON, then the endpoint's model."""

import json
import re
from base64 import b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from math import nan
from typing import Any

from pydantic import BaseModel, ValidationError

from coffer.api.problems import describe
from coffer.ledger import amounts
from coffer.ledger.refusal import Reason, Refusal

MAX_BYTES = 256 * 1024
MAX_DEPTH = 10
_FINGERPRINT_BYTES = 16
"""It tells a caller's own mistake: 128 bits are enough, and stand on every transaction's record."""
_LONGEST_INT = 18
"""Digits of a JSON integer that is read as one; longer ones are read as exact decimals."""

_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)  # an unclosed string is read once, to the end
_SUSPICIOUS = re.compile(r"\\u(?:0000|[dD][89a-fA-F])|NaN|Infinity")
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Constant(float):
    """NaN or an infinity, spelled out in a body."""


def read(event: Mapping[str, Any]) -> bytes:
    """The bytes of an event's body; `Refusal(TOO_LARGE)` beyond 256 KiB."""
    body = event.get("body") or ""
    raw = b64decode(body) if event.get("isBase64Encoded") else body.encode(errors="surrogatepass")
    if len(raw) > MAX_BYTES:
        raise Refusal(Reason.TOO_LARGE, f"The body has {len(raw)} bytes. Send at most {MAX_BYTES}.")
    return raw


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object in a body; `Refusal(JSON_MALFORMED)` for anything that is not exactly one.

    Integers of more than 18 digits and numbers with a point are decimals, exact as written. A number with an exponent
    is a float, which no amount may be. NaN, which nothing accepts, stands for a number that a float would have to
    round, and for one that is longer than any amount.
    """
    try:
        text = raw.decode()
        _check_depth(text)
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=lambda number: int(number) if len(number.lstrip("-")) <= _LONGEST_INT else amounts.number(number),
            parse_float=lambda number: _exponential(number) if "e" in number.lower() else amounts.number(number),
            parse_constant=_Constant,
        )
    except UnicodeDecodeError:
        raise _malformed("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise _malformed(f"The body is not JSON ({error.msg}, character {error.pos}).") from None
    if not isinstance(value, dict):
        raise _malformed("The body is JSON, but not an object.")
    if _SUSPICIOUS.search(text):
        _check_values(value)
    return value


def refuse_all(raw: bytes) -> None:
    """Where there is nothing to say, anything but an empty object is a mistake."""
    for name in parse(raw) if raw.strip() else ():
        raise Refusal(
            Reason.FIELDS_UNEXPECTED, "This request has no fields. Send no body, or {}.", {name: "is not known here"}
        )


def validate[Model: BaseModel](model: type[Model], value: Mapping[str, Any]) -> Model:
    """The body as its model; a refusal with the reason of what is worst, and what is wrong with each field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _refusal(error) from None


def fingerprint(value: Mapping[str, Any]) -> str:
    """A hash of the body as canonical JSON: the order of keys and the white space make no difference."""
    canonical = json.dumps(_canonical(value), sort_keys=True, separators=(",", ":"))
    return urlsafe_b64encode(sha256(canonical.encode()).digest()[:_FINGERPRINT_BYTES]).decode().rstrip("=")


def _canonical(value: object) -> object:
    """A value with its numbers as text, exact: 1, 1.0 and 1e0 are the same. A quote sets strings apart from them."""
    match value:
        case dict():
            return {key: _canonical(each) for key, each in value.items()}
        case list():
            return [_canonical(each) for each in value]
        case str():
            return f'"{value}'
        case bool() | None:
            return value
    return amounts.text(Decimal(str(value)))


def _check_depth(text: str) -> None:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return
    depth, field = 0, ""
    for found in _STRUCTURE.finditer(text):
        part = found[0]
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
        name = twice.encode(errors="backslashreplace").decode()  # it may hold half of a surrogate pair
        raise Refusal(
            Reason.JSON_MALFORMED,
            "A key stands twice in one object of the body. Leave one of them out.",
            {name: "stands twice in its object"},
        )
    return members


def _exponential(number: str) -> float:
    """A number with an exponent as a float, which no amount may be; NaN if that is not exactly what was written."""
    if len(number) > amounts.MAX_LENGTH:
        return nan
    double = float(number)
    try:
        exact = Decimal(number) == Decimal(repr(double))
    except InvalidOperation:  # the exponent itself has too many digits
        exact = False
    return double if exact else nan


def _check_values(value: dict[str, Any]) -> None:
    for path, leaf in _leaves(value, ""):
        match leaf:
            case str() if "\0" in leaf or _SURROGATE.search(leaf):
                raise Refusal(
                    Reason.BAD_REQUEST,
                    "A string of the body holds a character that cannot be stored. Leave it out.",
                    {path: "holds a NUL character or half of a surrogate pair"},
                )
            case _Constant():
                raise Refusal(
                    Reason.JSON_MALFORMED,
                    "JSON has neither NaN nor Infinity. Send a number, or leave the field out.",
                    {path: "is not a number"},
                )


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    """Every value that holds no others, and every key, with the path to it."""
    match value:
        case dict():
            for key, each in value.items():
                yield path or "body", key
                yield from _leaves(each, f"{path}.{key}" if path else key)
        case list():
            for index, each in enumerate(value):
                yield from _leaves(each, f"{path}.{index}")
        case _:
            yield path, value


def _malformed(message: str) -> Refusal:
    return Refusal(Reason.JSON_MALFORMED, f"{message} Send one JSON object in UTF-8.")


_PYDANTIC_REASONS = {
    "missing": Reason.FIELDS_MISSING,
    "extra_forbidden": Reason.FIELDS_UNEXPECTED,
    "literal_error": Reason.TYPE_INVALID,
}


def _refusal(error: ValidationError) -> Refusal:
    """Fields that are missing come first, then unknown ones: both say that the rest may be misread."""
    problems = [
        (_reason(problem["type"]), problem)
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    problems.sort(key=lambda problem: _SEVERITY.get(problem[0], 2))
    reason, _ = problems[0]
    fields = {".".join(map(str, problem["loc"])) or "body": describe(problem) for _, problem in problems[:_MOST_NAMED]}
    return Refusal(
        reason, _SUMMARIES.get(reason, "The request has a field that cannot be accepted. See `fields`."), fields
    )


def _reason(kind: str) -> Reason:
    if kind in Reason:
        return Reason(kind)
    return _PYDANTIC_REASONS.get(kind, Reason.BAD_REQUEST)


_SEVERITY = {Reason.FIELDS_MISSING: 0, Reason.FIELDS_UNEXPECTED: 1, Reason.BAD_REQUEST: 3}
_MOST_NAMED = 50
"""Fields that one answer names: a body of 256 KiB has room for thousands that are wrong."""

_SUMMARIES = {
    Reason.FIELDS_MISSING: "The request lacks a field that is required. Add what `fields` names.",
    Reason.FIELDS_UNEXPECTED: "The request has a field that cannot be set here. Leave out what `fields` names.",
}
