"""Cursors and idempotency keys: those of another client are useless, and none leads out of its own list.

A cursor is bound to its list and not signed (see `docs/decisions.md`): whoever knows how can make one. So each is also
forged here, with the place of everything that another client has.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from coffer.api.errors import Face
from coffer.ids import is_uuid, pack
from tests.integration.access.routes import (
    CLOSED,
    EXAMPLES,
    IN_MEMORY,
    Belongings,
    Route,
    ask,
    body_of,
    make_all,
    make_scene,
    target,
)
from tests.integration.access.touched import partitions
from tests.support.world import Answer, Client, World
from tools.endpoints import endpoints

_LISTED = {
    (endpoint.declaration.method, endpoint.declaration.path)
    for _, _, endpoint in endpoints()
    if endpoint.declaration.filters is not None
}
LISTS = [route for route in CLOSED if (route.method, route.path) in _LISTED]
ONE_ROW = {"GET /v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts/external/{code}/balances"}
"""Lists that never have a second row, and so no cursor: an external account has one balance."""
LONG = [route for route in LISTS if str(route) not in ONE_ROW]
KEYED = [route for route in CLOSED if route.method == "POST"]

of_every_list = pytest.mark.parametrize("route", LISTS, ids=str)
of_every_long_list = pytest.mark.parametrize("route", LONG, ids=str)
of_every_keyed_route = pytest.mark.parametrize("route", KEYED, ids=str)

KEY = "once"


@dataclass(frozen=True, slots=True)
class Reader:
    """A client who has two rows at least in every list that can have them."""

    belongings: Belongings

    @property
    def client(self) -> Client:
        """The client."""
        return self.belongings.client

    def page(self, route: Route, cursor: str | None = None) -> Answer:
        """A page of one row, from a cursor on."""
        size = "page_size" if route.face is Face.WALLET else "limit"
        further = "" if cursor is None else f"&cursor={cursor}"
        return self.client.get(f"{target(route, self.belongings.of(route))}?{size}=1{further}")

    def cursor(self, route: Route) -> str:
        """The cursor of a list's first page."""
        cursor = self.page(route).json["next_cursor"]
        assert cursor, "the list has one row: add another to the scene"
        return str(cursor)

    def rows(self, route: Route) -> list[object]:
        """Every row of a list."""
        size = "page_size" if route.face is Face.WALLET else "limit"
        page = self.client.get(f"{target(route, self.belongings.of(route))}?{size}=100").json
        return list(rows_of(page))


def rows_of(page: Mapping[str, list[object]]) -> list[object]:
    """The rows on a page of either face."""
    return page["items"] if "items" in page else page["data"]


def reader(client: Client) -> Reader:
    """Gives a client one of everything, and another one of what can be made at a list's own path."""
    belongings = make_all(client)
    for route in LISTS:
        making = Route("POST", route.path)
        if str(making) in EXAMPLES:
            answer = client.post(route.path.format_map(belongings.of(route)), body_of(making, belongings.of(making)))
            assert answer.status < 300, answer
    return Reader(belongings)


@pytest.fixture(scope="module")
def readers() -> tuple[Reader, Reader]:
    """A client, and another one who has the same things. Nothing here changes what they have."""
    world = World()
    return reader(world.client()), reader(world.client())


def refused(answer: Answer, route: Route) -> None:
    """An answer says that this is no cursor of the list."""
    assert (answer.status, answer.json["code"]) == (400, "invalid_parameter" if route.face is Face.WALLET else "0082")
    assert "cursor" in answer.json["message"]


def test_every_list_is_here() -> None:
    assert {route.path for route in LISTS if route.face is Face.WALLET} >= {"/api/v1/wallets", "/api/v1/transactions"}
    assert set(map(str, LISTS)) >= ONE_ROW
    assert len(LISTS) == len(_LISTED)


@of_every_long_list
def test_a_cursor_leads_on_in_its_own_list(readers: tuple[Reader, Reader], route: Route) -> None:
    """Or else those that are refused below would prove nothing."""
    reader, _ = readers
    following = reader.page(route, reader.cursor(route))
    assert following.status == 200
    assert rows_of(following.json) == reader.rows(route)[1:2]


@of_every_long_list
def test_a_cursor_of_another_client_is_refused(readers: tuple[Reader, Reader], route: Route) -> None:
    reader, other = readers
    theirs, calls = other.cursor(route), reader.client.world.recorder.calls
    before = len(calls)
    refused(reader.page(route, theirs), route)
    assert len(calls) == before


@of_every_list
def test_a_cursor_of_any_other_list_is_refused(readers: tuple[Reader, Reader], route: Route) -> None:
    reader, _ = readers
    cursors = [reader.cursor(each) for each in LONG if each != route]
    before = len(reader.client.world.recorder.calls)
    for cursor in cursors:
        refused(reader.page(route, cursor), route)
    assert len(reader.client.world.recorder.calls) == before


def forged(genuine: str, other: Reader, route: Route) -> Iterator[str]:
    """Cursors of a list with other places in them: all that another client has, and what could end a key."""
    binding, backwards, page, position = json.loads(urlsafe_b64decode(genuine + "=="))
    ids = [each for ids in other.belongings.ids.values() for each in ids.values()]
    places = [
        json.loads(urlsafe_b64decode(other.cursor(route) + "=="))[3],
        *(pack(each) for each in ids if is_uuid(each) or each[3:4] == "_"),
        pack(other.client.client_id),
        "0",
        "-",
        "#",
        "z" * 100,
        f"{position}#{position}",
    ]
    for place in places:
        for direction in (backwards, 1 - backwards):
            text = json.dumps([binding, direction, page, place], separators=(",", ":"))
            yield urlsafe_b64encode(text.encode()).decode().rstrip("=")


@of_every_long_list
def test_a_forged_cursor_leads_nowhere_but_through_the_clients_own_list(
    readers: tuple[Reader, Reader], route: Route
) -> None:
    reader, other = readers
    own, rows = pack(reader.client.client_id), reader.rows(route)
    for cursor in forged(reader.cursor(route), other, route):
        before = len(reader.client.world.recorder.calls)
        answer = reader.page(route, cursor)
        calls = reader.client.world.recorder.calls[before:]
        assert answer.status in {200, 400}
        if answer.status == 400:
            refused(answer, route)
        else:
            assert all(row in rows for row in rows_of(answer.json))
        assert [key for call in calls for key in partitions(call) if not key.startswith(own)] == []
        assert str(route) not in IN_MEMORY or not calls


# ----------------------------------------------------------------------------------------------------- idempotency keys


def ask_once(client: Client, route: Route, ids: Mapping[str, str]) -> Answer:
    """The answer to a route's valid request, with an idempotency key that is always the same."""
    return client.send(route.method, target(route, ids), body_of(route, ids), {"Idempotency-Key": KEY})


@of_every_keyed_route
def test_a_key_that_another_client_has_used_is_still_unused(world: World, route: Route) -> None:
    client, other = world.client(), world.client()
    ids = {each.client_id: make_scene(each, route) for each in (client, other)}
    theirs = ask_once(other, route, ids[other.client_id])
    ours = ask_once(client, route, ids[client.client_id])
    assert theirs.status == ours.status < 300
    assert "X-Idempotency-Replayed" not in ours.headers
    foreign = set(ids[other.client_id].values()) - set(ids[client.client_id].values())
    assert [each for each in foreign if each in (ours.body or "")] == []
    assert ask_once(client, route, ids[client.client_id]).headers["X-Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("route", [route for route in KEYED if route.parameters], ids=str)
def test_a_key_that_another_client_has_used_tells_nothing_at_their_path(world: World, route: Route) -> None:
    client, other = world.client(), world.client()
    ids = make_scene(other, route)
    assert ask_once(other, route, ids).status < 300
    unkeyed = ask(client, route, ids)
    keyed = ask_once(client, route, ids)
    assert (keyed.status, keyed.body, dict(keyed.headers)) == (unkeyed.status, unkeyed.body, dict(unkeyed.headers))
    assert keyed.status == 404
