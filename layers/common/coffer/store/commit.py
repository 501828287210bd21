"""The one way to write: plan, send as one `TransactWriteItems`, settle.

Settled means done once, or not at all, or not known in time (`Reason.UNAVAILABLE`, safe to ask again; `IN_DOUBT`, if it
is not). Nothing is told to the caller before it is certain:

- a write whose answer was lost is sent again byte for byte, with the same `ClientRequestToken`, until it is answered; a
  collision with another write is no answer, for it says nothing of the first try;
- a condition that fails on an item which bears our own attempt's id means that we had succeeded;
- any other one means what its write says; if that depends on what stood in the way, the next plan is shown that, and
  judges it. What it refuses for that was so while the request went on, whatever has become of it since; and the write
  that met it can never be applied any more, for a condition that has failed once fails for good;
- a refusal that depends on the state is given, for a request with a claim or after a lost answer, only when the record
  of this very request is not there: the first try may have caused what the second one is refused for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from coffer.ledger.refusal import Reason, Refusal
from coffer.store.failures import Failure, causes, classify
from coffer.store.keys import Key
from coffer.store.table import Table
from coffer.store.values import Item, decode_item
from coffer.store.writes import Write, render


class Overtaken(Exception):  # noqa: N818 -- no error: it happens among several
    """What a plan has read does not fit together, for someone was faster: plan again."""


type Met = Mapping[Key, Item]
"""What has stood in the way of a request's writes so far: the items, as they were when they were met last."""


class Plan[Answer](NamedTuple):
    """What to write, all of it at once, and the answer when it is written.

    The writes stand in the order in which they are judged: of several whose condition does not hold, the first decides.
    `proof` is one of these items that nobody ever changes; it bears the attempt's id for good when this was written.
    None: the request's own proof will do.
    """

    writes: Sequence[Write]
    answer: Answer
    proof: Key | None = None


def commit[Answer](
    table: Table, plan: Callable[[Met], Plan[Answer]], *, proof: Key, repeatable: bool = False
) -> Answer:
    """Plan and write until it is done or refused; the plan's answer, once everything in it is written.

    `plan` reads what it needs, and may refuse; it is called again when someone else was faster, and shown what was met.
    `proof` is an item that bears the attempt's id when this request was done. Raises the refusals of the plan and of
    its writes, what the table's claim makes of a repeated request, and `Refusal(UNAVAILABLE)` when it could not be
    settled in time: then it may be sent again. `Refusal(IN_DOUBT)` instead if it may have been done, unless it has a
    claim or is `repeatable`, and so finds what it has done.
    """
    settling = _Settling[Answer](table, proof)
    try:
        return settling.settle(plan)
    except Refusal as refusal:
        if refusal.reason is Reason.UNAVAILABLE and settling.doubtful and not (table.claim or repeatable):
            raise _in_doubt() from None
        raise


@dataclass(frozen=True, slots=True)
class _Done[Answer]:
    answer: Answer
    proof: Key


@dataclass(slots=True)
class _Settling[Answer]:
    """One request on its way to a definite answer."""

    table: Table
    proof: Key
    doubtful: _Done[Answer] | None = None
    """What was done if the write whose answer was lost last has been applied."""
    pauses: int = 0
    met: dict[Key, Item] = field(default_factory=dict)

    def settle(self, plan: Callable[[Met], Plan[Answer]]) -> Answer:
        """Plan and write until there is a definite answer."""
        while True:
            outcome = self.attempt(plan)
            if isinstance(outcome, _Done):
                return outcome.answer
            if isinstance(outcome, Refusal):
                return self.confirm(outcome)
            self.wait()

    def attempt(self, plan: Callable[[Met], Plan[Answer]]) -> _Done[Answer] | Refusal | None:
        """Plan and write once: done, refused, or None when someone else was faster."""
        try:
            planned = plan(self.met)
        except Refusal as refusal:
            return refusal
        except Overtaken:
            return None
        claim = self.table.claim
        recorded = claim.writes(planned.answer, self.table.now) if claim else []
        writes = [*planned.writes, *recorded]
        if not writes:  # it is so already, if only by this very request
            return self.found() or _Done(planned.answer, self.proof)
        return self._write(writes, _Done(planned.answer, planned.proof or self.proof))

    def confirm(self, refusal: Refusal) -> Answer:
        """Raises the refusal, unless this request turns out to have been done: then its answer."""
        found = self.found()
        if found is None:
            raise refusal
        return found.answer

    def found(self) -> _Done[Answer] | None:
        """What the write did whose answer was lost last, if it turns out to have been applied.

        Raises what the claim makes of its record, if the request was done before.
        """
        claim = self.table.claim
        if not (claim or self.doubtful):
            return None
        proof = self.doubtful.proof if self.doubtful else self.proof
        (record,) = self.table.get_together(claim.key if claim else proof)
        if record and self.doubtful and record["attempt"] == self.table.attempt:
            return self.doubtful
        if record and claim:
            raise claim.recognise(record)
        return None

    def wait(self) -> None:
        """Pause before going on; raises `Refusal(UNAVAILABLE)` when the time is up."""
        self.table.wait(self.pauses)
        self.pauses += 1

    def _write(self, writes: Sequence[Write], done: _Done[Answer]) -> _Done[Answer] | Refusal | None:
        actions = [render(write, self.table.connection.table, self.table.attempt) for write in writes]
        token = self.table.new_id()
        while True:
            self.table.require_time()
            try:
                self.table.call("transact_write_items", TransactItems=actions, ClientRequestToken=token)
            except (ClientError, BotoCoreError) as error:
                failure = classify(error)
                if isinstance(error, ClientError) and failure is Failure.CANCELLED:
                    outcome = self._explain(writes, error.response["CancellationReasons"])
                    if not isinstance(outcome, Failure):
                        return outcome
                    failure = outcome
                if failure is Failure.BUG:
                    raise
                if failure is Failure.CONFLICT and self.doubtful is not done:
                    return None
                if failure is Failure.AMBIGUOUS:
                    self.doubtful = done
                self.wait()
            else:
                return done

    def _explain(
        self, writes: Sequence[Write], reasons: Sequence[Mapping[str, Any]]
    ) -> _Done[Answer] | Refusal | Failure | None:
        """What a cancelled write means, from the reasons of its actions; None: plan again, on what was met."""
        failed = [
            (write, decode_item(reason.get("Item") or {}))
            for write, reason in zip(writes, reasons, strict=True)
            if reason["Code"] == "ConditionalCheckFailed"
        ]
        met = {write.key: item for write, item in failed if item}
        if self.doubtful and any(item.get("attempt") == self.table.attempt for item in met.values()):
            return self.doubtful
        claim = self.table.claim
        if claim and claim.key in met:
            raise claim.recognise(met[claim.key])
        failures = causes(reasons)
        if Failure.BUG in failures:
            return Failure.BUG
        if not failed:
            return Failure.BUSY if failures == {Failure.BUSY} else Failure.CONFLICT
        self.met |= met
        first, _ = failed[0]
        return first.otherwise


def _in_doubt() -> Refusal:
    """Without an idempotency key nobody can tell a repetition from a new request."""
    return Refusal(
        Reason.IN_DOUBT,
        "It is not known whether the request was done, wholly or not at all: look before you send it again. A POST "
        "that comes with an idempotency key can be repeated without looking.",
    )
