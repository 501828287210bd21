"""Amounts: exact decimals, and one text for each."""

from decimal import Decimal, Inexact

import pytest

from coffer.ledger.amounts import EXACT, add, text

LARGEST = Decimal("9" * 60 + "." + "9" * 36)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("0E+10", "0"),
        ("1", "1"),
        ("1000.50", "1000.5"),
        ("1000", "1000"),
        ("1E+3", "1000"),
        ("1E-36", "0." + "0" * 35 + "1"),
        ("-12.30", "-12.3"),
        (str(LARGEST), str(LARGEST)),
    ],
)
def test_an_amount_has_one_text_without_exponent_idle_zeros_or_a_negative_zero(amount: str, written: str) -> None:
    assert text(Decimal(amount)) == written


def test_the_sum_of_nothing_is_zero() -> None:
    assert add([]) == 0


def test_sums_are_exact_where_floats_are_not() -> None:
    assert add([Decimal("0.1")] * 10) == 1
    assert text(add([Decimal("1e59"), Decimal("1e-36")])) == "1" + "0" * 59 + "." + "0" * 35 + "1"
    assert add([LARGEST, Decimal("1e-36"), LARGEST.copy_negate()]) == Decimal("1e-36")


def test_a_thousand_of_the_largest_amounts_still_add_up_exactly() -> None:
    assert add([LARGEST] * 1000) == EXACT.multiply(LARGEST, Decimal(1000))


def test_a_sum_that_would_have_to_be_rounded_raises() -> None:
    with pytest.raises(Inexact):
        add([Decimal("1e200"), Decimal("1e-100")])
