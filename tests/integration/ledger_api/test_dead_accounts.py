"""Accounts of an asset that was deleted are dead: an asset of the same code, made later, does not wake them."""

from __future__ import annotations

import pytest

from tests.integration.ledger_api import chains
from tests.integration.ledger_api.books import done, gone, made, refused
from tests.integration.ledger_api.till import Till
from tests.integration.stores import Everything, on_every_store

READ = "transact_write_items"
KEYS = ("default", "savings")


def sides(till: Till, alias: str, key: str = "default") -> tuple[tuple[str, str, str], ...]:
    """The world outside, and a balance, as the sides of a posting."""
    return (till.outside, "5", "default"), (alias, "5", key)


@pytest.fixture
def dead(till: Till) -> str:
    """The path of the account @dead: its asset was deleted, and one of the same code made, of which @alice has 5."""
    account = till.open("@dead", shards=2)
    till.open_key(account, "savings")
    till.make_asset_again()
    till.open("@alice")
    till.bring("@alice", "5")
    return account


# --------------------------------------------------------------------------------------- before the asset is made again


def test_without_its_asset_an_account_is_there_and_nothing_can_be_done_with_it(
    till: Till, everything: Everything
) -> None:
    account = till.open("@dead")
    till.delete_asset()
    assert done(till.client.get(account))["alias"] == "@dead"
    assert till.stands("@dead") == ("0", "0", 1)
    before = everything()
    outside, inside = sides(till, "@dead")
    refused(till.send(outside, inside), 422, "0019")
    refused(till.send(inside, outside), 422, "0019")
    assert everything() == before


# ----------------------------------------------------------------------------------------- when the asset is made again


@on_every_store
@pytest.mark.usefixtures("dead")
def test_no_money_comes_into_a_dead_account(till: Till, everything: Everything) -> None:
    before = everything()
    for key in KEYS:
        outside, inside = sides(till, "@dead", key)
        assert "@dead" in refused(till.send(outside, inside), 422, "0030")
        refused(till.send(("@alice", "5", "default"), inside), 422, "0030")
        refused(till.send(("@alice", "5", "default"), inside, pending=True), 422, "0030")
    assert everything() == before


@pytest.mark.usefixtures("dead")
def test_no_money_comes_out_of_a_dead_account(till: Till, everything: Everything) -> None:
    before = everything()
    for key in KEYS:
        outside, inside = sides(till, "@dead", key)
        refused(till.send(inside, outside), 422, "0030")
        refused(till.send(inside, ("@alice", "5", "default"), pending=True), 422, "0030")
    assert everything() == before


def test_between_dead_accounts_there_is_nothing_to_move(till: Till, everything: Everything) -> None:
    for alias in ("@dead", "@doornail"):
        till.open(alias)
    till.make_asset_again()
    before = everything()
    refused(till.send(("@dead", "5", "default"), ("@doornail", "5", "default")), 422, "0018")
    refused(till.send(("@dead", "5", "default"), ("@doornail", "5", "default"), pending=True), 422, "0018")
    assert everything() == before


@pytest.mark.usefixtures("dead")
def test_a_dead_account_is_dead_among_others_too(till: Till, everything: Everything) -> None:
    till.open("@bob")
    before = everything()
    for order in (("@bob", "@dead"), ("@dead", "@bob")):
        to = [{"accountAlias": alias, "share": {"percentage": 50}} for alias in order]
        send = {"asset": "BRL", "value": "5", "distribute": {"to": to}}
        refused(till.client.post(f"{till.transactions}/inflow", {"send": send}), 422, "0030")
    assert everything() == before


def test_it_stays_dead_however_often_the_asset_is_made_again(till: Till) -> None:
    for number in range(3):
        till.open(f"@{number}")
        till.make_asset_again()
    till.open("@3")
    for number in range(3):
        refused(till.send(*sides(till, f"@{number}")), 422, "0030")
    till.bring("@3", "5")


def test_what_was_done_before_cannot_be_reverted_into_it(till: Till, everything: Everything) -> None:
    till.open("@dead")
    till.bring("@dead", "5")
    taken = till.take("@dead", "5")
    till.make_asset_again()
    before = everything()
    refused(till.client.post(f"{till.transactions}/{taken.id}/revert", None), 422, "0030")
    assert everything() == before


def test_a_dead_account_can_be_read_changed_and_deleted(till: Till, dead: str) -> None:
    assert done(till.client.get(f"{till.accounts}/alias/@dead"))["assetCode"] == "BRL"
    assert [row["available"] for row in till.rows("@dead")] == ["0", "0"]
    assert done(till.client.patch(dead, {"name": "Dead", "blocked": True}))["name"] == "Dead"
    gone(till.client.delete(till.path("@dead", "savings")))
    gone(till.client.delete(dead))
    refused(till.client.get(dead), 404, "0007")


def test_a_further_balance_of_a_dead_account_is_dead(till: Till, dead: str) -> None:
    till.open_key(dead, "new")
    refused(till.send(*sides(till, "@dead", "new")), 422, "0030")


def test_its_statement_and_its_past_can_be_read(till: Till) -> None:
    account = till.open("@dead")
    till.bring("@dead", "5")
    moment = till.balance("@dead")["updatedAt"]
    till.take("@dead", "5")
    till.make_asset_again()
    rows = done(till.client.get(f"{account}/operations"))["items"]
    assert [(row["type"], row["balanceAfter"]["available"]) for row in rows] == [("CREDIT", "5"), ("DEBIT", "0")]
    (past,) = done(till.client.get(f"{account}/balances/history?date={moment}"))["items"]
    assert past["available"] == "5"


@pytest.mark.usefixtures("dead")
def test_dead_accounts_do_not_keep_an_asset_from_being_deleted(till: Till) -> None:
    till.take("@alice", "5")
    till.make_asset_again()
    refused(till.send(*sides(till, "@dead")), 422, "0030")
    refused(till.send(*sides(till, "@alice")), 422, "0030")


# ------------------------------------------------------------------------------------ opened while the asset is deleted


@pytest.mark.parametrize("shards", [1, 3])
def test_an_account_that_is_opened_while_its_asset_is_deleted_is_dead(till: Till, shards: int) -> None:
    chains.at_the_next(READ, till.world, till.delete_asset)
    till.open("@dead", shards=shards)
    refused(till.send(*sides(till, "@dead")), 422, "0019")
    till.books.add("BRL")
    refused(till.send(*sides(till, "@dead")), 422, "0030")
    assert till.stands("@dead") == ("0", "0", shards)


def test_so_is_one_that_is_opened_while_its_asset_is_deleted_and_made_again(till: Till) -> None:
    chains.at_the_next(READ, till.world, till.make_asset_again)
    till.open("@dead")
    refused(till.send(*sides(till, "@dead")), 422, "0030")


def test_an_account_whose_asset_is_gone_before_it_was_looked_up_is_not_opened(till: Till) -> None:
    chains.at_the_next("query", till.world, till.delete_asset)
    refused(till.client.post(till.accounts, till.body("@dead")), 404, "0034", "assetCode")
    till.books.add("BRL")
    made(till.client.post(till.accounts, till.body("@dead")))


def test_money_that_is_on_its_way_when_the_asset_is_made_again_does_not_come(
    till: Till, everything: Everything
) -> None:
    till.open("@dead")
    chains.at_the_next(READ, till.world, till.make_asset_again)
    refused(till.send(*sides(till, "@dead")), 422, "0030")
    assert till.stands("@dead") == ("0", "0", 1)
    assert [chain[-1]["type"] for chain in chains.read(everything, till.books, "BRL")] == ["OPEN"] * 16
