"""A write that arrives when its request has been refused is too late, whatever has become of the reason since.

Its answer was not there in time, it was sent again and refused, for a name was taken; then the name is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.audit import problems
from tests.support.dynamodb.errors import client_error
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults, Operation
from tests.support.template import table_definition
from tests.support.world import Answer, World
from tools.scenarios import ASSET, KEY, LEDGER, SEGMENT, Scene

WRITE: Operation = "transact_write_items"
BODIES: Mapping[str, Mapping[str, object]] = {"assets": ASSET, "ledgers": LEDGER, "segments": SEGMENT}


class Delay:
    """A table whose next write is under way for a long time."""

    def __init__(self) -> None:
        self.fake = FakeDynamoDB(table_definition())
        self.faults = Faults(self.fake)
        world = World(self.faults, fake=self.fake)
        self.at = Scene(world, world.client())
        self._sent: list[Any] = []

    def hold_back(self, meanwhile: Callable[[], object], *, nth: int = 1) -> None:
        """The `nth` write from now gets no answer; then somebody else acts."""

        def error(operation: str, request: Any) -> ClientError:  # noqa: ANN401 -- boto3's arguments
            self._sent.append(request)
            meanwhile()
            return client_error(operation, "InternalServerError")

        self.faults.plan(error, WRITE, nth=nth)

    def let_arrive(self) -> str:
        """The write arrives: what the service makes of it."""
        (request,) = self._sent
        with pytest.raises(ClientError) as error:
            self.fake.transact_write_items(**request)
        return error.value.response["Error"]["Code"]


@pytest.fixture
def delay() -> Delay:
    """A table, and a write that takes its time."""
    return Delay()


def refused(answer: Answer) -> None:
    """A name was taken."""
    assert (answer.status, answer.json["code"]) in {(409, code) for code in ("0001", "0002", "0003", "0015")}


@pytest.mark.parametrize("key", [{}, KEY], ids=["without a key", "with a key"])
@pytest.mark.parametrize("what", BODIES)
def test_what_was_refused_is_not_made_when_the_name_is_free_again(delay: Delay, what: str, key: dict[str, str]) -> None:
    client, path, body = delay.at.client, getattr(delay.at, what)(), BODIES[what]
    rivals: list[Answer] = []
    delay.hold_back(lambda: rivals.append(client.post(path, body)))
    refused(client.post(path, body, **key))
    assert client.delete(f"{path}/{rivals[0].id}").status == 204
    before = delay.fake.snapshot()
    assert delay.let_arrive() == "TransactionCanceledException"
    assert delay.fake.snapshot() == before
    assert client.post(path, body, **key).status == 201
    assert problems(delay.fake.snapshot()) == []


@pytest.mark.parametrize("what", BODIES)
def test_what_was_refused_is_not_renamed_when_the_name_is_free_again(delay: Delay, what: str) -> None:
    client, path, body = delay.at.client, getattr(delay.at, what)(), BODIES[what]
    other = {"code": "XBT"} if what == "assets" else {}
    mine = f"{path}/{client.post(path, {**body, **other, 'name': 'Mine'}).id}"
    rivals: list[Answer] = []
    delay.hold_back(lambda: rivals.append(client.post(path, body)))
    refused(client.patch(mine, {"name": body["name"]}))
    assert client.delete(f"{path}/{rivals[0].id}").status == 204
    assert delay.let_arrive() == "TransactionCanceledException"
    assert client.get(mine).json["name"] == "Mine"
    assert client.patch(mine, {"name": body["name"]}).status == 200
    assert problems(delay.fake.snapshot()) == []


@pytest.mark.parametrize("what", BODIES)
def test_a_name_that_was_free_twice_is_taken_from_who_gave_it_up_last(delay: Delay, what: str) -> None:
    """The held write took the name from who gave it up first: it may not take it from another."""
    client, path, body = delay.at.client, getattr(delay.at, what)(), BODIES[what]
    other = {"code": "XBT"} if what == "assets" else {}
    held = {**body, **other}
    if what == "assets":
        client.delete(f"{path}/{client.post(path, held).id}")
    client.delete(f"{path}/{client.post(path, body).id}")
    rivals: list[Answer] = []
    delay.hold_back(lambda: rivals.append(client.post(path, body)), nth=2)  # the first one took the name for new
    refused(client.post(path, held))
    assert client.delete(f"{path}/{rivals[0].id}").status == 204
    assert delay.let_arrive() == "TransactionCanceledException"
    assert problems(delay.fake.snapshot()) == []
