"""What can go wrong, for the OpenAPI document: which refusals an endpoint can answer, and what they look like."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from http import HTTPStatus

from coffer.api.endpoint import Declaration
from coffer.api.errors import LEDGER, WALLET, Face
from coffer.auth.metadata import TOKEN_PATH
from coffer.ledger.refusal import Reason
from tools.openapi.components import Json, ref
from tools.openapi.refusals import Place, reachable

_ELSEWHERE = (
    "coffer.models",
    *(f"coffer.api.{module}" for module in ("call", "caller", "declare", "endpoint", "errors", "queries", "request")),
)
"""What a use names and does not refuse by: the models of answers, and what surrounds every endpoint."""

OAUTH_ERRORS: Mapping[int, tuple[str, ...]] = {
    400: ("invalid_request", "invalid_scope", "unsupported_grant_type"),
    401: ("invalid_client",),
    403: ("unauthorized_client",),
    413: ("invalid_request",),
    503: ("temporarily_unavailable",),
}
"""RFC 6749 §5.2's codes, in that dialect of the token endpoint."""

GATEWAY: Mapping[int, str] = {
    401: "Unauthorized",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
"""What API Gateway answers by itself, in a shape that is its own."""

SCHEMAS: dict[str, Json] = {
    "LedgerError": {
        "description": "A refusal of the ledger API.",
        "type": "object",
        "properties": {
            "code": {"type": "string", "description": "Which refusal it is; the number never changes."},
            "title": {"type": "string"},
            "message": {"type": "string", "description": "What is wrong, and what to do about it."},
            "fields": {
                "description": "What is wrong with each field of the request.",
                "type": "object",
                "additionalProperties": {"type": "string"},
            },
        },
        "required": ["code", "title", "message"],
    },
    "WalletError": {
        "description": "A refusal of the wallet API.",
        "type": "object",
        "properties": {"code": {"type": "string"}, "type": {"type": "string"}, "message": {"type": "string"}},
        "required": ["code", "type", "message"],
    },
    "OAuthError": {
        "description": "A refusal of the token endpoint to a form (RFC 6749 §5.2).",
        "type": "object",
        "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
        "required": ["error", "error_description"],
    },
    "GatewayError": {
        "description": "What API Gateway answers before a request reaches an endpoint, or when it gets no answer.",
        "type": "object",
        "properties": {"message": {"type": "string"}},
        "required": ["message"],
    },
}


def reasons(place: Place, declaration: Declaration) -> frozenset[Reason]:
    """Every reason for which the endpoint at a place can refuse a request."""
    own = reachable(place, within="coffer", without=_ELSEWHERE)
    if declaration.face is Face.WALLET:
        own &= WALLET.keys()  # what the ledger says beneath is told in the wallet API's own terms
    return own.union(_everywhere(declaration), _of_body(declaration))


def _everywhere(declaration: Declaration) -> Iterable[Reason]:
    """What follows from an endpoint's kind: the refusals of what surrounds it."""
    yield from (Reason.INTERNAL, Reason.UNAVAILABLE)
    if declaration.scope:
        yield from (Reason.TOKEN_MISSING, Reason.TOKEN_INVALID, Reason.TOKEN_EXPIRED, Reason.SCOPE_MISSING)
        yield Reason.QUERY_INVALID
        if "_id}" in declaration.path:
            yield Reason.PATH_PARAMETER
            if declaration.face is Face.WALLET:
                yield Reason.ENTITY_NOT_FOUND
        if declaration.writes and "{organization_id}" in declaration.path:
            yield Reason.READ_ONLY
        if declaration.method == "POST":
            yield from (Reason.BAD_REQUEST, Reason.IDEMPOTENCY_CONFLICT)
            if declaration.body is None:  # a body that says something is refused
                yield from (Reason.TOO_LARGE, Reason.JSON_MALFORMED, Reason.FIELDS_UNEXPECTED)
    if declaration.query:
        yield Reason.DATE_INVALID
    if declaration.filters and declaration.face is Face.LEDGER:
        yield from (Reason.LIMIT_INVALID, Reason.SORT_ORDER_INVALID, Reason.DATE_INVALID, Reason.DATES_REVERSED)


def _of_body(declaration: Declaration) -> Iterable[Reason]:
    body = declaration.body
    if body is None:
        return
    yield from (Reason.TOO_LARGE, Reason.BAD_REQUEST, Reason.JSON_MALFORMED)
    yield from (Reason.FIELDS_MISSING, Reason.FIELDS_UNEXPECTED)
    yield from reachable(Place(body.__module__, body.__name__), within="coffer.models")
    schema = str(body.model_json_schema())
    if "'enum':" in schema or "'const':" in schema:  # one of several words, or the only one
        yield Reason.TYPE_INVALID


def responses(declaration: Declaration, refusals: Iterable[Reason]) -> dict[int, Json]:
    """The answers to what goes wrong, by status."""
    codes: dict[int, dict[str, str]] = defaultdict(dict)
    for reason in sorted(refusals):
        status, code, title = _error(reason, declaration.face)
        titles = [codes[status][code], title] if code in codes[status] else [title]
        codes[status][code] = " or ".join(dict.fromkeys(titles))
    oauth = OAUTH_ERRORS if declaration.path == TOKEN_PATH else {}
    gateway = GATEWAY.keys() & {*codes, HTTPStatus.TOO_MANY_REQUESTS}
    if declaration.scope is None:
        gateway -= {HTTPStatus.UNAUTHORIZED}
    answers = {}
    for status in sorted({*codes, *oauth, *gateway}):
        shapes = [
            *_one_of(f"{declaration.face.title()}Error", "code", codes.get(status, ())),
            *_one_of("OAuthError", "error", oauth.get(status, ())),
            *([ref("schemas", "GatewayError")] if status in gateway else []),
        ]
        named = codes.get(status, {}) | dict.fromkeys(oauth.get(status, ()), "")
        answers[status] = _response(status, named, [] if declaration.method == "HEAD" else shapes)
    return answers


def _error(reason: Reason, face: Face) -> tuple[int, str, str]:
    """Status, code and title of a reason in a face; KeyError if the face has no word for it."""
    if face is Face.LEDGER:
        return LEDGER[reason]
    return WALLET[reason].status, WALLET[reason].code, ""


def _one_of(schema: str, member: str, codes: Collection[str]) -> list[Json]:
    """An error of a schema whose code is one of some."""
    if not codes:
        return []
    narrowed = {"properties": {member: {"enum": sorted(codes)}}}
    return [{"allOf": [ref("schemas", schema), narrowed]}]


def _response(status: int, codes: Mapping[str, str], shapes: list[Json]) -> Json:
    words = "; ".join(f"`{code}` {codes[code]}".strip() for code in sorted(codes))
    phrase = HTTPStatus(status).phrase
    response: Json = {
        "description": f"{phrase}: {words}." if words else f"{phrase}.",
        "headers": {name: ref("headers", name) for name in ("X-Request-Id", *_HEADERS.get(status, ()))},
    }
    if shapes:
        response["content"] = {"application/json": {"schema": shapes[0] if len(shapes) == 1 else {"anyOf": shapes}}}
    return response


_HEADERS: Mapping[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    503: ("Retry-After",),
}
