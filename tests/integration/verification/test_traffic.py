"""A ledger that is verified while all kinds of things go on in it: none of them is taken for a mistake.

All that happens follows from a seed; a test that fails names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import pytest

from coffer.store.verification.progress import Run, State
from coffer.store.verification.walk import verify
from tests.integration.ledger_api.books import Books, done, open_books
from tests.integration.verification.rich import HOUR, open_account, post, send
from tests.support.crowd import CrowdedWorld
from tests.support.world import Answer, Client

SEEDS = range(6)
SMALL = 9
"""Items of a page: the more pages, the more goes on between them."""

type Act = Callable[[], object]


def busy_books(seed: int) -> Books:
    """A ledger of some accounts that hold money, an hour after that was put there."""
    world = CrowdedWorld(seed)
    world.time_left = 10_000
    books = open_books(world.client())
    books.add("BRL")
    for alias, shards in (("@alice", 2), ("@bob", 1), ("@carol", 3)):
        open_account(books, alias, shards=shards)
        post(books, "100", "@external/BRL", alias)
    world.clock.now += HOUR
    return books


@dataclass(frozen=True, slots=True)
class Others:
    """Whoever else is at work in the ledger. Whatever they do may be refused, for others may have been faster."""

    books: Books

    @property
    def client(self) -> Client:
        """Their client."""
        return self.books.client

    def acts(self) -> Iterator[Act]:
        """All that they do."""
        transactions = f"{self.books.ledger}/transactions"
        for number in range(4):
            yield partial(self.post, "json", send("1", "@alice", "@bob"), Idempotency_Key=f"{number}")
            yield partial(self.post, "json", send("1", "@external/BRL", "@carol"))
            yield partial(self.post, "annotation", send("9", "@bob", "@carol"))
            yield partial(self.settle, "commit", send("3", "@carol", "@alice", pending=True))
            yield partial(self.settle, "cancel", send("3", "@carol", "@alice", pending=True))
            yield partial(self.settle, "revert", send("2", "@bob", "@alice"))
            yield partial(self.change, "@bob", blocked=number % 2 == 0)
            yield partial(self.change, "@carol", name=f"Carol {number}")
            yield partial(self.come_and_go, f"@guest{number}")
            yield partial(self.open_and_close, "@alice")
            yield partial(self.make_and_delete, "BTC")
            yield partial(self.client.patch, self.books.ledger, {"name": f"Main {number}"})
            both = [send("1", "@alice", "@carol"), send("1", "@carol", "@alice")]
            yield partial(self.post, "batch", {"transactions": both, "atomic": number % 2 == 0})
            yield partial(self.client.get, transactions)

    def post(self, form: str, body: object, **headers: str) -> Answer:
        """Makes transactions."""
        return self.client.post(f"{self.books.ledger}/transactions/{form}", body, **headers)

    def settle(self, end: str, body: object) -> None:
        """Makes a transaction, and then does something with it."""
        if (made := self.post("json", body)).status == 201:
            self.client.post(f"{self.books.ledger}/transactions/{made.id}/{end}", None)

    def change(self, alias: str, **change: object) -> None:
        """Changes an account."""
        self.client.patch(f"{self.books.ledger}/accounts/{self._account(alias)}", change)

    def come_and_go(self, alias: str) -> None:
        """Opens an account with two balances, and closes it."""
        body = {"assetCode": "BRL", "type": "deposit", "alias": alias, "shards": 2}
        if (account := self.client.post(f"{self.books.ledger}/accounts", body)).status == 201:
            self.client.post(f"{self.books.ledger}/accounts/{account.id}/balances", {"key": "savings"})
            self.client.delete(f"{self.books.ledger}/accounts/{account.id}")

    def open_and_close(self, alias: str) -> None:
        """Opens a further balance of an account, changes it, and closes it."""
        balances = f"{self.books.ledger}/accounts/{self._account(alias)}/balances"
        if (balance := self.client.post(balances, {"key": "savings"})).status == 201:
            self.client.patch(f"{self.books.ledger}/balances/{balance.id}", {"allowSending": False})
            self.client.delete(f"{self.books.ledger}/balances/{balance.id}")

    def make_and_delete(self, code: str) -> None:
        """Creates an asset, gives it another name, and deletes it."""
        body = {"name": f"The {code}", "type": "crypto", "code": code}
        if (asset := self.client.post(self.books.assets, body)).status == 201:
            self.client.patch(f"{self.books.assets}/{asset.id}", {"name": f"Another {code}"})
            self.client.delete(f"{self.books.assets}/{asset.id}")

    def _account(self, alias: str) -> str:
        return str(done(self.client.get(f"{self.books.ledger}/accounts/alias/{alias}"))["id"])


def verified(books: Books) -> Run:
    """A verification from its beginning to its end."""
    run = verify(books.world.table(), books.ref, page=SMALL)
    assert run.state is State.DONE
    return run


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_that_goes_on_meanwhile_is_a_finding(seed: int) -> None:
    books = busy_books(seed)
    assert isinstance(books.world, CrowdedWorld)
    runs: list[Run] = []

    def again_and_again() -> None:
        runs.extend(verified(books) for _ in range(4))

    before = len(books.world.fake.snapshot())
    books.world.together([again_and_again, *Others(books).acts()], in_flight=6)
    assert len(books.world.fake.snapshot()) > before + 100
    for run in runs:
        assert [(each.item, each.what, each.message) for each in run.findings] == []
        (tally,) = run.tallies.values()
        assert (tally.inside, tally.outside, tally.accounts) == (Decimal(300), Decimal(-300), 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_and_when_all_is_quiet_again_the_ledger_is_whole(seed: int) -> None:
    books = busy_books(seed)
    assert isinstance(books.world, CrowdedWorld)
    books.world.together(Others(books).acts(), in_flight=6)
    books.world.clock.now += HOUR
    run = verified(books)
    assert [(each.item, each.what, each.message) for each in run.findings] == []
    assert {tally.difference for tally in run.tallies.values()} == {Decimal(0)}
