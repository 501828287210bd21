"""What may still become of a transaction, by what its record says."""

from enum import StrEnum

from coffer.ledger.refusal import Reason, Refusal


class TransactionStatus(StrEnum):
    """Where a transaction stands."""

    PENDING = "PENDING"
    """Its money is held."""
    APPROVED = "APPROVED"
    """Its money has moved."""
    CANCELED = "CANCELED"
    """Its money was held, and given back."""
    NOTED = "NOTED"
    """It moves no money."""


def check_committable(status: TransactionStatus, expires_at: int | None, now: int) -> None:
    """`Refusal(NOT_PENDING)` unless the transaction can be committed now: one that has expired cannot.

    Moments are milliseconds since 1970. It expires at `expires_at`, whether or not someone has canceled it by then.
    """
    check_pending(status)
    if expires_at is not None and now >= expires_at:
        raise Refusal(
            Reason.NOT_PENDING,
            "The transaction has expired, and what it held goes back to its source. Send it again to move the money.",
        )


def check_dates(transaction_date: int | None, expires_at: int | None, now: int) -> None:
    """Refuses a transaction that is dated in the future (DATE_IN_FUTURE), or would have expired already (DATE_IN_PAST).

    Moments are milliseconds since 1970.
    """
    if transaction_date is not None and transaction_date > now:
        raise Refusal(
            Reason.DATE_IN_FUTURE,
            "The transaction date lies in the future. Send the transaction then, or leave the date out.",
            {"transactionDate": "lies in the future"},
        )
    if expires_at is not None and expires_at <= now:
        raise Refusal(
            Reason.DATE_IN_PAST,
            "The transaction would have expired already. Give it time, or leave the expiry out.",
            {"expiresAt": "lies in the past"},
        )


def check_pending(status: TransactionStatus) -> None:
    """`Refusal(NOT_PENDING)` unless the transaction can be canceled."""
    if status is not TransactionStatus.PENDING:
        raise Refusal(
            Reason.NOT_PENDING,
            f"The transaction is {status}. Only a PENDING one can be committed or canceled, and once.",
        )


def check_revertible(status: TransactionStatus, *, revert: bool, reverted: bool) -> None:
    """Refuses to revert a revert (REVERT_OF_REVERT), anything twice (ALREADY_REVERTED), and what is NOT_APPROVED."""
    if revert:
        raise Refusal(
            Reason.REVERT_OF_REVERT,
            "The transaction is itself a revert, which cannot be reverted. Send a new transaction instead.",
        )
    if reverted:
        raise Refusal(Reason.ALREADY_REVERTED, "The transaction has been reverted, which can be done only once.")
    if status is not TransactionStatus.APPROVED:
        raise Refusal(
            Reason.NOT_APPROVED,
            f"The transaction is {status}. Only an APPROVED one can be reverted; cancel a PENDING one.",
        )
