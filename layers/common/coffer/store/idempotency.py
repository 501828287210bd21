"""How a repeated POST is known: the record of the first one, written in one transaction with what it did."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from coffer.ledger.refusal import Reason, Refusal
from coffer.store.keys import Key
from coffer.store.values import Item
from coffer.store.writes import Put


class Replay(Exception):  # noqa: N818 -- an answer, not an error
    """The request was done before: its first answer, to be given again."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


class Claim(Protocol):
    """The record by which a repeated request is known to be done already."""

    @property
    def key(self) -> Key:
        """Where the record stands."""

    def record(self, answer: object, now: int) -> Put:
        """The record of the request that is being done, with its answer."""

    def recognise(self, record: Item) -> Replay | Refusal:
        """What a record that is there already means for this request."""


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A claim on the key that the caller gave: `fingerprint` is of the body, `render` gives status and body."""

    key: Key
    fingerprint: str
    render: Callable[[object], tuple[int, str]]

    def record(self, answer: object, now: int) -> Put:
        """The idempotency item; it is kept for good."""
        status, body = self.render(answer)
        return Put(
            item={
                "pk": self.key.pk,
                "sk": self.key.sk,
                "v": 1,
                "fingerprint": self.fingerprint,
                "status": status,
                "body": body,
                "created_at": now,
            }
        )

    def recognise(self, record: Item) -> Replay | Refusal:
        """The first answer if the body is the same."""
        if record["fingerprint"] != self.fingerprint:
            return Refusal(
                Reason.IDEMPOTENCY_CONFLICT,
                "This idempotency key was used for a request with another body. Nothing was done: use a new key for a "
                "new request, or repeat the first one unchanged.",
            )
        match record:
            case {"status": int(status), "body": str(body)}:
                return Replay(status, body)
        raise ValueError(record["v"])
