"""Chains and tokens as the registry lists them."""

from typing import Literal

from pydantic import MISSING

from coffer.models.listing import Filters
from coffer.models.wallet_assets import TokenStandard
from coffer.models.wallet_base import WalletModel


class TokenFilters(Filters):
    """By what tokens can be listed."""

    chain: str | MISSING = MISSING
    symbol: str | MISSING = MISSING


class ListedChain(WalletModel):
    """A chain on which accounts can be made. Accounts of one address space take the tokens of all its chains."""

    chain: str
    network: Literal["mainnet"]
    family: Literal["evm", "tvm", "utxo", "svm"]
    address_space: str
    caip2: str
    chain_id: int | None
    native_symbol: str
    token_standard: TokenStandard | None


class ListedToken(WalletModel):
    """A token that can be added to an account, and the symbols by which it is also known."""

    chain: str
    network: Literal["mainnet"]
    symbol: str
    aliases: list[str]
    name: str
    decimals: int
    asset_type: TokenStandard
    contract_address: str | None
    caip19: str
