"""A verification that is taken up wherever a test wants, on a ledger in which anything may have been changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from coffer.store import keys
from coffer.store.keys import Key
from coffer.store.verification.checks import Finding
from coffer.store.verification.progress import PROGRESS, Run, State
from coffer.store.verification.walk import PAGE, verify
from tests.integration.ledger_api.books import Books

type Wire = Mapping[str, Any]
"""An item, or a value in one, as the service holds it."""

type Stored = Mapping[Key, Wire]
"""Items by their keys."""


class Inspector:
    """A ledger that was verified once, and what a verification had noted when it came to each of its items."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self._fake = books.world.fake
        assert self._verify(PAGE).found == 0
        self._clean = self._stored()
        self._stops: dict[Key | None, Stored] = {}
        state = State.RUNNING
        while state is State.RUNNING:
            notes = self._notes()
            run = self._verify(1)
            self._stops[run.after], state = notes, run.state

    @property
    def items(self) -> Stored:
        """All items of the ledger and its own two, but for what a verification notes while it runs.

        A name that was given up is of no ledger any more.
        """
        ref = self.books.ref
        own = {f"LEDGER#{ref.prefix.rpartition('#')[2]}"}
        return {
            key: item
            for key, item in self._clean.items()
            if (key.pk.startswith(f"{ref.prefix}#") and not key.sk.startswith(PROGRESS))
            or (key.pk == f"{ref.organization.prefix}#LEDGERS" and (key.sk in own or "owner" in item))
        }

    def look(self, key: Key, item: Wire | None, *, page: int = 1) -> Sequence[Finding]:
        """What a verification finds on a page that begins with an item, when that is stored so, or not at all."""
        inside = key.pk.startswith(f"{self.books.ref.prefix}#")
        with self._changed({key: item}):
            self._put(self._stops[key if inside else None].values())
            return self._verify(page).findings

    def whole(self, changes: Mapping[Key, Wire | None]) -> Run:
        """A whole verification when items are stored so, or not at all."""
        with self._changed(changes):
            self._put(item for key, item in self._clean.items() if key.sk.startswith(PROGRESS))
            return self._verify(PAGE)

    def _verify(self, page: int) -> Run:
        return verify(self.books.world.table(), self.books.ref, page=page)

    def _stored(self) -> Stored:
        return {Key(str(pk), str(sk)): item for (pk, sk), item in self._fake.snapshot().items()}

    def _notes(self) -> Stored:
        place = keys.verification(self.books.ref, PROGRESS)
        found = self._fake.query(
            TableName=self._fake.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": place.pk}, ":sk": {"S": place.sk}},
        )
        return {Key(place.pk, item["sk"]["S"]): item for item in found["Items"]}

    @contextmanager
    def _changed(self, changes: Mapping[Key, Wire | None]) -> Iterator[None]:
        self._replace(changes)
        try:
            yield
        finally:
            self._replace({key: self._clean.get(key) for key in changes})

    def _replace(self, items: Mapping[Key, Wire | None]) -> None:
        for key, item in items.items():
            if item is None:
                self._fake.delete_item(TableName=self._fake.table, Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}})
            else:
                self._put([item])

    def _put(self, items: Iterable[Wire]) -> None:
        for item in items:
            self._fake.put_item(TableName=self._fake.table, Item=dict(item))
