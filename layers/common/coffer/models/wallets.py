"""Wallets: what groups a client's accounts."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from coffer.models.base import Moment, Uuid
from coffer.models.wallet_base import Title, WalletModel


class NewWallet(WalletModel):
    """A wallet to make."""

    wallet_name: Title
    description: Annotated[str, StringConstraints(max_length=500)] | None = None


class Wallet(WalletModel):
    """A wallet; its balances are accounts in the ledger that it names, where they can be read."""

    wallet_id: str
    client_id: str
    wallet_name: str
    description: str | None
    status: Literal["ACTIVE"]
    key_status: Literal["ACTIVE"]
    organization_id: Uuid
    ledger_id: Uuid
    created_at: Moment
    updated_at: Moment
