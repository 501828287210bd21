"""Transactions as they are answered, and the operations that they are made of."""

from typing import Literal

from pydantic import MISSING

from coffer.models.amounts import Quantity
from coffer.models.base import Input, Metadata, Moment, Note, Output, Status, Uuid
from coffer.models.listing import Filters


class TransactionChange(Input):
    """What of a transaction, or of one of its operations, may change; what is left out stays."""

    description: Note | MISSING | None = MISSING
    metadata: Metadata | MISSING = MISSING


class TransactionFilters(Filters):
    """By what transactions can be listed."""

    status: str | MISSING = MISSING
    asset_code: str | MISSING = MISSING


class OperationFilters(Filters):
    """By what operations can be listed."""

    type: Literal["DEBIT", "CREDIT", "ON_HOLD", "RELEASE"] | MISSING = MISSING


class OperationAmount(Output):
    """How much an operation moves."""

    value: Quantity


class OperationBalance(Output):
    """What stands in the balance, or in the shard of it that the operation is on."""

    available: Quantity
    on_hold: Quantity
    version: int


class Operation(Output):
    """What a transaction does to one balance; one that is only noted does not affect it."""

    id: Uuid
    organization_id: Uuid
    ledger_id: Uuid
    transaction_id: Uuid
    type: Literal["DEBIT", "CREDIT", "ON_HOLD", "RELEASE"]
    direction: Literal["debit", "credit"]
    asset_code: str
    amount: OperationAmount
    balance: OperationBalance
    balance_after: OperationBalance
    balance_affected: bool
    account_id: Uuid
    account_alias: str
    balance_id: Uuid
    balance_key: str
    description: str | None
    chart_of_accounts: str | None
    status: Status
    metadata: Metadata
    created_at: Moment
    updated_at: Moment
    deleted_at: None


class Transaction(Output):
    """A transaction: PENDING, APPROVED, CANCELED, or only NOTED."""

    id: Uuid
    organization_id: Uuid
    ledger_id: Uuid
    parent_transaction_id: Uuid | None
    description: str | None
    code: str | None
    chart_of_accounts_group_name: str | None
    status: Status
    asset_code: str
    amount: Quantity
    source: list[str]
    destination: list[str]
    operations: list[Operation]
    metadata: Metadata
    transaction_date: Moment
    expires_at: Moment | None
    created_at: Moment
    updated_at: Moment
    deleted_at: None
