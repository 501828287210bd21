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


RENAMED = {"name": "Another name"}
NOTED = {"metadata": {"note": "something"}}

SCENARIOS: Mapping[str, tuple[int | None, Callable[[Scene], Callable[[], object]]]] = {
    "meta.health": (200, lambda at: partial(at.client.get, "/health")),
    "meta.version": (200, lambda at: partial(at.client.get, "/version")),
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
}
"""By `folder.module`, with a note behind a comma where an endpoint has several: the status expected, the request."""
