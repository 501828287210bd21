"""Distribution: a value is divided among legs to the last unit."""

from decimal import Decimal

import pytest

from coffer.ledger.amounts import text
from coffer.ledger.distribution import Amount, Part, Remaining, Share, distribute, only, percentage
from coffer.ledger.refusal import Reason, Refusal

THIRD = Decimal("33.333333333333")
REST = Remaining()


def part(written: str) -> Part:
    """`12.50` is an amount, `5%` a share, `10% of 5%` a share of a share, `…` what is remaining."""
    if written == "…":
        return REST
    if written.endswith("%"):
        one, _, other = written.replace("%", "").partition(" of ")
        return Share(Decimal(one), Decimal(other or 100))
    return Amount("BRL", Decimal(written))


@pytest.mark.parametrize(
    ("value", "places", "parts", "amounts"),
    [
        ("100", 2, ["100"], ["100"]),
        ("100", 2, ["100%"], ["100"]),
        ("100", 2, ["…"], ["100"]),
        ("100", 2, ["90%", "…"], ["90", "10"]),
        ("100", 2, ["30", "20%", "…"], ["30", "20", "50"]),
        # shares are of the whole value, whatever the order of the legs
        ("100", 2, ["…", "20%", "30"], ["50", "20", "30"]),
        # what rounding leaves goes to what is remaining, or else to the last share
        ("0.05", 2, ["50%", "50%"], ["0.02", "0.03"]),
        ("0.05", 2, ["50%", "50% of 100%"], ["0.02", "0.03"]),
        ("10.01", 2, ["50%", "…", "25%"], ["5", "2.51", "2.5"]),
        ("0.05", 2, ["33%", "33%", "34%"], ["0.01", "0.01", "0.03"]),
        ("101.05", 2, ["50%", "…", "0.01"], ["50.52", "50.52", "0.01"]),
        # an amount is exact: it takes no rounding, even as the last leg
        ("2.05", 2, ["25%", "25%", "1.025"], ["0.51", "0.515", "1.025"]),
        # a share of very little comes to nothing
        ("0.01", 2, ["1%", "99%"], ["0", "0.01"]),
        ("0.01", 2, ["1%", "…"], ["0", "0.01"]),
        # shares of shares
        ("1000", 2, ["50% of 10%", "…"], ["50", "950"]),
        ("1000", 2, ["0.000000000001%", "…"], ["0", "1000"]),
        # never coarser than the value itself
        ("0.125", 2, ["50%", "50%"], ["0.062", "0.063"]),
        ("100", 0, ["33%", "33.5%", "33.5%"], ["33", "33", "34"]),
        ("1", 18, ["50%", "50%"], ["0.5", "0.5"]),
        ("0." + "0" * 35 + "3", 2, ["50%", "50%"], ["0." + "0" * 35 + "1", "0." + "0" * 35 + "2"]),
        ("9" * 60 + "." + "9" * 36, 36, ["100%"], ["9" * 60 + "." + "9" * 36]),
        ("9" * 60, 0, ["50%", "50%"], ["4" + "9" * 59, "5" + "0" * 59]),
    ],
)
def test_a_value_is_divided_to_the_last_unit(value: str, places: int, parts: list[str], amounts: list[str]) -> None:
    divided = distribute(Decimal(value), [part(each) for each in parts], places, "source")
    assert [text(amount) for amount in divided] == amounts


@pytest.mark.parametrize(
    ("parts", "sum_"),
    [
        (["99.99"], "99.99"),
        (["100.01"], "100.01"),
        (["50%"], "50"),
        (["50%", "50%", "0.01"], "100.01"),
        (["100%", "0.01", "…"], "100.01"),
        (["99.999999999999%"], "99.999999999999"),
        ([], "0"),
    ],
)
def test_legs_that_do_not_come_to_the_value_are_refused(parts: list[str], sum_: str) -> None:
    with pytest.raises(Refusal) as refused:
        distribute(Decimal(100), [part(each) for each in parts], 2, "destination")
    assert refused.value.reason is Reason.VALUE_MISMATCH
    assert f"The legs of the destination come to {sum_}, and the value is 100." in refused.value.message


def test_three_thirds_of_a_percentage_are_not_a_whole_even_where_rounding_would_hide_it() -> None:
    with pytest.raises(Refusal):
        distribute(Decimal("0.10"), [Share(THIRD)] * 3, 2, "source")
    thirds = distribute(Decimal("0.10"), [Share(THIRD), Share(THIRD), REST], 2, "source")
    assert list(map(text, thirds)) == ["0.03", "0.03", "0.04"]


@pytest.mark.parametrize("sent", ["100", "0.000000000001", 100, 1, Decimal("12.5"), "33.333333333333"], ids=repr)
def test_a_percentage_is_above_zero_and_at_most_a_hundred(sent: object) -> None:
    assert Share(percentage(sent)).percentage == Decimal(str(sent))


@pytest.mark.parametrize(
    "sent", ["0", 0, "-1", "100.000000000001", 101, "0.0000000000001", "1e1", 50.0, None, True], ids=repr
)
def test_anything_else_is_no_percentage(sent: object) -> None:
    with pytest.raises(Refusal) as refused:
        percentage(sent)
    assert refused.value.reason is Reason.BAD_REQUEST


def test_a_share_is_of_percentages_only() -> None:
    with pytest.raises(Refusal):
        Share(Decimal(-50))
    with pytest.raises(Refusal):
        Share(Decimal(50), Decimal(0))


AMOUNT, SHARE = Amount("BRL", Decimal(0)), Share(Decimal(1))


@pytest.mark.parametrize(
    ("parts", "found"),
    [((AMOUNT, None, None), AMOUNT), ((None, SHARE, None), SHARE), ((None, None, REST), REST)],
)
def test_a_leg_has_exactly_one_part(parts: tuple[Amount | None, Share | None, Remaining | None], found: Part) -> None:
    assert only(*parts) is found


@pytest.mark.parametrize(
    "parts",
    [(None, None, None), (AMOUNT, SHARE, None), (AMOUNT, None, REST), (None, SHARE, REST), (AMOUNT, SHARE, REST)],
)
def test_a_leg_with_no_part_or_several_is_refused(
    parts: tuple[Amount | None, Share | None, Remaining | None],
) -> None:
    with pytest.raises(Refusal) as refused:
        only(*parts)
    assert refused.value.reason is Reason.LEG_INVALID
