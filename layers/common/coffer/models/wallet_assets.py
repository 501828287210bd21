"""Wallet assets: a token that an account holds, with its balance in the ledger."""

from typing import Literal, NamedTuple

from pydantic import MISSING

from coffer.models.base import Moment
from coffer.models.listing import Filters
from coffer.models.wallet_base import Amount, Id, WalletModel

type TokenStandard = Literal["NATIVE", "ERC20", "BEP20", "TRC20", "SPL"]


class NewWalletAsset(WalletModel):
    """A token to add to an account; `chain` is required for an EVM account, which takes tokens of every EVM chain."""

    account_id: Id
    symbol: str
    chain: str | None = None


class WalletAssetChange(WalletModel):
    """Whether an asset takes deposits and transfers; its balance can always be read."""

    is_active: bool


class WalletAssetFilters(Filters):
    """By what assets can be listed."""

    account_id: Id | MISSING = MISSING


class WalletAsset(WalletModel):
    """A token of an account: what can be spent of it, and what pending transactions hold."""

    asset_id: str
    account_id: str
    wallet_id: str
    client_id: str
    chain: str
    network: Literal["mainnet"]
    symbol: str
    name: str
    decimals: int
    asset_type: TokenStandard
    balance: Amount
    locked_balance: Amount
    is_active: bool
    created_at: Moment
    contract_address: str | None
    caip19: str


class TokenChoice(NamedTuple):
    """A token of the registry, under the symbol that was asked for.

    `ledger_code` and `ledger_name` name it in a client's wallet ledger.
    """

    chain: str
    symbol: str
    name: str
    decimals: int
    asset_type: TokenStandard
    contract_address: str | None
    caip19: str
    ledger_code: str
    ledger_name: str
