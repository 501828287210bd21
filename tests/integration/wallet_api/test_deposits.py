"""Deposits: what has come to an address of the client's is credited, once."""

from copy import replace
from decimal import Decimal

import pytest

from coffer.auth.scopes import Scope
from tests.integration.stores import Everything, on_every_store
from tests.integration.wallet_api.purse import ADDRESSES, Purse, done, refused
from tests.integration.wallet_api.till import ALSO_OURS, OURS, OUTSIDE, Till, tx_hash
from tests.support.world import Client, World

USDT_CONTRACT = "0xdAC17F958D2ee523a2206206994597C13D831ec7"


@on_every_store
def test_a_deposit_is_credited_and_answered_in_full(till: Till) -> None:
    answer = done(till.deposit("1000.5", tx_hash=tx_hash(7), output_index=3))
    wallet_id = till.purse.wallet_id
    assert answer.pop("tx_id").startswith("txn_")
    assert answer.pop("ledger_transaction_id")
    assert answer.pop("created_at") == answer.pop("updated_at")
    assert answer == {
        "client_id": till.client.client_id,
        "operation": "DEPOSIT",
        "reference_id": None,
        "status": "CONFIRMED",
        "chain": "ethereum",
        "network": "mainnet",
        "token_symbol": "USDT",
        "caip19": f"eip155:1/erc20:{USDT_CONTRACT}",
        "amount": "1000.50",
        "from_address": None,
        "to_address": OURS,
        "from_account_id": None,
        "to_account_id": till.account_id,
        "from_wallet_id": None,
        "to_wallet_id": wallet_id,
        "memo": None,
        "tx_hash": tx_hash(7),
        "output_index": 3,
    }
    assert till.stands() == ("1000.50", "0.00")


def test_whoever_reports_it_again_gets_what_was_recorded_and_nothing_is_credited_twice(
    till: Till, everything: Everything
) -> None:
    first = till.deposit("10", tx_hash=tx_hash(7))
    before = everything()
    for again in (
        till.deposit("10", tx_hash=tx_hash(7)),
        till.deposit("10.00", tx_hash=tx_hash(7).removeprefix("0x").upper()),
        till.deposit("10", tx_hash=tx_hash(7), to_address=OURS.lower()),
        till.deposit("10", tx_hash=tx_hash(7), contract_address=USDT_CONTRACT),
    ):
        assert done(again)["tx_id"] == done(first)["tx_id"]
        assert done(again) | {"token_symbol": "USDT"} == done(first)
    assert till.stands() == ("10.00", "0.00")
    assert everything() == before


def test_it_is_credited_once_though_what_it_came_to_takes_no_deposits_any_more(till: Till) -> None:
    first = done(till.deposit("10", tx_hash=tx_hash(7)))
    (asset,) = done(till.client.get("/api/v1/assets"))["data"]
    done(till.client.patch(f"/api/v1/assets/{asset['asset_id']}", {"is_active": False}))
    assert done(till.deposit("10", tx_hash=tx_hash(7))) == first


@pytest.mark.parametrize("other", [{"amount": "11"}, {"to_address": ALSO_OURS}])
def test_the_same_place_on_the_chain_with_another_content_is_a_conflict(
    till: Till, everything: Everything, other: dict[str, str]
) -> None:
    done(till.deposit("10", tx_hash=tx_hash(7)))
    before = everything()
    report = {"amount": "10"} | other
    refused(till.deposit(report.pop("amount"), tx_hash=tx_hash(7), **report), 409, "conflict", "conflict_error")
    assert everything() == before


@pytest.mark.parametrize(
    "other", [{"output_index": 1}, {"token_symbol": "USDC"}, {"token_symbol": "ETH"}, {"tx_hash": tx_hash(8)}]
)
def test_another_place_on_the_chain_is_another_deposit(till: Till, other: dict[str, object]) -> None:
    first = done(till.deposit("10", tx_hash=tx_hash(7)))
    second = done(till.deposit("10", **({"tx_hash": tx_hash(7)} | other)))
    assert first["tx_id"] != second["tx_id"]


def test_one_hash_on_two_chains_is_two_deposits(till: Till) -> None:
    done(till.deposit("10", tx_hash=tx_hash(7)))
    done(till.deposit("10", tx_hash=tx_hash(7), chain="polygon"))
    assert (till.stands(), till.stands(chain="polygon")) == (("10.00", "0.00"), ("10.00", "0.00"))


def test_one_transaction_that_pays_a_coin_and_a_token_credits_both(till: Till) -> None:
    done(till.deposit("0.25", tx_hash=tx_hash(7), token_symbol="ETH"))
    done(till.deposit("40", tx_hash=tx_hash(7)))
    assert (till.stands(symbol="ETH"), till.stands()) == (("0.25", "0.00"), ("40.00", "0.00"))


def test_a_token_that_the_account_has_not_got_is_added_with_it(till: Till) -> None:
    assert done(till.client.get("/api/v1/assets"))["total"] == 0
    done(till.deposit("10"))
    (asset,) = done(till.client.get("/api/v1/assets"))["data"]
    assert (asset["symbol"], asset["chain"], asset["balance"]) == ("USDT", "ethereum", "10.00")
    refused(till.purse.add(till.account_id, "USDT", "ethereum"), 400, "asset_already_exists")


def test_a_token_that_the_account_has_is_credited_where_it_is(till: Till) -> None:
    asset_id = done(till.purse.add(till.account_id, "USDT", "ethereum"))["asset_id"]
    done(till.deposit("10"))
    assert done(till.client.get(f"/api/v1/assets/{asset_id}"))["balance"] == "10.00"


def test_a_retired_token_is_not_added_and_nothing_is_stored(till: Till, everything: Everything) -> None:
    before = everything()
    refused(till.deposit("10", token_symbol="MATIC"), 400, "invalid_parameter")
    assert everything() == before


def test_a_frozen_account_still_receives(till: Till) -> None:
    done(till.deposit("10"))
    done(till.client.patch(f"/api/v1/accounts/{till.account_id}", {"status": "FROZEN"}))
    done(till.deposit("5"))
    assert till.stands() == ("15.00", "0.00")


def test_a_frozen_account_receives_a_token_that_is_new_to_it_and_may_not_send_it(till: Till) -> None:
    done(till.client.patch(f"/api/v1/accounts/{till.account_id}", {"status": "FROZEN"}))
    done(till.deposit("5"))
    refused(till.send("1"), 400, "account_not_active", "business_error")
    done(till.client.patch(f"/api/v1/accounts/{till.account_id}", {"status": "ACTIVE"}))
    done(till.send("1"))


def test_a_deactivated_asset_takes_no_deposit_and_its_balance_can_be_read(till: Till) -> None:
    done(till.deposit("10"))
    (asset,) = done(till.client.get("/api/v1/assets"))["data"]
    path = f"/api/v1/assets/{asset['asset_id']}"
    assert done(till.client.patch(path, {"is_active": False}))["balance"] == "10.00"
    refused(till.deposit("5"), 400, "asset_not_active", "business_error")
    assert done(till.client.get(path))["balance"] == "10.00"
    done(till.client.patch(path, {"is_active": True}))
    done(till.deposit("5"))


def test_an_unknown_address_is_not_found(till: Till, everything: Everything) -> None:
    before = everything()
    refused(till.deposit("10", to_address=OUTSIDE), 404, "not_found")
    assert everything() == before


def test_another_client_s_address_is_not_found(world: World, till: Till) -> None:
    stranger = replace(till, purse=Purse(world.client(), ""))
    refused(stranger.deposit("10"), 404, "not_found")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"chain": "dogecoin"}, "invalid_parameter"),
        ({"token_symbol": "NOPE"}, "invalid_parameter"),
        ({"token_symbol": None}, "invalid_parameter"),
        ({"token_symbol": "USDT", "contract_address": USDT_CONTRACT}, "invalid_parameter"),
        ({"contract_address": OUTSIDE}, "invalid_parameter"),
        ({"to_address": "0x12"}, "invalid_address"),
        ({"tx_hash": "0x12"}, "invalid_parameter"),
        ({"output_index": -1}, "invalid_parameter"),
        ({"output_index": "0"}, "invalid_parameter"),
        ({"amount": "0"}, "invalid_parameter"),
        ({"amount": "-1"}, "invalid_parameter"),
        ({"amount": "1e3"}, "invalid_parameter"),
        ({"amount": "0.0000001"}, "invalid_parameter"),
        ({"confirmations": 3}, "invalid_parameter"),
    ],
)
def test_a_bad_deposit_is_refused_and_nothing_is_stored(
    till: Till, everything: Everything, fields: dict[str, object], code: str
) -> None:
    done(till.deposit("10"))
    before = everything()
    sent = {"amount": "1"} | fields
    refused(till.deposit(str(sent.pop("amount")), **sent), 400, code)
    assert everything() == before


@pytest.mark.parametrize(("chain", "decimals"), [("ethereum", 6), ("bsc", 18)])
def test_usdt_takes_as_many_decimals_as_it_has_on_its_chain(till: Till, chain: str, decimals: int) -> None:
    smallest = f"0.{'0' * (decimals - 1)}1"
    done(till.deposit(smallest, chain=chain))
    assert Decimal(till.stands(chain=chain)[0]) == Decimal(smallest)
    refused(till.deposit(f"{smallest}1", chain=chain), 400, "invalid_parameter")


def test_the_largest_amount_comes_in_and_goes_out_to_the_last_unit(till: Till) -> None:
    largest = f"{'9' * 60}.{'9' * 18}"
    done(till.deposit(largest, chain="bsc"))
    assert till.stands(chain="bsc") == (largest, "0.00")
    refused(till.deposit("1", chain="bsc"), 400, "invalid_parameter")
    tx_id = till.withdraw(largest, chain="bsc")
    assert till.stands(chain="bsc") == ("0.00", largest)
    done(till.report(tx_id, "CONFIRMED"))
    assert till.stands(chain="bsc") == ("0.00", "0.00")


@pytest.mark.parametrize("chain", ["tron", "bitcoin", "solana"])
def test_other_families_of_chains_have_deposits_too(till: Till, chain: str) -> None:
    account_id = till.purse.account(chain, ADDRESSES[chain])
    hashes = {"tron": "ab" * 32, "bitcoin": "cd" * 32, "solana": "5" * 87}
    symbols = {"tron": "TRX", "bitcoin": "BTC", "solana": "SOL"}
    symbol = symbols[chain]
    done(till.deposit("1.5", chain=chain, tx_hash=hashes[chain], to_address=ADDRESSES[chain], token_symbol=symbol))
    assert till.stands(account_id, chain, symbol) == ("1.50", "0.00")


def test_a_repeated_key_gets_the_first_answer_and_another_body_none(till: Till, everything: Everything) -> None:
    report = {"tx_hash": tx_hash(7), "Idempotency_Key": "one"}
    first = till.deposit("10", **report)
    before = everything()
    again = till.deposit("10", **report)
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["X-Idempotency-Replayed"] == "true"
    refused(till.deposit("11", **report), 422, "conflict")
    assert everything() == before


def test_a_deposit_needs_the_scope_of_the_settlement(world: World, till: Till) -> None:
    client = Client(world, till.client.client_id, frozenset(Scope) - {Scope.SETTLEMENT_WRITE})
    body = {"chain": "ethereum", "tx_hash": tx_hash(1), "to_address": OURS, "token_symbol": "USDT", "amount": "1"}
    refused(client.post("/api/v1/deposits", body), 403, "forbidden")
