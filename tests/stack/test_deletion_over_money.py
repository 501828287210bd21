"""An asset of which the least amount is left anywhere is not deleted, over HTTP."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.stack.books import GONE, UNPROCESSABLE, Books, leg, made, refusals, send
from tests.support.burst import Request, definite

LEAST = "0.00000001"
ALICE, BOB = "@alice", "@bob"
SAVINGS = {**leg(ALICE, LEAST), "balanceKey": "savings"}


def available(books: Books) -> Request:
    """It is available."""
    books.open(ALICE)
    made(books.inflow(ALICE, LEAST, "in"))
    return partial(books.outflow, ALICE, LEAST, "out")


def on_hold(books: Books) -> Request:
    """It is on hold; what it is held for takes it out of the ledger."""
    books.open(ALICE)
    made(books.inflow(ALICE, LEAST, "in"))
    body = {"send": send(LEAST, payers=[leg(ALICE, LEAST)]), "pending": True}
    held = made(books.post("transactions/outflow", body, "held"))
    return partial(books.settle, held["id"], "commit", "out")


def in_a_further_balance(books: Books) -> Request:
    """It is in another balance than the default one."""
    books.open(ALICE)
    account = books.get(f"accounts/alias/{ALICE}")["id"]
    made(books.post(f"accounts/{account}/balances", {"key": "savings"}, "savings"))
    made(books.post("transactions/inflow", {"send": send(LEAST, payees=[SAVINGS])}, "in"))
    return partial(books.post, "transactions/outflow", {"send": send(LEAST, payers=[SAVINGS])}, "out")


def on_one_of_many_shards(books: Books) -> Request:
    """It is on one of an account's 16 shards, where others hold nothing any more."""
    books.open(ALICE, shards=16)
    for number in range(8):
        made(books.inflow(ALICE, "1", f"in {number}"))
    made(books.outflow(ALICE, "7.99999999", "most"))
    return partial(books.outflow, ALICE, LEAST, "out")


def with_debts_elsewhere(books: Books) -> Request:
    """It is all that is left after much has come in, moved about and gone out."""
    books.open(ALICE, BOB)
    made(books.inflow(ALICE, "1000000000", "in"))
    made(books.pay(ALICE, BOB, "999999999.99999999", "on"))
    made(books.outflow(BOB, "999999999.99999999", "most"))
    return partial(books.outflow, ALICE, LEAST, "out")


@pytest.mark.parametrize(
    "leave", [available, on_hold, in_a_further_balance, on_one_of_many_shards, with_debts_elsewhere]
)
def test_with_the_least_amount_left_a_deletion_is_refused(books: Books, leave: Callable[[Books], Request]) -> None:
    take_out = leave(books)
    path = f"assets/{books.asset_id()}"
    before = books.get(path), books.standings()
    refused, _ = definite(partial(books.delete, path))
    assert refusals([refused]) == {(UNPROCESSABLE, "0016")}
    assert (books.get(path), books.standings()) == before
    made(take_out())
    deleted, _ = definite(partial(books.delete, path))
    assert deleted.status_code == GONE
