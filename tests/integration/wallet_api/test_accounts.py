"""Wallets and accounts: addresses, statuses, lists."""

from typing import Any

import pytest

from tests.integration.stores import on_every_store
from tests.integration.wallet_api.purse import ADDRESSES, Purse, done, open_purse, refused
from tests.support.world import Client


@on_every_store
def test_a_wallet_is_made_read_and_listed(client: Client) -> None:
    wallet = done(client.post("/api/v1/wallets", {"wallet_name": "Main", "description": "all of it"}))
    assert wallet["wallet_id"].startswith("wal_")
    assert (wallet["client_id"], wallet["wallet_name"], wallet["description"]) == (
        client.client_id,
        "Main",
        "all of it",
    )
    assert (wallet["status"], wallet["key_status"]) == ("ACTIVE", "ACTIVE")
    second = done(client.post("/api/v1/wallets", {"wallet_name": "Main"}))
    assert (second["organization_id"], second["ledger_id"]) == (wallet["organization_id"], wallet["ledger_id"])
    assert second["description"] is None
    assert done(client.get(f"/api/v1/wallets/{wallet['wallet_id']}")) == wallet
    assert done(client.get("/api/v1/wallets"))["data"] == [wallet, second]
    assert done(client.get("/api/v1/wallets"))["total"] == 2
    assert done(client.get("/api/v1/wallets?page=2&page_size=1"))["data"] == [second]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"wallet_name": ""},
        {"wallet_name": " "},
        {"wallet_name": "x" * 101},
        {"wallet_name": "x", "description": "x" * 501},
        {"wallet_name": 1},
        {"wallet_name": "x", "status": "ACTIVE"},
    ],
)
def test_a_wallet_that_cannot_be_is_refused(client: Client, body: dict[str, Any]) -> None:
    refused(client.post("/api/v1/wallets", body), 400, "invalid_parameter", "invalid_request_error")
    assert client.world.fake.snapshot() == {}


@on_every_store
def test_an_account_is_made_with_its_address_in_canonical_form(purse: Purse) -> None:
    body = {
        "wallet_id": purse.wallet_id,
        "chain": "ethereum",
        "address": ADDRESSES["ethereum"].lower(),
        "account_type": "INBOUND",
        "label": "customer 42",
    }
    account = done(purse.client.post("/api/v1/accounts", body))
    assert account["account_id"].startswith("acc_")
    assert account == account | body | {"address": ADDRESSES["ethereum"], "address_type": "EVM", "status": "ACTIVE"}
    assert (account["network"], account["client_id"]) == ("mainnet", purse.client.client_id)
    assert done(purse.client.get(f"/api/v1/accounts/{account['account_id']}")) == account


@pytest.mark.parametrize(
    ("chain", "address_type"),
    [("ethereum", "EVM"), ("tron", "TRON"), ("bitcoin", "P2WPKH"), ("solana", "SOLANA")],
)
def test_an_address_is_of_its_chain_s_type(purse: Purse, chain: str, address_type: str) -> None:
    body = {"wallet_id": purse.wallet_id, "chain": chain, "address": ADDRESSES[chain]}
    assert done(purse.client.post("/api/v1/accounts", body))["address_type"] == address_type


@pytest.mark.parametrize("chain", ADDRESSES)
@pytest.mark.parametrize("other", ADDRESSES)
def test_an_address_of_another_address_space_is_refused(purse: Purse, chain: str, other: str) -> None:
    if chain == other or {chain, other} == {"ethereum", "polygon"}:
        return
    body = {"wallet_id": purse.wallet_id, "chain": chain, "address": ADDRESSES[other]}
    before = purse.world.fake.snapshot()
    refused(purse.client.post("/api/v1/accounts", body), 400, "invalid_address")
    assert purse.world.fake.snapshot() == before


def test_an_address_of_an_unknown_witness_version_is_not_given_an_account(purse: Purse) -> None:
    address = "BC1SW50QGDZ25J"  # BIP-350's valid example of version 16
    body = {"wallet_id": purse.wallet_id, "chain": "bitcoin", "address": address}
    refused(purse.client.post("/api/v1/accounts", body), 400, "invalid_address")


def test_an_address_belongs_to_one_account_of_a_client_in_all_its_wallets_and_on_all_evm_chains(purse: Purse) -> None:
    purse.account("ethereum", ADDRESSES["ethereum"])
    wallet = open_purse(purse.client)
    before = purse.world.fake.snapshot()
    for chain, address in (("ethereum", ADDRESSES["ethereum"]), ("polygon", ADDRESSES["ethereum"].lower())):
        body = {"wallet_id": wallet.wallet_id, "chain": chain, "address": address}
        refused(purse.client.post("/api/v1/accounts", body), 409, "conflict", "conflict_error")
    assert purse.world.fake.snapshot() == before
    open_purse(purse.world.client()).account("ethereum", ADDRESSES["ethereum"])


def test_an_account_without_an_address_may_be_made_more_than_once(purse: Purse) -> None:
    assert purse.account("tron") != purse.account("tron")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"wallet_id": "wal_01KF0KV80XEG1BMEA8BBYBT163"}, 404, "not_found"),
        ({"wallet_id": "wal_a1b2c3d4e5f6"}, 404, "not_found"),
        ({"wallet_id": "w" * 37}, 400, "invalid_parameter"),
        ({"chain": "dogecoin"}, 400, "invalid_parameter"),
        ({"chain": None}, 400, "invalid_parameter"),
        ({"address": ""}, 400, "invalid_parameter"),
        ({"account_type": "SAVINGS"}, 400, "invalid_parameter"),
        ({"label": "x" * 101}, 400, "invalid_parameter"),
        ({"network": "testnet"}, 400, "invalid_parameter"),
    ],
)
def test_an_account_that_cannot_be_is_refused(purse: Purse, change: dict[str, Any], status: int, code: str) -> None:
    before = purse.world.fake.snapshot()
    body = {"wallet_id": purse.wallet_id, "chain": "ethereum"} | change
    refused(purse.client.post("/api/v1/accounts", body), status, code)
    assert purse.world.fake.snapshot() == before


def test_an_account_is_frozen_and_made_active_again(purse: Purse) -> None:
    path = f"/api/v1/accounts/{purse.account('tron')}"
    assert done(purse.client.patch(path, {"status": "FROZEN"}))["status"] == "FROZEN"
    assert done(purse.client.get(path))["status"] == "FROZEN"
    assert done(purse.client.patch(path, {"status": "ACTIVE"}))["status"] == "ACTIVE"
    refused(purse.client.patch(path, {"status": "CLOSED"}), 400, "invalid_parameter")
    refused(purse.client.patch(path, {"label": "x"}), 400, "invalid_parameter")


def test_accounts_are_listed_of_a_wallet_or_of_all(purse: Purse) -> None:
    other = open_purse(purse.client)
    ours = [purse.account("tron") for _ in range(5)]
    theirs = other.account("tron")

    def listed(query: str) -> list[str]:
        return [account["account_id"] for account in done(purse.client.get(f"/api/v1/accounts?{query}"))["data"]]

    assert listed(f"wallet_id={purse.wallet_id}") == ours
    assert listed(f"wallet_id={purse.wallet_id}&page=2&page_size=2") == ours[2:4]
    assert listed(f"wallet_id={other.wallet_id}") == [theirs]
    assert listed("") == [*ours, theirs]
    assert listed("wallet_id=wal_unknown") == []
    assert done(purse.client.get(f"/api/v1/accounts?wallet_id={purse.wallet_id}"))["total"] == 5
    assert done(purse.client.get("/api/v1/accounts"))["total"] == 6


@pytest.mark.parametrize(
    "path", ["wallets/wal_x", "accounts/acc_x", "assets/ast_x", "wallets/acc_01KF0KV80XEG1BMEA8BBYBT163"]
)
def test_an_id_that_is_not_of_ours_is_not_found(client: Client, path: str) -> None:
    refused(client.get(f"/api/v1/{path}"), 404, "not_found", "not_found_error")


def test_an_id_that_is_too_long_is_an_invalid_parameter(client: Client) -> None:
    refused(client.get(f"/api/v1/wallets/{'w' * 37}"), 400, "invalid_parameter")
