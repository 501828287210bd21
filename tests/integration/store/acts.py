"""Everything that writes to the table, and what comes of it when calls to the table fail.

Ids and moments follow from a world's seed, so that two runs of one act can be compared to the last byte: whatever goes
wrong on the way, the answer and the whole table must be as if nothing had.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from coffer.auth.jwk import public_jwk
from coffer.auth.keyring import Keyring
from coffer.auth.secrets import ApiKeyId
from coffer.ids import pack, unpack
from coffer.models.clients import ApiKey
from coffer.store import clients, keyring
from tests.support.dynamodb.values import Comparable, Item
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults
from tests.support.template import table_definition
from tests.support.world import Call, World
from tools.scenarios import ACCOUNT, ASSET, KEY, LEDGER, ORGANIZATION, PAYMENT, SCENARIOS, Scene

type Act = Callable[[Scene], Callable[[], object]]
"""Sets the scene, and gives the request."""

type Snapshot = Mapping[tuple[Comparable, Comparable], Item]

NEW_KEY = ApiKey(secret_hash="0" * 64, scopes="assets:read", networks=(), revoked=False)
FIRST, SECOND = public_jwk("first", "AQAB"), public_jwk("second", "AQAB")


def _client(at: Scene) -> str:
    return at.operate("create_client", client_name="Acme")["client_id"]


def _api_key(at: Scene) -> ApiKeyId:
    return ApiKeyId(client=unpack(pack(_client(at))), key="01976a3e-9000-7fff-bfff-ffffffffffff")


def _kept_api_key(at: Scene) -> ApiKeyId:
    key = _api_key(at)
    clients.create_key(at.world.table(), key, NEW_KEY)
    return key


def _create_key(at: Scene) -> Callable[[], object]:
    key = _api_key(at)
    return lambda: clients.create_key(at.world.table(), key, NEW_KEY)


def _turn(at: Scene, step: Callable[[Keyring], Keyring]) -> Keyring:
    return keyring.change(at.world.table(), step)


def _two_keys(at: Scene) -> None:
    """The first key signs, the second is published."""
    _turn(at, lambda ring: ring.publish("arn:1", FIRST).switch(FIRST["kid"]).publish("arn:2", SECOND))


def _switch(at: Scene) -> Callable[[], object]:
    _two_keys(at)
    return lambda: at.operate("switch_signing_key", kid=SECOND["kid"])


def _retire(at: Scene) -> Callable[[], object]:
    _two_keys(at)
    return lambda: at.operate("retire_signing_key", kid=SECOND["kid"])


def _scenarios(*names: str) -> Mapping[str, Act]:
    return {name: SCENARIOS[name][1] for name in names}


UNPAYABLE = {
    "send": {
        "asset": "BRL",
        "value": "5000.00",
        "source": {"from": [{"accountAlias": "@bob", "remaining": "remaining"}]},
        "distribute": {"to": [{"accountAlias": "@alice", "remaining": "remaining"}]},
    }
}
"""A transaction that is refused, for lack of funds."""
TOGETHER = {"transactions": [PAYMENT, PAYMENT], "atomic": True}
EACH = {"transactions": [PAYMENT, UNPAYABLE, PAYMENT]}

KEYED: Mapping[str, Act] = {
    "organizations.create, with a key": lambda at: partial(at.client.post, "/v1/organizations", ORGANIZATION, **KEY),
    "ledgers.create, with a key": lambda at: partial(at.client.post, at.ledgers(), LEDGER, **KEY),
    **_scenarios(
        "assets.create, with a key",
        "segments.create, with a key",
        "accounts.create, with a key",
        "transactions.create_json, with a key",
        "transactions.create_json, pending and will expire",
        "transactions.create_json, 4 shards",
        "transactions.create_inflow",
        "transactions.create_outflow",
        "transactions.create_annotation",
        "transactions.commit, with a key",
        "wallet_assets.create",
        "wallet_assets.create, a token new to the client",
        "wallet_transactions.create, with key and reference",
        "wallet_transactions.create, a withdrawal",
        "settlement.create_deposit, with a key",
    ),
    "transactions.revert, with a key": lambda at: partial(at.client.post, f"{at.transaction()}/revert", None, **KEY),
    "transactions.create_batch, together, with a key": lambda at: at.post("batch", TOGETHER, KEY),
}
"""Over HTTP, with an idempotency key."""

REPEATABLE = _scenarios(
    "settlement.create_deposit",
    "settlement.create_deposit, a token new to the account",
    "settlement.report_status",
    "settlement.report_status, confirmed",
    "settlement.report_status, failed",
)
"""Over HTTP, and done once however often they are asked, without any key."""

HTTP: Mapping[str, Act] = {
    **_scenarios(
        "organizations.create",
        "organizations.update",
        "organizations.delete",
        "ledgers.create",
        "ledgers.update",
        "ledgers.update, renamed",
        "ledgers.delete",
        "assets.create",
        "assets.update",
        "assets.update, renamed",
        "assets.delete",
        "portfolios.create",
        "portfolios.update",
        "portfolios.delete",
        "segments.create",
        "segments.update",
        "segments.update, renamed",
        "segments.delete",
        "accounts.create",
        "accounts.update",
        "accounts.update, blocked",
        "accounts.delete",
        "accounts.delete, 16 shards",
        "balances.create",
        "balances.update",
        "balances.delete",
        "operations.update",
        "transactions.create_json",
        "transactions.update",
        "transactions.commit",
        "transactions.commit, would have expired",
        "transactions.cancel",
        "transactions.cancel, would have expired",
        "transactions.revert",
        "wallets.create",
        "wallets.create, the client's first",
        "wallet_accounts.create",
        "wallet_accounts.update",
        "wallet_assets.update",
        "wallet_transactions.create",
    ),
    "transactions.create_batch, together": lambda at: at.post("batch", TOGETHER),
    **REPEATABLE,
    **KEYED,
}
"""Over HTTP."""

PIECEWISE: Mapping[str, Act] = {
    "transactions.create_batch, each": lambda at: at.post("batch", EACH),
    "transactions.create_batch, each, with a key": lambda at: at.post("batch", EACH, KEY),
}
"""Over HTTP too, but done piece by piece: the answer says what has become of each."""

ACTS: Mapping[str, Act] = {
    **HTTP,
    **PIECEWISE,
    **_scenarios("transactions.expire"),
    "clients.create": lambda at: partial(at.operate, "create_client", client_name="Acme"),
    "clients.disable": lambda at: partial(at.operate, "set_client_status", client_id=_client(at), status="DISABLED"),
    "keys.create": _create_key,
    "keys.revoke": lambda at: partial(at.operate, "revoke_api_key", api_key=str(_kept_api_key(at))),
    "keyring.publish": lambda at: lambda: _turn(at, lambda ring: ring.publish("arn:1", FIRST)),
    "keyring.switch": _switch,
    "keyring.retire": _retire,
}
"""By what is written, and how."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of an act."""

    outcome: Any
    before: Snapshot
    after: Snapshot
    calls: Sequence[Call]
    world: World
    again: Callable[[], Any]
    """Sends the same request once more."""

    @property
    def writes(self) -> list[Mapping[str, Any]]:
        """The requests of its writes, those that failed included."""
        return [call.request for call in self.calls if call.operation == "transact_write_items"]

    @property
    def tries(self) -> list[int]:
        """How often each of its writes was sent, byte for byte the same."""
        return [len(list(same)) for _, same in groupby(self.writes)]

    @property
    def reads(self) -> list[str]:
        """The operations of its reads."""
        return [call.operation for call in self.calls if call.operation != "transact_write_items"]


def run(act: Act, strike: Callable[[Faults], object] | None = None, *, clock: Callable[[], float] | None = None) -> Run:
    """Sets the scene, lets `strike` plan what goes wrong from then on, and sends the request.

    `clock` (seconds) is the service's own, by which it forgets the token of a write.
    """
    fake = FakeDynamoDB(table_definition(), clock=clock or (lambda: 0))
    faults = Faults(fake)
    world = World(faults, fake=fake)
    request = act(Scene(world, world.client()))
    before, seen = fake.snapshot(), len(world.recorder.calls)
    if strike:
        strike(faults)
    outcome = request()
    return Run(outcome, before, fake.snapshot(), world.recorder.calls[seen:], world, request)


def asset_again(at: Scene) -> Callable[[], object]:
    """The creation of an asset whose code and name are taken."""
    return partial(at.client.post, at.asset().rpartition("/")[0], ASSET)


def account_again(at: Scene) -> Callable[[], object]:
    """The opening of an account whose alias is taken."""
    return partial(at.client.post, f"{at.books()}/accounts", {**ACCOUNT, "alias": "@alice"})
