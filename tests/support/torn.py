"""A DynamoDB client that shows a transaction as the service may: one item of it after the other.

    torn = Torn(fake, seed)
    torn.amid = lambda: told.append(client.get(path))   # in the midst of the next transaction, when it is decided

Reads that are no transactions see some of its items as they were before; with each call some more come to be seen.
A transaction that wants one of the others meanwhile is cancelled. A batch is read half before, half afterwards.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-isolation-read-committed
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import TYPE_CHECKING, Any

from tests.support.batches import read_apart
from tests.support.dynamodb.errors import cancelled, reason

if TYPE_CHECKING:
    from tests.support.dynamodb.service import Changes
    from tests.support.fake_dynamodb import FakeDynamoDB

_SEEN = 1 / 3
"""How likely another item comes to be seen before a call."""


class Torn:
    """Stands before a fake; what is seen, and when, follows from the seed."""

    def __init__(self, fake: FakeDynamoDB, seed: int | str) -> None:
        self.amid: Callable[[], object] | None = None
        """What happens in the midst of the next transaction that is written."""
        self._fake = fake
        self._random = Random(seed)  # noqa: S311 -- it must be repeatable
        self._written: Changes = []
        self._unseen: list[Any] = []
        fake.on_write = self._note

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 -- boto3's arguments and answer
            self._show()
            if operation in {"transact_write_items", "transact_get_items"}:
                self._check(operation, request["TransactItems"])
            if operation == "batch_get_item":
                return read_apart(self._fake.batch_get_item, request, self._show)
            answer = getattr(self._fake, operation)(**request)
            if operation == "transact_write_items" and self.amid:
                act, self.amid = self.amid, None
                changes = list(self._written)
                self._hide(self._random.sample(changes, self._random.randint(1, len(changes))))
                act()
                self._hide([])
            return answer

        return call

    def _show(self) -> None:
        """Perhaps one more item comes to be seen."""
        if self._unseen and self._random.random() < _SEEN:
            self._hide(self._unseen[1:])

    def _note(self, changes: Changes) -> None:
        self._written = [change for change in changes if change[0] != change[1]]

    def _hide(self, changes: list[Any]) -> None:
        self._unseen = changes
        self._fake.hide(changes)

    def _check(self, operation: str, actions: list[Mapping[str, Any]]) -> None:
        unseen = [_place(new or old) for old, new in self._unseen]
        met = [_place(each.get("Key") or each["Item"]) in unseen for action in actions for each in action.values()]
        if any(met):
            raise cancelled(operation, [reason("TransactionConflict" if each else "None") for each in met])


def _place(key: Mapping[str, Any]) -> tuple[str, str]:
    return key["pk"]["S"], key["sk"]["S"]
