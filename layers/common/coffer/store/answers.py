"""What is answered of a transaction and its operations, from its record alone."""

import json
from decimal import Decimal

from coffer.ids import operation_id, unpack
from coffer.ledger.amounts import multiply, subtract
from coffer.ledger.entries import DEFAULT_KEY, EFFECTS, EntryType
from coffer.ledger.lifecycle import TransactionStatus
from coffer.models.transactions import Operation, OperationBalance, Transaction
from coffer.store import records, values
from coffer.store.keys import LedgerRef
from coffer.store.records import Step, Stored
from coffer.store.values import Item, mapping, mappings

_TYPES = {EntryType.SPEND: "DEBIT"}
"""What the API calls otherwise than the entry does."""

_GIVING = {EntryType.CREDIT, EntryType.RELEASE}


def transaction(ledger: LedgerRef, record: Item) -> Transaction:
    """A transaction as it stands."""
    parent = record.get("parent_transaction_id")
    return Transaction.model_validate(
        {
            "id": records.id_of(record),
            "organization_id": ledger.organization_id,
            "ledger_id": ledger.ledger_id,
            "parent_transaction_id": unpack(parent) if isinstance(parent, str) else None,
            "description": record.get("description"),
            "code": record.get("code"),
            "chart_of_accounts_group_name": record.get("chart_of_accounts_group_name"),
            "status": {"code": records.status_of(record).value},
            "asset_code": record["asset_code"],
            "amount": Decimal(values.text(record, "value")),
            "source": _aliases(record, "source"),
            "destination": _aliases(record, "destination"),
            "operations": [operation(ledger, record, step) for step in records.steps(record)],
            "metadata": _metadata(record),
            "transaction_date": record.get("transaction_date", record["created_at"]),
            "expires_at": record.get("expires_at"),
            "created_at": record["created_at"],
            "updated_at": record["updated_at"],
            "deleted_at": None,
        }
    )


def first(ledger: LedgerRef, record: Item) -> Transaction:
    """A transaction as it was answered when it was made."""
    return transaction(ledger, records.first_form(record))


def operation(ledger: LedgerRef, record: Item, step: Step) -> Operation:
    """One of the operations of a transaction."""
    leg, amount = step.line.leg, step.line.posting.amount
    affected = step.status is not TransactionStatus.NOTED
    of_available, of_on_hold = EFFECTS[step.type]
    after = _balance(step.standing)
    before = OperationBalance(
        available=subtract(after.available, multiply(amount, of_available)),
        on_hold=subtract(after.on_hold, multiply(amount, of_on_hold)),
        version=after.version - 1,
    )
    transaction_id = records.id_of(record)
    notes = mapping(mapping(record, "notes"), str(step.number))
    return Operation.model_validate(
        {
            "id": operation_id(transaction_id, step.number),
            "organization_id": ledger.organization_id,
            "ledger_id": ledger.ledger_id,
            "transaction_id": transaction_id,
            "type": _TYPES.get(step.type, step.type.value),
            "direction": "credit" if step.type in _GIVING else "debit",
            "asset_code": values.text(record, "asset_code"),
            "amount": {"value": amount},
            "balance": before if affected else after,
            "balance_after": after,
            "balance_affected": affected,
            "account_id": step.line.posting.account_id,
            "account_alias": step.line.posting.chain.alias,
            "balance_id": unpack(str(leg["balance_id"])),
            "balance_key": str(leg.get("key", DEFAULT_KEY)),
            "description": _optional(notes.get("description", leg.get("description"))),
            "chart_of_accounts": _optional(leg.get("chart_of_accounts")),
            "status": {"code": step.status.value},
            "metadata": _metadata(notes if "metadata" in notes else leg),
            "created_at": step.created_at,
            "updated_at": int(str(notes.get("updated_at", step.created_at))),
            "deleted_at": None,
        }
    )


def _balance(standing: Stored) -> OperationBalance:
    match standing:
        case {"sequence": int(sequence), "available": str(available), "on_hold": str(on_hold)}:
            opened = standing.get("opened", 1)
            version = sequence - (opened if isinstance(opened, int) else 1) + 1
            return OperationBalance(available=Decimal(available), on_hold=Decimal(on_hold), version=version)
    raise ValueError("not a standing of version 1")


def _aliases(record: Item, side: str) -> list[str]:
    return list(dict.fromkeys(str(leg["alias"]) for leg in mappings(record, side)))


def _metadata(stored: Stored) -> object:
    metadata = stored.get("metadata")
    return json.loads(str(metadata)) if metadata else {}


def _optional(value: object) -> str | None:
    return value if isinstance(value, str) else None
