"""Whoever sends the requests of a property, whatever happens to their calls, and holds every answer to the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import replace
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.integration.ledger_api.books import Books, open_books, refused, replayed
from tests.properties.mishaps import REFUSED, Plan, Shaken
from tests.properties.paper.verdicts import KEY_USED_OTHERWISE, Objection, Span, Verdict
from tests.support.world import Answer

UNSETTLED = (500, 503)
"""Statuses that say nothing of what was done."""

type Body = Mapping[str, object]
type Judge = Callable[[Span], Verdict]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a place in the ledger, perhaps under an idempotency key."""

    method: str
    place: str
    body: Body | None = None
    key: str | None = None


def post(place: str, body: Body | None, key: str | None) -> Request:
    """A POST."""
    return Request("POST", place, body, key)


@dataclass(frozen=True, slots=True)
class Claim:
    """What an idempotency key was used for, and the first answer."""

    request: Request
    answer: Answer


@dataclass(slots=True)
class Clerk:
    """Sends requests to a ledger in a world whose calls fail."""

    shaken: Shaken
    books: Books
    claims: dict[tuple[str, str], Claim] = field(default_factory=dict)
    """By places and keys."""
    refusal: Answer | None = None
    """The answer to the last POST, if it was refused."""
    numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def now(self) -> int:
        """The moment, in milliseconds since 1970."""
        return self.shaken.world.clock.now

    def key(self, wished: str | None) -> str | None:
        """An idempotency key: the one that is wished for, or one that was never used."""
        return f"{next(self.numbers)}" if wished == "" else wished

    def send(self, request: Request) -> Answer:
        """The answer to a request."""
        headers = {"Idempotency-Key": request.key} if request.key else {}
        return self.books.client.send(request.method, f"{self.books.ledger}/{request.place}", request.body, headers)

    def look(self, place: str) -> Answer:
        """The answer of a place in the ledger."""
        return self.send(Request("GET", place))

    def get(self, place: str) -> Any:  # noqa: ANN401 -- the body of any answer
        """What there is at a place in the ledger."""
        answer = self.look(place)
        assert answer.status == 200, answer
        return answer.json

    def make(self, mishaps: Plan, request: Request, judge: Judge, look: Callable[[], Answer]) -> Answer | None:
        """The answer to a POST that was done now; None, if it was refused, or done before, as it must be.

        Without a key, whoever does not know whether it was done has to `look`, before it is sent again.
        """
        self.refusal = None
        claim = self.claims.get((request.place, request.key)) if request.key else None
        if claim and claim.request == request:
            self.again(mishaps, claim)
            return None

        def judged(span: Span) -> Verdict:
            verdict = judge(span)
            return replace(verdict, must=verdict.must | {KEY_USED_OTHERWISE}) if claim else verdict

        answer = self._judge(mishaps, request, judged)
        if answer is None:
            return look()
        if answer.status >= REFUSED:
            self.refusal = answer
            return None
        assert answer.status == 201, answer
        if request.key:
            self.claims[request.place, request.key] = Claim(request, answer)
        return answer

    def change(self, mishaps: Plan, request: Request, judge: Judge) -> bool:
        """Whether a PATCH or a DELETE was done, as it must be."""
        answer = self._judge(mishaps, request, judge)
        return answer is None or answer.status < REFUSED

    def make_each(self, mishaps: Plan, request: Request) -> list[Any]:
        """What became of each transaction of a batch, once that is definite of all."""

        def send() -> Answer:
            answer = self.send(request)
            unsettled = answer.status == 201 and any(
                each["status"] in UNSETTLED for each in answer.json["transactions"]
            )
            return replace(answer, status=UNSETTLED[-1]) if unsettled else answer

        return list(self.shaken.ask(mishaps, send).json["transactions"])

    def again(self, mishaps: Plan, claim: Claim) -> None:
        """What was done is asked again: the answer is the first one, and nothing is done."""
        replayed(self.repeat(mishaps, claim.request), claim.answer)

    def repeat(self, mishaps: Plan, request: Request) -> Answer:
        """The answer to a request under a key that was used, after which the table is what it was."""
        before = self.shaken.fake.held()
        answer = self.shaken.ask(mishaps, lambda: self.send(request))
        assert self.shaken.fake.held() == before
        return answer

    def _judge(self, mishaps: Plan, request: Request, judge: Judge) -> Answer | None:
        begin = self.now
        ask = self.shaken.ask if request.key else self.shaken.ask_once
        answer = ask(mishaps, lambda: self.send(request))
        verdict = judge(Span(begin, self.now))
        verdict.check(None if answer is None or answer.status < REFUSED else objection(answer))
        return answer


def objection(answer: Answer) -> Objection:
    """Why a request was refused, by its answer, which has the form of one."""
    said = Objection(answer.status, answer.json["code"])
    refused(answer, *said, *answer.json.get("fields", {}))
    return said


def new_clerk() -> Clerk:
    """A clerk with an empty ledger."""
    shaken = Shaken()
    return Clerk(shaken, open_books(shaken.world.client()))
