"""Holds that expire, on the deployed template: by its schedule, or when an operator says so."""

import time
from collections.abc import Iterator
from decimal import Decimal

import httpx
import pytest

from coffer.auth.secrets import ApiKeyId
from coffer.times import rfc3339
from local import samples
from local.stack import Access, Stack
from tests.stack.books import CONFLICT, EMPTY, Books, connected, made, refusals

ALICE, SHOP = "@alice", "@shop"
SOON = 4000
"""Milliseconds until the hold expires: enough to send it, also on a busy machine."""
PATIENCE = 90
"""Seconds in which what the template does every minute must have been done."""


@pytest.fixture
def sample_client(stack: Stack) -> Iterator[httpx.Client]:
    """The client of the sample world, in which a hold had expired when it was stored."""
    key = str(ApiKeyId(samples.CLIENT, samples.API_KEY))
    with connected(stack, Access(samples.CLIENT, key, samples.API_SECRET)) as client:
        yield client


def test_the_schedule_cancels_what_has_expired(sample_client: httpx.Client) -> None:
    path = f"/v1/organizations/{samples.ORGANIZATION}/ledgers/{samples.LEDGER}/transactions/{samples.EXPIRED}"
    end = time.monotonic() + PATIENCE
    while (status := sample_client.get(path).json()["status"]["code"]) == "PENDING" and time.monotonic() < end:
        time.sleep(1)
    assert status == "CANCELED"


def test_an_operator_cancels_what_has_expired(stack: Stack, books: Books) -> None:
    books.open(ALICE, SHOP)
    made(books.inflow(ALICE, "10", "in"))
    stack.invoke("ExpireTransactionsFunction", {})  # it is warm, and nothing else is due
    expiry = time.time_ns() // 1_000_000 + SOON
    held = made(books.pay(ALICE, SHOP, "10", "held", pending=True, expiresAt=rfc3339(expiry)))
    assert books.standing(ALICE) == (Decimal(0), Decimal(10))
    time.sleep(max(0, expiry / 1000 - time.time()) + 0.01)
    swept = stack.invoke("ExpireTransactionsFunction", {})
    print(swept)
    assert books.get(f"transactions/{held['id']}")["status"]["code"] == "CANCELED"
    assert (books.standing(ALICE), books.standing(SHOP)) == ((Decimal(10), Decimal(0)), EMPTY)
    assert refusals([books.settle(held["id"], "commit", "late")]) == {(CONFLICT, "0099")}
