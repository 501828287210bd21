"""A small world of fixed ids: what the sample events in `events/` are about.

Once it is stored, each event works as it stands with `make invoke`, on the emulator's table. The secret is no secret:
never store this world in a table that anyone but the developer can reach.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain
from random import Random, SystemRandom
from typing import Any

from coffer import registry
from coffer.api import wallets
from coffer.auth.scopes import Scope, render
from coffer.auth.secrets import ApiKeyId, hash_secret
from coffer.ids import new_id, pack, prefixed
from coffer.models.accounts import NewAccount
from coffer.models.assets import NewAsset
from coffer.models.balances import NewBalance
from coffer.models.clients import ApiKey
from coffer.models.ledgers import NewLedger
from coffer.models.new_transactions import NewTransaction
from coffer.models.organizations import NewOrganization
from coffer.models.portfolios import NewPortfolio
from coffer.models.segments import NewSegment
from coffer.models.wallet_accounts import NewWalletAccount
from coffer.models.wallet_assets import NewWalletAsset
from coffer.models.wallets import NewWallet
from coffer.store import (
    accounts,
    assets,
    balances,
    clients,
    keys,
    ledgers,
    organizations,
    portfolios,
    segments,
    transactions,
    wallet_transactions,
)
from coffer.store import wallets as wallet_store
from coffer.store.keys import Key, LedgerRef, OrganizationRef
from coffer.store.table import Connection, Table
from coffer.store.wallet_transactions import Deposit, Transfer
from coffer.times import rfc3339

MOMENT = 1_768_473_600_000
"""2026-01-15T10:40:00Z, in milliseconds: when everything here was made, as its ids say."""

CLIENT = "019bc13d-a000-7000-8000-00000000000a"
API_KEY = "019bc13d-a000-7000-8000-00000000001a"
API_SECRET = "cfs_sample-of-a-secret-that-everybody-may-know0"  # noqa: S105 -- it says what it is
PARTNER = "019bc13d-a000-7000-8000-00000000000b"
PARTNER_API_KEY = "019bc13d-a000-7000-8000-00000000001b"

ORGANIZATION = "019bc13d-a000-7000-8000-000000000001"
EMPTY_ORGANIZATION = "019bc13d-a000-7000-8000-000000000002"
LEDGER = "019bc13d-a000-7000-8000-000000000011"
EMPTY_LEDGER = "019bc13d-a000-7000-8000-000000000012"
REAL = "019bc13d-a000-7000-8000-000000000021"
LINK = "019bc13d-a000-7000-8000-000000000022"
PORTFOLIO = "019bc13d-a000-7000-8000-000000000061"
SEGMENT = "019bc13d-a000-7000-8000-000000000071"

ALICE, SHOP, EMPTY_ACCOUNT = (f"019bc13d-a000-7000-8000-0000000000{number}" for number in (81, 82, 83))
BALANCE_OF_ALICE, BALANCE_OF_SHOP, EMPTY_BALANCE, FURTHER_BALANCE = (
    f"019bc13d-a000-7000-8000-0000000000{number}" for number in (91, 92, 93, 94)
)
DEPOSIT, TO_COMMIT, TO_CANCEL, PAYMENT, EXPIRED = (
    f"019bc13d-a000-7000-8000-00000000{number}" for number in ("0400", "0800", "0c00", "1000", "1400")
)

WALLET = "019bc13d-a000-7000-8000-000000000031"
ACCOUNT = "019bc13d-a000-7000-8000-000000000041"
SECOND_ACCOUNT = "019bc13d-a000-7000-8000-000000000042"
USDT = "019bc13d-a000-7000-8000-000000000051"

_CLIENT_ID = prefixed("cli", CLIENT)
_ORGANIZATION = OrganizationRef(_CLIENT_ID, ORGANIZATION)
_LEDGER = LedgerRef(_CLIENT_ID, ORGANIZATION, LEDGER)
_WALLET_ID = prefixed("wal", WALLET)
_ACCOUNT_ID = prefixed("acc", ACCOUNT)
_ADDRESS = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
_USDT = wallets.choice(registry.resolve("ethereum", "USDT"), "USDT")
_PATIENCE = 10.0  # seconds for one resource


def store_samples(connection: Connection) -> None:
    """Stores what of the sample world is not there; what is there, or was deleted, stays as it is.

    Raises `Refusal(UNAVAILABLE)` when the table does not answer in time.
    """
    for sample in _samples():
        if _table(connection, sample).get(sample.key) is None:
            sample.create(_table(connection, sample))


@dataclass(frozen=True, slots=True)
class _Sample:
    """One write: the item by which it is known to be done, how it is done, and the ids that it takes, in order."""

    key: Key
    create: Callable[[Table], object]
    ids: Iterable[str] = ()


def _samples() -> list[_Sample]:
    return [
        _client(CLIENT, "Acme"),
        _api_key(ApiKeyId(CLIENT, API_KEY)),
        _client(PARTNER, "Former Partner"),
        _api_key(ApiKeyId(PARTNER, PARTNER_API_KEY)),
        _organization(ORGANIZATION, legalName="Acme Ltd", legalDocument="12345678000195"),
        _organization(EMPTY_ORGANIZATION, legalName="Shelf Company Ltd", legalDocument="12345678000276"),
        _ledger(LEDGER, name="Main"),
        _ledger(EMPTY_LEDGER, name="Trial"),
        _asset(
            REAL,
            name="Real",
            type="currency",
            code="BRL",
            status={"code": "001", "description": "Active"},
            metadata={"localBank": "c6"},
        ),
        _asset(
            LINK,
            name="Chainlink",
            type="crypto",
            code="LINK",
            status={"code": "001", "description": "Active"},
            metadata={"priceIn2025": 200.98, "priceCurrency": "USD"},
        ),
        _portfolio(PORTFOLIO, name="Pensions", entityId="customer-1"),
        _segment(SEGMENT, name="Retail"),
        _ledger_account(ALICE, BALANCE_OF_ALICE, "@alice"),
        _ledger_account(SHOP, BALANCE_OF_SHOP, "@shop"),
        _ledger_account(EMPTY_ACCOUNT, EMPTY_BALANCE, "@empty"),
        _balance(FURTHER_BALANCE, ALICE, "reserve"),
        _transaction(DEPOSIT, "1000.00", "@external/BRL", "@alice"),
        _transaction(TO_COMMIT, "80.00", "@alice", "@shop", pending=True),
        _transaction(TO_CANCEL, "20.00", "@alice", "@shop", pending=True),
        _transaction(PAYMENT, "120.00", "@alice", "@shop"),
        _transaction(EXPIRED, "5.00", "@alice", "@shop", pending=True, expiresAt=rfc3339(MOMENT + 1)),
        _wallet(WALLET, wallet_name="Main"),
        _account(
            ACCOUNT,
            wallet_id=_WALLET_ID,
            chain="ethereum",
            address=_ADDRESS,
            label="Customer 1",
        ),
        _account(
            SECOND_ACCOUNT,
            wallet_id=_WALLET_ID,
            chain="ethereum",
            address="0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            label="Customer 2",
        ),
        _wallet_asset(USDT, account_id=_ACCOUNT_ID, symbol="USDT", chain="ethereum"),
        _deposit("5000", output_index=0),
        _withdrawal("payout-7", "120.5"),
    ]


def _client(identity: str, name: str) -> _Sample:
    key = keys.client(prefixed("cli", identity))
    return _Sample(key, lambda table: clients.create_client(table, name), [identity])


def _api_key(api_key: ApiKeyId) -> _Sample:
    kept = ApiKey(hash_secret(API_SECRET), render(Scope), networks=(), revoked=False)
    return _Sample(keys.api_key(api_key), lambda table: clients.create_key(table, api_key, kept))


def _organization(identity: str, **fields: str) -> _Sample:
    body = NewOrganization.model_validate(fields)
    key = keys.organization(OrganizationRef(_CLIENT_ID, identity))
    return _Sample(key, lambda table: organizations.create(table, _CLIENT_ID, body), [identity])


def _ledger(identity: str, **fields: str) -> _Sample:
    body = NewLedger.model_validate(fields)
    key = keys.ledger(LedgerRef(_CLIENT_ID, ORGANIZATION, identity))
    return _Sample(key, lambda table: ledgers.create(table, _ORGANIZATION, body), [identity])


def _asset(identity: str, **fields: Any) -> _Sample:  # noqa: ANN401 -- a body as a caller sends it
    body = NewAsset.model_validate(fields)
    return _Sample(keys.asset(_LEDGER, identity), lambda table: assets.create(table, _LEDGER, body), [identity])


def _portfolio(identity: str, **fields: str) -> _Sample:
    body = NewPortfolio.model_validate(fields)
    key = keys.portfolio(_LEDGER, identity)
    return _Sample(key, lambda table: portfolios.create(table, _LEDGER, body), [identity])


def _segment(identity: str, **fields: str) -> _Sample:
    body = NewSegment.model_validate(fields)
    key = keys.segment(_LEDGER, identity)
    return _Sample(key, lambda table: segments.create(table, _LEDGER, body), [identity])


def _ledger_account(identity: str, balance: str, alias: str) -> _Sample:
    body = NewAccount.model_validate({"assetCode": "BRL", "type": "deposit", "alias": alias})
    key = keys.alias(_LEDGER, alias)  # which is there for good, also when the account is deleted
    return _Sample(key, lambda table: accounts.create(table, _LEDGER, body), [identity, balance])


def _balance(identity: str, account: str, key: str) -> _Sample:
    body = NewBalance(key=key)
    first = keys.entry(keys.chain(_LEDGER, "@alice", key, 0), 1)
    return _Sample(first, lambda table: balances.create(table, _LEDGER, account, body), [identity])


def _transaction(identity: str, value: str, payer: str, payee: str, **fields: object) -> _Sample:
    def leg(alias: str) -> object:
        return {"accountAlias": alias, "amount": {"asset": "BRL", "value": value}}

    send = {"asset": "BRL", "value": value, "source": {"from": [leg(payer)]}, "distribute": {"to": [leg(payee)]}}
    draft = NewTransaction.model_validate({"send": send, **fields}).draft()
    return _Sample(
        keys.transaction(_LEDGER, identity),
        lambda table: transactions.create(table, _LEDGER, draft, None, places=lambda: 0),
        [identity],
    )


def _wallet(identity: str, **fields: str) -> _Sample:
    body = NewWallet.model_validate(fields)
    key = keys.wallet(_CLIENT_ID, prefixed("wal", identity))
    return _Sample(key, lambda table: wallet_store.create(table, _CLIENT_ID, body), [identity])


def _account(identity: str, **fields: str) -> _Sample:
    body = NewWalletAccount.model_validate(fields)
    key = keys.wallet_account(_CLIENT_ID, prefixed("acc", identity))
    return _Sample(key, lambda table: wallets.create_account(table, _CLIENT_ID, body), [identity])


def _wallet_asset(identity: str, **fields: str) -> _Sample:
    body = NewWalletAsset.model_validate(fields)
    key = keys.wallet_asset(_CLIENT_ID, _ACCOUNT_ID, prefixed("ast", identity))
    return _Sample(key, lambda table: wallets.add_asset(table, _CLIENT_ID, body), [identity])


def _deposit(amount: str, output_index: int) -> _Sample:
    deposit = Deposit(
        token=_USDT,
        address_space="evm",
        to_address=_ADDRESS,
        amount=Decimal(amount),
        tx_hash=f"0x{'5c' * 32}",
        output_index=output_index,
        missing=None,
    )
    key = keys.wallet_transaction(_CLIENT_ID, deposit.tx_id(_CLIENT_ID))
    return _Sample(key, lambda table: wallet_transactions.receive(table, _CLIENT_ID, deposit, None))


def _withdrawal(reference_id: str, amount: str) -> _Sample:
    transfer = Transfer(
        token=_USDT,
        address_space="evm",
        from_address=_ADDRESS,
        to_address="0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe",
        amount=Decimal(amount),
        reference_id=reference_id,
        memo=None,
        missing=None,
    )
    key = keys.wallet_transaction(_CLIENT_ID, transfer.tx_id(_CLIENT_ID) or "")
    return _Sample(key, lambda table: wallet_transactions.send(table, _CLIENT_ID, transfer, None))


def _table(connection: Connection, sample: _Sample) -> Table:
    """A request of its own, whose first new ids are given; the others are always the same, too."""
    end = time.monotonic() + _PATIENCE
    further = partial(new_id, MOMENT, Random(str(sample.key)).getrandbits)  # noqa: S311 -- nothing here is a secret
    return Table(
        connection=connection,
        now=MOMENT,
        attempt=pack(further()),
        new_id=chain(sample.ids, iter(further, None)).__next__,
        time_left=lambda: end - time.monotonic(),
        pause=time.sleep,
        random=SystemRandom(),
    )
