"""What is measured: each endpoint's request as it usually is, and the dearer cases that are worth knowing.

A scenario sets the scene in a world, and gives the request and the answer that is expected of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from coffer.api.authorizer import authorize
from coffer.api.operators import Operator
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

    def wallet_asset(self) -> str:
        """The path of a new wallet asset."""
        return f"{WALLETS}/assets/{self.addition()().json['asset_id']}"


WALLETS = "/api/v1"
WALLET = {"wallet_name": "Main"}
TOKEN = {"symbol": "USDT", "chain": "ethereum"}
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
    "assets.list, nothing there": (200, lambda at: partial(at.client.get, at.assets())),
    "assets.get": (200, lambda at: partial(at.client.get, at.asset())),
    "assets.update": (200, lambda at: partial(at.client.patch, at.asset(), NOTED)),
    "assets.update, renamed": (200, lambda at: partial(at.client.patch, at.asset(), RENAMED)),
    "assets.delete": (204, lambda at: partial(at.client.delete, at.asset())),
    "assets.count": (204, lambda at: partial(at.client.head, f"{at.assets()}/metrics/count")),
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
    "wallet_assets.update": (200, lambda at: partial(at.client.patch, at.wallet_asset(), {"is_active": False})),
}
"""By `folder.module`, with a note behind a comma where an endpoint has several: the status expected, the request."""
