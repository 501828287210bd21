"""Balances: what an account holds, under one key or several."""

from pydantic import MISSING

from coffer.models.amounts import Quantity
from coffer.models.base import Input, Metadata, Moment, Output, Uuid
from coffer.models.names import BalanceKey


class NewBalance(Input):
    """A further balance of an account, under a key of its own."""

    key: BalanceKey
    allow_sending: bool = True
    allow_receiving: bool = True


class BalanceChange(Input):
    """What may be done with a balance; what is left out stays."""

    allow_sending: bool | MISSING = MISSING
    allow_receiving: bool | MISSING = MISSING


class Balance(Output):
    """What an account holds under one key; `version` counts the entries that made it so."""

    id: Uuid
    organization_id: Uuid
    ledger_id: Uuid
    account_id: Uuid
    alias: str
    key: str
    asset_code: str
    available: Quantity
    on_hold: Quantity
    version: int
    account_type: str
    allow_sending: bool
    allow_receiving: bool
    metadata: Metadata
    created_at: Moment
    updated_at: Moment
    deleted_at: None


class Balances(Output):
    """The balances of an account."""

    items: list[Balance]
