"""How a repeated POST is known: the record of the first one, written in one transaction with what it did."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from coffer.ledger.refusal import Reason, Refusal
from coffer.store import keys
from coffer.store.keys import Key
from coffer.store.values import Item
from coffer.store.writes import Put

MOST_KEPT = 400_000
"""Bytes of an answer that an item has room for, beside its key and what else it says: it has 400 KB."""


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

    def writes(self, answer: object, now: int) -> Sequence[Put]:
        """The record of the request that is being done, with its answer, unless it is among the plan's own writes."""

    def recognise(self, record: Item) -> Replay | Refusal:
        """What a record that is there already means for this request."""


class IdempotencyKey(NamedTuple):
    """The key that a caller gave with a POST, as a claim on it.

    `digest` stands for method, path and key, `fingerprint` for the body; `render` gives an answer's status and body.
    """

    client_id: str
    digest: str
    fingerprint: str
    render: Callable[[object], tuple[int, str]]

    @property
    def key(self) -> Key:
        """Where the idempotency item stands."""
        return keys.idempotency(self.client_id, self.digest)

    def writes(self, answer: object, now: int) -> Sequence[Put]:
        """The idempotency item; it is kept for good. `Refusal(TOO_LARGE)` for an answer that no item has room for."""
        status, body = self.render(answer)
        if len(body.encode()) > MOST_KEPT:
            raise Refusal(
                Reason.TOO_LARGE,
                "The answer would be too large to be kept under an idempotency key. Send the request without one; if "
                "it is a commit or a cancel, it is done once all the same.",
            )
        item: Item = {
            "pk": self.key.pk,
            "sk": self.key.sk,
            "v": 1,
            "fingerprint": self.fingerprint,
            "status": status,
            "body": body,
            "created_at": now,
        }
        return [Put(item=item)]

    def recognise(self, record: Item) -> Replay | Refusal:
        """The first answer if the body is the same."""
        if record["fingerprint"] != self.fingerprint:
            return used_otherwise()
        match record:
            case {"status": int(status), "body": str(body)}:
                return Replay(status, body)
        raise ValueError(record["v"])


def used_otherwise() -> Refusal:
    """The answer to a key that was used for another body."""
    return Refusal(
        Reason.IDEMPOTENCY_CONFLICT,
        "This idempotency key was used for a request with another body. Nothing was done: use a new key for a "
        "new request, or repeat the first one unchanged.",
    )
