"""Wallet accounts: one address on one chain each, and the tokens that it holds."""

from typing import Annotated, Literal

from pydantic import MISSING, StringConstraints

from coffer.models.base import Moment
from coffer.models.listing import Filters
from coffer.models.wallet_base import Id, Label, WalletModel

type AccountType = Literal["INBOUND", "OUTBOUND"]
type AccountStatus = Literal["ACTIVE", "FROZEN"]


class NewWalletAccount(WalletModel):
    """An account to make; the address is given by whoever keeps its keys, and may be left out."""

    wallet_id: Id
    chain: str
    address: Annotated[str, StringConstraints(min_length=1)] | None = None
    account_type: AccountType | None = None
    label: Label | None = None


class WalletAccountChange(WalletModel):
    """Whether an account may send and add assets; it always receives."""

    status: AccountStatus


class WalletAccountFilters(Filters):
    """By what accounts can be listed."""

    wallet_id: Id | MISSING = MISSING


class WalletAccount(WalletModel):
    """An account."""

    account_id: str
    wallet_id: str
    client_id: str
    chain: str
    address: str | None
    network: Literal["mainnet"]
    address_type: str | None
    account_type: AccountType | None
    label: str | None
    status: AccountStatus
    created_at: Moment
    updated_at: Moment
