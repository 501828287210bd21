"""Whatever fails on the way, organizations, ledgers and what lies in a ledger come out as if nothing had.

Each request is sent to a world whose calls fail, and then, if it was done there, to its twin in which nothing ever
does. What a caller was told must be what the twin says, and the two tables must stay the same. A 5xx says nothing: then
the request was done whole or not at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from copy import replace
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coffer.ids import new_id
from coffer.ledger.hashing import HASH
from coffer.store.values import decode_item
from tests.properties.mishaps import READS, WRITES, Shaken
from tests.support.audit import problems
from tests.support.world import JANUARY, Answer, World

OF_ITS_ID = re.compile(r"[-0-9A-Z_a-z]{22}")


@dataclass(frozen=True, slots=True)
class Step:
    """One request, in small numbers: they choose among what there is."""

    verb: str
    """`again` is the request before, as it was."""
    kind: str
    which: int
    name: int
    code: int
    key: int | None
    reads: Sequence[str] = ()
    writes: Sequence[str] = ()


IN_A_LEDGER = ("assets", "portfolios", "segments")

SMALL = st.integers(0, 3)
STEPS = st.builds(
    Step,
    verb=st.sampled_from(["create", "create", "again", "change", "rename", "delete"]),
    kind=st.sampled_from(["organizations", "ledgers", "assets", *IN_A_LEDGER]),
    which=SMALL,
    name=st.integers(0, 2),
    code=st.integers(0, 2),
    key=st.none() | st.integers(0, 1),
    reads=st.lists(st.sampled_from(sorted(READS)), max_size=1),
    writes=st.lists(
        st.sampled_from(["the answer is lost", "a collision"]) | st.sampled_from(sorted(WRITES)), max_size=3
    ),
)


type Request = tuple[str, str, dict[str, Any] | None, Mapping[str, str]]
"""Method, path, body, headers."""


class Twins:
    """A world whose calls fail and one whose calls do not, to which the same happens."""

    def __init__(self) -> None:
        self.shaken = Shaken()
        self.calm = World()
        self.client_id = self.calm.client().client_id
        self.made: dict[str, list[str]] = {kind: [] for kind in ("organizations", "ledgers", *IN_A_LEDGER)}
        """The paths of everything that was ever made."""
        self.live: set[str] = set()
        """The paths of what is there, from the answers alone."""
        self.last: Request = ("GET", "/health", None, {})
        self.steps = 0
        self.struck = 0
        """How many calls failed as planned."""
        for kind in self.made:
            self.take(Step("create", kind, which=0, name=9, code=9, key=None))

    def take(self, step: Step) -> None:
        """Sends one request, and compares."""
        self.steps += 1
        if step.verb != "again":
            self.last = self._request(step)
        method, path, body, headers = self.last
        before = self.shaken.fake.snapshot()
        for faults, planned in ((READS, step.reads), (WRITES, step.writes)):
            for nth, fault in enumerate(planned, start=1):
                faults[fault](self.shaken, nth)
        answer = self._send(self.shaken.world, method, path, body, headers)
        self.struck += self.shaken.faults.struck
        self.shaken.faults.plans.clear()
        self.shaken.forget()
        after = self.shaken.fake.snapshot()
        if answer.status < 500 or after != before:
            calm = self._send(self.calm, method, path, body, headers)
            if answer.status < 500:
                assert answer == calm
            self._note(path, calm)
        if 400 <= answer.status < 500:
            assert after == before
        assert _canonical(after) == _canonical(self.calm.fake.snapshot())
        assert problems(after) == []

    def check(self) -> None:
        """What was acknowledged is there, all of it and nothing else, for those who ask."""
        assert self._listed("/v1/organizations", 3) == self.live

    def _listed(self, path: str, depth: int) -> set[str]:
        answer = self._send(self.shaken.world, "GET", f"{path}?limit=100", None, {})
        assert answer.status == 200
        assert answer.json["next_cursor"] is None
        found = {f"{path}/{row['id']}" for row in answer.json["items"]}
        below = {2: IN_A_LEDGER, 3: ("ledgers",)}.get(depth, ())
        return found.union(*(self._listed(f"{each}/{kind}", depth - 1) for each in found for kind in below))

    def _send(self, world: World, method: str, path: str, body: object, headers: Mapping[str, str]) -> Answer:
        """A request whose ids and moment are the same in both worlds."""
        world.clock.now = JANUARY + self.steps * 3_600_000
        world.runtime = replace(world.runtime, new_id=partial(new_id, bits=Random(self.steps).getrandbits))  # noqa: S311
        client = replace(world.client(), client_id=self.client_id)
        return client.send(method, path, body, headers)

    def _note(self, path: str, answer: Answer) -> None:
        if answer.status == 201 and "X-Idempotency-Replayed" not in answer.headers:
            place = f"{path}/{answer.id}"
            self.made[path.rpartition("/")[2]].append(place)
            self.live.add(place)
        elif answer.status == 204:
            # A ledger may be deleted while it has portfolios and segments: no list of ledgers leads to them any more.
            self.live -= {each for each in self.live if f"{each}/".startswith(f"{path}/")}

    def _request(self, step: Step) -> Request:
        if step.verb == "create":
            key = {} if step.key is None else {"Idempotency-Key": f"key {step.key}"}
            return "POST", self._collection(step), self._new(step), key
        places = self.made[step.kind]
        place = places[-1 - step.which % len(places)]
        if step.verb == "delete":
            return "DELETE", place, None, {}
        if step.verb == "change":
            return "PATCH", place, {"metadata": {"step": self.steps}}, {}
        return "PATCH", place, {"legalName" if step.kind == "organizations" else "name": f"Name {step.name}"}, {}

    def _collection(self, step: Step) -> str:
        if step.kind == "organizations":
            return "/v1/organizations"
        parents = self.made["organizations" if step.kind == "ledgers" else "ledgers"]
        return f"{parents[-1 - step.which % len(parents)]}/{step.kind}"

    def _new(self, step: Step) -> dict[str, Any]:
        name = f"Name {step.name}"
        match step.kind:
            case "organizations":
                return {"legalName": name, "legalDocument": "1"}
            case "ledgers" | "portfolios" | "segments":
                return {"name": name}
        return {"name": name, "type": "crypto", "code": f"C{step.code}"}


def _canonical(snapshot: Mapping[Any, Mapping[str, Any]]) -> list[str]:
    """A table without what may differ: a plan that was made again gives its accounts and balances other ids."""
    items = [decode_item(item) for item in snapshot.values()]
    names: dict[str, str] = {}
    for item in items:
        if item.get("type") == "OPEN":  # which stays, also when the account is gone
            name = f"{str(item['pk']).rpartition('#')[0]} of {item['created_at']}"
            names |= {str(item["account_id"]): f"account {name}", str(item["balance_id"]): f"balance {name}"}
    differing = {HASH, "previous", "gsi1pk"}  # they follow from the ids; the audit looks at them
    texts = (json.dumps({name: item[name] for name in item.keys() - differing}, sort_keys=True) for item in items)
    return sorted(OF_ITS_ID.sub(lambda match: names.get(match[0], match[0]), text) for text in texts)


@settings(max_examples=60, derandomize=True)
@given(st.lists(STEPS, min_size=3, max_size=14))
def test_nothing_acknowledged_is_missing_and_nothing_refused_has_happened(steps: list[Step]) -> None:
    twins = Twins()
    for step in steps:
        twins.take(step)
    twins.check()


@pytest.mark.parametrize(
    ("kind", "fault"), [*(("read", fault) for fault in READS), *(("write", fault) for fault in WRITES)]
)
def test_every_fault_strikes(kind: str, fault: str) -> None:
    twins = Twins()
    taken = Step("create", "assets", which=0, name=9, code=8, key=1)  # it is refused, and its record looked for
    step = replace(taken, reads=[fault]) if kind == "read" else replace(taken, writes=[fault])
    twins.take(step)
    assert twins.struck
