"""How the value of a transaction is divided among its legs: amounts, shares and what remains, to the last unit."""

import json

import pytest

from tests.integration.ledger_api.bank import ALICE, BOB, OUTSIDE, SHOP, Bank, Body, leg, moves, send
from tests.integration.ledger_api.books import made, refused
from tests.integration.stores import Everything

type Side = list[tuple[str, str | int | Body | None]]
"""The legs of one side: whose, and what part; None is what remains."""

THIRD: Body = {"percentage": "33.333333333333"}


def legs(side: Side) -> list[Body]:
    """Legs of a body."""
    return [leg(alias, part) for alias, part in side]


def divided(bank: Bank, value: str, side: Side) -> list[str]:
    """What each leg gets of an inflow; legs that come to nothing make no operation."""
    answer = made(bank.post("inflow", {"send": send(value, to=legs(side))}))
    assert answer.json["amount"] == moves(answer)[0][2]
    return [amount for _, alias, amount in moves(answer) if alias != OUTSIDE]


# ----------------------------------------------------------------------------------------------------- amounts, shares

WHOLE: dict[str, tuple[str, Side, list[str]]] = {
    "one amount": ("10", [(ALICE, "10")], ["10"]),
    "amounts": ("10", [(ALICE, "2.5"), (BOB, "7.50")], ["2.5", "7.5"]),
    "a share of all": ("10", [(ALICE, 100)], ["10"]),
    "all that remains": ("10", [(ALICE, None)], ["10"]),
    "shares": ("10", [(ALICE, 25), (BOB, 75)], ["2.5", "7.5"]),
    "a share with decimals": ("1000", [(ALICE, {"percentage": "12.5"}), (BOB, None)], ["125", "875"]),
    "a share that is a number": ("1000", [(ALICE, {"percentage": 12.5}), (BOB, None)], ["125", "875"]),
    "an amount and the rest": ("10", [(ALICE, "9.99"), (BOB, None)], ["9.99", "0.01"]),
    "the rest first": ("10", [(ALICE, None), (BOB, "9.99")], ["0.01", "9.99"]),
    "an amount, a share and the rest": ("100", [(ALICE, "10"), (BOB, 25), (SHOP, None)], ["10", "25", "65"]),
    "a percentage of a percentage": (
        "200",
        [(ALICE, {"percentage": 50, "percentageOfPercentage": 10}), (BOB, None)],
        ["10", "190"],
    ),
    "a share of the whole value, whatever the others take": (
        "100",
        [(ALICE, "50"), (BOB, 50)],
        ["50", "50"],
    ),
    "percentages of percentages that come to all": (
        "80",
        [
            (ALICE, {"percentage": 50, "percentageOfPercentage": 50}),
            (BOB, {"percentage": 50, "percentageOfPercentage": 50}),
            (SHOP, {"percentage": 50, "percentageOfPercentage": 100}),
        ],
        ["20", "20", "40"],
    ),
}
"""What divides without a rest."""

CUT: dict[str, tuple[str, Side, list[str]]] = {
    "thirds and the rest": ("10", [(ALICE, THIRD), (BOB, THIRD), (SHOP, None)], ["3.33", "3.33", "3.34"]),
    "the rest in the middle": ("10", [(ALICE, THIRD), (BOB, None), (SHOP, THIRD)], ["3.33", "3.34", "3.33"]),
    "halves of a cent": ("0.01", [(ALICE, 50), (BOB, 50)], ["0.01"]),
    "halves of three cents": ("0.03", [(ALICE, 50), (BOB, 50)], ["0.01", "0.02"]),
    "without a rest the last share takes what is left": (
        "0.05",
        [(ALICE, 30), (BOB, 30), (SHOP, 40)],
        ["0.01", "0.01", "0.03"],
    ),
    "the last share, not the last leg": ("10.05", [(ALICE, 50), (BOB, {"percentage": 50})], ["5.02", "5.03"]),
    "an amount is never cut": (
        "10",
        [(ALICE, "3.33"), (BOB, THIRD), (SHOP, {"percentage": "33.366666666667"})],
        ["3.33", "3.33", "3.34"],
    ),
    "just below a cent is none": ("0.99", [(ALICE, {"percentage": "1"}), (BOB, None)], ["0.99"]),
    "a share of a trillionth": ("1", [(ALICE, {"percentage": "0.000000000001"}), (BOB, None)], ["1"]),
}
"""What is cut to cents."""


@pytest.mark.parametrize(("value", "side", "expected"), WHOLE.values(), ids=WHOLE)
def test_a_value_is_divided_exactly(bank: Bank, value: str, side: Side, expected: list[str]) -> None:
    assert divided(bank, value, side) == expected


@pytest.mark.parametrize(("value", "side", "expected"), CUT.values(), ids=CUT)
def test_shares_round_down_and_what_that_leaves_goes_to_the_rest_or_to_the_last_share(
    bank: Bank, value: str, side: Side, expected: list[str]
) -> None:
    assert divided(bank, value, side) == expected


def test_both_sides_are_divided(bank: Bank) -> None:
    made(bank.inflow(BOB, "100"))
    source: Side = [(ALICE, {"percentage": "33.33"}), (BOB, None)]
    destination: Side = [(SHOP, 90), (OUTSIDE, None)]
    answer = made(bank.post("json", {"send": send("10.01", legs(source), legs(destination))}))
    assert moves(answer) == [
        ("DEBIT", ALICE, "3.33"),
        ("DEBIT", BOB, "6.68"),
        ("CREDIT", SHOP, "9"),
        ("CREDIT", OUTSIDE, "1.01"),
    ]


def test_a_leg_that_comes_to_nothing_makes_no_operation_and_is_named_all_the_same(bank: Bank) -> None:
    answer = made(bank.post("inflow", {"send": send("0.01", to=legs([(ALICE, 50), (BOB, 50)]))}))
    assert answer.json["destination"] == [ALICE, BOB]
    assert moves(answer) == [("DEBIT", OUTSIDE, "0.01"), ("CREDIT", BOB, "0.01")]
    assert bank.balance(ALICE)["version"] == 2


# ------------------------------------------------------------------------------------------------------------ decimals

EIGHTEEN = ["0.000003333333333333", "0.000003333333333333", "0.000003333333333334"]

OPEN: dict[str, tuple[Body, str, list[str]]] = {
    "a currency's minor units": ({"code": "JPY", "type": "currency"}, "10", ["3", "3", "4"]),
    "a currency of three": ({"code": "KWD", "type": "currency"}, "10", ["3.333", "3.333", "3.334"]),
    "never coarser than the value": ({"code": "JPY", "type": "currency"}, "10.05", ["3.34", "3.34", "3.37"]),
    "a known token's": ({"code": "USDT"}, "0.00001", EIGHTEEN),
    "those of a token of one chain": ({"code": "USDTETHEREUM"}, "1", ["0.333333", "0.333333", "0.333334"]),
    "bitcoin's": ({"code": "BTC"}, "1", ["0.33333333", "0.33333333", "0.33333334"]),
    "else 18": ({"code": "GOLD", "type": "commodity"}, "0.00001", EIGHTEEN),
    "18 for a currency without minor units": ({"code": "XAU", "type": "currency"}, "0.00001", EIGHTEEN),
    "set, they count": ({"code": "EUR", "type": "currency", "decimals": 4}, "1", ["0.3333", "0.3333", "0.3334"]),
    "set to none": ({"code": "BTC", "decimals": 0}, "10", ["3", "3", "4"]),
}
"""Assets, a value of each, and what its thirds are."""


@pytest.mark.parametrize(("asset", "value", "expected"), OPEN.values(), ids=OPEN)
def test_shares_are_cut_to_the_decimals_of_the_asset_or_to_those_it_usually_has(
    bank: Bank, asset: Body, value: str, expected: list[str]
) -> None:
    code = asset["code"]
    bank.books.add(**asset)
    aliases = [f"@{number}" for number in range(3)]
    for alias in aliases:
        bank.open(alias, asset=code)
    side = [leg(alias, part) for alias, part in zip(aliases, (THIRD, THIRD, None), strict=True)]
    answer = made(bank.post("inflow", {"send": send(value, to=side, asset=code)}))
    assert [amount for _, alias, amount in moves(answer) if alias in aliases] == expected


# ------------------------------------------------------------------------------------------------------ not the value

SHORT_SOURCE = "legs of the source come to"
SHORT_DESTINATION = "legs of the destination come to"

UNEQUAL: dict[str, tuple[Side, Side, str]] = {
    "too little is given": ([(ALICE, "9.99")], [(SHOP, "10")], f"{SHORT_SOURCE} 9.99, and the value is 10"),
    "too much is given": ([(ALICE, "10.01")], [(SHOP, "10")], f"{SHORT_SOURCE} 10.01, and the value is 10"),
    "too little is got": ([(ALICE, "10")], [(SHOP, "9.99")], f"{SHORT_DESTINATION} 9.99"),
    "too much is got": ([(ALICE, "10")], [(SHOP, "5"), (BOB, "5.01")], f"{SHORT_DESTINATION} 10.01"),
    "both are equal, and not the value": ([(ALICE, "9")], [(SHOP, "9")], f"{SHORT_SOURCE} 9"),
    "shares below 100": ([(ALICE, "10")], [(SHOP, 99)], f"{SHORT_DESTINATION} 9.9"),
    "shares above 100": ([(ALICE, "10")], [(SHOP, 60), (BOB, 60)], f"{SHORT_DESTINATION} 12"),
    "shares just below 100": ([(ALICE, "10")], [(SHOP, THIRD), (BOB, THIRD), (OUTSIDE, THIRD)], "9.9999999999999"),
    "more than all, and a rest": ([(ALICE, "10")], [(SHOP, "10.01"), (BOB, None)], f"{SHORT_DESTINATION} 10.01"),
    "no source": ([], [(SHOP, "10")], "source has no legs"),
    "no destination": ([(ALICE, "10")], [], "destination has no legs"),
}
"""Sides that do not come to a value of 10, and what is said of them."""


@pytest.mark.parametrize(("source", "destination", "says"), UNEQUAL.values(), ids=UNEQUAL)
def test_source_and_destination_both_come_to_the_value_or_it_is_refused(
    bank: Bank, everything: Everything, source: Side, destination: Side, says: str
) -> None:
    before = everything()
    body = {"send": send("10", legs(source), legs(destination))}
    assert says in refused(bank.post("json", body), 422, "0073")
    assert says in refused(bank.post("annotation", body), 422, "0073")
    assert everything() == before


def test_a_rest_may_come_to_nothing(bank: Bank) -> None:
    assert divided(bank, "10", [(ALICE, "10"), (BOB, None)]) == ["10"]


@pytest.mark.parametrize(
    "percentage",
    [0, -1, "0", "-5", "100.000000000001", 101, "0.0000000000001", "12.1234567890123", "ten", "1e1", "", True, []],
    ids=repr,
)
@pytest.mark.parametrize("field", ["percentage", "percentageOfPercentage"])
def test_a_percentage_is_above_0_and_at_most_100_with_12_decimals(
    bank: Bank, everything: Everything, field: str, percentage: object
) -> None:
    before = everything()
    share = {"percentage": 50, field: percentage}
    answer = bank.post("inflow", {"send": send("10", to=[leg(ALICE, share), leg(BOB)])})
    refused(answer, 400, "0047", f"send.distribute.to.0.share.{field}")
    assert everything() == before


@pytest.mark.parametrize("number", ["1e1", "1E+1", "10e0"])
def test_a_percentage_has_no_exponent(bank: Bank, everything: Everything, number: str) -> None:
    before = everything()
    body = json.dumps({"send": send("10", to=[leg(ALICE, {"percentage": 77}), leg(BOB)])}).replace("77", number)
    refused(bank.post("inflow", body), 400, "0047", "send.distribute.to.0.share.percentage")
    assert everything() == before
