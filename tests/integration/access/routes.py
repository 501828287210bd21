"""The matrix of access: every route of the template, and how to build a valid request for it.

Routes come from the template, so that a new one is in every test of this folder at once; the one thing to write down
for it is a line of `EXAMPLES`, and for a new parameter of a path a line of `SCENE`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from coffer.api.errors import Face, face_of
from coffer.auth.scopes import Scope
from coffer.ledger.refusal import Reason
from tests.support.template import resources
from tests.support.world import Answer, Client

HERE = "tests/integration/access/routes.py"


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """A method and a path."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        """The parameters of its path, in order."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def face(self) -> Face:
        """The face that it belongs to."""
        return face_of(self.path)


def _routes(*, closed: bool) -> list[Route]:
    events = [
        event["Properties"]
        for resource in resources().values()
        if resource["Type"] == "AWS::Serverless::Function"
        for event in resource["Properties"].get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    return sorted(
        Route(event.get("Method", "ANY"), event.get("Path", "$default"))
        for event in events
        if closed == (event.get("Auth", {}).get("Authorizer") != "NONE")
    )


CLOSED = _routes(closed=True)
"""The routes that take a token."""

OPEN = _routes(closed=False)
"""The routes that take none."""

of_every_route = pytest.mark.parametrize("route", CLOSED, ids=str)
"""Runs a test for every route that takes a token."""

of_every_parameter = pytest.mark.parametrize(
    ("route", "parameter"),
    [(route, parameter) for route in CLOSED for parameter in route.parameters],
    ids=str,
)
"""Runs a test for every parameter of every such route's path."""


@dataclass(frozen=True, slots=True)
class Example:
    """A valid request for a route: the scope that it needs, its body, and which fields of it name other resources."""

    scope: Scope
    body: Mapping[str, Any] | None = None
    """An id in it stands as its parameter in braces."""
    references: Mapping[str, str] = field(default_factory=dict)
    """Fields of the body that may hold an id, with the parameter that the id would have in a path."""

    @property
    def needs(self) -> list[str]:
        """The parameters whose ids stand in the body."""
        return [value[1:-1] for value in (self.body or {}).values() if isinstance(value, str) and value[:1] == "{"]


_ORGANIZATIONS = "/v1/organizations"
_ORGANIZATION = f"{_ORGANIZATIONS}/{{organization_id}}"
_LEDGERS = f"{_ORGANIZATION}/ledgers"
_LEDGER = f"{_LEDGERS}/{{ledger_id}}"
_ASSETS = f"{_LEDGER}/assets"
_ASSET = f"{_ASSETS}/{{asset_id}}"

_NEW_ORGANIZATION = {"legalName": "Acme", "legalDocument": "1"}
_NEW_LEDGER = {"name": "New"}
_NEW_ASSET = {"name": "New", "type": "crypto", "code": "NEW"}
_CHANGE = {"metadata": {"changed": True}}
_PARENT = {"parentOrganizationId": "organization_id"}

_WALLETS = "/api/v1/wallets"
_ACCOUNTS = "/api/v1/accounts"
_WALLET_ASSETS = "/api/v1/assets"
_NEW_WALLET = {"wallet_name": "Main"}
_NEW_ACCOUNT = {"wallet_id": "{wallet_id}", "chain": "tron"}
_NEW_WALLET_ASSET = {"account_id": "{account_id}", "symbol": "USDT"}

EXAMPLES: Mapping[str, Example] = {
    "GET /api/v1/chains": Example(Scope.REGISTRY_READ),
    "GET /api/v1/tokens": Example(Scope.REGISTRY_READ),
    f"POST {_WALLETS}": Example(Scope.WALLETS_WRITE, _NEW_WALLET),
    f"GET {_WALLETS}": Example(Scope.WALLETS_READ),
    f"GET {_WALLETS}/{{wallet_id}}": Example(Scope.WALLETS_READ),
    f"POST {_ACCOUNTS}": Example(Scope.ACCOUNTS_WRITE, _NEW_ACCOUNT, {"wallet_id": "wallet_id"}),
    f"GET {_ACCOUNTS}": Example(Scope.ACCOUNTS_READ),
    f"GET {_ACCOUNTS}/{{account_id}}": Example(Scope.ACCOUNTS_READ),
    f"PATCH {_ACCOUNTS}/{{account_id}}": Example(Scope.ACCOUNTS_WRITE, {"status": "FROZEN"}),
    f"POST {_WALLET_ASSETS}": Example(Scope.ASSETS_WRITE, _NEW_WALLET_ASSET, {"account_id": "account_id"}),
    f"GET {_WALLET_ASSETS}": Example(Scope.ASSETS_READ),
    f"GET {_WALLET_ASSETS}/{{asset_id}}": Example(Scope.ASSETS_READ),
    f"PATCH {_WALLET_ASSETS}/{{asset_id}}": Example(Scope.ASSETS_WRITE, {"is_active": False}),
    f"POST {_ORGANIZATIONS}": Example(Scope.ORGANIZATIONS_WRITE, _NEW_ORGANIZATION, _PARENT),
    f"GET {_ORGANIZATIONS}": Example(Scope.ORGANIZATIONS_READ),
    f"GET {_ORGANIZATION}": Example(Scope.ORGANIZATIONS_READ),
    f"PATCH {_ORGANIZATION}": Example(Scope.ORGANIZATIONS_WRITE, _CHANGE, _PARENT),
    f"DELETE {_ORGANIZATION}": Example(Scope.ORGANIZATIONS_WRITE),
    f"HEAD {_ORGANIZATIONS}/metrics/count": Example(Scope.ORGANIZATIONS_READ),
    f"POST {_LEDGERS}": Example(Scope.LEDGERS_WRITE, _NEW_LEDGER),
    f"GET {_LEDGERS}": Example(Scope.LEDGERS_READ),
    f"GET {_LEDGER}": Example(Scope.LEDGERS_READ),
    f"PATCH {_LEDGER}": Example(Scope.LEDGERS_WRITE, _CHANGE),
    f"DELETE {_LEDGER}": Example(Scope.LEDGERS_WRITE),
    f"HEAD {_LEDGERS}/metrics/count": Example(Scope.LEDGERS_READ),
    f"GET {_LEDGER}/trial-balance": Example(Scope.BALANCES_READ),
    f"POST {_ASSETS}": Example(Scope.ASSETS_WRITE, _NEW_ASSET),
    f"GET {_ASSETS}": Example(Scope.ASSETS_READ),
    f"GET {_ASSET}": Example(Scope.ASSETS_READ),
    f"PATCH {_ASSET}": Example(Scope.ASSETS_WRITE, _CHANGE),
    f"DELETE {_ASSET}": Example(Scope.ASSETS_WRITE),
    f"HEAD {_ASSETS}/metrics/count": Example(Scope.ASSETS_READ),
}

SCENES: Mapping[Face, Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    Face.LEDGER: {
        "organization_id": (_ORGANIZATIONS, _NEW_ORGANIZATION),
        "ledger_id": (_LEDGERS, {"name": "Main"}),
        "asset_id": (_ASSETS, {"name": "Bitcoin", "type": "crypto", "code": "BTC"}),
    },
    Face.WALLET: {
        "wallet_id": (_WALLETS, _NEW_WALLET),
        "account_id": (_ACCOUNTS, _NEW_ACCOUNT),
        "asset_id": (_WALLET_ASSETS, {"account_id": "{account_id}", "symbol": "TRX"}),
    },
}
"""For each parameter of a face's paths: where such a resource is made, and of what; parents before their children."""

IN_MEMORY = {"GET /api/v1/chains", "GET /api/v1/tokens"}
"""The routes that answer without the table."""


def example_of(route: Route) -> Example:
    """The valid request for a route."""
    if str(route) not in EXAMPLES:
        pytest.fail(f"add {route} to the matrix: a line of EXAMPLES in {HERE}")
    return EXAMPLES[str(route)]


def make_scene(client: Client, route: Route) -> dict[str, str]:
    """Makes what a valid request for a route names, and nothing that would stand in its way; the ids."""
    scene = SCENES[route.face]
    wanted = [*route.parameters, *example_of(route).needs]
    for parameter in wanted:
        if parameter not in scene:
            pytest.fail(f"add {{{parameter}}} to the matrix: a line of SCENES in {HERE}")
    last = max((list(scene).index(parameter) for parameter in wanted), default=-1)
    return _make(client, route.face, last + 1)


def make_all(client: Client) -> dict[Face, dict[str, str]]:
    """Makes one of everything; the ids."""
    return {face: _make(client, face, len(scene)) for face, scene in SCENES.items()}


def _make(client: Client, face: Face, depth: int) -> dict[str, str]:
    ids: dict[str, str] = {}
    for parameter, (path, body) in list(SCENES[face].items())[:depth]:
        answer = client.post(path.format_map(ids), _filled(body, ids))
        assert answer.status < 300, answer
        ids[parameter] = answer.json["id" if face is Face.LEDGER else parameter]
    return ids


def body_of(route: Route, ids: Mapping[str, str]) -> dict[str, Any] | None:
    """The body of a route's valid request, for the resources with some ids."""
    body = example_of(route).body
    return None if body is None else _filled(body, ids)


def _filled(body: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    return {name: value.format_map(ids) if isinstance(value, str) else value for name, value in body.items()}


def ask(client: Client, route: Route, ids: Mapping[str, str], **fields: str) -> Answer:
    """The answer to a route's valid request, for the resources with some ids, and with other fields in its body."""
    body = body_of(route, ids)
    sent = None if body is None else {**body, **fields}
    return client.send(route.method, route.path.format_map(ids), sent, {})


REFUSALS: Mapping[Face, Mapping[Reason, tuple[int, str]]] = {
    Face.LEDGER: {
        Reason.TOKEN_MISSING: (401, "0041"),
        Reason.TOKEN_INVALID: (401, "0042"),
        Reason.TOKEN_EXPIRED: (401, "9003"),
        Reason.SCOPE_MISSING: (403, "0043"),
        Reason.PATH_PARAMETER: (400, "0065"),
    },
    Face.WALLET: {
        Reason.TOKEN_MISSING: (401, "unauthorized"),
        Reason.TOKEN_INVALID: (401, "invalid_token"),
        Reason.TOKEN_EXPIRED: (401, "token_expired"),
        Reason.SCOPE_MISSING: (403, "forbidden"),
        Reason.PATH_PARAMETER: (400, "invalid_parameter"),
        Reason.ENTITY_NOT_FOUND: (404, "not_found"),
    },
}
"""How each face says it: status and code."""

SHAPES = {Face.LEDGER: {"code", "title", "message"}, Face.WALLET: {"code", "type", "message"}}


def check_refused(answer: Answer, route: Route, reason: Reason) -> None:
    """An answer refuses for a reason, in the shape of the route's face."""
    error = answer.json
    assert (answer.status, error["code"]) == REFUSALS[route.face][reason]
    assert error.keys() - {"fields"} == SHAPES[route.face]
    assert answer.headers["X-Request-Id"]
