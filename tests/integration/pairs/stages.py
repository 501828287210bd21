"""Two stages, a ledger and a client's wallets, with all there is to race about, and the requests that may meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tests.integration.ledger_api.books import ORGANIZATION, done, made
from tests.integration.wallet_api.purse import ADDRESSES
from tests.support.world import Answer, Client

type Request = Callable[[], Answer]

OURS, ALSO_OURS = ADDRESSES["ethereum"], ADDRESSES["polygon"]
THEIRS, NEW = f"0x{'1' * 40}", f"0x{'2' * 40}"
OUTSIDE = "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe"


def set_ledger(client: Client) -> Mapping[str, Request]:
    """A ledger with money, holds and things that may be deleted."""
    organization = f"/v1/organizations/{made(client.post('/v1/organizations', ORGANIZATION)).id}"
    ledger = f"{organization}/ledgers/{made(client.post(f'{organization}/ledgers', {'name': 'Main'})).id}"
    spare = f"{organization}/ledgers/{made(client.post(f'{organization}/ledgers', {'name': 'Spare'})).id}"

    def new(path: str, body: Mapping[str, Any]) -> str:
        return f"{ledger}/{path}/{made(client.post(f'{ledger}/{path}', body)).id}"

    real = new("assets", {"name": "Real", "type": "currency", "code": "BRL", "decimals": 2})
    dollar = new("assets", {"name": "Dollar", "type": "currency", "code": "USD", "decimals": 2})
    portfolio, segment = new("portfolios", {"name": "P"}), new("segments", {"name": "S"})
    alice, bob, carol, usd = (
        new("accounts", {"assetCode": code, "type": "deposit", "alias": alias, "shards": shards})
        for alias, code, shards in (("@alice", "BRL", 2), ("@bob", "BRL", 1), ("@carol", "BRL", 1), ("@usd", "USD", 1))
    )
    reserve = made(client.post(f"{bob}/balances", {"key": "reserve"})).id
    (of_alice,) = done(client.get(f"{alice}/balances"))["items"]
    made(client.post(f"{ledger}/transactions/inflow", {"send": _send("10", to="@alice")}))
    paid = new("transactions/json", _payment("@alice", "@bob", "3"))
    held = new("transactions/json", _payment("@bob", "@alice", "2") | {"pending": True})
    paid, held = (path.replace("/json/", "/") for path in (paid, held))

    def post(path: str, body: object = None) -> Request:
        return partial(client.post, path, body)

    def patch(path: str, **body: object) -> Request:
        return partial(client.patch, path, body)

    def delete(path: str) -> Request:
        return partial(client.delete, path)

    def pay(payer: str, payee: str, value: str, **fields: object) -> Request:
        return post(f"{ledger}/transactions/json", _payment(payer, payee, value) | fields)

    to_reserve = _payment("@alice", "@bob", "1")
    to_reserve["send"]["distribute"]["to"][0]["balanceKey"] = "reserve"
    return {
        "rename the organization": patch(organization, legalName="Other"),
        "delete the organization": delete(organization),
        "create a ledger": post(f"{organization}/ledgers", {"name": "New"}),
        "rename the ledger": patch(ledger, name="New"),
        "delete the ledger": delete(ledger),
        "delete the spare ledger": delete(spare),
        "create an asset in the spare ledger": post(
            f"{spare}/assets", {"name": "Euro", "type": "currency", "code": "EUR"}
        ),
        "create an asset": post(f"{ledger}/assets", {"name": "Euro", "type": "currency", "code": "EUR"}),
        "rename an asset": patch(real, name="Euro"),
        "delete an asset with money": delete(real),
        "delete an asset without money": delete(dollar),
        "create a portfolio": post(f"{ledger}/portfolios", {"name": "P"}),
        "create a portfolio in the spare ledger": post(f"{spare}/portfolios", {"name": "P"}),
        "delete the portfolio": delete(portfolio),
        "create a segment": post(f"{ledger}/segments", {"name": "New"}),
        "create a segment in the spare ledger": post(f"{spare}/segments", {"name": "New"}),
        "rename the segment": patch(segment, name="New"),
        "delete the segment": delete(segment),
        "open an account": post(
            f"{ledger}/accounts",
            {
                "assetCode": "BRL",
                "type": "deposit",
                "alias": "@new",
                "portfolioId": portfolio.rpartition("/")[2],
                "segmentId": segment.rpartition("/")[2],
            },
        ),
        "open an account of dollars": post(
            f"{ledger}/accounts", {"assetCode": "USD", "type": "deposit", "alias": "@new"}
        ),
        "put an account into the portfolio": patch(carol, portfolioId=portfolio.rpartition("/")[2]),
        "block the payer": patch(alice, blocked=True),
        "block an empty account": patch(carol, blocked=True),
        "let the payer send no more": patch(f"{ledger}/balances/{of_alice['id']}", allowSending=False),
        "delete an empty account": delete(carol),
        "delete an account with money": delete(bob),
        "delete the account of dollars": delete(usd),
        "open a further balance": post(f"{bob}/balances", {"key": "new"}),
        "open a further balance of an empty account": post(f"{carol}/balances", {"key": "new"}),
        "let a further balance receive no more": patch(f"{ledger}/balances/{reserve}", allowReceiving=False),
        "close a further balance": delete(f"{ledger}/balances/{reserve}"),
        "pay": pay("@alice", "@bob", "4"),
        "pay all": pay("@alice", "@carol", "7"),
        "pay to a further balance": post(f"{ledger}/transactions/json", to_reserve),
        "hold": pay("@alice", "@carol", "7", pending=True),
        "bring in": post(f"{ledger}/transactions/inflow", {"send": _send("1", to="@carol")}),
        "bring in dollars": post(f"{ledger}/transactions/inflow", {"send": _send("1", to="@usd", asset="USD")}),
        "take out": post(f"{ledger}/transactions/outflow", {"send": _send("7", payer="@alice")}),
        "note": post(f"{ledger}/transactions/annotation", _payment("@alice", "@carol", "1")),
        "commit": post(f"{held}/commit"),
        "cancel": post(f"{held}/cancel"),
        "revert": post(f"{paid}/revert"),
        "describe a transaction": patch(held, description="other"),
        "pay twice": post(
            f"{ledger}/transactions/batch",
            {"transactions": [_payment("@alice", "@bob", "2"), _payment("@bob", "@carol", "1")], "atomic": True},
        ),
    }


def set_wallets(client: Client) -> Mapping[str, Request]:
    """A client's wallet with two accounts, money, and a withdrawal under way."""
    v1 = "/api/v1"
    wallet = done(client.post(f"{v1}/wallets", {"wallet_name": "W"}))["wallet_id"]

    def account(address: str) -> Request:
        return partial(client.post, f"{v1}/accounts", {"wallet_id": wallet, "chain": "ethereum", "address": address})

    first, second, third = (done(account(address)())["account_id"] for address in (OURS, ALSO_OURS, THEIRS))

    def token(account_id: str, symbol: str) -> Request:
        body = {"account_id": account_id, "symbol": symbol, "chain": "ethereum"}
        return partial(client.post, f"{v1}/assets", body)

    def deposit(number: int, symbol: str, to: str = OURS) -> Request:
        body = {"chain": "ethereum", "tx_hash": f"0x{number:064x}", "to_address": to, "token_symbol": symbol}
        return partial(client.post, f"{v1}/deposits", body | {"amount": "5"})

    def send(to: str, **fields: str) -> Request:
        body = {"operation": "TRANSFER", "from_address": OURS, "to_address": to, "chain": "ethereum"}
        return partial(client.post, f"{v1}/transactions", body | {"token_symbol": "USDT", "amount": "3"} | fields)

    usdt, idle = (done(token(account_id, "USDT")())["asset_id"] for account_id in (first, third))
    done(deposit(5, "USDT", THEIRS)())
    done(client.patch(f"{v1}/assets/{idle}", {"is_active": False}))
    done(client.patch(f"{v1}/accounts/{third}", {"status": "FROZEN"}))
    done(deposit(1, "USDT")())
    withdrawal = f"{v1}/transactions/{done(send(OUTSIDE, amount='1')())['tx_id']}"

    def report(status: str) -> Request:
        hashed = {"tx_hash": f"0x{9:064x}"} if status in {"BROADCAST", "CONFIRMED"} else {}
        return partial(client.post, f"{withdrawal}/status", {"status": status} | hashed)

    def patch(path: str, **body: object) -> Request:
        return partial(client.patch, f"{v1}/{path}", body)

    return {
        "create a wallet": partial(client.post, f"{v1}/wallets", {"wallet_name": "V"}),
        "create an account": account(NEW),
        "add a token that the client has": token(second, "USDT"),
        "add a token that the client has not": token(second, "USDC"),
        "add it to the other account": token(first, "USDC"),
        "freeze": patch(f"accounts/{first}", status="FROZEN"),
        "freeze the other account": patch(f"accounts/{second}", status="FROZEN"),
        "deactivate": patch(f"assets/{usdt}", is_active=False),
        "let the frozen account go": patch(f"accounts/{third}", status="ACTIVE"),
        "activate its asset": patch(f"assets/{idle}", is_active=True),
        "pay from the frozen account": send(ALSO_OURS, from_address=THEIRS),
        "report a deposit": deposit(2, "USDT"),
        "report it again": deposit(1, "USDT"),
        "report a deposit of a token that is to be added": deposit(3, "USDC"),
        "report a deposit to the other account": deposit(4, "USDT", ALSO_OURS),
        "pay": send(ALSO_OURS),
        "withdraw": send(OUTSIDE),
        "withdraw under a reference": send(OUTSIDE, reference_id="one"),
        "pay under a reference": send(ALSO_OURS, reference_id="one"),
        **{
            f"report {status}": report(status) for status in ("SIGNED", "BROADCAST", "CONFIRMED", "FAILED", "CANCELLED")
        },
    }


STAGES: Mapping[str, Callable[[Client], Mapping[str, Request]]] = {"ledger": set_ledger, "wallets": set_wallets}


def _leg(alias: str, value: str, asset: str) -> dict[str, Any]:
    return {"accountAlias": alias, "amount": {"asset": asset, "value": value}}


def _send(value: str, *, payer: str | None = None, to: str | None = None, asset: str = "BRL") -> dict[str, Any]:
    sides: dict[str, Any] = {"source": {"from": [_leg(payer, value, asset)]}} if payer else {}
    if to:
        sides["distribute"] = {"to": [_leg(to, value, asset)]}
    return {"asset": asset, "value": value} | sides


def _payment(payer: str, payee: str, value: str) -> dict[str, Any]:
    return {"send": _send(value, payer=payer, to=payee)}
