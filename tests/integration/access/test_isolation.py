"""Two clients: no request of one can see, count or change what is the other's, or tell it from what does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from coffer.api.errors import Face
from coffer.api.request import WALLET_IDS
from coffer.ids import operation_id, pack, prefixed, transaction_id
from tests.integration.access.routes import (
    CLOSED,
    EXAMPLES,
    IN_MEMORY,
    NO_OTHERS,
    Belongings,
    Route,
    ask,
    example_of,
    make_scene,
    of_every_parameter,
    of_every_route,
)
from tests.integration.access.touched import partitions
from tests.integration.stores import Stage
from tests.support.world import Answer, Client

of_every_reference = pytest.mark.parametrize(
    ("route", "field"),
    [(route, field) for route in CLOSED if str(route) in EXAMPLES for field in example_of(route).references],
    ids=str,
)
"""Runs a test for every field of a body that may name a resource."""

NOT_THERE = {"parentAccountId": 400, "accountAlias": 422}
"""The status when nothing is there by the name that a field gives; of all others, that of a path: 404."""

of_every_count = pytest.mark.parametrize("route", [route for route in CLOSED if route.method == "HEAD"], ids=str)
"""Runs a test for every count."""


def without(answer: Answer, ids: Mapping[str, str]) -> tuple[int, dict[str, str], str]:
    """An answer without the ids that it repeats."""
    body = answer.body or ""
    for each in ids.values():
        body = body.replace(each, "…")
    return answer.status, dict(answer.headers), body


@dataclass(frozen=True, slots=True)
class Probe:
    """What a client learns and does with some ids: the answer, and the calls to the table with their units."""

    answer: tuple[int, dict[str, str], str]
    calls: list[tuple[str, float, bool]]


def probe(client: Client, route: Route, ids: Mapping[str, str], fields: Mapping[str, str] = NO_OTHERS) -> Probe:
    """Asks with some ids in the path and in fields of the body."""
    before = len(client.world.recorder.calls)
    answer = ask(client, route, ids, fields)
    calls = client.world.recorder.calls[before:]
    return Probe(without(answer, {**ids, **fields}), [(call.operation, call.units, call.failed) for call in calls])


def nobodys(client: Client, route: Route, parameter: str) -> str:
    """An id that nothing has, in the form that a parameter's ids have."""
    identity = transaction_id(client.world.runtime.new_id(client.world.clock()))
    if route.face is Face.WALLET:
        return prefixed(WALLET_IDS[parameter], identity)
    names = {
        "alias": f"@{identity}",
        "code": f"NOBODYS{identity.replace('-', '').upper()}",
        "operation_id": operation_id(identity, 1),
    }
    return names.get(parameter, identity)


# ----------------------------------------------------------------------------------------------------------- their own


@of_every_route
def test_a_request_touches_no_key_that_is_not_its_clients(
    stage: Stage, client: Client, theirs: Belongings, route: Route
) -> None:
    own = pack(client.client_id)

    def of_others() -> dict[Any, Any]:
        return {key: item for key, item in stage.everything().items() if not key[0].startswith(own)}

    own_ids = make_scene(client, route)
    before, calls = of_others(), len(stage.world.recorder.calls)
    answer = ask(client, route, own_ids)
    assert answer.status in {200, 201, 204}
    touched = [key for call in stage.world.recorder.calls[calls:] for key in partitions(call)]
    assert bool(touched) == (str(route) not in IN_MEMORY)
    assert [key for key in touched if not key.startswith(own)] == []
    assert [each for ids in theirs.ids.values() for each in ids.values() if each in (answer.body or "")] == []
    assert of_others() == before


@of_every_count
def test_what_another_client_has_is_not_counted(client: Client, theirs: Belongings, route: Route) -> None:
    assert int(ask(theirs.client, route, theirs.of(route)).headers["X-Total-Count"]) > 0
    assert ask(client, route, make_scene(client, route)).headers["X-Total-Count"] == "0"


# ------------------------------------------------------------------------------------------------------------- foreign


@of_every_parameter
def test_a_foreign_id_is_as_one_that_does_not_exist(
    stage: Stage, client: Client, theirs: Belongings, route: Route, parameter: str
) -> None:
    own = make_scene(client, route)
    before = stage.everything()
    of_another = probe(client, route, {**own, parameter: theirs.of(route)[parameter]})
    of_nobody = probe(client, route, {**own, parameter: nobodys(client, route, parameter)})
    assert of_another.answer[0] == 404
    assert of_another == of_nobody
    assert stage.everything() == before


@of_every_parameter
def test_a_foreign_id_with_all_that_is_in_it_is_as_one_that_does_not_exist(
    stage: Stage, client: Client, theirs: Belongings, route: Route, parameter: str
) -> None:
    own = make_scene(client, route)
    inside = route.parameters[route.parameters.index(parameter) :]
    before = stage.everything()
    of_another = probe(client, route, {**own, **{name: theirs.of(route)[name] for name in inside}})
    of_nobody = probe(client, route, {**own, **{name: nobodys(client, route, name) for name in inside}})
    assert of_another.answer[0] == 404
    assert of_another == of_nobody
    assert stage.everything() == before


@of_every_reference
def test_a_foreign_id_in_a_body_is_as_one_that_does_not_exist(
    stage: Stage, client: Client, theirs: Belongings, route: Route, field: str
) -> None:
    own, parameter = make_scene(client, route), example_of(route).references[field]
    before = stage.everything()
    of_another = probe(client, route, own, {field: theirs.of(route)[parameter]})
    of_nobody = probe(client, route, own, {field: nobodys(client, route, parameter)})
    assert of_another.answer[0] == NOT_THERE.get(field.rpartition(".")[2], 404)
    assert of_another == of_nobody
    assert stage.everything() == before
