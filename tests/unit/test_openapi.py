"""The OpenAPI document says what the endpoints do, and what is committed is what they say now."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from coffer.api.routes import ROUTES
from tests.support.functions import DEFAULT_ROUTE, functions
from tools.endpoints import endpoints
from tools.openapi.__main__ import DOCUMENT, check, generated, stale, write

METHODS = {"get", "post", "patch", "delete", "head", "put"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The committed document."""
    committed: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return committed


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation of everything in the document."""
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield method.upper(), path, item[method]


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_what_is_committed_is_what_the_endpoints_say() -> None:
    assert stale(generated()) == [], "run `make openapi`"


def test_a_file_that_is_missing_or_says_something_else_is_stale(tmp_path: Path) -> None:
    fresh, changed, missing = (tmp_path / name for name in ("fresh", "changed", "missing"))
    fresh.write_text("as it should be")
    changed.write_text("as it was")
    assert stale(dict.fromkeys([fresh, changed, missing], "as it should be")) == [changed, missing]


def test_the_check_names_what_is_stale_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "openapi.json"
    assert check({path: "{}"}) == 1
    assert capsys.readouterr().err.endswith("openapi.json is stale: run `make openapi`\n")
    write({path: "{}"})
    assert check({path: "{}"}) == 0
    assert capsys.readouterr().err == ""


def test_its_routes_are_the_template_s(document: dict[str, Any]) -> None:
    documented = {(method, path) for method, path, _ in operations(document)}
    deployed = {(route.method, route.path) for function in functions() for route in function.routes}
    assert documented == {(method, path) for method, path in deployed if path != DEFAULT_ROUTE}


def test_the_table_of_405_has_the_template_s_routes() -> None:
    deployed = {(route.method, route.path) for function in functions() for route in function.routes}
    known = {(method, path) for path, methods in ROUTES.items() for method in methods}
    assert known == {(method, path) for method, path in deployed if path != DEFAULT_ROUTE}


def test_every_operation_asks_for_the_scope_that_its_endpoint_checks(document: dict[str, Any]) -> None:
    declared = {
        (endpoint.declaration.method, endpoint.declaration.path): endpoint.declaration.scope
        for _, _, endpoint in endpoints()
    }
    for method, path, operation in operations(document):
        scope = declared[method, path]
        asked = {name: scopes for each in operation["security"] for name, scopes in each.items() if scopes}
        assert asked == ({"token": [scope], "oauth": [scope]} if scope else {}), (method, path)


def test_every_operation_has_an_id_of_its_own_and_says_what_it_does(document: dict[str, Any]) -> None:
    found = [operation for _, _, operation in operations(document)]
    assert len({operation["operationId"] for operation in found}) == len(found)
    assert all(operation["summary"] and operation["description"] for operation in found)
    known = {tag["name"] for tag in document["tags"]}
    assert {tag for operation in found for tag in operation["tags"]} == known


def test_every_scope_is_described_once_for_oauth(document: dict[str, Any]) -> None:
    flow = document["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]
    metadata = document["paths"]["/.well-known/oauth-authorization-server"]["get"]["responses"]["200"]
    published = metadata["content"]["application/json"]["example"]
    assert sorted(flow["scopes"]) == published["scopes_supported"]
    assert published["token_endpoint"].endswith(flow["tokenUrl"])
