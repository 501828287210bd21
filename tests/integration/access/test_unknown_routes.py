"""A known path with another method is 405 with `Allow`, an unknown one 404, in the face's shape and without a token."""

from __future__ import annotations

from collections import defaultdict

import pytest

from coffer.api.errors import Face, face_of
from tests.integration.access.routes import CLOSED, OPEN, SHAPES
from tests.support.world import World, event_of, find

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

KNOWN: dict[str, set[str]] = defaultdict(set)
for _route in CLOSED + OPEN:
    if _route.path != "$default":
        KNOWN[_route.path].add(_route.method)

CODES = {
    Face.LEDGER: {404: "9005", 405: "9006"},
    Face.WALLET: {404: "not_found", 405: "method_not_allowed"},
}


def check(world: World, method: str, path: str, status: int) -> str | None:
    """A request without a token gets a status in its face's shape; what it says of `Allow`."""
    endpoint, parameters = find(method, path)
    event = event_of(endpoint, method, path, parameters=parameters, headers={"X_Request_Id": "trace-1"})
    answer = world.call(event, endpoint)
    face = face_of(path)
    assert (answer.status, answer.json["code"]) == (status, CODES[face][status])
    assert answer.json.keys() == SHAPES[face]
    assert answer.headers["X-Request-Id"] == "trace-1"
    assert answer.headers["Cache-Control"] == "no-store"
    assert world.recorder.calls == []
    return answer.headers.get("Allow")


@pytest.mark.parametrize("path", sorted(KNOWN))
def test_a_known_path_with_another_method(world: World, path: str) -> None:
    filled = path.replace("{", "").replace("}", "")
    for method in METHODS:
        if find(method, filled)[0].declaration.path == "$default":
            allow = check(world, method, filled, 405)
            assert set((allow or "").split(", ")) == KNOWN[path]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/",
        "/v1/organizations/",
        "/v1/organisations",
        "/V1/organizations",
        "/v2/organizations",
        "/v1/organizations/1/ledgers/2/assets/3/4",
        "/api",
        "/api/v1",
        "/api/v1/auth",
        "/api/v1/walletz",
        "/api/v2/wallets",
        "/.well-known/security.txt",
        "/favicon.ico",
    ],
)
def test_an_unknown_path(world: World, path: str) -> None:
    for method in METHODS:
        assert check(world, method, path, 404) is None
