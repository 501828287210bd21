"""What is measured: each endpoint's request as it usually is, and the dearer cases that are worth knowing.

A scenario sets the scene in a world, and gives the request and the answer that is expected of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from coffer.api.authorizer import authorize
from coffer.api.operators import Operator
from coffer.times import rfc3339
from tests.support.world import Answer, Client, World
from tools.endpoints import handler

ORGANIZATION = {"legalName": "Acme Ltd", "legalDocument": "12345678000195"}
LEDGER = {"name": "Main"}
ASSET = {
    "name": "Bitcoin",
    "type": "crypto",
    "code": "BTC",
    "metadata": {
        "internalExchangeAddress": "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh",
        "internalExchangeCustody": "Binance US",
    },
}
PORTFOLIO = {"name": "Savings", "entityId": "customer-1", "metadata": {"advisor": "M. Ito"}}
SEGMENT = {"name": "Retail", "metadata": {"region": "south"}}
KEY = {"Idempotency_Key": "0b4bf5d1-3b0e-4cb6-9ff6-7a6d22a5b7a1"}


@dataclass(frozen=True, slots=True)
class Scene:
    """A world with a client in it, and what a scenario needs to have there."""

    world: World
    client: Client

    def organization(self) -> str:
        """The path of a new organization."""
        return f"/v1/organizations/{self.client.post('/v1/organizations', ORGANIZATION).id}"

    def ledgers(self) -> str:
        """The path of a new organization's ledgers."""
        return f"{self.organization()}/ledgers"

    def ledger(self) -> str:
        """The path of a new ledger."""
        path = self.ledgers()
        return f"{path}/{self.client.post(path, LEDGER).id}"

    def assets(self) -> str:
        """The path of a new ledger's assets."""
        return f"{self.ledger()}/assets"

    def asset(self) -> str:
        """The path of a new asset."""
        path = self.assets()
        return f"{path}/{self.client.post(path, ASSET).id}"

    def portfolios(self) -> str:
        """The path of a new ledger's portfolios."""
        return f"{self.ledger()}/portfolios"

    def portfolio(self) -> str:
        """The path of a new portfolio."""
        path = self.portfolios()
        return f"{path}/{self.client.post(path, PORTFOLIO).id}"

    def segments(self) -> str:
        """The path of a new ledger's segments."""
        return f"{self.ledger()}/segments"

    def segment(self) -> str:
        """The path of a new segment."""
        path = self.segments()
        return f"{path}/{self.client.post(path, SEGMENT).id}"

    def ledger_with_asset(self) -> str:
        """The path of a new ledger in which there is an asset."""
        return self.asset().rpartition("/assets/")[0]

    def verification(self) -> Callable[[], object]:
        """The verification of a ledger in which there is an asset."""
        _, _, _, organization_id, _, ledger_id = self.ledger_with_asset().split("/")
        ids = {"client_id": self.client.client_id, "organization_id": organization_id, "ledger_id": ledger_id}
        return partial(self.operate, "verify_ledger", **ids)

    def operate(self, module: str, **event: object) -> Mapping[str, str]:
        """An operator's function."""
        operator = cast("Operator[Any]", handler("operators", module))
        answer = operator.serve(event, self.world.runtime, self.world.countdown())
        return {name: str(value) for name, value in answer.items()}

    def keyring(self) -> str:
        """A signing key that signs; its kid."""
        arn = self.world.runtime.kms().create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        kid = self.operate("publish_signing_key", kms_arn=arn)["kid"]
        self.operate("switch_signing_key", kid=kid)
        return kid

    def api_key(self) -> Mapping[str, str]:
        """An API key of a new client, and a keyring to sign its tokens."""
        self.keyring()
        return self.operate("create_api_key", client_id=self.operate("create_client", client_name="Acme")["client_id"])

    def token_request(self) -> Callable[[], Answer]:
        """A request for a token."""
        key = self.api_key()
        headers = {"X_API_Key": key["api_key"], "X_API_Secret": key["api_secret"]}
        return partial(self.client.post, "/api/v1/auth/token", None, **headers)

    def authorization(self) -> Callable[[], object]:
        """A request to the authorizer, with a good token."""
        token = self.token_request()().json["token"]
        event = {"identitySource": [f"Bearer {token}"], "requestContext": {"domainName": "coffer.example"}}
        return partial(authorize, event, self.world.runtime, self.world.countdown())

    def key_set(self) -> Callable[[], Answer]:
        """A request for the public keys."""
        self.keyring()
        return partial(self.client.get, "/.well-known/jwks.json")

    def repeated(self) -> Callable[[], Answer]:
        """The creation of an asset, for the second time with one idempotency key."""
        request = partial(self.client.post, self.assets(), ASSET, **KEY)
        request()
        return request

    def books(self, *, shards: int = 1) -> str:
        """The path of a ledger with the accounts `@alice`, who has 1,000, and `@bob`, over so many shards."""
        assets = self.assets()
        ledger = assets.removesuffix("/assets")
        self.client.post(assets, REAL)
        for alias in ("@alice", "@bob"):
            self.client.post(f"{ledger}/accounts", {**ACCOUNT, "alias": alias, "shards": shards})
        self.client.post(f"{ledger}/transactions/inflow", INFLOW)
        return ledger

    def account_of(self, ledger: str, alias: str = "@alice") -> str:
        """The path of an account."""
        return f"{ledger}/accounts/{self.client.get(f'{ledger}/accounts/alias/{alias}').id}"

    def empty_account(self, *, shards: int = 1) -> str:
        """The path of an account without money."""
        return self.account_of(self.books(shards=shards), "@bob")

    def balance_of(self, ledger: str) -> str:
        """The path of the balance of `@alice`."""
        (balance,) = self.client.get(f"{ledger}/accounts/alias/@alice/balances").json["items"]
        return f"{ledger}/balances/{balance['id']}"

    def further_balance(self) -> str:
        """The path of an empty balance beside the default one."""
        ledger = self.books()
        path = f"{self.account_of(ledger)}/balances"
        return f"{ledger}/balances/{self.client.post(path, {'key': 'reserve'}).id}"

    def post(
        self, kind: str, body: object, key: Mapping[str, str] | None = None, *, shards: int = 1
    ) -> Callable[[], Answer]:
        """A request for a transaction."""
        return partial(self.client.post, f"{self.books(shards=shards)}/transactions/{kind}", body, **(key or {}))

    def posted_again(self) -> Callable[[], Answer]:
        """A payment, for the second time with one idempotency key."""
        request = self.post("json", PAYMENT, KEY)
        request()
        return request

    def transaction(self, **fields: object) -> str:
        """The path of a payment that was made."""
        path = f"{self.books()}/transactions"
        return f"{path}/{self.client.post(f'{path}/json', {**PAYMENT, **fields}).id}"

    def operation(self) -> str:
        """The path of an operation, under its transaction."""
        path = self.transaction()
        return f"{path}/operations/{self.client.get(path).json['operations'][0]['id']}"

    def operation_of_account(self) -> str:
        """The path of an operation, under its account."""
        path = self.operation()
        ledger, _, rest = path.partition("/transactions/")
        return f"{self.account_of(ledger)}/operations/{rest.rpartition('/')[2]}"

    def statement(self) -> str:
        """The path of a statement of 21 operations."""
        ledger = self.books()
        self.client.post(f"{ledger}/transactions/batch", {"transactions": [PAYMENT] * 20})
        return f"{self.account_of(ledger)}/operations"

    def second_page(self) -> str:
        """The path of the second page of an external account's statement, which has 128 operations."""
        ledger = self.books()
        for _ in range(127):
            self.client.post(f"{ledger}/transactions/inflow", INFLOW)
        external = self.client.get(f"{ledger}/accounts/external/BRL").id
        path = f"{ledger}/accounts/{external}/operations"
        return f"{path}?cursor={self.client.get(path).json['next_cursor']}"

    def history(self) -> str:
        """The path of the history of a balance of 1,000 entries, in its middle."""
        ledger = self.books()
        moments = []
        for _ in range(20):
            self.client.post(f"{ledger}/transactions/batch", {"transactions": [PAYMENT] * 49})
            moments.append(self.world.clock.now)
        return f"{self.balance_of(ledger)}/history?date={rfc3339(moments[len(moments) // 2])}"

    def expiry(self) -> Callable[[], object]:
        """The cancelling of what has expired, of which there is one."""
        self.transaction(pending=True, expiresAt=rfc3339(self.world.clock.now + 60_000))
        self.world.clock.now += 120_000
        expire = cast("Operator[Any]", handler("transactions", "expire"))
        return partial(expire.serve, {}, self.world.runtime, self.world.countdown())

    def re_creation(self) -> Callable[[], Answer]:
        """The creation of an asset whose code was another asset's before."""
        path = self.asset()
        self.client.delete(path)
        return partial(self.client.post, path.rpartition("/")[0], ASSET)

    def ten_assets(self) -> str:
        """The path of ten assets."""
        path = self.assets()
        for number in range(10):
            self.client.post(path, {**ASSET, "code": f"BTC{number}", "name": f"Bitcoin {number}"})
        return path

    def wallet(self) -> str:
        """The id of a new wallet, the client's second, so that its ledger is there."""
        self.client.post(f"{WALLETS}/wallets", WALLET)
        return str(self.client.post(f"{WALLETS}/wallets", WALLET).json["wallet_id"])

    def further_wallet(self) -> Callable[[], Answer]:
        """The creation of a wallet that is not the client's first."""
        self.wallet()
        return partial(self.client.post, f"{WALLETS}/wallets", WALLET)

    def list_with_wallet(self) -> str:
        """The path of a list of wallets."""
        self.wallet()
        return f"{WALLETS}/wallets"

    def list_with_holding(self, resource: str) -> str:
        """The path of a list of accounts or assets."""
        self.holding(1)
        return f"{WALLETS}/{resource}"

    def account(self, wallet_id: str, number: int = 0) -> str:
        """The id of a new account."""
        address = f"0x{number:040x}"
        body = {"wallet_id": wallet_id, "chain": "ethereum", "address": address}
        return str(self.client.post(f"{WALLETS}/accounts", body).json["account_id"])

    def addition(self, *, used: bool = True, added: bool = False) -> Callable[[], Answer]:
        """The addition of a token: used by the client before or not, added to the account before or not."""
        wallet_id = self.wallet()
        account_id = self.account(wallet_id)
        for other in [self.account(wallet_id, 1)] if used else []:
            self.client.post(f"{WALLETS}/assets", {"account_id": other, **TOKEN})
        request = partial(self.client.post, f"{WALLETS}/assets", {"account_id": account_id, **TOKEN}, **KEY)
        if added:
            self.client.post(f"{WALLETS}/assets", {"account_id": account_id, **TOKEN})
        return request

    def holding(self, tokens: int) -> str:
        """The id of an account with so many tokens, beside one with as many."""
        wallet_id = self.wallet()
        accounts = [self.account(wallet_id, number) for number in range(2)]
        for account_id in accounts:
            for chain in EVM_CHAINS[:tokens]:
                self.client.post(f"{WALLETS}/assets", {"account_id": account_id, "symbol": "USDC", "chain": chain})
        return accounts[0]

    def till(self) -> None:
        """Two accounts with USDT, 1,000 in the first."""
        wallet_id = self.wallet()
        for number in range(len(ADDRESSES)):
            account_id = self.account(wallet_id, number)
            self.client.post(f"{WALLETS}/assets", {"account_id": account_id, **TOKEN})
        self.client.post(f"{WALLETS}/deposits", {**DEPOSIT, "output_index": 9})

    def deposit(
        self, *, symbol: str = "USDT", again: bool = False, key: Mapping[str, str] | None = None
    ) -> Callable[[], Answer]:
        """The report of a deposit."""
        self.till()
        request = partial(self.client.post, f"{WALLETS}/deposits", {**DEPOSIT, "token_symbol": symbol}, **(key or {}))
        if again:
            request()
        return request

    def transfer(self, to: str, *, key: Mapping[str, str] | None = None, **fields: str) -> Callable[[], Answer]:
        """A transfer from the first account."""
        self.till()
        body = {"from_address": ADDRESSES[0], "to_address": to, **TRANSFER, **fields}
        return partial(self.client.post, f"{WALLETS}/transactions", body, **(key or {}))

    def withdrawal(self) -> str:
        """The path of a withdrawal."""
        return f"{WALLETS}/transactions/{self.transfer(OUTSIDE)().json['tx_id']}"

    def report(self, status: str) -> Callable[[], Answer]:
        """A report on a withdrawal."""
        hashed = {"tx_hash": DEPOSIT["tx_hash"]} if status == "CONFIRMED" else {}
        return partial(self.client.post, f"{self.withdrawal()}/status", {"status": status} | hashed)

    def wallet_asset(self) -> str:
        """The path of a new wallet asset."""
        return f"{WALLETS}/assets/{self.addition()().json['asset_id']}"


REAL = {"name": "Real", "type": "currency", "code": "BRL", "decimals": 2}
ACCOUNT = {"assetCode": "BRL", "type": "deposit", "name": "Checking"}


def _leg(alias: str, value: str) -> dict[str, object]:
    return {"accountAlias": alias, "amount": {"asset": "BRL", "value": value}}


INFLOW = {"send": {"asset": "BRL", "value": "1000.00", "distribute": {"to": [_leg("@alice", "1000.00")]}}}
OUTFLOW = {"send": {"asset": "BRL", "value": "10.00", "source": {"from": [_leg("@alice", "10.00")]}}}
PAYMENT = {
    "description": "order 42",
    "metadata": {"orderId": "42"},
    "send": {
        "asset": "BRL",
        "value": "0.50",
        "source": {"from": [_leg("@alice", "0.50")]},
        "distribute": {"to": [_leg("@bob", "0.50")]},
    },
}
TOO_MUCH = {"send": {**OUTFLOW["send"], "value": "5000", "source": {"from": [_leg("@alice", "5000")]}}}
PENDING = {"pending": True}
NEXT_YEAR = {"expiresAt": "2027-01-01T00:00:00.000Z"}

WALLETS = "/api/v1"
WALLET = {"wallet_name": "Main"}
TOKEN = {"symbol": "USDT", "chain": "ethereum"}
ADDRESSES = tuple(f"0x{number:040x}" for number in range(2))
OUTSIDE = "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe"
TRANSFER = {"chain": "ethereum", "token_symbol": "USDT", "amount": "10", "memo": "invoice 42"}
DEPOSIT = {
    "chain": "ethereum",
    "tx_hash": f"0x{'5c' * 32}",
    "to_address": ADDRESSES[0],
    "token_symbol": "USDT",
    "amount": "1000",
}
EVM_CHAINS = ("ethereum", "polygon", "arbitrum", "optimism", "base")

RENAMED = {"name": "Another name"}
NOTED = {"metadata": {"note": "something"}}

SCENARIOS: Mapping[str, tuple[int | None, Callable[[Scene], Callable[[], object]]]] = {
    "meta.health": (200, lambda at: partial(at.client.get, "/health")),
    "meta.version": (200, lambda at: partial(at.client.get, "/version")),
    "operators.verify_ledger, one asset": (None, Scene.verification),
    "meta.fallback": (404, lambda at: partial(at.client.get, "/nothing")),
    "auth.access_token": (200, Scene.token_request),
    "auth.authorizer": (None, Scene.authorization),
    "auth.jwks": (200, Scene.key_set),
    "auth.metadata": (200, lambda at: partial(at.client.get, "/.well-known/oauth-authorization-server")),
    "organizations.create": (201, lambda at: partial(at.client.post, "/v1/organizations", ORGANIZATION)),
    "organizations.list": (200, lambda at: partial(at.client.get, at.organization().rpartition("/")[0])),
    "organizations.get": (200, lambda at: partial(at.client.get, at.organization())),
    "organizations.update": (200, lambda at: partial(at.client.patch, at.organization(), NOTED)),
    "organizations.delete": (204, lambda at: partial(at.client.delete, at.organization())),
    "organizations.count": (204, lambda at: partial(at.client.head, "/v1/organizations/metrics/count")),
    "ledgers.create": (201, lambda at: partial(at.client.post, at.ledgers(), LEDGER)),
    "ledgers.list": (200, lambda at: partial(at.client.get, at.ledger().rpartition("/")[0])),
    "ledgers.get": (200, lambda at: partial(at.client.get, at.ledger())),
    "ledgers.update": (200, lambda at: partial(at.client.patch, at.ledger(), NOTED)),
    "ledgers.update, renamed": (200, lambda at: partial(at.client.patch, at.ledger(), RENAMED)),
    "ledgers.delete": (204, lambda at: partial(at.client.delete, at.ledger())),
    "ledgers.count": (204, lambda at: partial(at.client.head, f"{at.ledgers()}/metrics/count")),
    "ledgers.trial_balance": (200, lambda at: partial(at.client.get, f"{at.ledger_with_asset()}/trial-balance")),
    "ledgers.trial_balance, no asset": (200, lambda at: partial(at.client.get, f"{at.ledger()}/trial-balance")),
    "assets.create": (201, lambda at: partial(at.client.post, at.assets(), ASSET)),
    "assets.create, with a key": (201, lambda at: partial(at.client.post, at.assets(), ASSET, **KEY)),
    "assets.create, repeated": (201, Scene.repeated),
    "assets.create, code used before": (201, Scene.re_creation),
    "assets.create, code taken": (409, lambda at: partial(at.client.post, at.asset().rpartition("/")[0], ASSET)),
    "assets.list": (200, lambda at: partial(at.client.get, at.ten_assets())),
    "assets.list, a page": (200, lambda at: partial(at.client.get, f"{at.ten_assets()}?limit=5")),
    "assets.list, by code": (200, lambda at: partial(at.client.get, f"{at.ten_assets()}?code=BTC1")),
    "assets.list, nothing there": (200, lambda at: partial(at.client.get, at.assets())),
    "assets.get": (200, lambda at: partial(at.client.get, at.asset())),
    "assets.update": (200, lambda at: partial(at.client.patch, at.asset(), NOTED)),
    "assets.update, renamed": (200, lambda at: partial(at.client.patch, at.asset(), RENAMED)),
    "assets.delete": (204, lambda at: partial(at.client.delete, at.asset())),
    "assets.count": (204, lambda at: partial(at.client.head, f"{at.assets()}/metrics/count")),
    "portfolios.create": (201, lambda at: partial(at.client.post, at.portfolios(), PORTFOLIO)),
    "portfolios.create, with a key": (201, lambda at: partial(at.client.post, at.portfolios(), PORTFOLIO, **KEY)),
    "portfolios.list": (200, lambda at: partial(at.client.get, at.portfolio().rpartition("/")[0])),
    "portfolios.list, nothing there": (200, lambda at: partial(at.client.get, at.portfolios())),
    "portfolios.get": (200, lambda at: partial(at.client.get, at.portfolio())),
    "portfolios.update": (200, lambda at: partial(at.client.patch, at.portfolio(), NOTED)),
    "portfolios.delete": (204, lambda at: partial(at.client.delete, at.portfolio())),
    "portfolios.count": (
        204,
        lambda at: partial(at.client.head, f"{at.portfolio().rpartition('/')[0]}/metrics/count"),
    ),
    "portfolios.count, nothing there": (204, lambda at: partial(at.client.head, f"{at.portfolios()}/metrics/count")),
    "segments.create": (201, lambda at: partial(at.client.post, at.segments(), SEGMENT)),
    "segments.create, with a key": (201, lambda at: partial(at.client.post, at.segments(), SEGMENT, **KEY)),
    "segments.create, name taken": (409, lambda at: partial(at.client.post, at.segment().rpartition("/")[0], SEGMENT)),
    "segments.list": (200, lambda at: partial(at.client.get, at.segment().rpartition("/")[0])),
    "segments.list, nothing there": (200, lambda at: partial(at.client.get, at.segments())),
    "segments.get": (200, lambda at: partial(at.client.get, at.segment())),
    "segments.update": (200, lambda at: partial(at.client.patch, at.segment(), NOTED)),
    "segments.update, renamed": (200, lambda at: partial(at.client.patch, at.segment(), RENAMED)),
    "segments.delete": (204, lambda at: partial(at.client.delete, at.segment())),
    "segments.count": (204, lambda at: partial(at.client.head, f"{at.segment().rpartition('/')[0]}/metrics/count")),
    "segments.count, nothing there": (204, lambda at: partial(at.client.head, f"{at.segments()}/metrics/count")),
    "accounts.create": (201, lambda at: partial(at.client.post, f"{at.books()}/accounts", ACCOUNT)),
    "accounts.create, with a key": (201, lambda at: partial(at.client.post, f"{at.books()}/accounts", ACCOUNT, **KEY)),
    "accounts.create, 16 shards": (
        201,
        lambda at: partial(at.client.post, f"{at.books()}/accounts", {**ACCOUNT, "shards": 16}),
    ),
    "accounts.list": (200, lambda at: partial(at.client.get, f"{at.books()}/accounts")),
    "accounts.list, by alias": (200, lambda at: partial(at.client.get, f"{at.books()}/accounts?alias=@alice")),
    "accounts.get": (200, lambda at: partial(at.client.get, at.empty_account())),
    "accounts.get_by_alias": (200, lambda at: partial(at.client.get, f"{at.books()}/accounts/alias/@alice")),
    "accounts.get_external": (200, lambda at: partial(at.client.get, f"{at.books()}/accounts/external/BRL")),
    "accounts.update": (200, lambda at: partial(at.client.patch, at.empty_account(), NOTED)),
    "accounts.update, blocked": (200, lambda at: partial(at.client.patch, at.empty_account(), {"blocked": True})),
    "accounts.update, 16 shards blocked": (
        200,
        lambda at: partial(at.client.patch, at.empty_account(shards=16), {"blocked": True}),
    ),
    "accounts.delete": (204, lambda at: partial(at.client.delete, at.empty_account())),
    "accounts.delete, 16 shards": (204, lambda at: partial(at.client.delete, at.empty_account(shards=16))),
    "accounts.count": (204, lambda at: partial(at.client.head, f"{at.books()}/accounts/metrics/count")),
    "balances.create": (
        201,
        lambda at: partial(at.client.post, f"{at.empty_account()}/balances", {"key": "reserve"}),
    ),
    "balances.list": (200, lambda at: partial(at.client.get, f"{at.books()}/balances")),
    "balances.list_of_account": (200, lambda at: partial(at.client.get, f"{at.empty_account()}/balances")),
    "balances.list_of_account, 16 shards": (
        200,
        lambda at: partial(at.client.get, f"{at.empty_account(shards=16)}/balances"),
    ),
    "balances.list_of_alias": (200, lambda at: partial(at.client.get, f"{at.books()}/accounts/alias/@alice/balances")),
    "balances.list_of_external": (
        200,
        lambda at: partial(at.client.get, f"{at.books()}/accounts/external/BRL/balances"),
    ),
    "balances.get": (200, lambda at: partial(at.client.get, at.balance_of(at.books()))),
    "balances.get_history": (200, lambda at: partial(at.client.get, at.history())),
    "balances.list_history": (
        200,
        lambda at: partial(at.client.get, f"{at.empty_account()}/balances/history?date=2026-01-15"),
    ),
    "balances.update": (
        200,
        lambda at: partial(at.client.patch, at.balance_of(at.books()), {"allowSending": False}),
    ),
    "balances.delete": (204, lambda at: partial(at.client.delete, at.further_balance())),
    "operations.list": (200, lambda at: partial(at.client.get, at.statement())),
    "operations.list, 16 shards, the second page": (200, lambda at: partial(at.client.get, at.second_page())),
    "operations.list, newest first": (200, lambda at: partial(at.client.get, f"{at.statement()}?sort_order=desc")),
    "operations.get": (200, lambda at: partial(at.client.get, at.operation_of_account())),
    "operations.update": (200, lambda at: partial(at.client.patch, at.operation(), NOTED)),
    "transactions.create_json": (201, lambda at: at.post("json", PAYMENT)),
    "transactions.create_json, with a key": (201, lambda at: at.post("json", PAYMENT, KEY)),
    "transactions.create_json, repeated": (201, Scene.posted_again),
    "transactions.create_json, pending": (201, lambda at: at.post("json", {**PAYMENT, **PENDING}, KEY)),
    "transactions.create_json, pending and will expire": (
        201,
        lambda at: at.post("json", {**PAYMENT, **PENDING, **NEXT_YEAR}, KEY),
    ),
    "transactions.create_json, 4 shards": (201, lambda at: at.post("json", PAYMENT, KEY, shards=4)),
    "transactions.create_inflow": (201, lambda at: at.post("inflow", INFLOW, KEY)),
    "transactions.create_outflow": (201, lambda at: at.post("outflow", OUTFLOW, KEY)),
    "transactions.create_outflow, refused": (422, lambda at: at.post("outflow", TOO_MUCH)),
    "transactions.create_outflow, refused with a key": (422, lambda at: at.post("outflow", TOO_MUCH, KEY)),
    "transactions.create_annotation": (201, lambda at: at.post("annotation", PAYMENT, KEY)),
    "transactions.create_batch": (201, lambda at: at.post("batch", {"transactions": [PAYMENT] * 30}, KEY)),
    "transactions.create_batch, 30 payments in one write": (
        201,
        lambda at: at.post("batch", {"transactions": [PAYMENT] * 30, "atomic": True}, KEY),
    ),
    "transactions.list": (200, lambda at: partial(at.client.get, at.transaction().rpartition("/")[0])),
    "transactions.get": (200, lambda at: partial(at.client.get, at.transaction())),
    "transactions.update": (200, lambda at: partial(at.client.patch, at.transaction(), NOTED)),
    "transactions.commit": (201, lambda at: partial(at.client.post, f"{at.transaction(**PENDING)}/commit", None)),
    "transactions.commit, would have expired": (
        201,
        lambda at: partial(at.client.post, f"{at.transaction(**PENDING, **NEXT_YEAR)}/commit", None),
    ),
    "transactions.commit, with a key": (
        201,
        lambda at: partial(at.client.post, f"{at.transaction(**PENDING)}/commit", None, **KEY),
    ),
    "transactions.cancel": (201, lambda at: partial(at.client.post, f"{at.transaction(**PENDING)}/cancel", None)),
    "transactions.cancel, would have expired": (
        201,
        lambda at: partial(at.client.post, f"{at.transaction(**PENDING, **NEXT_YEAR)}/cancel", None),
    ),
    "transactions.revert": (201, lambda at: partial(at.client.post, f"{at.transaction()}/revert", None)),
    "transactions.count": (204, lambda at: partial(at.client.head, f"{at.books()}/transactions/metrics/count")),
    "transactions.expire": (None, Scene.expiry),
    "registry.list_chains": (200, lambda at: partial(at.client.get, f"{WALLETS}/chains")),
    "registry.list_tokens": (200, lambda at: partial(at.client.get, f"{WALLETS}/tokens?symbol=USDT")),
    "wallets.create": (200, Scene.further_wallet),
    "wallets.create, the client's first": (200, lambda at: partial(at.client.post, f"{WALLETS}/wallets", WALLET)),
    "wallets.list": (200, lambda at: partial(at.client.get, at.list_with_wallet())),
    "wallets.get": (200, lambda at: partial(at.client.get, f"{WALLETS}/wallets/{at.wallet()}")),
    "wallet_accounts.create": (
        200,
        lambda at: partial(at.client.post, f"{WALLETS}/accounts", {"wallet_id": at.wallet(), "chain": "tron"}),
    ),
    "wallet_accounts.list": (200, lambda at: partial(at.client.get, at.list_with_holding("accounts"))),
    "wallet_accounts.list, of a wallet": (
        200,
        lambda at: partial(at.client.get, f"{WALLETS}/accounts?wallet_id={at.wallet()}"),
    ),
    "wallet_accounts.get": (200, lambda at: partial(at.client.get, f"{WALLETS}/accounts/{at.holding(1)}")),
    "wallet_accounts.update": (
        200,
        lambda at: partial(at.client.patch, f"{WALLETS}/accounts/{at.holding(1)}", {"status": "FROZEN"}),
    ),
    "wallet_assets.create": (200, Scene.addition),
    "wallet_assets.create, a token new to the client": (200, lambda at: at.addition(used=False)),
    "wallet_assets.create, already added": (400, lambda at: at.addition(added=True)),
    "wallet_assets.list": (200, lambda at: partial(at.client.get, at.list_with_holding("assets"))),
    "wallet_assets.list, one of an account": (
        200,
        lambda at: partial(at.client.get, f"{WALLETS}/assets?account_id={at.holding(1)}"),
    ),
    "wallet_assets.list, five of an account": (
        200,
        lambda at: partial(at.client.get, f"{WALLETS}/assets?account_id={at.holding(5)}"),
    ),
    "wallet_assets.get": (200, lambda at: partial(at.client.get, at.wallet_asset())),
    "wallet_transactions.create": (200, lambda at: at.transfer(ADDRESSES[1])),
    "wallet_transactions.create, with key and reference": (
        200,
        lambda at: at.transfer(ADDRESSES[1], key=KEY, reference_id="payout-1"),
    ),
    "wallet_transactions.create, a withdrawal": (200, lambda at: at.transfer(OUTSIDE, key=KEY)),
    "wallet_transactions.list": (200, lambda at: partial(at.client.get, f"{at.withdrawal().rpartition('/')[0]}")),
    "wallet_transactions.get": (200, lambda at: partial(at.client.get, at.withdrawal())),
    "settlement.create_deposit": (200, lambda at: at.deposit()),
    "settlement.create_deposit, with a key": (200, lambda at: at.deposit(key=KEY)),
    "settlement.create_deposit, reported again": (200, lambda at: at.deposit(again=True)),
    "settlement.create_deposit, a token new to the account": (200, lambda at: at.deposit(symbol="USDC")),
    "settlement.report_status": (200, lambda at: at.report("SIGNED")),
    "settlement.report_status, confirmed": (200, lambda at: at.report("CONFIRMED")),
    "settlement.report_status, failed": (200, lambda at: at.report("FAILED")),
    "wallet_assets.update": (200, lambda at: partial(at.client.patch, at.wallet_asset(), {"is_active": False})),
}
"""By `folder.module`, with a note behind a comma where an endpoint has several: the status expected, the request."""
