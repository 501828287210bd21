"""Operations in the table: parts of their transaction's record, which their ids name."""

from collections.abc import Mapping

from coffer.ids import operation_number, transaction_id
from coffer.models.transactions import Operation, TransactionChange
from coffer.store import answers, keys, records, resources, transactions
from coffer.store.commit import Met, Plan, commit
from coffer.store.keys import LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item


def get(table: Table, ledger: LedgerRef, account_id: str, wanted: str) -> Operation:
    """An operation on an account; `Refusal(ENTITY_NOT_FOUND)`."""
    missing = transactions.missing("operation", wanted)
    record = resources.get(table, keys.transaction(ledger, transaction_id(wanted)), missing)
    found = _operation(ledger, record, wanted)
    if found.account_id != account_id:
        raise missing
    return found


def change(table: Table, ledger: LedgerRef, path: Mapping[str, str], body: TransactionChange) -> Operation:
    """Changes description or metadata of the operation in a path; `Refusal(ENTITY_NOT_FOUND)`."""
    wanted, operation = path["transaction_id"], path["operation_id"]

    def plan(_met: Met) -> Plan[Operation]:
        record = transactions.require(table, ledger, wanted)
        if transaction_id(operation) != wanted:
            raise transactions.missing("operation", operation)
        before = _operation(ledger, record, operation)
        attributes = {
            **resources.attributes_of(body),
            "updated_at": max(table.now, before.updated_at),
        }
        noted = records.noted(table, record, attributes, operation_number(operation))
        return Plan([transactions.overwrite(record, noted)], _operation(ledger, noted, operation))

    return commit(table, plan, proof=keys.transaction(ledger, wanted))


def _operation(ledger: LedgerRef, record: Item, wanted: str) -> Operation:
    for step in records.steps(record):
        if step.number == operation_number(wanted):
            return answers.operation(ledger, record, step)
    raise transactions.missing("operation", wanted)
