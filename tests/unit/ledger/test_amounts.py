"""Amounts: exact decimals, and one text for each."""

from decimal import Decimal, Inexact

import pytest

from coffer.ledger.amounts import EXACT, add, decimals, fits, multiply, parse, round_down, subtract, text
from coffer.ledger.refusal import Reason, Refusal

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


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("1000.50", "1000.5"),
        ("0", "0"),
        ("0.00", "0"),
        ("-5", "-5"),
        ("-0", "0"),
        (7, "7"),
        (-7, "-7"),
        (Decimal("0.10"), "0.1"),
        (Decimal("1E-7"), "0.0000001"),
        (str(LARGEST), str(LARGEST)),
        (LARGEST, str(LARGEST)),
        (10**60 - 1, "9" * 60),
        ("0." + "0" * 35 + "1", "0." + "0" * 35 + "1"),
    ],
    ids=repr,
)
def test_an_amount_is_read_exactly_from_its_text_or_its_number(sent: object, read: str) -> None:
    assert text(parse(sent)) == read


@pytest.mark.parametrize(
    "sent",
    [
        "",
        " 1",
        "1 ",
        "+1",
        "--1",
        "1.",
        ".5",
        "1,5",
        "1_000",
        "007",
        "1e3",
        "1E3",
        "0x10",
        "NaN",
        "Infinity",
        "-Infinity",
        "\u0661",  # a digit, but not one of 0 to 9
        "1\n",
        1.5,
        1e3,
        float("nan"),
        True,
        None,
        ["1"],
        {"value": "1"},
        Decimal("NaN"),
        Decimal("Infinity"),
    ],
    ids=repr,
)
def test_what_is_no_exact_amount_is_refused(sent: object) -> None:
    with pytest.raises(Refusal) as refused:
        parse(sent)
    assert refused.value.reason is Reason.BAD_REQUEST


@pytest.mark.parametrize(
    "sent",
    [
        "1" + "0" * 60,
        10**60,
        -(10**60),
        "0." + "0" * 36 + "1",
        pytest.param("9" * 200_000, id="as long as a body may be"),
        Decimal("1E+60"),
        Decimal("1E-37"),
    ],
    ids=repr,
)
def test_more_than_60_digits_before_the_point_or_36_behind_it_are_refused(sent: object) -> None:
    with pytest.raises(Refusal, match="at most 60 digits before the point and 36 behind it"):
        parse(sent)


def test_idle_zeros_are_no_decimals() -> None:
    assert text(parse("1." + "0" * 40)) == "1"
    assert decimals(Decimal("100.500")) == 1
    assert decimals(Decimal(100)) == 0
    assert decimals(LARGEST) == 36


@pytest.mark.parametrize(
    ("amount", "places", "cut"),
    [
        ("0.019", 2, "0.01"),
        ("0.01", 2, "0.01"),
        ("0.009", 2, "0"),
        ("1999.999", 0, "1999"),
        ("5", 36, "5"),
        (str(LARGEST), 35, str(LARGEST)[:-1]),
    ],
)
def test_amounts_are_cut_and_never_rounded_up(amount: str, places: int, cut: str) -> None:
    assert text(round_down(Decimal(amount), places)) == cut


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    assert text(add([parse("0.1"), parse(Decimal("0.2"))])) == "0.3"


def test_differences_and_products_are_exact() -> None:
    assert text(subtract(Decimal("0.3"), Decimal("0.1"))) == "0.2"
    assert text(subtract(LARGEST, Decimal("1e-36"))) == "9" * 60 + "." + "9" * 35 + "8"
    assert multiply(LARGEST, Decimal("1e-12")) == Decimal("9" * 48 + "." + "9" * 48)


@pytest.mark.parametrize(("amount", "fit"), [("9" * 60, True), ("1" + "0" * 60, False), ("-" + "9" * 61, False)])
def test_an_amount_fits_with_60_digits_before_the_point(amount: str, fit: bool) -> None:
    assert fits(Decimal(amount)) is fit
