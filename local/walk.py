"""A walk through both APIs, each request and answer as they went over the wire."""

import secrets

import httpx

from local.problem import Problem
from local.stack import Access
from local.wire import Shown, call, client

_BITCOIN = {
    "name": "Bitcoin",
    "type": "crypto",
    "code": "BTC",
    "metadata": {
        "internalExchangeAddress": "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh",
        "internalExchangeCustody": "Binance US",
    },
}
_REAL = {
    "name": "Real",
    "type": "currency",
    "code": "BRL",
    "decimals": 2,
    "status": {"code": "001", "description": "Active"},
    "metadata": {"localBank": "c6"},
}
_PRE_LAUNCH = {
    "name": "Brazilian Real",
    "status": {"code": "003", "description": "Pre-launch"},
    "metadata": {"cfo": "Satoshi Nakamoto"},
}

_ANA, _SHOP = "@ana", "@shop"

_OF_AN_OPERATION: Shown = {
    "type": {},
    "accountAlias": {},
    "amount": {},
    "balanceAfter": {"available": {}, "onHold": {}},
}
_OF_A_TRANSACTION: Shown = {
    "id": {},
    "description": {},
    "status": {"code": {}},
    "amount": {},
    "source": {},
    "destination": {},
    "operations": _OF_AN_OPERATION,
}
_OF_TRANSACTIONS: Shown = {"items": {"code": {}, **_OF_A_TRANSACTION}}
_OF_A_WALLET_ASSET: Shown = {
    "account_id": {},
    "symbol": {},
    "chain": {},
    "balance": {},
    "locked_balance": {},
}
_OF_A_WALLET_TRANSACTION: Shown = {"tx_id": {}, "status": {}, "amount": {}, "tx_hash": {}}
_OUTSIDE = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
_OF_BALANCES: Shown = {"items": {"alias": {}, "assetCode": {}, "available": {}, "onHold": {}}}


def walk(base_url: str, access: Access) -> None:
    """Get a token; then assets and money in a ledger, and the same in the accounts of a wallet.

    httpx.HTTPStatusError or Problem when an answer is not the one that the walk expects.
    """
    with client(base_url) as api:
        keys = {"X-API-Key": access.api_key, "X-API-Secret": access.api_secret}
        token = call(api, "POST", "/api/v1/auth/token", headers=keys).json()["token"]
        api.headers["Authorization"] = f"Bearer {token}"

        ledger = _ledger(api)
        _assets(api, ledger)
        _money(api, ledger)
        _wallet_api(api)


def _ledger(api: httpx.Client) -> str:
    """The path of a new organization's ledger."""
    company = {"legalName": "Acme Payments Ltda.", "legalDocument": "12.345.678/0001-90"}
    organization = call(api, "POST", "/v1/organizations", company).json()["id"]
    ledgers = f"/v1/organizations/{organization}/ledgers"
    ledger = call(api, "POST", ledgers, {"name": "Treasury"}).json()["id"]
    return f"{ledgers}/{ledger}"


def _assets(api: httpx.Client, ledger: str) -> None:
    """Every call of the Assets API."""
    assets = f"{ledger}/assets"
    bitcoin = call(api, "POST", assets, _BITCOIN).json()["id"]
    real = call(api, "POST", assets, _REAL).json()["id"]
    call(api, "GET", assets)
    call(api, "GET", f"{assets}?type=crypto")
    call(api, "GET", f"{assets}/{bitcoin}")
    call(api, "PATCH", f"{assets}/{real}", _PRE_LAUNCH)
    call(api, "DELETE", f"{assets}/{bitcoin}")
    call(api, "GET", f"{assets}/{bitcoin}", expected=httpx.codes.NOT_FOUND)


def _money(api: httpx.Client, ledger: str) -> None:
    """Two accounts: money comes in, is paid, and is held until it is delivered; then how that stands in the books."""
    accounts, transactions = f"{ledger}/accounts", f"{ledger}/transactions"
    ana = call(api, "POST", accounts, {"assetCode": "BRL", "type": "deposit", "alias": _ANA}).json()["id"]
    call(api, "POST", accounts, {"assetCode": "BRL", "type": "merchant", "alias": _SHOP})

    deposit = {"send": {"asset": "BRL", "value": "100.00", "distribute": {"to": [_leg(_ANA, "100.00")]}}}
    call(api, "POST", f"{transactions}/inflow", deposit, key="deposit-1", shown=_OF_A_TRANSACTION)

    order = {"description": "order 42", "send": _payment("30.00")}
    paid, again = (
        call(api, "POST", f"{transactions}/json", order, key="order-42", shown=_OF_A_TRANSACTION) for _ in range(2)
    )
    if again.content != paid.content:
        raise Problem("the same payment with the same key was answered otherwise")

    reservation = {"description": "order 43", "pending": True, "send": _payment("25.00")}
    held = call(api, "POST", f"{transactions}/json", reservation, key="order-43", shown=_OF_A_TRANSACTION).json()["id"]
    call(api, "POST", f"{transactions}/{held}/commit", key="ship-43", shown=_OF_A_TRANSACTION)

    call(api, "GET", f"{accounts}/{ana}/operations", shown={"items": _OF_AN_OPERATION})
    call(api, "GET", f"{ledger}/balances", shown=_OF_BALANCES)


def _payment(value: str) -> dict[str, object]:
    source, destination = {"from": [_leg(_ANA, value)]}, {"to": [_leg(_SHOP, value)]}
    return {"asset": "BRL", "value": value, "source": source, "distribute": destination}


def _leg(alias: str, value: str) -> dict[str, object]:
    return {"accountAlias": alias, "amount": {"asset": "BRL", "value": value}}


def _wallet_api(api: httpx.Client) -> None:
    """A wallet, accounts of it on two chains, tokens on them, and money."""
    wallet = call(api, "POST", "/api/v1/wallets", {"wallet_name": "Customers"}).json()["wallet_id"]
    # A fresh address each time, as an address belongs to one account: its keys are nobody's.
    customer = {
        "wallet_id": wallet,
        "chain": "ethereum",
        "address": f"0x{secrets.token_hex(20)}",
        "label": "Customer 1",
    }
    ethereum = call(api, "POST", "/api/v1/accounts", customer).json()["account_id"]
    tron = call(api, "POST", "/api/v1/accounts", {"wallet_id": wallet, "chain": "tron"}).json()["account_id"]

    assets = "/api/v1/assets"
    usdt = call(api, "POST", assets, {"account_id": ethereum, "symbol": "USDT", "chain": "ethereum"}).json()["asset_id"]
    call(api, "POST", assets, {"account_id": ethereum, "symbol": "USDT", "chain": "bsc"})
    call(api, "POST", assets, {"account_id": ethereum, "symbol": "MATIC", "chain": "polygon"})
    call(api, "POST", assets, {"account_id": tron, "symbol": "USDT"})
    again = {"account_id": tron, "symbol": "USDT"}
    call(api, "POST", assets, again, expected=httpx.codes.BAD_REQUEST)
    call(api, "GET", f"{assets}?account_id={ethereum}")
    call(api, "GET", f"{assets}/{usdt}")
    call(api, "GET", "/api/v1/tokens?symbol=USDT&page_size=3")

    _wallet_money(api, wallet, customer["address"])


def _wallet_money(api: httpx.Client, wallet_id: str, customer: str) -> None:
    """A deposit, a transfer, and two withdrawals, of which one is confirmed and one fails; then the ledger beneath."""
    merchant = f"0x{secrets.token_hex(20)}"
    shop = {"wallet_id": wallet_id, "chain": "ethereum", "address": merchant, "label": "Shop"}
    call(api, "POST", "/api/v1/accounts", shop)

    def balances() -> None:
        call(api, "GET", "/api/v1/assets?page_size=100", shown={"data": _OF_A_WALLET_ASSET})

    usdt = {"chain": "ethereum", "token_symbol": "USDT"}
    mined = f"0x{secrets.token_hex(32)}"
    call(api, "POST", "/api/v1/deposits", {"tx_hash": mined, "to_address": customer, **usdt, "amount": "100"})
    balances()

    def send(to: str, amount: str) -> str:
        body = {"operation": "TRANSFER", "from_address": customer, "to_address": to, **usdt, "amount": amount}
        return str(call(api, "POST", "/api/v1/transactions", body, key=f"payout {to} {amount}").json()["tx_id"])

    send(merchant, "30.5")
    confirmed, failed = send(_OUTSIDE, "20"), send(_OUTSIDE, "10")
    balances()

    reports = [
        (confirmed, {"status": "BROADCAST", "tx_hash": f"0x{secrets.token_hex(32)}"}),
        (failed, {"status": "FAILED"}),
    ]
    for tx_id, report in reports:
        call(api, "POST", f"/api/v1/transactions/{tx_id}/status", report, shown=_OF_A_WALLET_TRANSACTION)
    final = {"status": "CONFIRMED", "tx_hash": reports[0][1]["tx_hash"]}
    call(api, "POST", f"/api/v1/transactions/{confirmed}/status", final, shown=_OF_A_WALLET_TRANSACTION)
    balances()

    wallet = call(api, "GET", f"/api/v1/wallets/{wallet_id}").json()
    ledger = f"/v1/organizations/{wallet['organization_id']}/ledgers/{wallet['ledger_id']}"
    call(api, "GET", f"{ledger}/transactions?asset_code=USDTETHEREUM&sort_order=desc", shown=_OF_TRANSACTIONS)
    call(api, "GET", f"{ledger}/trial-balance")
