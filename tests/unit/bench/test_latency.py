"""Latencies follow the published percentiles."""

from statistics import mean

import pytest

from tools.bench.latency import QUANTILES, SINGLE, TRANSACTION_OF_FIVE, TRANSACTION_OF_TWENTY_FIVE, of_transaction


@pytest.mark.parametrize(("quantile", "milliseconds"), list(zip(QUANTILES, SINGLE.milliseconds, strict=True)))
def test_at_a_published_quantile_it_is_what_was_published(quantile: float, milliseconds: float) -> None:
    assert SINGLE.at(quantile) == pytest.approx(milliseconds)


def test_between_two_of_them_it_is_on_a_straight_line() -> None:
    assert SINGLE.at(0.25) == pytest.approx((5.47 + 7.55) / 2)


@pytest.mark.parametrize(
    ("items", "milliseconds"),
    [
        (1, TRANSACTION_OF_FIVE.milliseconds),
        (5, TRANSACTION_OF_FIVE.milliseconds),
        (25, TRANSACTION_OF_TWENTY_FIVE.milliseconds),
    ],
)
def test_a_transaction_of_five_items_or_of_25_takes_what_was_published_and_a_smaller_one_no_less(
    items: int, milliseconds: tuple[float, ...]
) -> None:
    assert of_transaction(items).milliseconds == pytest.approx(milliseconds)


def test_a_larger_one_takes_more() -> None:
    assert of_transaction(99).at(0.5) == pytest.approx(25.3 + (32.1 - 25.3) * 94 / 20)


def test_the_mean_is_that_of_many_calls() -> None:
    many = [SINGLE.at((number + 0.5) / 10_000) for number in range(10_000)]
    assert SINGLE.mean() == pytest.approx(mean(many), rel=1e-4)


@pytest.mark.parametrize("of", [2, 16])
def test_the_slowest_of_several_is_at_the_quantile_that_all_of_them_reach(of: int) -> None:
    slowest = [SINGLE.at(((number + 0.5) / 10_000) ** (1 / of)) for number in range(10_000)]
    assert SINGLE.mean(of) == pytest.approx(mean(slowest), rel=1e-4)
