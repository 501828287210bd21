"""One endpoint as an operation object."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coffer.api.endpoint import Declaration
from coffer.api.errors import Face
from coffer.api.queries import BARE_LIMIT
from coffer.auth.metadata import TOKEN_PATH
from tools.openapi import components, examples, problems
from tools.openapi.components import Json, ref
from tools.openapi.refusals import Place

_PATH_PARAMETER = re.compile(r"{(\w+)}")

_TOKEN_FORM: Json = {
    "description": "Client credentials (RFC 6749 §4.4); without a form, send the headers `X-API-Key` and "
    "`X-API-Secret`.",
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "properties": {
                    "grant_type": {"const": "client_credentials"},
                    "scope": {"type": "string", "description": "Fewer scopes than the key holds, a space between."},
                    "client_id": {"type": "string", "description": "The API key, unless it is sent as HTTP Basic."},
                    "client_secret": {"type": "string", "description": "Its secret."},
                },
                "required": ["grant_type"],
            },
            "example": {"grant_type": "client_credentials", "scope": "assets:read assets:write"},
        }
    },
}


@dataclass(frozen=True, slots=True)
class Operation:
    """An endpoint, and where its module is."""

    folder: str
    module: str
    declaration: Declaration

    @property
    def path_parameters(self) -> list[str]:
        """The names in the path."""
        return _PATH_PARAMETER.findall(self.declaration.path)

    def refusals(self) -> dict[int, Json]:
        """The answers to what can go wrong, by status."""
        place = Place(f"functions.{self.folder}.{self.module}", "handler")
        return problems.responses(self.declaration, problems.reasons(place, self.declaration))

    def render(self, shared: Mapping[str, Json]) -> Json:
        """The operation object; answers that are among the shared ones are referred to."""
        text = " ".join(self.declaration.description.split())
        operation: Json = {
            "operationId": f"{self.folder}.{self.module}",
            "tags": [self.folder],
            "summary": re.split(r"[.:;](?: |$)", text)[0],
            "description": text,
            "security": self._security(),
            "parameters": self._parameters(),
            "responses": {str(self.declaration.status): self._answer(), **self._refusals(shared)},
        }
        if body := self._request_body():
            operation["requestBody"] = body
        return operation

    @property
    def _is_keyed(self) -> bool:
        """Whether an idempotency key is heeded."""
        return self.declaration.method == "POST" and self.declaration.scope is not None

    def _security(self) -> list[Json]:
        if scope := self.declaration.scope:
            return [{"token": [scope]}, {"oauth": [scope]}]
        if self.declaration.path == TOKEN_PATH:
            return [{"apiKey": [], "apiSecret": []}, {"clientBasic": []}, {}]
        return []

    def _parameters(self) -> list[Json]:
        declared = self.declaration.filters
        face = self.declaration.face
        names = (
            *(f"{face}.{name}" for name in self.path_parameters),
            *(components.LISTING[face] if declared else ()),
            "X-Request-Id",
            *(components.IDEMPOTENCY if self._is_keyed else ()),
        )
        own = components.filters(declared) if declared else []
        asked = [components.REQUIRED[name] for name in self.declaration.query]
        return [*(ref("parameters", name) for name in names), *own, *asked]

    def _request_body(self) -> Json | None:
        if self.declaration.path == TOKEN_PATH:
            return _TOKEN_FORM
        if self.declaration.body is None:
            return None
        schema = ref("schemas", self.declaration.body.__name__)
        example = examples.request(self.folder, self.module)
        return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}

    def _refusals(self, shared: Mapping[str, Json]) -> Json:
        face = self.declaration.face
        return {
            str(status): ref("responses", name) if shared.get(name := _component(face, status)) == answer else answer
            for status, answer in self.refusals().items()
        }

    def _answer(self) -> Json:
        declaration = self.declaration
        headers = (
            "X-Request-Id",
            *(["X-Total-Count"] if declaration.count else []),
            *(["X-Idempotency-Replayed"] if self._is_keyed else []),
            *(["Link"] if declaration.bare else []),
        )
        answer: Json = {
            "description": "Done." if declaration.answer is None else "What was asked for.",
            "headers": {name: ref("headers", name) for name in headers},
        }
        if declaration.answer:
            example = examples.answer(self.folder, self.module)
            answer["content"] = {"application/json": {"schema": self._schema(), "example": example}}
        return answer

    def _schema(self) -> Json:
        row = self.declaration.answer
        assert row  # noqa: S101 -- asked for where there is one
        if self.declaration.filters is None:
            return ref("schemas", row.__name__)
        page = ref("schemas", components.page_of(row))
        if not self.declaration.bare:
            return page
        rows: Json = {
            "description": f"Without `limit`, `page` and `cursor`: all rows; after {BARE_LIMIT:,} `Link` leads on.",
            "type": "array",
            "items": ref("schemas", row.__name__),
        }
        return {"oneOf": [rows, page]}


def shared_refusals(operations: Iterable[Operation]) -> dict[str, Json]:
    """For each face and status the answer that most operations give, if more than one gives it: as a component."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for operation in operations:
        for status, answer in operation.refusals().items():
            seen[_component(operation.declaration.face, status)][json.dumps(answer)] += 1
    return {
        name: json.loads(frequent)
        for name, counted in sorted(seen.items())
        for frequent, times in counted.most_common(1)
        if times > 1
    }


def _component(face: Face, status: int) -> str:
    return f"{face.title()}{status}"
