"""What callers ask for: how it is sent, and what a ledger that does one thing at a time makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from coffer.store.values import number
from tests.simulation.history import Delivery, Written, id_of
from tests.simulation.model import Model
from tests.support.world import Answer

IN_DOUBT = "not known whether"


@dataclass(eq=False, slots=True, kw_only=True)
class Step:
    """Something that is done wholly or not at all. Subclasses say what it does."""

    repeatable: ClassVar[bool] = False
    """Whether it may be asked for again without a key: it finds by itself that it was done."""

    name: str
    keyed: bool = False
    """Whether it is done once at most, however often it is asked for."""

    def refusals(self, model: Model, when: int) -> set[str]:
        """The codes with which it may be refused as things stand, by a handler whose clock says `when`."""
        raise NotImplementedError

    def forbidden(self, model: Model, written: Written) -> set[str]:
        """Why it should not have been written, as things stood."""
        return self.refusals(model, written.delivery.now)

    def idle(self, _model: Model) -> bool:
        """Whether things are so already: then it may be acknowledged and write nothing."""
        return False

    def apply(self, model: Model, written: Written) -> None:
        """What it does."""
        raise NotImplementedError

    def complaints(self, _body: Any, _written: Written, _model: Model) -> Iterator[str]:  # noqa: ANN401
        """What is wrong with its answer, right after it was done."""
        return iter(())


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """What a caller was told of a step."""

    step: Step
    status: int
    code: str
    body: Any
    replayed: bool = False
    in_doubt: bool = False

    @property
    def done(self) -> bool:
        """Whether it was acknowledged."""
        return self.status < 300

    @property
    def refused(self) -> bool:
        """Whether it was told that it was not done."""
        return 400 <= self.status < 500


@dataclass(eq=False, slots=True, kw_only=True)
class Request(Step):
    """A request over HTTP; most are one step."""

    kind: ClassVar[str]
    replays: ClassVar[bool] = True
    """Whether its answer says that it is the first one again, if it is."""
    of_all_clients: ClassVar[bool] = False
    """Whether what it does is not only for whoever has sent it."""
    method: str
    path: str
    body: object = None
    key: str | None = None

    def __post_init__(self) -> None:
        self.keyed = self.key is not None

    def __str__(self) -> str:
        key = f" with the key {self.key}" if self.key else ""
        body = f" {json.dumps(self.body)}" if self.body else ""
        return f"{self.kind}{key}: {self.method} …/{'/'.join(self.path.split('/')[-3:])}{body}"

    @property
    def other_body(self) -> object:
        """Another body for the same path that is as good as its own; None if there is none."""
        return None

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""
        return {} if self.key is None else {"Idempotency-Key": self.key}

    def steps(self, written: Written) -> Sequence[Step]:
        """The steps that a write of this request's does, in their order."""
        return [] if written.keeps_an_answer_only else [self]

    def outcomes(self, answer: Answer) -> Sequence[Outcome]:
        """What an answer says of the steps."""
        return [outcome(self, answer)]

    def justified(self, model: Model, told: Outcome, asked: Delivery) -> bool:
        """Whether what was told, and was not written, could be told as things stand."""
        if told.done:
            return told.step.idle(model)
        return told.code in told.step.refusals(model, asked.now)


@dataclass(eq=False, slots=True, kw_only=True)
class Misuse(Request):
    """A key that was used, for another body: it is told so, and does nothing."""

    kind: ClassVar[str] = "misuse"

    def steps(self, _written: Written) -> Sequence[Step]:
        return []

    def justified(self, _model: Model, told: Outcome, _asked: Delivery) -> bool:
        return told.code in {"0084", "conflict"}


def outcome(step: Step, answer: Answer) -> Outcome:
    """What an answer as a whole says of a step."""
    body = answer.json
    told = body if answer.status >= 400 else {}
    return Outcome(
        step=step,
        status=answer.status,
        code=told.get("code", ""),
        body=body,
        replayed="X-Idempotency-Replayed" in answer.headers,
        in_doubt=IN_DOUBT in told.get("message", ""),
    )


def unlike(body: Any, written: Written, transaction_id: str) -> Iterator[str]:  # noqa: ANN401 -- an answer's body
    """What a transaction as it was answered says otherwise than the entries that were written for it."""
    if body["id"] != transaction_id:
        yield f"answered {body['id']}, and made {transaction_id}"
        return
    for place, entry in written.of_transaction(transaction_id):
        told = body["operations"][number(entry, "operation") - 1]
        after = told["balanceAfter"]
        whose = told["accountAlias"], told["balanceKey"]
        of_answer = (*whose, told["amount"]["value"], after["available"], after["onHold"])
        of_entry = (place.alias, place.key, entry["amount"], entry["available"], entry["on_hold"])
        if of_answer != of_entry:
            yield f"answered {of_answer}, and wrote {of_entry}"


def record_id(written: Written, code: str) -> str:
    """The id of the transaction with a code that a write has made."""
    record = written.made(code)
    assert record, f"{written.delivery} made no {code}"
    return id_of(record)


def made_by(written: Written) -> str:
    """The id of the one transaction that a write has made."""
    (record,) = (new for old, new in written.records if old is None)
    return id_of(record)
