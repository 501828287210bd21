"""Many postings at once, over HTTP: what was acknowledged is there, once, and nothing else."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from itertools import pairwise
from random import Random
from typing import Any

import httpx
import pytest

from local.stack import Stack
from tests.stack.books import (
    CREATED,
    EXTERNAL,
    NOBODY,
    NOTHING,
    UNPROCESSABLE,
    Books,
    connected,
    made,
    open_books,
    refusals,
    together,
    warm,
)
from tests.stack.traffic import Posting, Traffic, sums

POSTINGS = 2000
ALIASES = [f"@customer-{number}" for number in range(20)]


@dataclass(frozen=True)
class Market:
    """A ledger in which much has been posted, and what was acknowledged of it, by the ids of the transactions."""

    books: Books
    answers: list[httpx.Response]
    acknowledged: dict[str, Posting]

    @cached_property
    def transactions(self) -> list[Any]:
        """Every transaction of the ledger, as it is listed afterwards."""
        return list(self.books.items("transactions"))

    @cached_property
    def statements(self) -> dict[str, list[Any]]:
        """Every account's statement, afterwards."""
        return {alias: list(self.books.items(self.books.operations(alias))) for alias in (*ALIASES, EXTERNAL)}


@pytest.fixture(scope="module")
def market(stack: Stack) -> Iterator[Market]:
    """2,000 postings of every kind among 20 accounts, each with a key, a few at a time."""
    with connected(stack, stack.new_access("Market")) as client:
        books = open_books(client)
        books.open(*ALIASES)
        warm(
            partial(books.inflow, NOBODY, "1", "warm"),
            partial(books.outflow, NOBODY, "1", "warm"),
            partial(books.pay, NOBODY, ALIASES[0], "1", "warm"),
            partial(books.settle, NOTHING, "commit", "warm"),
            partial(books.settle, NOTHING, "cancel", "warm"),
        )
        postings = Traffic(books, ALIASES, Random(1)).postings(POSTINGS)  # noqa: S311 -- it must be repeatable
        answers = together([posting.request for posting in postings])
        pairs = [each for each in zip(answers, postings, strict=True) if each[0].status_code == CREATED]
        yield Market(books, answers, {made(answer)["id"]: posting for answer, posting in pairs})


def test_each_of_2000_mixed_postings_is_acknowledged_or_finds_too_little(market: Market) -> None:
    statuses = Counter(answer.status_code for answer in market.answers)
    print(dict(statuses))
    assert statuses == {CREATED: len(market.acknowledged), UNPROCESSABLE: POSTINGS - len(market.acknowledged)}
    assert refusals(market.answers) == {(UNPROCESSABLE, "0018")}


def test_every_balance_is_the_sum_of_what_was_acknowledged(market: Market) -> None:
    expected = {alias: (total, Decimal(0)) for alias, total in sums(market.acknowledged.values()).items()}
    assert market.books.standings() == expected
    assert min(available for alias, (available, _) in expected.items() if alias != EXTERNAL) >= 0


def test_all_balances_and_the_external_account_s_come_to_zero(market: Market) -> None:
    standings = market.books.standings()
    assert standings.keys() == {*ALIASES, EXTERNAL}
    assert sum(available + on_hold for available, on_hold in standings.values()) == 0
    assert standings[EXTERNAL][0] < 0


def test_every_acknowledged_transaction_is_listed_once_and_no_other(market: Market) -> None:
    listed = [(each["id"], each["status"]["code"]) for each in market.transactions]
    assert Counter(listed) == Counter((each, posting.status) for each, posting in market.acknowledged.items())


def test_every_operation_of_an_acknowledged_transaction_is_in_its_account_s_statement_once(market: Market) -> None:
    operations = [each for transaction in market.transactions for each in transaction["operations"]]
    for alias, statement in market.statements.items():
        expected = Counter(each["id"] for each in operations if each["accountAlias"] == alias)
        assert Counter(each["id"] for each in statement) == expected


def test_a_statement_has_a_line_for_every_version_of_its_balance(market: Market) -> None:
    for alias in ALIASES:
        statement = market.statements[alias]
        versions = [each["balanceAfter"]["version"] for each in statement]
        assert versions == list(range(2, len(statement) + 2))  # the first version is that of the opening
        assert all(earlier["balanceAfter"] == later["balance"] for earlier, later in pairwise(statement))


def test_200_inflows_into_50_accounts_all_succeed(books: Books) -> None:
    aliases = [f"@saver-{number}" for number in range(50)]
    books.open(*aliases)
    warm(partial(books.inflow, NOBODY, "1", "warm"))
    requests = [partial(books.inflow, aliases[number % 50], "0.25", f"inflow {number}") for number in range(200)]
    assert refusals(together(requests)) == set()
    standings = books.standings()
    assert standings.pop(EXTERNAL) == (Decimal(-50), Decimal(0))
    assert standings == dict.fromkeys(aliases, (Decimal(1), Decimal(0)))
