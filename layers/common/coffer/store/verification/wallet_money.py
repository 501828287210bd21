"""Wallet transactions: each stands for a transaction in the wallets' ledger, and owns what that one has on hold."""

from collections.abc import Iterator

from coffer.ids import is_prefixed, unpack
from coffer.ledger.lifecycle import TransactionStatus
from coffer.store import keys, records, wallet_ledger
from coffer.store.keys import Key, LedgerRef
from coffer.store.values import Item, text
from coffer.store.verification.checks import Check, Wrong, differences

_MEANT = {
    TransactionStatus.PENDING: {"PENDING", "SIGNED", "BROADCAST", "CONFIRMING"},
    TransactionStatus.APPROVED: {"CONFIRMED"},
    TransactionStatus.CANCELED: {"FAILED", "CANCELLED"},
    TransactionStatus.NOTED: set(),
}
"""How a wallet transaction stands whose transaction in the ledger stands so."""


def wallet_transaction(ledger: LedgerRef, item: Item, _: str) -> Check:
    """A deposit or a transfer: the ledger has a transaction for it, which says the rest."""
    (record,) = yield [keys.transaction(ledger, unpack(text(item, "transaction_id")))]
    if record is None:
        return [("transaction_id", "is that of no transaction")]
    tx_id = keys.tx_id_of(Key(text(item, "pk"), text(item, "sk")))
    return list(differences(record, {"code": tx_id}, "transaction: "))


def owner_of(ledger: LedgerRef, record: Item) -> list[Key]:
    """The wallet transaction that a transaction in a wallet ledger stands for; nowhere else is there any."""
    code = record.get("code")
    if not wallet_ledger.is_one(ledger) or not isinstance(code, str) or not is_prefixed(code, "txn"):
        return []
    return [keys.wallet_transaction(ledger.client_id, code)]


def owned(record: Item, packed: str, owner: Item | None) -> Iterator[Wrong]:
    """What is locked is locked for somebody: a withdrawal that is under way, and of the same value."""
    if owner is None:
        yield "code", "is that of no wallet transaction"
        return
    yield from differences(owner, {"transaction_id": packed, "amount": record["value"]}, "wallet transaction: ")
    status = records.status_of(record)
    if owner.get("status") not in _MEANT[status]:
        yield "status", f"is {status}, and the wallet transaction is {owner.get('status')}"
