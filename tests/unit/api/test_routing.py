"""What no route answers: 405 with `Allow` for a known path, 404 for an unknown one, each in its face's shape."""

import json
from typing import Any, cast

import pytest

from coffer.api.call import Call
from coffer.api.routing import refuse
from coffer.api.runtime import Runtime
from coffer.ledger.refusal import Reason, Refusal

ROUTES = {
    "/v1/organizations": ["GET", "POST"],
    "/v1/organizations/{organization_id}": ["DELETE", "GET", "PATCH"],
    "/v1/organizations/{organization_id}/ledgers": ["GET", "POST"],
    "/.well-known/jwks.json": ["GET"],
    "/api/v1/chains": ["GET"],
}


def call(path: str) -> Call:
    """A request that no route took."""
    event: dict[str, Any] = {"rawPath": path, "requestContext": {"http": {"method": "PUT"}}}
    return Call(event, cast("Runtime", None), lambda: 1.0, 0)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/organizations", "GET, POST"),
        ("/v1/organizations/1", "DELETE, GET, PATCH"),
        ("/v1/organizations/%20/ledgers", "GET, POST"),
        ("/.well-known/jwks.json", "GET"),
    ],
)
def test_a_known_path_with_another_method_is_405_and_says_which_it_takes(path: str, allowed: str) -> None:
    response = refuse(call(path), ROUTES)
    assert response.status == 405
    assert response.headers["Allow"] == allowed
    error = json.loads(response.body or "")
    assert error.keys() == {"code", "title", "message"}
    assert allowed in error["message"]


def test_in_the_wallet_face_it_has_the_wallet_faces_shape() -> None:
    response = refuse(call("/api/v1/chains"), ROUTES)
    assert (response.status, response.headers["Allow"]) == (405, "GET")
    assert json.loads(response.body or "").keys() == {"code", "type", "message"}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/organizations/",
        "/v1/organizations//ledgers",
        "/v1/organizations/1/ledgers/1",
        "/V1/organizations",
        "/xwell-known/jwks.json",
        "/v1/organizations\n",
    ],
)
def test_an_unknown_path_is_404(path: str) -> None:
    with pytest.raises(Refusal) as refused:
        refuse(call(path), ROUTES)
    assert refused.value.reason is Reason.ROUTE_UNKNOWN
