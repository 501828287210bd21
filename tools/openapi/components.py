"""What operations share: parameters, headers, security schemes and schemas."""

from collections.abc import Iterable

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from coffer.api import queries
from coffer.api.endpoint import Declaration
from coffer.api.errors import RETRY_AFTER, Face
from coffer.auth.metadata import TOKEN_PATH
from coffer.auth.scopes import Scope
from coffer.models.listing import Filters
from coffer.models.names import MAX_CODE_LENGTH
from coffer.store.lists import MOST_COUNTED

type Json = dict[str, object]


def ref(kind: str, name: str) -> Json:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def _parameter(place: str, name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": place, "description": description, "schema": schema}


_TEXT: Json = {"type": "string"}
_PRINTABLE = r"^[\x20-\x7e]+$"
_KEY: Json = {"type": "string", "pattern": _PRINTABLE, "maxLength": 255}
_ROWS: Json = {"type": "integer", "minimum": 1, "maximum": queries.MAX_LIMIT, "default": queries.DEFAULT_LIMIT}

IDEMPOTENCY = ("X-Idempotency", "Idempotency-Key")
LISTING = {
    Face.LEDGER: ("limit", "page", "cursor", "sort_order", "start_date", "end_date", "metadata"),
    Face.WALLET: ("page_size", "page", "cursor"),
}

PARAMETERS: dict[str, Json] = {
    "X-Request-Id": _parameter(
        "header",
        "X-Request-Id",
        "Your own id for the request: it comes back in the answer, and stands in the log, if it is 1 to 128 of ASCII's "
        "letters, digits, `-`, `_` and `=`. Any other is replaced.",
        _TEXT,
    ),
    "X-Idempotency": _parameter(
        "header",
        "X-Idempotency",
        "Makes it safe to send the request again: the same key with the same body gets the first answer again, and "
        "nothing is done twice. Keys are kept for good, per client, method and path.",
        _KEY,
    ),
    "Idempotency-Key": _parameter(
        "header", "Idempotency-Key", "The same as `X-Idempotency`; if both are sent, they must be equal.", _KEY
    ),
    "limit": _parameter("query", "limit", "How many rows a page has.", _ROWS),
    "page_size": _parameter("query", "page_size", "How many rows a page has.", _ROWS),
    "page": _parameter(
        "query",
        "page",
        "Which page, counted from 1; not together with `cursor`. It is an offset, which can skip a row or repeat one "
        f"when rows come or go, and passes over {queries.MAX_SKIP:,} rows at most.",
        {"type": "integer", "minimum": 1, "default": 1},
    ),
    "cursor": _parameter(
        "query",
        "cursor",
        "A cursor of a page of this list, with all other parameters as they were. It never skips a row or repeats one.",
        _TEXT,
    ),
    "sort_order": _parameter(
        "query", "sort_order", "By creation.", {"type": "string", "enum": ["asc", "desc"], "default": "asc"}
    ),
    "start_date": _parameter(
        "query", "start_date", "Rows created then or later; of a day, from its beginning.", ref("schemas", "Date")
    ),
    "end_date": _parameter(
        "query", "end_date", "Rows created then or earlier; of a day, until its end.", ref("schemas", "Date")
    ),
    # An exploded form writes the members of an object as parameters of their own: `metadata.orderId=42`.
    "metadata": {
        **_parameter(
            "query",
            "metadata",
            "`metadata.<key>=<value>`, any number of them: rows whose metadata has all these values. `true` and `12.5` "
            "match the boolean and the number, and the texts.",
            {"type": "object", "propertyNames": {"pattern": r"^metadata\.."}, "additionalProperties": _TEXT},
        ),
        "style": "form",
        "explode": True,
    },
}

REQUIRED: dict[str, Json] = {
    "date": {
        **_parameter("query", "date", "As it stood then; of a day, at its end.", ref("schemas", "Date")),
        "required": True,
    }
}
"""Parameters of endpoints that cannot be asked without them."""

HEADERS: dict[str, Json] = {
    "X-Request-Id": {"description": "The request's id: yours, if you sent one that could be taken.", "schema": _TEXT},
    "X-Idempotency-Replayed": {
        "description": "There if this is the answer to an earlier request with the same key.",
        "schema": {"const": "true"},
    },
    "X-Total-Count": {
        "description": "How many there are.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    "Link": {"description": '`<…>; rel="next"`, relative to this URL, if there are more rows.', "schema": _TEXT},
    "WWW-Authenticate": {"description": "What is wrong with the token (RFC 6750 §3).", "schema": _TEXT},
    "Retry-After": {
        "description": "After how many seconds to ask again, if that is safe.",
        "schema": {"type": "integer", "const": RETRY_AFTER},
    },
}

SECURITY: dict[str, Json] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": f"A token from `POST {TOKEN_PATH}`; the scopes that it needs stand at each operation.",
    },
    "oauth": {
        "type": "oauth2",
        "description": "The same tokens, for clients that know OAuth 2.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": TOKEN_PATH,
                "scopes": {scope: f"{scope.partition(':')[2].title()} {scope.partition(':')[0]}" for scope in Scope},
            }
        },
    },
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "apiSecret": {"type": "apiKey", "in": "header", "name": "X-API-Secret"},
    "clientBasic": {
        "type": "http",
        "scheme": "basic",
        "description": "API key and secret as user and password, each form-encoded (RFC 6749 §2.3.1).",
    },
}

_DATE: Json = {
    "description": "A day, or a time with its offset (RFC 3339).",
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
    "examples": ["2026-01-15", "2026-01-15T10:40:00.000Z"],
}


class _Generator(GenerateJsonSchema):
    """Without titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 -- pydantic's signature
        """Never."""
        return False


def schemas(declarations: Iterable[Declaration]) -> dict[str, Json]:
    """The schemas of all models that go in and out, of the pages of lists, and what the parameters refer to."""
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    pages: dict[str, Json] = {}
    for declaration in declarations:
        if declaration.body:
            wanted[declaration.body, "validation"] = None
        if declaration.answer:
            wanted[declaration.answer, "serialization"] = None
        if declaration.answer and declaration.filters:
            pages[page_of(declaration.answer)] = _page(declaration.answer, declaration.face)
    _, generated = models_json_schema(
        list(wanted), by_alias=True, ref_template="#/components/schemas/{model}", schema_generator=_Generator
    )
    return {**generated["$defs"], **pages, "Date": _DATE}


_NAMES: dict[str, Json] = {
    "alias": _parameter("path", "alias", "The alias of the account.", {"type": "string", "maxLength": 111}),
    "code": _parameter("path", "code", "The code of the asset.", {"type": "string", "maxLength": MAX_CODE_LENGTH}),
}


def path_parameter(face: Face, name: str, example: str) -> Json:
    """An id in a path, or what stands for one, with that of a sample."""
    if name in _NAMES:
        return {**_NAMES[name], "required": True, "example": example}
    what = name.removesuffix("_id").replace("_", " ")
    schemas: dict[Face, Json] = {
        Face.LEDGER: {"type": "string", "format": "uuid"},
        Face.WALLET: {"type": "string", "maxLength": 36},
    }
    parameter = _parameter("path", name, f"The id of the {what}.", schemas[face])
    return {**parameter, "required": True, "example": example}


def filters(model: type[Filters]) -> list[Json]:
    """The parameters of a list's own filters."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}", schema_generator=_Generator)
    return [
        _parameter("query", name, f"Rows with this {name} alone.", each)
        for name, each in schema.get("properties", {}).items()
    ]


def page_of(row: type[BaseModel]) -> str:
    """The name of the schema of a page of rows."""
    return f"{row.__name__}Page"


def _page(row: type[BaseModel], face: Face) -> Json:
    rows: Json = {"type": "array", "items": ref("schemas", row.__name__)}
    following: Json = {"type": ["string", "null"], "description": "Leads to the next page; null on the last one."}
    members: dict[Face, dict[str, Json]] = {
        Face.LEDGER: {
            "items": rows,
            "limit": {"type": "integer"},
            "page": {"type": "integer"},
            "next_cursor": following,
            "prev_cursor": {"type": ["string", "null"], "description": "Leads back; null on the first page."},
        },
        Face.WALLET: {
            "data": rows,
            "total": {
                "type": ["integer", "null"],
                "description": "How many rows there are in all. Null where they are not counted: if there are more "
                f"than {MOST_COUNTED:,}, or if a filter would have each of them looked at. The last page tells it in "
                "any case, if it was asked for by its number. `has_more` and `next_cursor` do not depend on it.",
            },
            "has_more": {"type": "boolean"},
            "next_cursor": following,
        },
    }
    return {
        "description": "A page of a list. It may end early, to stay under 4 MB.",
        "type": "object",
        "properties": members[face],
        "required": list(members[face]),
        "additionalProperties": False,
    }
