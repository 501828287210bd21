"""The Add Asset document: its example field by field, and its four errors.

Its time stamp, ids and balance are illustrations: a new asset has a balance of nothing.
"""

import json
from pathlib import Path

import pytest

from tests.integration.stores import on_every_store
from tests.integration.wallet_api.purse import ADDRESSES, Purse, done, refused

pytestmark = on_every_store

EXAMPLE = json.loads((Path(__file__).parents[2] / "fixtures" / "add_asset_document" / "answer.json").read_text())
RESOLVED = ("chain", "network", "symbol", "name", "decimals", "asset_type", "contract_address", "is_active")


def test_the_example_is_answered_field_by_field(purse: Purse) -> None:
    account_id = purse.account("ethereum", ADDRESSES["ethereum"])
    asset = done(purse.add(account_id, "USDT", "ethereum"))
    assert asset.keys() == EXAMPLE.keys() | {"caip19"}
    assert {field: asset[field] for field in RESOLVED} == {field: EXAMPLE[field] for field in RESOLVED}
    assert (asset["balance"], asset["locked_balance"]) == ("0.00", "0.00")
    assert (asset["account_id"], asset["wallet_id"]) == (account_id, purse.wallet_id)
    assert asset["client_id"] == purse.client.client_id
    assert asset["asset_id"].startswith("ast_")
    assert asset["caip19"] == "eip155:1/erc20:0xdAC17F958D2ee523a2206206994597C13D831ec7"


def test_an_unsupported_symbol_is_an_invalid_parameter(purse: Purse) -> None:
    account_id = purse.account("ethereum")
    message = refused(purse.add(account_id, "DOGE", "ethereum"), 400, "invalid_parameter", "invalid_request_error")
    assert "symbol" in message


def test_an_account_that_is_not_there_is_not_found(purse: Purse) -> None:
    refused(purse.add(EXAMPLE["account_id"], "USDT", "ethereum"), 404, "not_found", "not_found_error")
    refused(purse.add("acc_01KF0KV80XEG1BMEA8BBYBT163", "USDT", "ethereum"), 404, "not_found", "not_found_error")


def test_an_asset_can_be_added_once(purse: Purse) -> None:
    account_id = purse.account("ethereum")
    done(purse.add(account_id, "USDT", "ethereum"))
    refused(purse.add(account_id, "USDT", "ethereum"), 400, "asset_already_exists", "business_error")


def test_an_account_that_is_not_active_takes_no_asset(purse: Purse) -> None:
    account_id = purse.account("ethereum")
    done(purse.client.patch(f"/api/v1/accounts/{account_id}", {"status": "FROZEN"}))
    refused(purse.add(account_id, "USDT", "ethereum"), 400, "account_not_active", "business_error")
    done(purse.client.patch(f"/api/v1/accounts/{account_id}", {"status": "ACTIVE"}))
    done(purse.add(account_id, "USDT", "ethereum"))


@pytest.mark.parametrize("symbol", ["ETH", "TRX", "USDT", "USDC", "BNB", "MATIC", "BTC", "SOL"])
def test_every_symbol_of_the_document_can_be_added_somewhere(purse: Purse, symbol: str) -> None:
    chain = {"TRX": "tron", "BNB": "bsc", "MATIC": "polygon", "BTC": "bitcoin", "SOL": "solana"}.get(symbol, "ethereum")
    asset = done(purse.add(purse.account(chain), symbol, chain))
    assert (asset["symbol"], asset["chain"]) == (symbol, chain)


@pytest.mark.parametrize("chain", ["ethereum", "bsc", "polygon", "arbitrum", "optimism", "avalanche", "base"])
def test_an_evm_account_takes_usdc_on_every_chain_of_the_document(purse: Purse, chain: str) -> None:
    assert done(purse.add(purse.account("ethereum"), "USDC", chain))["chain"] == chain
