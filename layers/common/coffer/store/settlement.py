"""Settlement: what becomes of a withdrawal on its chain, as whoever signs and watches there reports it."""

from collections.abc import Callable, Sequence

from coffer.ids import unpack
from coffer.ledger.lifecycle import TransactionStatus
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.wallet_transactions import TransferStatus, WalletTransaction
from coffer.store import keys, settling, wallet_ledger, wallet_transactions
from coffer.store.commit import Met, Overtaken, Plan, commit
from coffer.store.keys import Key
from coffer.store.sealing import sealed
from coffer.store.table import Table
from coffer.store.values import Item, Value, number, text
from coffer.store.writes import Put, Write

_WAY = ("PENDING", "SIGNED", "BROADCAST", "CONFIRMING", "CONFIRMED")
"""What a withdrawal goes through; steps may be left out."""

_ENDS = {
    "CONFIRMED": TransactionStatus.APPROVED,
    "FAILED": TransactionStatus.CANCELED,
    "CANCELLED": TransactionStatus.CANCELED,
}
"""What an end means for what is locked: it is spent, or comes back."""

_WITH_HASH = {"BROADCAST", "CONFIRMING", "CONFIRMED"}
_BEFORE_BROADCAST = {"PENDING", "SIGNED"}


def report(
    table: Table, client_id: str, tx_id: str, status: TransferStatus, hash_on: Callable[[str], str | None]
) -> WalletTransaction:
    """Takes a withdrawal on to a status; the same report again changes nothing.

    `hash_on` gives the hash that was sent in the canonical form of a chain, or refuses it. Raises `Refusal` for
    ENTITY_NOT_FOUND and STATUS_CONFLICT.
    """

    def plan(_met: Met) -> Plan[WalletTransaction]:
        item = wallet_transactions.require(table, client_id, tx_id)
        tx_hash = hash_on(text(item, "chain")) or item.get("tx_hash")
        if (item["status"], item.get("tx_hash")) == (status, tx_hash):
            return Plan([], wallet_transactions.read(client_id, item))
        _check_step(item, status, tx_hash)
        version = number(item, "version")
        changed: Item = {
            **item,
            "status": status,
            "version": version + 1,
            "updated_at": max(table.now, number(item, "updated_at")),
            **({"tx_hash": tx_hash} if tx_hash else {}),
            "attempt": table.attempt,
        }
        reported = Put(item=sealed(changed), when="#version = :version", values={"version": version})
        writes, proof = _settled(table, client_id, item, status)
        return Plan([reported, *writes], wallet_transactions.read(client_id, changed), proof)

    return commit(table, plan, proof=keys.wallet_transaction(client_id, tx_id), repeatable=True)


def check_hash(status: TransferStatus, tx_hash: str | None) -> None:
    """`Refusal(BAD_REQUEST)` when a report lacks the transaction's hash, or has one before there can be any."""
    if status in _WITH_HASH and tx_hash is None:
        raise Refusal(
            Reason.BAD_REQUEST,
            f"A transaction that is {status} is on its chain. Name it by its hash.",
            {"tx_hash": f"is required with {status}"},
        )
    if status in {*_BEFORE_BROADCAST, "CANCELLED"} and tx_hash is not None:
        raise Refusal(
            Reason.BAD_REQUEST,
            f"A transaction that is {status} has not been broadcast. Leave its hash out.",
            {"tx_hash": f"cannot be there with {status}"},
        )


def _settled(table: Table, client_id: str, item: Item, status: TransferStatus) -> tuple[Sequence[Write], Key | None]:
    """What an end writes in the ledger, and its proof; nothing, if this is no end."""
    if status not in _ENDS:
        return [], None
    posted_id = unpack(text(item, "transaction_id"))
    try:
        settlement = settling.draw_up(table, wallet_ledger.ledger(client_id), posted_id, _ENDS[status])
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_PENDING:  # another report has ended it since the item was read
            raise Overtaken from None
        raise
    return settlement.writes, settlement.proof


def _check_step(item: Item, status: TransferStatus, tx_hash: Value) -> None:
    """`Refusal(STATUS_CONFLICT)` unless a transaction can come to a status from where it is."""
    before = text(item, "status")
    if before == status:
        raise Refusal(
            Reason.STATUS_CONFLICT,
            f"The transaction is {status} already, under the hash {item.get('tx_hash')}. Only a later status can name "
            "another one.",
            {"tx_hash": f"{tx_hash} is another one"},
        )
    if before in _ENDS:
        allowed = False
    elif status == "CANCELLED":
        allowed = before in _BEFORE_BROADCAST
    else:
        allowed = status == "FAILED" or _WAY.index(status) > _WAY.index(before)
    if not allowed:
        raise Refusal(
            Reason.STATUS_CONFLICT,
            f"The transaction is {before}, and cannot become {status}: it goes forward only, is cancelled only before "
            "it is broadcast, and what is CONFIRMED, FAILED or CANCELLED stays so.",
            {"status": f"cannot follow {before}"},
        )
