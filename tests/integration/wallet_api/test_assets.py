"""Wallet assets: what the registry resolves, where chain is needed, and how assets are read and switched."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest

from tests.integration.wallet_api.purse import Purse, done, open_purse, refused
from tests.support.world import World


@pytest.mark.parametrize(
    ("chain", "decimals", "asset_type"),
    [
        ("ethereum", 6, "ERC20"),
        ("bsc", 18, "BEP20"),
        ("polygon", 6, "ERC20"),
        ("tron", 6, "TRC20"),
        ("solana", 6, "SPL"),
    ],
)
def test_usdt_is_what_it_is_on_each_chain(purse: Purse, chain: str, decimals: int, asset_type: str) -> None:
    asset = done(purse.add(purse.account(chain), "USDT", chain))
    assert (asset["name"], asset["decimals"], asset["asset_type"]) == ("Tether USD", decimals, asset_type)
    assert asset["contract_address"]


@pytest.mark.parametrize(
    ("chain", "symbol"),
    [("ethereum", "ETH"), ("bsc", "BNB"), ("tron", "TRX"), ("bitcoin", "BTC"), ("solana", "SOL"), ("base", "ETH")],
)
def test_a_native_coin_has_no_contract(purse: Purse, chain: str, symbol: str) -> None:
    asset = done(purse.add(purse.account(chain), symbol, chain))
    assert (asset["asset_type"], asset["contract_address"]) == ("NATIVE", None)


@pytest.mark.parametrize(("first", "second"), [("MATIC", "POL"), ("POL", "MATIC")])
def test_matic_and_pol_are_one_asset_on_polygon_answered_as_it_was_asked_for(
    purse: Purse, first: str, second: str
) -> None:
    account_id = purse.account("polygon")
    asset = done(purse.add(account_id, first, "polygon"))
    assert (asset["symbol"], asset["caip19"]) == (first, "eip155:137/slip44:966")
    refused(purse.add(account_id, second, "polygon"), 400, "asset_already_exists")


@pytest.mark.parametrize(
    ("home", "symbol", "chain", "field"),
    [
        ("ethereum", "MATIC", "ethereum", "symbol"),
        ("ethereum", "SOL", "ethereum", "symbol"),
        ("ethereum", "usdt", "ethereum", "symbol"),
        ("ethereum", "USDT", "dogecoin", "chain"),
        ("ethereum", "USDT", "Ethereum", "chain"),
        ("ethereum", "USDT", None, "chain"),
        ("ethereum", "USDT", "tron", "chain"),
        ("tron", "USDT", "ethereum", "chain"),
        ("bitcoin", "USDT", None, "symbol"),
    ],
)
def test_what_cannot_be_resolved_to_one_token_is_refused_by_name(
    purse: Purse, home: str, symbol: str, chain: str | None, field: str
) -> None:
    account_id = purse.account(home)
    before = purse.world.fake.snapshot()
    assert field in refused(purse.add(account_id, symbol, chain), 400, "invalid_parameter")
    assert purse.world.fake.snapshot() == before


def test_outside_evm_the_chain_may_be_left_out_or_repeated(purse: Purse) -> None:
    account_id = purse.account("tron")
    assert done(purse.add(account_id, "USDT"))["chain"] == "tron"
    assert done(purse.add(account_id, "TRX", "tron"))["chain"] == "tron"


@pytest.mark.parametrize(
    "body",
    [
        {"symbol": "USDT", "chain": "ethereum"},
        {"account_id": 1, "symbol": "USDT"},
        {"account_id": "a" * 37, "symbol": "USDT"},
        {"account_id": "acc_1", "symbol": None},
        {"account_id": "acc_1", "symbol": "USDT", "decimals": 6},
    ],
)
def test_a_malformed_request_is_an_invalid_parameter(purse: Purse, body: dict[str, Any]) -> None:
    refused(purse.client.post("/api/v1/assets", body), 400, "invalid_parameter", "invalid_request_error")


def test_the_same_request_with_the_same_key_is_no_error(purse: Purse) -> None:
    account_id = purse.account("ethereum")
    first = purse.add(account_id, "USDT", "ethereum", Idempotency_Key="1")
    second = purse.add(account_id, "USDT", "ethereum", Idempotency_Key="1")
    assert (second.status, second.body) == (200, first.body)
    assert second.headers["X-Idempotency-Replayed"] == "true"
    refused(purse.add(account_id, "USDC", "ethereum", Idempotency_Key="1"), 422, "conflict", "conflict_error")


def test_an_asset_is_read_listed_and_counted(purse: Purse) -> None:
    account_id = purse.account("ethereum")
    assets = [done(purse.add(account_id, "USDT", chain)) for chain in ("ethereum", "bsc", "polygon")]
    elsewhere = done(purse.add(purse.account("tron"), "USDT"))
    assert done(purse.client.get(f"/api/v1/assets/{assets[0]['asset_id']}")) == assets[0]
    page = done(purse.client.get(f"/api/v1/assets?account_id={account_id}"))
    assert page == {"data": assets, "total": 3, "has_more": False, "next_cursor": None}
    assert done(purse.client.get("/api/v1/assets"))["data"] == [*assets, elsewhere]
    assert done(purse.client.get("/api/v1/assets"))["total"] == 4


@pytest.mark.parametrize("of_account", [True, False])
def test_pages_of_assets_neither_skip_nor_repeat(purse: Purse, *, of_account: bool) -> None:
    account_id = purse.account("ethereum")
    chains = ("ethereum", "bsc", "polygon", "arbitrum", "optimism")
    added = [done(purse.add(account_id, "USDC", chain))["asset_id"] for chain in chains]
    path = "/api/v1/assets?page_size=2" + (f"&account_id={account_id}" if of_account else "")
    seen: list[str] = []
    page = done(purse.client.get(path))
    while True:
        seen += [asset["asset_id"] for asset in page["data"]]
        assert page["total"] == len(added)
        assert page["has_more"] == (page["next_cursor"] is not None)
        if not page["has_more"]:
            break
        page = done(purse.client.get(f"{path}&cursor={page['next_cursor']}"))
    assert seen == added
    assert [asset["asset_id"] for asset in done(purse.client.get(f"{path}&page=3"))["data"]] == added[4:]


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page_size=101",
        "page_size=x",
        "page=1&cursor=x",
        "cursor=x",
        "limit=5",
        "symbol=USDT",
        "page=1&page=2",
    ],
)
def test_a_query_that_cannot_be_is_an_invalid_parameter(purse: Purse, query: str) -> None:
    refused(purse.client.get(f"/api/v1/assets?{query}"), 400, "invalid_parameter")


def test_a_cursor_is_good_for_its_own_list_alone(purse: Purse) -> None:
    account_id = purse.account("ethereum")
    for chain in ("ethereum", "bsc"):
        done(purse.add(account_id, "USDC", chain))
    cursor = done(purse.client.get("/api/v1/assets?page_size=1"))["next_cursor"]
    other = open_purse(purse.world.client())
    for client, path in (
        (purse.client, f"/api/v1/assets?account_id={account_id}&cursor={cursor}"),
        (purse.client, f"/api/v1/accounts?cursor={cursor}"),
        (purse.client, f"/api/v1/chains?cursor={cursor}"),
        (other.client, f"/api/v1/assets?cursor={cursor}"),
    ):
        refused(client.get(path), 400, "invalid_parameter")


@pytest.mark.parametrize("position", ["9" * 40, "x", "-1", "1#2"])
@pytest.mark.parametrize("path", ["/api/v1/tokens", "/api/v1/assets"])
def test_a_forged_cursor_is_refused_or_leads_to_no_rows(purse: Purse, path: str, position: str) -> None:
    done(purse.add(purse.account("tron"), "USDT"))
    done(purse.add(purse.account("tron"), "USDT"))
    cursor = done(purse.client.get(f"{path}?page_size=1"))["next_cursor"]
    binding, backwards, page, _ = json.loads(urlsafe_b64decode(cursor + "==="))
    forged = urlsafe_b64encode(json.dumps([binding, backwards, page, position]).encode()).decode().rstrip("=")
    answer = purse.client.get(f"{path}?cursor={forged}")
    assert answer.status in {200, 400}, answer.body


def test_an_asset_is_deactivated_and_activated_and_stays_readable(purse: Purse) -> None:
    asset = done(purse.add(purse.account("tron"), "USDT"))
    path = f"/api/v1/assets/{asset['asset_id']}"
    assert done(purse.client.patch(path, {"is_active": False})) == asset | {"is_active": False}
    assert done(purse.client.get(path)) == asset | {"is_active": False}
    assert done(purse.client.patch(path, {"is_active": True})) == asset
    refused(purse.client.patch(path, {"is_active": "yes"}), 400, "invalid_parameter")
    refused(purse.client.patch(path, {}), 400, "invalid_parameter")


def test_the_ledger_api_reads_the_wallet_ledger_and_never_writes_it(purse: Purse) -> None:
    asset = done(purse.add(purse.account("tron"), "USDT"))
    wallet = done(purse.client.get(f"/api/v1/wallets/{purse.wallet_id}"))
    ledgers = f"/v1/organizations/{wallet['organization_id']}/ledgers"
    ledger = f"{ledgers}/{wallet['ledger_id']}"
    (kept,) = done(purse.client.get(f"{ledger}/assets"))
    assert (kept["code"], kept["name"], kept["decimals"]) == ("USDTTRON", "Tether USD (tron)", 6)
    assert kept["metadata"] == {"caip19": asset["caip19"]}
    before = purse.world.fake.snapshot()
    for method, path, body in (
        ("POST", ledgers, {"name": "Mine"}),
        ("PATCH", ledger, {"name": "Mine"}),
        ("DELETE", ledger, None),
        ("POST", f"{ledger}/assets", {"name": "Gold", "type": "commodity", "code": "GOLD"}),
        ("PATCH", f"{ledger}/assets/{kept['id']}", {"name": "Mine"}),
        ("DELETE", f"{ledger}/assets/{kept['id']}", None),
        ("PATCH", ledgers.rpartition("/")[0], {"legalName": "Mine"}),
        ("DELETE", ledgers.rpartition("/")[0], None),
    ):
        answer = purse.client.send(method, path, body, {})
        assert (answer.status, answer.json["code"]) == (403, "0043"), path
    assert purse.world.fake.snapshot() == before


def test_two_clients_have_each_their_own_wallet_ledger(world: World) -> None:
    ours, theirs = open_purse(world.client()), open_purse(world.client())
    account_id = ours.account("tron")
    asset = done(ours.add(account_id, "USDT"))
    refused(theirs.add(account_id, "USDC"), 404, "not_found")
    refused(theirs.client.get(f"/api/v1/assets/{asset['asset_id']}"), 404, "not_found")
    refused(theirs.client.patch(f"/api/v1/assets/{asset['asset_id']}", {"is_active": False}), 404, "not_found")
    assert done(theirs.client.get(f"/api/v1/assets?account_id={account_id}"))["data"] == []
    done(theirs.add(theirs.account("tron"), "USDT"))
