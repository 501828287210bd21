"""A walk through both APIs, each request and answer as they went over the wire."""

import json
import secrets
from collections.abc import Mapping

import httpx

from local.stack import Access

_SHOWN_OF_A_SECRET = 12
_SECRETS = {"token", "access_token"}

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


def walk(base_url: str, access: Access) -> None:
    """Get a token; then every call of the ledger's Assets API, and adding assets to accounts of a wallet.

    httpx.HTTPStatusError when an answer is not the one that the walk expects.
    """
    with httpx.Client(base_url=base_url, timeout=60, event_hooks={"request": [_print_request]}) as api:
        keys = {"X-API-Key": access.api_key, "X-API-Secret": access.api_secret}
        token = _call(api, "POST", "/api/v1/auth/token", headers=keys).json()["token"]
        api.headers["Authorization"] = f"Bearer {token}"

        _ledger_api(api)
        _wallet_api(api)


def _ledger_api(api: httpx.Client) -> None:
    """An organization, a ledger, and assets in it."""
    company = {"legalName": "Acme Payments Ltda.", "legalDocument": "12.345.678/0001-90"}
    organization = _call(api, "POST", "/v1/organizations", company).json()["id"]
    ledgers = f"/v1/organizations/{organization}/ledgers"
    ledger = _call(api, "POST", ledgers, {"name": "Treasury"}).json()["id"]

    assets = f"{ledgers}/{ledger}/assets"
    bitcoin = _call(api, "POST", assets, _BITCOIN).json()["id"]
    real = _call(api, "POST", assets, _REAL).json()["id"]
    _call(api, "GET", assets)
    _call(api, "GET", f"{assets}?type=crypto")
    _call(api, "GET", f"{assets}/{bitcoin}")
    _call(api, "PATCH", f"{assets}/{real}", _PRE_LAUNCH)
    _call(api, "DELETE", f"{assets}/{bitcoin}")
    _call(api, "GET", f"{assets}/{bitcoin}", expected=httpx.codes.NOT_FOUND)


def _wallet_api(api: httpx.Client) -> None:
    """A wallet, accounts of it on two chains, and tokens on them."""
    wallet = _call(api, "POST", "/api/v1/wallets", {"wallet_name": "Customers"}).json()["wallet_id"]
    # A fresh address each time, as an address belongs to one account: its keys are nobody's.
    customer = {
        "wallet_id": wallet,
        "chain": "ethereum",
        "address": f"0x{secrets.token_hex(20)}",
        "label": "Customer 1",
    }
    ethereum = _call(api, "POST", "/api/v1/accounts", customer).json()["account_id"]
    tron = _call(api, "POST", "/api/v1/accounts", {"wallet_id": wallet, "chain": "tron"}).json()["account_id"]

    assets = "/api/v1/assets"
    usdt = _call(api, "POST", assets, {"account_id": ethereum, "symbol": "USDT", "chain": "ethereum"}).json()[
        "asset_id"
    ]
    _call(api, "POST", assets, {"account_id": ethereum, "symbol": "USDT", "chain": "bsc"})
    _call(api, "POST", assets, {"account_id": ethereum, "symbol": "MATIC", "chain": "polygon"})
    _call(api, "POST", assets, {"account_id": tron, "symbol": "USDT"})
    again = {"account_id": tron, "symbol": "USDT"}
    _call(api, "POST", assets, again, expected=httpx.codes.BAD_REQUEST)
    _call(api, "GET", f"{assets}?account_id={ethereum}")
    _call(api, "GET", f"{assets}/{usdt}")
    _call(api, "GET", "/api/v1/tokens?symbol=USDT&page_size=3")


def _call(
    api: httpx.Client,
    method: str,
    path: str,
    body: Mapping[str, object] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    expected: int | None = None,
) -> httpx.Response:
    response = api.request(method, path, json=body, headers=headers)
    print(f"  ← {response.status_code} {response.reason_phrase}")
    if response.content:
        _print_json(response.json())
    if response.status_code != expected:
        response.raise_for_status()
    return response


def _print_request(request: httpx.Request) -> None:
    path = request.url.raw_path.decode().partition("$default")[2]
    print(f"\n{request.method} {path}")
    for name in ("X-API-Key", "X-API-Secret"):
        if name in request.headers:
            print(f"    {name}: {_shortened(request.headers[name])}")
    if request.content:
        _print_json(json.loads(request.content))


def _print_json(value: object) -> None:
    text = json.dumps(_without_secrets(value), indent=2, ensure_ascii=False)
    print("\n".join(f"    {line}" for line in text.splitlines()))


def _without_secrets(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {key: _shortened(item) if key in _SECRETS else item for key, item in value.items()}


def _shortened(secret: str) -> str:
    return f"{secret[:_SHOWN_OF_A_SECRET]}…"
