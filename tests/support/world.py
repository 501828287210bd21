"""Coffer without a network: the real endpoints over any DynamoDB client, called as API Gateway would call them.

world = World()
acme = world.client("Acme")
answer = acme.post("/v1/organizations", {"legalName": "Acme", "legalDocument": "1"})
assert answer.status == 201
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from random import Random
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from coffer.api.endpoint import Endpoint
from coffer.api.runtime import Runtime
from coffer.auth.scopes import Scope, render
from coffer.ids import new_id, prefixed
from coffer.store.table import Connection, Table
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.template import table_definition
from tools.endpoints import endpoints

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_kms import KMSClient

JANUARY = 1_768_473_600_000
"""2026-01-15T10:40:00Z, in milliseconds: when a world's clock begins."""
TOKEN_LIFE = 900
TIME_LEFT = 10.0

listeners: list[Callable[[Mapping[str, Any]], object]] = []
"""Get every event before a function does."""


@dataclass(slots=True)
class Clock:
    """A clock that goes on by a millisecond whenever it is read, and as far as a test wants."""

    now: int = JANUARY

    def __call__(self) -> int:
        """Milliseconds since 1970."""
        self.now += 1
        return self.now


@dataclass(frozen=True, slots=True)
class Call:
    """A call to the table, its answer's units, and whether it failed."""

    operation: str
    request: Mapping[str, Any]
    units: float
    failed: bool


class Recorder:
    """A DynamoDB client that keeps a record of what was asked of the one behind it."""

    def __init__(self, client: object) -> None:
        self.stand_before(client)

    def stand_before(self, client: object) -> None:
        """From now on another client stands behind it, and nothing has been asked of it."""
        self._behind = client
        self.calls: list[Call] = []

    def __getattr__(self, operation: str) -> Any:  # noqa: ANN401 -- any operation of boto3's client
        def call(**request: Any) -> Any:  # noqa: ANN401
            failed = True
            units = 0.0
            try:
                answer = getattr(self._behind, operation)(**request)
                consumed = answer.get("ConsumedCapacity") or []
                units = sum(each["CapacityUnits"] for each in ([consumed] if isinstance(consumed, dict) else consumed))
                failed = False
            finally:
                self.calls.append(Call(operation, request, units, failed))
            return answer

        return call


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway would send."""

    status: int
    headers: Mapping[str, str]
    body: str | None

    @property
    def json(self) -> Any:  # noqa: ANN401 -- whatever the endpoint answers
        """The body, parsed."""
        return json.loads(self.body or "null")

    @property
    def id(self) -> str:
        """The id of the resource in the body."""
        return str(self.json["id"])


class World:
    """The endpoints, over one table; `client` stands in for boto3's, by default a fresh fake. `kms` signs tokens.

    `fake` is the one that stands behind the client, if one does. Ids and pauses follow from the seed.
    """

    def __init__(
        self,
        client: object | None = None,
        *,
        fake: FakeDynamoDB | None = None,
        kms: KMSClient | None = None,
        seed: int = 0,
    ) -> None:
        self.fake = fake or FakeDynamoDB(table_definition())
        self.recorder = Recorder(client or self.fake)
        self.clock = Clock()
        self.pauses: list[float] = []
        self.time_left = TIME_LEFT
        self.runtime = Runtime(
            connection=Connection(cast("DynamoDBClient", self.recorder), self.fake.table),
            kms=lambda: cast("KMSClient", kms),
            audience="coffer",
            issuer="https://coffer.example",
            clock=self.clock,
            new_id=partial(new_id, bits=Random(seed).getrandbits),  # noqa: S311 -- it must be repeatable
            random=Random(seed),  # noqa: S311 -- likewise
            pause=self._pause,
        )

    def stand_before(self, fake: FakeDynamoDB) -> None:
        """From now on another table stands behind the client, and nothing has been asked of it."""
        self.fake = fake
        self.recorder.stand_before(fake)

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.now += int(seconds * 1000)

    def client(self, scopes: Iterable[Scope] = Scope) -> Client:
        """A client that has just got a token with some scopes, by default all."""
        return Client(self, prefixed("cli", self.runtime.new_id(self.clock())), frozenset(scopes))

    def table(self) -> Table:
        """Access to the table from outside a request."""
        return self.runtime.table(self.clock(), self.countdown())

    def countdown(self) -> Callable[[], float]:
        """The time that a request has which begins now: `time_left`, from which its pauses take."""
        end = self.clock.now + self.time_left * 1000
        return lambda: (end - self.clock.now) / 1000

    def call(self, event: Mapping[str, Any], endpoint: Endpoint) -> Answer:
        """What an endpoint answers to an event."""
        for listener in listeners:
            listener(event)
        payload = cast("dict[str, Any]", endpoint.serve(event, self.runtime, self.countdown()))
        return Answer(payload["statusCode"], payload["headers"], payload.get("body"))


@dataclass(frozen=True, slots=True)
class Client:
    """A client of a world; what it sends carries the verdict that the authorizer would give."""

    world: World
    client_id: str
    scopes: frozenset[Scope] = field(default_factory=lambda: frozenset(Scope))

    def get(self, path: str, **headers: str) -> Answer:
        """GET."""
        return self.send("GET", path, None, headers)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """POST; in the names of headers, underscores stand for hyphens."""
        return self.send("POST", path, body, headers)

    def patch(self, path: str, body: object) -> Answer:
        """PATCH."""
        return self.send("PATCH", path, body, {})

    def delete(self, path: str) -> Answer:
        """DELETE."""
        return self.send("DELETE", path, None, {})

    def head(self, path: str) -> Answer:
        """HEAD."""
        return self.send("HEAD", path, None, {})

    def send(self, method: str, path: str, body: object, headers: Mapping[str, str]) -> Answer:
        """Any request: the body is JSON text as it is, or a value to be made such."""
        endpoint, event = self.event(method, path, body, headers)
        return self.world.call(event, endpoint)

    def event(
        self, method: str, path: str, body: object, headers: Mapping[str, str]
    ) -> tuple[Endpoint, dict[str, Any]]:
        """The endpoint that a request goes to, and the event that it gets."""
        bare, _, query = path.partition("?")
        endpoint, parameters = find(method, bare)
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        return endpoint, event_of(
            endpoint,
            method,
            bare,
            query=query,
            parameters=parameters,
            body=text,
            headers=headers,
            verdict=self.verdict(),
        )

    def verdict(self) -> dict[str, str]:
        """What the authorizer says of this client's token."""
        expiry = self.world.clock.now // 1000 + TOKEN_LIFE
        return {"verdict": "ok", "client_id": self.client_id, "scope": render(self.scopes), "exp": str(expiry)}


def event_of(
    endpoint: Endpoint,
    method: str,
    path: str,
    *,
    query: str = "",
    parameters: Mapping[str, str],
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    verdict: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """An event of payload format 2.0; without a verdict, that of an open route."""
    declared = endpoint.declaration
    sent = {name.lower().replace("_", "-"): value for name, value in (headers or {}).items()}
    context: dict[str, Any] = {
        "domainName": "coffer.example",
        "requestId": "gateway-request",
        "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"},
    }
    if verdict is not None:
        sent["authorization"] = "Bearer token"
        context["authorizer"] = {"lambda": dict(verdict)}
    return {
        "version": "2.0",
        "routeKey": f"{declared.method} {declared.path}" if declared.method != "ANY" else declared.path,
        "rawPath": path,
        "rawQueryString": quote(query, safe="=&%+,:;@/?!$'()*~-._"),
        "headers": sent,
        "requestContext": context,
        "pathParameters": dict(parameters),
        "body": body,
        "isBase64Encoded": False,
    }


def find(method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
    """The endpoint of a request, as the gateway finds it: fixed parts before parameters, `$default` for the rest."""
    found = [
        (pattern.count("("), endpoint, match.groupdict())
        for pattern, endpoint in _routes()
        if endpoint.declaration.method == method and (match := re.fullmatch(pattern, path))
    ]
    if not found:
        return _fallback(), {}
    _, endpoint, parameters = min(found, key=lambda each: each[0])
    return endpoint, parameters


@cache
def _routes() -> list[tuple[str, Endpoint]]:
    return [
        (re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(endpoint.declaration.path)), endpoint)
        for _, _, endpoint in endpoints()
    ]


@cache
def _fallback() -> Endpoint:
    return next(endpoint for _, _, endpoint in endpoints() if endpoint.declaration.path == "$default")
