"""A ledger that was deleted can be read and cleared away; nothing is made in it, nor changed, whoever races."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.ledger_api import chains
from tests.integration.ledger_api.books import done, gone, made, refused, replayed
from tests.integration.ledger_api.till import Till, leg
from tests.integration.stores import Everything, on_every_store
from tests.support.world import Answer

WRITE = "transact_write_items"


@dataclass(frozen=True, slots=True)
class Ruin:
    """A ledger with two accounts, a label of each kind and a transaction, of which nothing but these is left."""

    till: Till
    alice: str
    balance: str
    further: str
    portfolio: str
    segment: str
    paid: str
    reverted: str

    def delete(self) -> None:
        """Deletes its asset, and then the ledger."""
        self.till.delete_asset()
        gone(self.till.client.delete(self.till.books.ledger))


@pytest.fixture
def ruin(till: Till) -> Ruin:
    """The ledger as it is before its deletion."""
    client, books = till.client, till.books
    portfolio = f"{books.portfolios}/{made(client.post(books.portfolios, {'name': 'Savings'})).id}"
    segment = f"{books.segments}/{made(client.post(books.segments, {'name': 'Retail'})).id}"
    alice = till.open("@alice")
    till.open("@bob")
    further = till.open_key(alice, "savings")
    till.bring("@alice", "5")
    paid = till.pay("@alice", "@bob", "5")
    reverted = till.pay("@bob", "@alice", "5")
    till.settle(reverted, "revert")
    till.take("@bob", "5")
    places = {"paid": paid.id, "reverted": reverted.id}
    return Ruin(
        till,
        alice,
        till.path("@alice"),
        further,
        portfolio,
        segment,
        **{name: f"{till.transactions}/{each}" for name, each in places.items()},
    )


def payment(source: str, destination: str, value: str = "5") -> dict[str, Any]:
    """The body of a transaction."""
    source_leg, destination_leg = leg("BRL", source, value), leg("BRL", destination, value)
    return {
        "send": {
            "asset": "BRL",
            "value": value,
            "source": {"from": [source_leg]},
            "distribute": {"to": [destination_leg]},
        }
    }


def _without(body: Mapping[str, Any], side: str) -> dict[str, Any]:
    return {"send": {name: each for name, each in body["send"].items() if name != side}}


PAID = payment("@alice", "@bob")

type Act = Callable[[Ruin], Answer]

POSTS: Mapping[str, Act] = {
    "a payment": lambda at: at.till.client.post(f"{at.till.transactions}/json", PAID),
    "a payment with a key": lambda at: at.till.client.post(f"{at.till.transactions}/json", PAID, X_Idempotency="one"),
    "a hold": lambda at: at.till.client.post(f"{at.till.transactions}/json", {**PAID, "pending": True}),
    "a payment to nobody": lambda at: at.till.client.post(f"{at.till.transactions}/json", payment("@alice", "@nobody")),
    "a payment of nothing": lambda at: at.till.client.post(
        f"{at.till.transactions}/json", payment("@alice", "@bob", "0")
    ),
    "money that comes in": lambda at: at.till.client.post(f"{at.till.transactions}/inflow", _without(PAID, "source")),
    "money that leaves": lambda at: at.till.client.post(
        f"{at.till.transactions}/outflow", _without(PAID, "distribute")
    ),
    "an annotation": lambda at: at.till.client.post(f"{at.till.transactions}/annotation", PAID),
    "an annotation with a key": lambda at: at.till.client.post(
        f"{at.till.transactions}/annotation", PAID, X_Idempotency="one"
    ),
    "a batch": lambda at: at.till.client.post(f"{at.till.transactions}/batch", {"transactions": [PAID]}),
    "an atomic batch": lambda at: at.till.client.post(
        f"{at.till.transactions}/batch", {"transactions": [PAID], "atomic": True}
    ),
    "a revert": lambda at: at.till.client.post(f"{at.paid}/revert", None),
    "a second revert": lambda at: at.till.client.post(f"{at.reverted}/revert", None),
    "a commit": lambda at: at.till.client.post(f"{at.paid}/commit", None),
    "a cancel": lambda at: at.till.client.post(f"{at.paid}/cancel", None),
    "an account": lambda at: at.till.client.post(at.till.accounts, at.till.body("@carol")),
    "an asset": lambda at: at.till.client.post(
        at.till.books.assets, {"name": "Dollar", "type": "currency", "code": "USD"}
    ),
    "a portfolio": lambda at: at.till.client.post(at.till.books.portfolios, {"name": "More"}),
    "a segment": lambda at: at.till.client.post(at.till.books.segments, {"name": "More"}),
    "a further balance": lambda at: at.till.client.post(f"{at.alice}/balances", {"key": "more"}),
}
"""What makes something."""

CHANGES: Mapping[str, Act] = {
    "a name": lambda at: at.till.client.patch(at.alice, {"name": "Alice"}),
    "a block": lambda at: at.till.client.patch(at.alice, {"blocked": True}),
    "a flag": lambda at: at.till.client.patch(at.balance, {"allowSending": False}),
    "a portfolio's notes": lambda at: at.till.client.patch(at.portfolio, {"metadata": {"a": "b"}}),
    "a segment's name": lambda at: at.till.client.patch(at.segment, {"name": "Wholesale"}),
    "the ledger's name": lambda at: at.till.client.patch(at.till.books.ledger, {"name": "Other"}),
}
"""What changes something."""

NOTHING_NEW: Mapping[str, Act] = {
    "a flag that is so already": lambda at: at.till.client.patch(at.balance, {"allowSending": True})
}

LATE: Mapping[str, Act] = {
    name: POSTS[name]
    for name in (
        "an annotation",
        "an annotation with a key",
        "money that comes in",
        "an asset",
        "a portfolio",
        "a segment",
        "a further balance",
    )
} | dict(CHANGES)
"""What is at its write already when the ledger is deleted."""


def each(acts: Mapping[str, Act]) -> pytest.MarkDecorator:
    """Runs a test for each of some acts."""
    return pytest.mark.parametrize("act", acts.values(), ids=acts)


@each({**POSTS, **CHANGES, **NOTHING_NEW})
def test_nothing_is_made_or_changed_in_it(ruin: Ruin, everything: Everything, act: Act) -> None:
    ruin.delete()
    before = everything()
    refused(act(ruin), 404, "0037")
    assert everything() == before


@each(LATE)
def test_not_even_by_a_request_that_had_found_it(ruin: Ruin, everything: Everything, act: Act) -> None:
    left: list[Mapping[Any, Any]] = []

    def delete() -> None:
        ruin.delete()
        left.append(everything())

    chains.at_the_next(WRITE, ruin.till.world, delete)
    refused(act(ruin), 404, "0037")
    assert left == [everything()]


def test_what_was_posted_before_is_answered_again(ruin: Ruin) -> None:
    client, path = ruin.till.client, f"{ruin.till.transactions}/annotation"
    first = made(client.post(path, PAID, X_Idempotency="note"))
    ruin.delete()
    replayed(client.post(path, PAID, X_Idempotency="note"), first)
    refused(client.post(path, payment("@bob", "@alice"), X_Idempotency="note"), 422, "0084")


def test_it_can_be_read(ruin: Ruin) -> None:
    ruin.delete()
    for path in (ruin.alice, ruin.balance, ruin.portfolio, ruin.segment, ruin.paid, f"{ruin.alice}/operations"):
        done(ruin.till.client.get(path))


def test_it_can_be_cleared_away(ruin: Ruin) -> None:
    ruin.delete()
    client = ruin.till.client
    assert done(client.patch(ruin.paid, {"metadata": {}, "description": None}))["metadata"] == {}
    for path in (ruin.further, ruin.alice, ruin.portfolio, ruin.segment):
        gone(client.delete(path))


# ------------------------------------------------------------------------------------------ annotations and their asset


@on_every_store
def test_nothing_is_noted_of_an_asset_that_was_deleted(till: Till, everything: Everything) -> None:
    till.open("@alice")
    till.open("@bob")
    till.delete_asset()
    before = everything()
    assert till.outside in refused(till.client.post(f"{till.transactions}/annotation", PAID), 422, "0019")
    assert everything() == before
    till.books.add("BRL")
    before = everything()
    refused(till.client.post(f"{till.transactions}/annotation", PAID), 422, "0030")
    assert everything() == before


def test_nor_of_one_that_is_deleted_meanwhile(till: Till) -> None:
    till.open("@alice")
    till.open("@bob")
    chains.at_the_next(WRITE, till.world, till.delete_asset)
    refused(till.client.post(f"{till.transactions}/annotation", PAID), 422, "0019")
    assert done(till.client.get(till.transactions))["items"] == []


def test_money_that_comes_in_meanwhile_does_not_keep_it_from_being_noted(till: Till) -> None:
    till.open("@alice")
    till.open("@bob")
    moves = {shard: "1" if shard % 2 else "-1" for shard in range(16)}
    chains.at_the_next(WRITE, till.world, lambda: chains.move(till.books, "BRL", moves))
    assert made(till.client.post(f"{till.transactions}/annotation", PAID)).json["status"]["code"] == "NOTED"
