"""The matrix of access: every route of the template, and how to build a valid request for it.

Routes come from the template, so that a new one is in every test of this folder at once; the one thing to write down
for it is a line of `EXAMPLES`, and for a new parameter of a path a line of `SCENE`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
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
    """What the scene has made stands in it as its name in braces."""
    references: Mapping[str, str] = field(default_factory=dict)
    """Fields of the body, as `of.0.these`, that may name a resource, with the parameter that names such a one."""
    query: str = ""
    needs: Sequence[str] = ()
    """What the scene must have made beside what path and body name."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the path that stand for something else of the scene than their name says."""

    @property
    def named(self) -> list[str]:
        """What of the scene path and body name, and whatever else must be there."""
        return [*re.findall(r"\{(\w+)\}", json.dumps(self.body)), *self.needs, *self.instead.values()]


@dataclass(frozen=True, slots=True)
class Making:
    """A step of a scene: what is made, by which request, and what is given of the answer."""

    path: str
    body: Mapping[str, Any]
    gives: Mapping[str, Callable[[Any], str]]


_ORGANIZATIONS = "/v1/organizations"
_ORGANIZATION = f"{_ORGANIZATIONS}/{{organization_id}}"
_LEDGERS = f"{_ORGANIZATION}/ledgers"
_LEDGER = f"{_LEDGERS}/{{ledger_id}}"
_ASSETS = f"{_LEDGER}/assets"
_ASSET = f"{_ASSETS}/{{asset_id}}"
_PORTFOLIOS = f"{_LEDGER}/portfolios"
_PORTFOLIO = f"{_PORTFOLIOS}/{{portfolio_id}}"
_SEGMENTS = f"{_LEDGER}/segments"
_SEGMENT = f"{_SEGMENTS}/{{segment_id}}"
_LEDGER_ACCOUNTS = f"{_LEDGER}/accounts"
_LEDGER_ACCOUNT = f"{_LEDGER_ACCOUNTS}/{{account_id}}"
_BALANCES = f"{_LEDGER}/balances"
_BALANCE = f"{_BALANCES}/{{balance_id}}"
_TRANSACTIONS = f"{_LEDGER}/transactions"
_TRANSACTION = f"{_TRANSACTIONS}/{{transaction_id}}"
_OPERATIONS = f"{_LEDGER_ACCOUNT}/operations"

_NEW_ORGANIZATION = {"legalName": "Acme", "legalDocument": "1"}
_NEW_LEDGER = {"name": "New"}
_NEW_ASSET = {"name": "New", "type": "crypto", "code": "NEW"}
_NEW_PORTFOLIO = {"name": "New"}
_NEW_SEGMENT = {"name": "New"}
_NEW_LEDGER_ACCOUNT = {"assetCode": "{code}", "type": "deposit"}
_NEW_BALANCE = {"key": "savings"}
_CHANGE = {"metadata": {"changed": True}}
_DATE = "date=2026-01-15"
_OURS = [{"accountAlias": "{alias}", "remaining": "remaining"}]
_OUTSIDE = [{"accountAlias": "@external/{code}", "remaining": "remaining"}]
_INFLOW = {"send": {"asset": "{code}", "value": "9", "distribute": {"to": _OURS}}}
_OUTFLOW = {"send": {"asset": "{code}", "value": "1", "source": {"from": _OURS}}}
_PAYMENT = {
    "send": {"asset": "{code}", "value": "1", "source": {"from": _OURS}, "distribute": {"to": _OUTSIDE}},
}
_BATCH = {"transactions": [_PAYMENT, _PAYMENT], "atomic": True}
_PARENT = {"parentOrganizationId": "organization_id"}
_GROUPS = {"portfolioId": "portfolio_id", "segmentId": "segment_id"}
_OF_ACCOUNT = {**_GROUPS, "assetCode": "code", "parentAccountId": "account_id"}
_PAYER = {"send.source.from.0.accountAlias": "alias"}
_PAYEE = {"send.distribute.to.0.accountAlias": "alias"}
_BOTH = {**_PAYER, **_PAYEE}
_OF_BATCH = {f"transactions.1.{place}": parameter for place, parameter in _BOTH.items()}

_WALLETS = "/api/v1/wallets"
_ACCOUNTS = "/api/v1/accounts"
_WALLET_ASSETS = "/api/v1/assets"
_NEW_WALLET = {"wallet_name": "Main"}
_NEW_ACCOUNT = {"wallet_id": "{wallet_id}", "chain": "tron"}
_NEW_WALLET_ASSET = {"account_id": "{account_id}", "symbol": "USDT"}
_TRANSFERS = "/api/v1/transactions"
_ADDRESS, _ELSEWHERE = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"
_TRON = {"chain": "tron", "token_symbol": "TRX", "amount": "1"}
_TRANSFER = {"from_address": _ADDRESS, "to_address": _ELSEWHERE, **_TRON}
_DEPOSIT = {"tx_hash": "ab" * 32, "to_address": _ADDRESS, **_TRON, "amount": "9"}

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
    f"POST {_TRANSFERS}": Example(Scope.TRANSACTIONS_WRITE, _TRANSFER, needs=["money"]),
    f"GET {_TRANSFERS}": Example(Scope.TRANSACTIONS_READ),
    f"GET {_TRANSFERS}/{{tx_id}}": Example(Scope.TRANSACTIONS_READ),
    f"POST {_TRANSFERS}/{{tx_id}}/status": Example(Scope.SETTLEMENT_WRITE, {"status": "FAILED"}),
    "POST /api/v1/deposits": Example(Scope.SETTLEMENT_WRITE, _DEPOSIT, needs=["account_id"]),
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
    f"POST {_PORTFOLIOS}": Example(Scope.PORTFOLIOS_WRITE, _NEW_PORTFOLIO),
    f"GET {_PORTFOLIOS}": Example(Scope.PORTFOLIOS_READ),
    f"GET {_PORTFOLIO}": Example(Scope.PORTFOLIOS_READ),
    f"PATCH {_PORTFOLIO}": Example(Scope.PORTFOLIOS_WRITE, _CHANGE),
    f"DELETE {_PORTFOLIO}": Example(Scope.PORTFOLIOS_WRITE),
    f"HEAD {_PORTFOLIOS}/metrics/count": Example(Scope.PORTFOLIOS_READ),
    f"POST {_SEGMENTS}": Example(Scope.SEGMENTS_WRITE, _NEW_SEGMENT),
    f"GET {_SEGMENTS}": Example(Scope.SEGMENTS_READ),
    f"GET {_SEGMENT}": Example(Scope.SEGMENTS_READ),
    f"PATCH {_SEGMENT}": Example(Scope.SEGMENTS_WRITE, _CHANGE),
    f"DELETE {_SEGMENT}": Example(Scope.SEGMENTS_WRITE),
    f"HEAD {_SEGMENTS}/metrics/count": Example(Scope.SEGMENTS_READ),
    f"POST {_LEDGER_ACCOUNTS}": Example(Scope.ACCOUNTS_WRITE, _NEW_LEDGER_ACCOUNT, _OF_ACCOUNT),
    f"GET {_LEDGER_ACCOUNTS}": Example(Scope.ACCOUNTS_READ),
    f"GET {_LEDGER_ACCOUNT}": Example(Scope.ACCOUNTS_READ),
    f"GET {_LEDGER_ACCOUNTS}/alias/{{alias}}": Example(Scope.ACCOUNTS_READ),
    f"GET {_LEDGER_ACCOUNTS}/external/{{code}}": Example(Scope.ACCOUNTS_READ),
    f"PATCH {_LEDGER_ACCOUNT}": Example(Scope.ACCOUNTS_WRITE, _CHANGE, _GROUPS),
    f"DELETE {_LEDGER_ACCOUNT}": Example(Scope.ACCOUNTS_WRITE),
    f"HEAD {_LEDGER_ACCOUNTS}/metrics/count": Example(Scope.ACCOUNTS_READ),
    f"GET {_BALANCES}": Example(Scope.BALANCES_READ),
    f"GET {_BALANCE}": Example(Scope.BALANCES_READ),
    f"GET {_BALANCE}/history": Example(Scope.BALANCES_READ, query=_DATE),
    f"PATCH {_BALANCE}": Example(Scope.BALANCES_WRITE, {"allowSending": False}),
    f"DELETE {_BALANCE}": Example(Scope.BALANCES_WRITE),
    f"POST {_LEDGER_ACCOUNT}/balances": Example(Scope.BALANCES_WRITE, _NEW_BALANCE),
    f"GET {_LEDGER_ACCOUNT}/balances": Example(Scope.BALANCES_READ),
    f"GET {_LEDGER_ACCOUNT}/balances/history": Example(Scope.BALANCES_READ, query=_DATE),
    f"GET {_LEDGER_ACCOUNTS}/alias/{{alias}}/balances": Example(Scope.BALANCES_READ),
    f"GET {_LEDGER_ACCOUNTS}/external/{{code}}/balances": Example(Scope.BALANCES_READ),
    f"GET {_OPERATIONS}": Example(Scope.OPERATIONS_READ),
    f"GET {_OPERATIONS}/{{operation_id}}": Example(Scope.OPERATIONS_READ),
    f"PATCH {_TRANSACTION}/operations/{{operation_id}}": Example(Scope.OPERATIONS_WRITE, _CHANGE),
    f"POST {_TRANSACTIONS}/json": Example(Scope.TRANSACTIONS_WRITE, _PAYMENT, _BOTH, needs=["money"]),
    f"POST {_TRANSACTIONS}/inflow": Example(Scope.TRANSACTIONS_WRITE, _INFLOW, _PAYEE),
    f"POST {_TRANSACTIONS}/outflow": Example(Scope.TRANSACTIONS_WRITE, _OUTFLOW, _PAYER, needs=["money"]),
    f"POST {_TRANSACTIONS}/annotation": Example(Scope.TRANSACTIONS_WRITE, _PAYMENT, _BOTH),
    f"POST {_TRANSACTIONS}/batch": Example(Scope.TRANSACTIONS_WRITE, _BATCH, _OF_BATCH, needs=["money"]),
    f"GET {_TRANSACTIONS}": Example(Scope.TRANSACTIONS_READ),
    f"GET {_TRANSACTION}": Example(Scope.TRANSACTIONS_READ),
    f"PATCH {_TRANSACTION}": Example(Scope.TRANSACTIONS_WRITE, _CHANGE),
    f"POST {_TRANSACTION}/commit": Example(Scope.TRANSACTIONS_WRITE),
    f"POST {_TRANSACTION}/cancel": Example(Scope.TRANSACTIONS_WRITE),
    f"POST {_TRANSACTION}/revert": Example(Scope.TRANSACTIONS_WRITE, instead={"transaction_id": "money"}),
    f"HEAD {_TRANSACTIONS}/metrics/count": Example(Scope.TRANSACTIONS_READ),
}


def _id(answer: Any) -> str:  # noqa: ANN401 -- the body of any answer
    return str(answer["id"])


def _wallet(name: str) -> Mapping[str, Callable[[Any], str]]:
    return {name: lambda answer: str(answer[name])}


SCENES: Mapping[Face, Sequence[Making]] = {
    Face.LEDGER: [
        Making(_ORGANIZATIONS, _NEW_ORGANIZATION, {"organization_id": _id}),
        Making(_LEDGERS, {"name": "Main"}, {"ledger_id": _id}),
        Making(
            _ASSETS,
            {"name": "Bitcoin", "type": "crypto", "code": "C{client}"},
            {"asset_id": _id, "code": lambda answer: str(answer["code"])},
        ),
        Making(_PORTFOLIOS, {"name": "Savings"}, {"portfolio_id": _id}),
        Making(_SEGMENTS, {"name": "Retail"}, {"segment_id": _id}),
        Making(
            _LEDGER_ACCOUNTS,
            {**_NEW_LEDGER_ACCOUNT, "alias": "@{client}"},
            {"account_id": _id, "alias": lambda answer: str(answer["alias"])},
        ),
        Making(f"{_LEDGER_ACCOUNT}/balances", {"key": "reserve"}, {"balance_id": _id}),
        Making(f"{_TRANSACTIONS}/inflow", _INFLOW, {"money": _id}),
        Making(
            f"{_TRANSACTIONS}/json",
            {**_PAYMENT, "pending": True},
            {"transaction_id": _id, "operation_id": lambda answer: _id(answer["operations"][0])},
        ),
    ],
    Face.WALLET: [
        Making(_WALLETS, _NEW_WALLET, _wallet("wallet_id")),
        Making(_ACCOUNTS, {**_NEW_ACCOUNT, "address": _ADDRESS}, _wallet("account_id")),
        Making(_WALLET_ASSETS, {"account_id": "{account_id}", "symbol": "TRX"}, _wallet("asset_id")),
        Making("/api/v1/deposits", {**_DEPOSIT, "tx_hash": "cd" * 32}, {"money": lambda answer: str(answer["tx_id"])}),
        Making(_TRANSFERS, _TRANSFER, _wallet("tx_id")),
    ],
}
"""For each face, step by step: what is made, parents before their children, money last of all."""

NO_OTHERS: Mapping[str, str] = MappingProxyType({})
"""No other fields in a body than those of its example."""

IN_MEMORY = {"GET /api/v1/chains", "GET /api/v1/tokens"}
"""The routes that answer without the table."""


def example_of(route: Route) -> Example:
    """The valid request for a route."""
    if str(route) not in EXAMPLES:
        pytest.fail(f"add {route} to the matrix: a line of EXAMPLES in {HERE}")
    return EXAMPLES[str(route)]


def make_scene(client: Client, route: Route) -> dict[str, str]:
    """Makes what a valid request for a route names, and nothing that would stand in its way; the ids."""
    scene, example = SCENES[route.face], example_of(route)
    wanted = [*(name for name in route.parameters if name not in example.instead), *example.named]
    given = [{"client", *making.gives} for making in scene]
    for name in wanted:
        if not any(name in each for each in given):
            pytest.fail(f"add {{{name}}} to the matrix: a line of SCENES in {HERE}")
    depth = max((next(n for n, each in enumerate(given, 1) if name in each) for name in wanted), default=0)
    return _for_route(route, _make(client, route.face, depth))


@dataclass(frozen=True, slots=True)
class Belongings:
    """One of everything that a client can have: whose it is, and the ids for each face."""

    client: Client
    ids: Mapping[Face, Mapping[str, str]]

    def of(self, route: Route) -> dict[str, str]:
        """The ids for a valid request for a route."""
        return _for_route(route, self.ids[route.face])


def make_all(client: Client) -> Belongings:
    """Makes one of everything."""
    return Belongings(client, {face: _make(client, face, len(scene)) for face, scene in SCENES.items()})


def _for_route(route: Route, ids: Mapping[str, str]) -> dict[str, str]:
    return {**ids, **{name: ids[other] for name, other in example_of(route).instead.items()}}


def _make(client: Client, face: Face, depth: int) -> dict[str, str]:
    """Makes the first steps of a scene. Names that are no ids differ by the client, as ids do."""
    ids = {"client": client.client_id.partition("_")[2]}
    for making in SCENES[face][:depth]:
        answer = client.post(making.path.format_map(ids), _filled(making.body, ids))
        assert answer.status < 300, answer
        ids |= {name: give(answer.json) for name, give in making.gives.items()}
    return ids


def target(route: Route, ids: Mapping[str, str]) -> str:
    """The path and query of a route's valid request, for the resources with some ids."""
    query = example_of(route).query
    return route.path.format_map(ids) + (f"?{query}" if query else "")


def body_of(route: Route, ids: Mapping[str, str]) -> dict[str, Any] | None:
    """The body of a route's valid request, for the resources with some ids."""
    body = example_of(route).body
    return None if body is None else _filled(body, ids)


def _filled(body: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    filled: dict[str, Any] = json.loads(re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], json.dumps(body)))
    return filled


def ask(client: Client, route: Route, ids: Mapping[str, str], fields: Mapping[str, str] = NO_OTHERS) -> Answer:
    """The answer to a route's valid request, for the resources with some ids, and with other fields in its body."""
    body = body_of(route, ids)
    for place, value in fields.items():
        part: Any = body
        *above, last = place.split(".")
        for step in above:
            part = part[int(step) if step.isdigit() else step]
        part[last] = value
    return client.send(route.method, target(route, ids), body, {})


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
