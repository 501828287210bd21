"""Shards: which chain a posting turns to, which of them pay, and what stands in all of them together."""

from decimal import Decimal

import pytest

from coffer.ledger.chains import Chain, first, payers, preferred
from coffer.ledger.entries import EXTERNAL_SHARDS
from coffer.ledger.shards import Standing, cover
from tests.unit.ledger.small_ledger import OUTSIDE, SmallLedger, pay

ALICE = Chain("@alice", "default", 0)


def test_the_first_shard_of_a_balance_is_read_first_for_it_says_how_many_there_are() -> None:
    assert first("@alice", "default", 7) == ALICE


def test_of_an_external_account_the_preferred_shard_is_all_that_is_read() -> None:
    assert first(OUTSIDE, "default", 7) == Chain(OUTSIDE, "default", 7)
    assert first(OUTSIDE, "default", EXTERNAL_SHARDS + 7) == Chain(OUTSIDE, "default", 7)
    assert payers(Chain(OUTSIDE, "default", 7), EXTERNAL_SHARDS) == [Chain(OUTSIDE, "default", 7)]


@pytest.mark.parametrize(("preference", "shard"), [(0, 0), (2, 2), (3, 0), (10**30 + 1, 2)])
def test_the_preference_chooses_among_the_shards(preference: int, shard: int) -> None:
    assert preferred(ALICE, 3, preference) == Chain("@alice", "default", shard)


def test_every_shard_may_have_to_pay_beginning_with_the_preferred_one() -> None:
    assert [chain.shard for chain in payers(Chain("@alice", "default", 2), 4)] == [2, 3, 0, 1]


@pytest.mark.parametrize(
    ("alias", "external"), [(OUTSIDE, True), ("@alice", False), ("@externals", False), ("external/BRL", False)]
)
def test_an_account_is_external_by_its_alias(alias: str, external: bool) -> None:
    assert Chain(alias, "default", 0).external is external


@pytest.mark.parametrize(
    ("amount", "available", "paid"),
    [
        ("5", ["5"], {0: "5"}),
        ("5", ["7"], {0: "5"}),
        # the first that has enough pays alone, even if another has more
        ("5", ["4", "6", "100"], {1: "5"}),
        # if none has, those with most pay, so that few do
        ("10", ["1", "6", "2", "5"], {1: "6", 3: "4"}),
        ("14", ["1", "6", "2", "6"], {1: "6", 3: "6", 2: "2"}),
        ("6", ["2", "2", "2"], {0: "2", 1: "2", 2: "2"}),
        # shards that have nothing pay nothing
        ("3", ["0", "1", "2", "0"], {2: "2", 1: "1"}),
        ("0.3", ["0.1", "0.2"], {1: "0.2", 0: "0.1"}),
    ],
)
def test_as_few_shards_pay_as_can(amount: str, available: list[str], paid: dict[int, str]) -> None:
    parts = cover(Decimal(amount), map(Decimal, available))
    assert parts == {position: Decimal(part) for position, part in paid.items()}


@pytest.mark.parametrize("available", [["0"], ["4.99"], ["2", "2.99"], []])
def test_shards_that_have_less_cannot_pay(available: list[str]) -> None:
    assert cover(Decimal(5), map(Decimal, available)) is None


def test_a_balance_is_the_sum_of_its_shards_and_its_version_counts_their_entries() -> None:
    ledger = SmallLedger()
    ledger.open("@alice", "0.1", "0.2", "0")
    assert ledger.balance("@alice") == Standing(Decimal("0.3"), Decimal(0), version=5)
    ledger.open("@bob")
    ledger.post(pay("0.3", "@alice", "@bob", pending=True))
    assert ledger.balance("@alice") == Standing(Decimal(0), Decimal("0.3"), version=7)
