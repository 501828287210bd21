"""How many rows a list has in all: told while they are few, and never at a price that grows with them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.wallet_api.purse import done
from tests.integration.wallet_api.till import Till
from tests.support.many import WALLET_LISTS, multiply
from tests.support.world import Call

MOST_COUNTED = 1_000

of_every_list = pytest.mark.parametrize("what", WALLET_LISTS)


@pytest.fixture(autouse=True)
def _one_of_each(till: Till) -> None:
    done(till.deposit("5"))


def page(till: Till, what: str, query: str = "") -> Any:  # noqa: ANN401 -- whatever is listed
    """A page of a list."""
    return done(till.client.get(f"/api/v1/{what}?{query}"))


def price(till: Till, what: str, query: str = "") -> tuple[int, float]:
    """The calls and the read units that a page takes."""
    calls: list[Call] = till.client.world.recorder.calls
    seen = len(calls)
    page(till, what, query)
    return len(calls[seen:]), sum(call.units for call in calls[seen:])


def crowd(till: Till, what: str, times: int) -> None:
    """Makes so many rows of a list."""
    multiply(till.client.world, till.client.client_id, what, times)


@of_every_list
def test_up_to_a_thousand_rows_every_page_tells_how_many_there_are(till: Till, what: str) -> None:
    crowd(till, what, MOST_COUNTED)
    first = page(till, what)
    assert (first["total"], first["has_more"], len(first["data"])) == (MOST_COUNTED, True, 10)
    assert page(till, what, "page=3")["total"] == MOST_COUNTED
    assert page(till, what, f"cursor={first['next_cursor']}")["total"] == MOST_COUNTED
    last = page(till, what, "page=10&page_size=100")
    assert (last["total"], last["has_more"], last["next_cursor"]) == (MOST_COUNTED, False, None)


@of_every_list
def test_of_more_no_page_tells_but_the_last_by_its_number(till: Till, what: str) -> None:
    crowd(till, what, MOST_COUNTED + 1)
    assert (page(till, what)["total"], page(till, what)["has_more"]) == (None, True)
    last = page(till, what, "page=11&page_size=100")
    assert (last["total"], last["has_more"], len(last["data"])) == (MOST_COUNTED + 1, False, 1)
    beyond = page(till, what, "page=12&page_size=100")
    assert (beyond["data"], beyond["total"], beyond["has_more"]) == ([], None, False)


@of_every_list
def test_without_a_total_a_cursor_leads_to_every_row_all_the_same(till: Till, what: str) -> None:
    crowd(till, what, MOST_COUNTED + 1)
    seen, query = [], "page_size=100"
    while True:
        found = page(till, what, query)
        seen += [str(row) for row in found["data"]]
        assert found["has_more"] == (found["next_cursor"] is not None)
        if not found["has_more"]:
            break
        query = f"page_size=100&cursor={found['next_cursor']}"
    assert len(seen) == len(set(seen)) == MOST_COUNTED + 1


@of_every_list
def test_a_page_costs_no_more_however_many_rows_there_are(till: Till, what: str) -> None:
    crowd(till, what, 2 * MOST_COUNTED + 500)
    many = price(till, what)
    crowd(till, what, 4 * MOST_COUNTED)
    assert price(till, what) == many


@of_every_list
def test_a_page_that_has_all_rows_counts_none(till: Till, what: str) -> None:
    crowd(till, what, 11)
    assert price(till, what, "page_size=11")[0] < price(till, what, "page_size=10")[0]
    assert page(till, what)["total"] == page(till, what, "page_size=11")["total"] == 11


def test_the_accounts_of_a_wallet_are_counted_up_to_a_thousand_too(till: Till) -> None:
    crowd(till, "accounts", MOST_COUNTED)
    query = f"wallet_id={till.purse.wallet_id}"
    assert page(till, "accounts", query)["total"] == MOST_COUNTED
    crowd(till, "accounts", MOST_COUNTED + 1)
    assert page(till, "accounts", query)["total"] is None
    many = price(till, "accounts", query)
    crowd(till, "accounts", 2 * MOST_COUNTED)
    assert price(till, "accounts", query) == many


def test_what_is_filtered_is_counted_only_by_a_page_that_has_all_of_it(till: Till) -> None:
    for amount in ("1", "2"):
        till.withdraw(amount, reference_id=f"payout-{amount}")
    assert page(till, "transactions", "status=PENDING")["total"] == 2
    assert page(till, "transactions", "reference_id=payout-1")["total"] == 1
    assert page(till, "transactions", "status=FAILED")["total"] == 0
    first = page(till, "transactions", "status=PENDING&page_size=1")
    assert (first["total"], first["has_more"]) == (None, True)
    assert page(till, "transactions", "status=PENDING&page_size=1&page=2")["total"] == 2
