"""Two requests of which one comes in the midst of the other, on a stage that is the same each time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any, cast

from coffer.store.values import Item, decode_item
from tests.integration.pairs.stages import Request
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.template import table_definition
from tests.support.torn import Torn
from tests.support.world import Answer, Client, World

type Told = tuple[int, str | None]
"""The status of an answer, and the code of its error."""

type Outcome = tuple[Told, Told, Mapping[str, int]]
"""What two requests are told, and what then lies in the table."""

_SHOWN = (
    *("name", "alias", "status", "type", "amount", "value", "shards", "ledgers", "assets", "blocked", "description"),
    *("key", "is_active", "reference_id", "legal_name", "symbol", "portfolio_id", "segment_id"),
)
_FLAGS = ("closed", "blocked", "allow_sending", "allow_receiving")
_ID = re.compile("[-0-9A-Z_a-z]{22}")


class Meeting:
    """A stage, and what comes of requests on it."""

    def __init__(self, stage: Callable[[Client], Mapping[str, Request]]) -> None:
        self._world = World()
        self.requests = stage(self._world.client())
        self._set, self._began = self._world.fake.snapshot(), self._world.clock.now

    @cache  # noqa: B019 -- there are two meetings
    def calls(self, name: str) -> int:
        """How many calls to the table a request makes when it is alone."""
        self._reset()
        self.requests[name]()
        return len(self._world.recorder.calls)

    @cache  # noqa: B019
    def in_turn(self, first: str, second: str) -> Outcome:
        """What comes of two requests one after the other."""
        self._reset()
        return _told(self.requests[first]()), _told(self.requests[second]()), self._state()

    def amid(self, first: str, second: str, nth: int) -> Outcome:
        """What comes of two requests when all of the second comes just before the nth call of the first."""
        fake, calls, told = self._reset(), count(1), []

        def on_call(*_: object) -> None:
            if next(calls) == nth:
                fake.on_call = None
                told.append(_told(self.requests[second]()))

        fake.on_call = on_call
        outer = _told(self.requests[first]())
        fake.on_call = None
        (inner,) = told
        return outer, inner, self._state()

    def torn(self, first: str, second: str, seed: int) -> Outcome:
        """What comes of two requests when the second sees what the first writes one item after the other."""
        torn, told = Torn(self._reset(), f"{first} {second} {seed}"), []
        self._world.recorder.stand_before(torn)
        torn.amid = lambda: told.append(_told(self.requests[second]()))
        outer = _told(self.requests[first]())
        (inner,) = told
        return outer, inner, self._state()

    def snapshot(self) -> Mapping[Any, Mapping[str, Any]]:
        """The table as it is."""
        return self._world.fake.snapshot()

    def _reset(self) -> FakeDynamoDB:
        fake = FakeDynamoDB(table_definition())
        for item in self._set.values():
            fake.put_item(TableName=fake.table, Item=cast("Any", item))
        self._world.stand_before(fake)
        self._world.clock.now = self._began
        return fake

    def _state(self) -> Mapping[str, int]:
        return Counter(_shown(self._world.fake.held()))


def _told(answer: Answer) -> Told:
    return answer.status, answer.json["code"] if answer.body and answer.status >= 400 else None


def _shown(table: Mapping[Any, Mapping[str, Any]]) -> Iterator[str]:
    """What lies in a table, but for ids, moments and hashes, which no two orders have the same, and for which shard."""
    chains: dict[tuple[str, str], dict[str, dict[str, Item]]] = defaultdict(lambda: defaultdict(dict))
    for (pk, sk), wire in table.items():
        item = decode_item(cast("Any", wire))
        _, is_entry, chain = str(pk).partition("#BALANCE#")
        if is_entry:
            alias, key, shard = chain.rsplit("#", 2)
            chains[alias, key][shard][str(sk)] = item
        else:
            said = [(name, item[name]) for name in _SHOWN if name in item and not _ID.fullmatch(str(item[name]))]
            yield repr((_ID.sub("", str(sk)), "deleted_at" in item, said))
    for balance, shards in chains.items():
        heads = [entries[max(entries)] for entries in shards.values()]
        sums = [sum(Decimal(str(head[name])) for head in heads) for name in ("available", "on_hold")]
        kinds = Counter(str(entry["type"]) for entries in shards.values() for entry in entries.values())
        flags = {tuple(head[name] for name in _FLAGS) for head in heads}
        yield repr((balance, sums, sorted(kinds.items()) if len(shards) == 1 else None, flags))
