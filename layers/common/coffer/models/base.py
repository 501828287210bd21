"""What the models of the ledger API share: strictness, texts, ids, status, metadata, moments."""

import json
from decimal import Decimal
from math import isfinite
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from coffer.ids import is_uuid
from coffer.ledger.refusal import Reason
from coffer.models.strict import Strict
from coffer.times import parse, rfc3339

MAX_KEYS = 100
MAX_KEY_LENGTH = 100
MAX_VALUE_LENGTH = 2_000
MAX_METADATA_BYTES = 16 * 1024


class Input(Strict):
    """What a caller sends: camelCase, nothing unknown, nothing converted."""

    model_config = ConfigDict(alias_generator=to_camel)


class Output(Strict):
    """What a caller gets: camelCase."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=False, serialize_by_alias=True
    )


def refuse(reason: Reason, message: str) -> PydanticCustomError:
    """An error of one field, with its own reason."""
    return PydanticCustomError(reason.value, "{explanation}", {"explanation": message})


def not_blank(text: str) -> str:
    """A validator: the text, unless it is nothing but white space."""
    if not text.strip():
        raise refuse(Reason.BAD_REQUEST, "must not be blank")
    return text


def _metadata(value: object) -> dict[str, str | int | float | bool]:
    if not isinstance(value, dict):
        raise refuse(Reason.METADATA_VALUE, "must be an object of strings, numbers and booleans")
    if not value:  # as nearly all are
        return value
    if len(value) > MAX_KEYS:
        raise refuse(Reason.METADATA_KEY, f"has {len(value)} keys; at most {MAX_KEYS} are allowed")
    for key in value:
        if not 1 <= len(key) <= MAX_KEY_LENGTH:
            raise refuse(Reason.METADATA_KEY, f"has a key of {len(key)} characters; 1 to {MAX_KEY_LENGTH} are allowed")
    metadata = {key: _metadata_value(key, each) for key, each in value.items()}
    if (size := len(dump_metadata(metadata).encode())) > MAX_METADATA_BYTES:
        raise refuse(Reason.METADATA_VALUE, f"takes {size} bytes as JSON; at most {MAX_METADATA_BYTES} are allowed")
    return metadata


def _metadata_value(key: str, value: object) -> str | int | float | bool:
    match value:
        case dict() | list():
            raise refuse(Reason.METADATA_NESTED, f"{key!r} is nested; a value is a string, a number or a boolean")
        case str() if len(value) > MAX_VALUE_LENGTH:
            raise refuse(Reason.METADATA_VALUE, f"{key!r} has {len(value)} characters; at most {MAX_VALUE_LENGTH}")
        case str() | bool() | int():
            return value
        case float() if isfinite(value):
            return value
        case Decimal() if isfinite(double := float(value)) and Decimal(repr(double)) == value:
            return double
        case float() | Decimal():
            raise refuse(Reason.METADATA_VALUE, f"{key!r} has more digits than a number in JSON keeps; send it as text")
    raise refuse(Reason.METADATA_VALUE, f"{key!r} is neither a string nor a number nor a boolean")


def dump_metadata(metadata: dict[str, str | int | float | bool]) -> str:
    """Metadata as the one string that is stored."""
    return json.dumps(metadata, ensure_ascii=False, separators=(",", ":"))


type Metadata = Annotated[
    dict[str, Any],
    BeforeValidator(_metadata),
    WithJsonSchema(
        {
            "type": "object",
            "description": "Flat: strings, numbers and booleans; at most 16 KiB as JSON.",
            "maxProperties": MAX_KEYS,
            "propertyNames": {"minLength": 1, "maxLength": MAX_KEY_LENGTH},
            "additionalProperties": {
                "anyOf": [
                    {"type": "string", "maxLength": MAX_VALUE_LENGTH},
                    {"type": "number"},
                    {"type": "boolean"},
                ]
            },
        }
    ),
]

type Text = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(not_blank)]
"""A name or another short text: 1 to 256 characters, not only white space."""

type Note = Annotated[str, StringConstraints(max_length=256)]
"""A short text, which may be empty."""

type Moment = Annotated[int, PlainSerializer(rfc3339), WithJsonSchema({"type": "string", "format": "date-time"})]
"""Milliseconds since 1970 inside, RFC 3339 outside."""


def _moment(value: object) -> int:
    try:
        return parse(value if isinstance(value, str) else "")
    except ValueError:
        raise refuse(Reason.DATE_INVALID, "must be a time like 2026-01-15T10:40:00.000Z, with its offset") from None


type When = Annotated[int, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment as a caller sends it."""


def _an_id(text: str) -> str:
    if not is_uuid(text):
        raise refuse(Reason.BAD_REQUEST, "must be an id: a UUID in lower case, with hyphens")
    return text


type Uuid = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
"""An id in its canonical form."""

type GivenId = Annotated[Uuid, AfterValidator(_an_id)]
"""An id as a caller must write it."""


class Status(Strict):
    """The user's own vocabulary: any code, with a description."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    description: Note | None = None


ACTIVE = Status(code="ACTIVE")
