"""A handler that is killed at any of its calls: whatever it had done by then is whole, and done once when asked again.

Lambda ends a function that is out of time, or whose machine fails; the gateway then answers by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import pytest

from tests.integration.store.acts import HTTP, KEYED, PIECEWISE, Act
from tests.support.audit import problems
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.template import table_definition
from tests.support.world import Answer, World
from tools.scenarios import Scene


class Killed(BaseException):
    """The handler is no more."""


class Deadly:
    """A table at whose `nth` call from now its caller is killed, before the call is sent or before it is answered."""

    def __init__(self) -> None:
        self.fake = FakeDynamoDB(table_definition(), clock=lambda: 0)
        self.world = World(self, fake=self.fake)
        self.calls = 0
        self._nth: int | None = None
        self._sent = False

    def kill(self, nth: int, *, sent: bool) -> None:
        """Kills whoever makes the `nth` call from now; no later call of theirs is carried out."""
        self.calls, self._nth, self._sent = 0, nth, sent

    def spare(self) -> None:
        """Kills nobody any more."""
        self._nth = None

    def __getattr__(self, operation: str) -> Callable[..., object]:
        def call(**request: object) -> object:
            self.calls += 1
            if self._nth is None or self.calls < self._nth:
                answer: object = getattr(self.fake, operation)(**request)
                return answer
            if self.calls == self._nth and self._sent:
                getattr(self.fake, operation)(**request)
            raise Killed

        return call


ALL: Mapping[str, Act] = {**HTTP, **PIECEWISE}

type Snapshot = Mapping[Any, Mapping[str, Any]]


def undisturbed(act: Act) -> tuple[Answer, int, Snapshot]:
    """What a request is answered, how many calls it takes, and what the table is like afterwards."""
    table = Deadly()
    request = act(Scene(table.world, table.world.client()))
    table.calls = 0
    answer = cast("Answer", request())
    return answer, table.calls, table.fake.snapshot()


def killed(act: Act, calls: int) -> Iterator[tuple[Deadly, Callable[[], object]]]:
    """The request, once its handler has been killed: at each of its calls, before it is sent and before its answer."""
    for nth in range(1, calls + 1):
        for sent in (False, True):
            table = Deadly()
            request = act(Scene(table.world, table.world.client()))
            table.kill(nth, sent=sent)
            with pytest.raises(Killed):
                request()
            table.spare()
            yield table, request


@pytest.mark.parametrize("act", ALL.values(), ids=ALL)
def test_what_a_handler_has_written_when_it_is_killed_is_all_of_it_or_nothing(act: Act) -> None:
    _, calls, _ = undisturbed(act)
    for table, _ in killed(act, calls):
        assert problems(table.fake.snapshot()) == []


def done_by(answer: Answer) -> object:
    """What an answer says was done: of a batch the transactions, for what is refused of it is tried again."""
    told = answer.json
    return [row["transaction"] for row in told["transactions"]] if "transactions" in told else told


WITH_A_KEY: Mapping[str, Act] = {
    **KEYED,
    "transactions.create_batch, each, with a key": PIECEWISE["transactions.create_batch, each, with a key"],
}


@pytest.mark.parametrize("act", WITH_A_KEY.values(), ids=WITH_A_KEY)
def test_with_a_key_the_same_request_is_done_once_afterwards(act: Act) -> None:
    calm, calls, after = undisturbed(act)
    for table, request in killed(act, calls):
        first = cast("Answer", request())
        done = table.fake.snapshot()
        second = cast("Answer", request())
        assert (first.status, second.status, done_by(second)) == (calm.status, calm.status, done_by(first))
        assert table.fake.snapshot() == done
        assert len(done) == len(after)
        assert problems(done) == []
