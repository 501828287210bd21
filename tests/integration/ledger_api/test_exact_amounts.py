"""Amounts are exact: as they are sent, in the table, in every sum, and as they are answered."""

import json

import pytest

from coffer.ledger.amounts import EXACT
from coffer.ledger.entries import DEFAULT_KEY
from coffer.store import keys
from tests.integration.ledger_api import chains
from tests.integration.ledger_api.bank import ALICE, BOB, SHOP, Bank, leg, moves, payment, send
from tests.integration.ledger_api.books import done, made, open_books, refused
from tests.integration.stores import Everything, on_every_store
from tests.support.world import Client

SMALLEST = "0." + "0" * 35 + "1"
LARGEST = "9" * 60 + "." + "9" * 36
ALL_BUT_THE_SMALLEST = "9" * 60 + "." + "9" * 35 + "8"
ROUND = "1" + "0" * 59

AMOUNTS = {
    "the smallest": SMALLEST,
    "the largest": LARGEST,
    "60 digits": ROUND,
    "more digits than a double has": "0.1234567890123456789",
    "more digits than DynamoDB keeps": "12345678901234567890.1234567890123456789",
    "a third of a satoshi": "0.000000003333333333",
    "2 to the 53rd and one": "9007199254740993",
}

GOLD = {"asset": "GOLD"}


@pytest.fixture
def vault(client: Client) -> Bank:
    """A bank with gold of no set decimals, of which nobody has any."""
    bank = Bank(open_books(client))
    bank.books.add("GOLD", type="commodity")
    for alias in (ALICE, BOB):
        bank.open(alias, **GOLD)
    return bank


def pay(vault: Bank, value: str, **fields: object) -> str:
    """The id of a payment of gold from Alice to Bob."""
    body = {"send": send(value, [leg(ALICE, value, "GOLD")], [leg(BOB)], asset="GOLD"), **fields}
    return made(vault.post("json", body)).id


# ------------------------------------------------------------------------------------------------------ as it was sent


@pytest.mark.parametrize("amount", AMOUNTS.values(), ids=AMOUNTS)
def test_an_amount_is_answered_and_stands_as_it_was_sent(vault: Bank, amount: str) -> None:
    answer = made(vault.inflow(ALICE, amount, **GOLD))
    assert answer.json["amount"] == amount
    assert moves(answer) == [("DEBIT", "@external/GOLD", amount), ("CREDIT", ALICE, amount)]
    assert vault.stands(ALICE) == (amount, "0")
    (outside,) = done(vault.client.get(f"{vault.accounts}/external/GOLD/balances"))["items"]
    assert outside["available"] == f"-{amount}"
    held = pay(vault, amount, pending=True)
    assert vault.stands(ALICE) == ("0", amount)
    made(vault.settle(held, "commit"))
    assert vault.stands(BOB) == (amount, "0")
    made(vault.settle(held, "revert"))
    assert (vault.stands(ALICE), vault.stands(BOB)) == ((amount, "0"), ("0", "0"))


@on_every_store
def test_in_the_table_amounts_are_text_with_every_digit(vault: Bank, everything: Everything) -> None:
    transaction_id = made(vault.inflow(ALICE, LARGEST, **GOLD)).id
    table = everything()
    entry = table[keys.chain(vault.books.ref, ALICE, DEFAULT_KEY, 0), "000000000002"]
    assert (entry["amount"], entry["available"], entry["on_hold"]) == ({"S": LARGEST}, {"S": LARGEST}, {"S": "0"})
    record = table[keys.transaction(vault.books.ref, transaction_id).pk, "TRANSACTION"]
    assert record["value"] == {"S": LARGEST}
    outside = [table.get((chain, "000000000002")) for chain in chains.names(vault.books, "GOLD")]
    assert [each["available"] for each in outside if each] == [{"S": f"-{LARGEST}"}]


@pytest.mark.parametrize(
    ("number", "amount"),
    [
        ("0.1", "0.1"),
        ("1000.50", "1000.5"),
        ("9007199254740993", "9007199254740993"),
        ("0.1234567890123456789", "0.1234567890123456789"),
        (LARGEST, LARGEST),
        (SMALLEST, SMALLEST),
        ("5", "5"),
        ("5.000", "5"),
    ],
)
def test_a_json_number_is_read_exactly_from_its_text(vault: Bank, number: str, amount: str) -> None:
    body = json.dumps({"send": send("?", to=[leg(ALICE, "?", "GOLD")], asset="GOLD")}).replace('"?"', number)
    assert made(vault.post("inflow", body)).json["amount"] == amount
    assert vault.stands(ALICE) == (amount, "0")


@pytest.mark.parametrize(("sent", "shown"), [("1000.50", "1000.5"), ("7.00", "7"), ("0.10", "0.1"), ("100", "100")])
def test_idle_zeros_are_not_shown(bank: Bank, sent: str, shown: str) -> None:
    assert made(bank.inflow(SHOP, sent)).json["amount"] == shown
    assert bank.stands(SHOP) == (shown, "0")


# ---------------------------------------------------------------------------------------------------------------- sums


def test_0_1_and_0_2_are_0_3(vault: Bank) -> None:
    for value in ("0.1", "0.2"):
        made(vault.inflow(ALICE, value, **GOLD))
    assert vault.stands(ALICE) == ("0.3", "0")
    pay(vault, "0.3")
    assert vault.stands(ALICE) == ("0", "0")


def test_ten_tenths_are_one(vault: Bank) -> None:
    for _ in range(10):
        made(vault.inflow(ALICE, "0.1", **GOLD))
    assert vault.stands(ALICE) == ("1", "0")


def test_the_smallest_amount_is_not_lost_beside_the_largest(vault: Bank) -> None:
    made(vault.inflow(ALICE, ROUND, **GOLD))
    made(vault.inflow(ALICE, SMALLEST, **GOLD))
    assert vault.stands(ALICE) == (f"{ROUND}.{'0' * 35}1", "0")
    pay(vault, ROUND)
    assert (vault.stands(ALICE), vault.stands(BOB)) == ((SMALLEST, "0"), (ROUND, "0"))
    made(vault.inflow(BOB, SMALLEST, **GOLD))
    (outside,) = done(vault.client.get(f"{vault.accounts}/external/GOLD/balances"))["items"]
    assert outside["available"] == f"-{ROUND}.{'0' * 35}2"


def test_the_smallest_amount_too_much_is_too_much(vault: Bank, everything: Everything) -> None:
    made(vault.inflow(ALICE, ALL_BUT_THE_SMALLEST, **GOLD))
    before = everything()
    body = {"send": send(LARGEST, [leg(ALICE, LARGEST, "GOLD")], [leg(BOB)], asset="GOLD")}
    refused(vault.post("json", body), 422, "0018")
    assert everything() == before
    made(vault.inflow(ALICE, SMALLEST, **GOLD))
    pay(vault, LARGEST)


def test_a_balance_over_many_shards_is_their_exact_sum(vault: Bank) -> None:
    vault.open("@sharded", shards=4, **GOLD)
    for shard, value in enumerate(["0.1", "0.2", SMALLEST, ROUND]):
        made(vault.inflow("@sharded", value, vault.key_for("inflow", {4: shard}), **GOLD))
    assert vault.stands("@sharded") == (f"{ROUND}.3{'0' * 34}1", "0")


def test_a_share_of_the_largest_amount_is_exact(vault: Bank) -> None:
    third = {"percentage": "33.333333333333"}
    answer = made(vault.post("inflow", {"send": send(LARGEST, to=[leg(ALICE, third), leg(BOB)], asset="GOLD")}))
    _, alice, bob = (EXACT.create_decimal(amount) for _, _, amount in moves(answer))
    assert EXACT.add(alice, bob) == EXACT.create_decimal(LARGEST)
    exact = EXACT.multiply(EXACT.create_decimal(LARGEST), EXACT.create_decimal("0.33333333333333"))
    assert 0 <= EXACT.subtract(exact, alice) < EXACT.create_decimal(SMALLEST)


# -------------------------------------------------------------------------------------------------------------- limits

TOO_MUCH = {
    "61 digits": ("1" + "0" * 60, "60 digits"),
    "61 digits with zeros in front": ("0" * 10 + "1", "without exponent"),
    "37 decimals": ("0." + "0" * 36 + "1", "36 behind it"),
    "an exponent": ("1e2", "without exponent"),
    "a sign": ("+1", "without exponent"),
    "a comma": ("1,000", "without exponent"),
    "a bare point": (".5", "without exponent"),
    "a point at the end": ("5.", "without exponent"),
    "white space": (" 5", "without exponent"),
    "Arabic digits": ("\u0665", "without exponent"),
    "hexadecimal": ("0x10", "without exponent"),
    "underscores": ("1_000", "without exponent"),
    "infinity": ("Infinity", "without exponent"),
    "no number": ("NaN", "without exponent"),
    "nothing": ("", "without exponent"),
    "a boolean": (True, "without exponent"),
    "null": (None, "without exponent"),
    "a list": (["5"], "without exponent"),
    "200,000 digits": ("9" * 200_000, "60 digits"),
}
"""What is no amount, and what is said of it."""


@pytest.mark.parametrize(("amount", "says"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_is_no_amount_or_more_than_is_kept_is_refused(
    vault: Bank, everything: Everything, amount: object, says: str
) -> None:
    before = everything()
    body = {"send": send(amount, to=[leg(ALICE)], asset="GOLD")}
    assert says in refused(vault.post("inflow", body), 400, "0047", "send.value")
    named = {**leg(ALICE), "amount": {"asset": "GOLD", "value": amount}}
    body = {"send": send("5", to=[named], asset="GOLD")}
    refused(vault.post("inflow", body), 400, "0047", "send.distribute.to.0.amount.value")
    assert everything() == before


@pytest.mark.parametrize("number", ["1e2", "1E2", "5e-1", "1.5e1", "1e400", "1e-400", f"1e{'9' * 100_000}"])
def test_a_number_with_an_exponent_is_refused(vault: Bank, everything: Everything, number: str) -> None:
    before = everything()
    body = json.dumps({"send": send("?", to=[leg(ALICE)], asset="GOLD")}).replace('"?"', number)
    refused(vault.post("inflow", body), 400, "0047", "send.value")
    assert everything() == before


@pytest.mark.parametrize("more", [SMALLEST, "1", LARGEST])
def test_a_balance_past_60_integer_digits_is_refused(vault: Bank, everything: Everything, more: str) -> None:
    made(vault.inflow(ALICE, LARGEST, **GOLD))
    before = everything()
    assert "60 digits" in refused(vault.inflow(ALICE, more, **GOLD), 422, "9007")
    assert everything() == before
    made(vault.inflow(BOB, more, **GOLD))


def test_what_is_on_hold_counts_for_it_must_find_room_when_it_comes_back(vault: Bank, everything: Everything) -> None:
    made(vault.inflow(ALICE, LARGEST, **GOLD))
    held = pay(vault, ROUND, pending=True)
    before = everything()
    refused(vault.inflow(ALICE, SMALLEST, **GOLD), 422, "9007")
    assert everything() == before
    made(vault.settle(held, "cancel"))
    assert vault.stands(ALICE) == (LARGEST, "0")


def test_a_commit_to_a_balance_that_has_become_too_large_is_refused_and_the_hold_stays(
    vault: Bank, everything: Everything
) -> None:
    made(vault.inflow(ALICE, ROUND, **GOLD))
    held = pay(vault, ROUND, pending=True)
    made(vault.inflow(BOB, LARGEST, **GOLD))
    before = everything()
    refused(vault.settle(held, "commit"), 422, "9007")
    assert everything() == before
    made(vault.settle(held, "cancel"))


def test_the_external_account_is_as_large_as_all_others_together(vault: Bank) -> None:
    for alias in (ALICE, BOB):
        made(vault.inflow(alias, LARGEST, **GOLD))
    (outside,) = done(vault.client.get(f"{vault.accounts}/external/GOLD/balances"))["items"]
    assert outside["available"] == f"-1{LARGEST[:-1]}8"


# ------------------------------------------------------------------------------------------------------------ decimals


@pytest.mark.parametrize("value", ["0.001", "10.005", "10.0001"])
def test_no_amount_finer_than_the_asset_is_accepted(bank: Bank, everything: Everything, value: str) -> None:
    before = everything()
    assert "which has 2 decimals" in refused(bank.inflow(ALICE, value), 422, "9008")
    refused(bank.pay(ALICE, SHOP, value), 422, "9008")
    refused(bank.post("annotation", payment(ALICE, SHOP, value)), 422, "9008")
    assert everything() == before


def test_nor_is_it_in_a_leg(bank: Bank, everything: Everything) -> None:
    before = everything()
    body = {"send": send("10", [leg(ALICE, "10")], [leg(SHOP, "3.333"), leg(BOB)])}
    refused(bank.post("json", body), 422, "9008")
    assert everything() == before


def test_idle_zeros_are_no_finer(bank: Bank) -> None:
    assert made(bank.inflow(ALICE, "0.0100000")).json["amount"] == "0.01"
