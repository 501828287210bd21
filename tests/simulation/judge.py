"""Holds a run against the model: all that was written, in the order in which it was, and all that was told.

- Whatever was written could be done as things stood then, was asked for, and was done no more than once.
- What was acknowledged was done, and said so rightly; or it was so already.
- What was refused was not done, and there was a moment, while it was looked at, at which it had to be refused so.
- What was looked up stood so at a moment.
- Of everything else, nobody was told anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from coffer.store.values import Item, number, text
from tests.simulation.history import Delivery, History, Written
from tests.simulation.model import Head, Model, name_of
from tests.simulation.requests import Outcome, Step
from tests.support.world import Client

UNAVAILABLE = 503


@dataclass(frozen=True, eq=False, slots=True)
class _Doing:
    """A step was done."""

    step: Step
    write: int
    """Which write it was, from 1."""
    delivery: Delivery


@dataclass(slots=True)
class Judge:
    """What one client has to do with a run, and what is found to be wrong with it."""

    history: History
    client: Client
    model: Model = field(default_factory=Model)
    problems: list[str] = field(default_factory=list)
    _told: list[tuple[Delivery, Outcome]] = field(default_factory=list)
    _open: list[tuple[Delivery, Outcome]] = field(default_factory=list)
    """What was told without a write, and must have been so at some moment."""
    _done: dict[str, list[_Doing]] = field(default_factory=lambda: defaultdict(list))
    _kept: dict[str, list[_Doing]] = field(default_factory=lambda: defaultdict(list))
    """Answers that were kept, to requests for which nothing was to be done."""
    _heads: dict[str, dict[int, Item]] = field(default_factory=lambda: defaultdict(dict))

    def judge(self) -> None:
        """Goes through the whole run."""
        self._told = [
            (delivery, told)
            for delivery in self.history.deliveries
            if delivery.answer and delivery.client is self.client
            for told in delivery.request.outcomes(delivery.answer)
        ]
        self._open = list(self._told)
        self._look(0)
        for position, written in enumerate(self.history.writes, 1):
            self._write(position, written.of(self.client))
            self._look(position)
        for delivery, told in self._told:
            self.problems += [f"{delivery}: {problem}" for problem in self._wrong(delivery, told)]
        self._check_no_more_than_once()

    # ---------------------------------------------------------------------------------------------------- what was done

    def _write(self, position: int, written: Written) -> None:
        self.model.writes = position
        if not written.changes:
            return
        if written.delivery.client is not self.client and not written.delivery.request.of_all_clients:
            self.problems.append(f"{written.delivery}: wrote what is another client's")
            return
        if written.keeps_an_answer_only:
            request = written.delivery.request
            self._kept[request.name].append(_Doing(request, position, written.delivery))
        for step in written.delivery.request.steps(written):
            if codes := step.forbidden(self.model, written):
                self.problems.append(f"{written.delivery}: {step.name} was done, in spite of {sorted(codes)}")
            step.apply(self.model, written)
            self._done[step.name].append(_Doing(step, position, written.delivery))
            self._check_answers(step, written)
            self._look(position, written.delivery)
        self._check_entries(written)

    def _check_answers(self, step: Step, written: Written) -> None:
        for delivery, told in self._told:
            mine = delivery is written.delivery or step.keyed
            if mine and told.done and told.step.name == step.name:
                found = told.step.complaints(told.body, written, self.model)
                self.problems += [f"{delivery}: {complaint}" for complaint in found]

    def _check_entries(self, written: Written) -> None:
        """What stands in the entries of a balance, over all its shards, is what the model says."""
        touched: dict[str, Item] = {}
        for (alias, key, shard), entry in written.entries:
            name = name_of(alias, key)
            self._heads[name][shard] = entry
            self.model.balances[name].shards[shard].append(_head(entry, self.model.writes))
            touched[name] = entry
        for name, entry in touched.items():
            balance, heads = self.model.balances[name], self._heads[name].values()
            balance.moment = max(balance.moment, number(entry, "created_at"))
            stands = tuple(sum(int(text(head, which)) for head in heads) for which in ("available", "on_hold"))
            flags = {
                tuple(head[which] for which in ("blocked", "allow_sending", "allow_receiving", "closed"))
                for head in heads
            }
            if stands != (balance.available, balance.on_hold):
                self.problems.append(f"{written.delivery}: {name} has {stands}, and should have {balance}")
            if flags != {(balance.account.blocked, balance.sends, balance.receives, balance.closed)}:
                self.problems.append(f"{written.delivery}: {name} is {flags}, and should be {balance}")

    # ---------------------------------------------------------------------------------------------------- what was told

    def _look(self, position: int, alone: Delivery | None = None) -> None:
        """What was told of this moment needs no more to be looked for; within a write it is its own handler's alone."""
        self._open = [
            (delivery, told)
            for delivery, told in self._open
            if not (
                delivery.begun <= position <= (delivery.ended or 0)
                and alone in {None, delivery}
                and delivery.request.justified(self.model, told, delivery)
            )
        ]

    def _wrong(self, delivery: Delivery, told: Outcome) -> Iterator[str]:
        what = f"{told.step.name} was told {told.status} {told.code}".rstrip()
        own = any(doing.delivery is delivery for doing in self._done[told.step.name])
        if told.done:
            yield from (f"{what}, and {but}" for but in self._wrongly_acknowledged(delivery, told, done=own))
        elif told.refused:
            yield from (f"{what}, and {but}" for but in self._wrongly_refused(delivery, told, done=own))
        elif told.status != UNAVAILABLE:
            yield f"{what}: {told.body}"
        elif own and not (told.step.keyed or told.step.repeatable or told.in_doubt):
            yield f"{what}, without a doubt, and was done"

    def _wrongly_acknowledged(self, delivery: Delivery, told: Outcome, *, done: bool) -> Iterator[str]:
        kept = any(doing.delivery is delivery for doing in self._kept[told.step.name])
        before = not (done or kept) and self._was_answered(told, delivery.ended or 0)
        if not (done or before) and self._is_open(told):
            yield "was not done"
        if told.replayed and not before:
            yield "was not done before"
        if before and not told.replayed and delivery.request.replays:
            yield "not that it was done before"

    def _wrongly_refused(self, delivery: Delivery, told: Outcome, *, done: bool) -> Iterator[str]:
        if done:
            yield "was done"
        if self._was_answered(told, delivery.begun):
            yield "had been done"
        if self._is_open(told):
            yield "there was no moment for it"

    def _was_answered(self, told: Outcome, write: int) -> bool:
        """Whether the answer to a request with a key had been kept with the first so many writes."""
        known = (*self._done[told.step.name], *self._kept[told.step.name])
        return told.step.keyed and any(doing.write <= write for doing in known)

    def _is_open(self, told: Outcome) -> bool:
        return any(told is each for _, each in self._open)

    def _check_no_more_than_once(self) -> None:
        bodies: dict[str, list[object]] = defaultdict(list)
        for _, told in self._told:
            if told.done and told.step.keyed and self._done[told.step.name]:
                bodies[told.step.name].append(told.body)
        for name, doings in self._done.items():
            most = Counter(id(doing.delivery) for doing in doings).most_common(1)
            if most and most[0][1] > 1:
                self.problems.append(f"{name}: was done {most[0][1]} times by one handler")
            if doings and doings[0].step.keyed and len(doings) > 1:
                self.problems.append(f"{name}: was done {len(doings)} times under one key")
        for name, answers in bodies.items():
            if any(body != answers[0] for body in answers):
                self.problems.append(f"{name}: was answered differently")


def _head(entry: Item, since: int) -> Head:
    return Head(
        since=since,
        available=int(text(entry, "available")),
        on_hold=int(text(entry, "on_hold")),
        may=(entry["allow_sending"] is True, entry["allow_receiving"] is True),
    )
