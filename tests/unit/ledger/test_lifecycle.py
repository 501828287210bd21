"""What may still become of a transaction."""

import pytest

from coffer.ledger.lifecycle import TransactionStatus, check_committable, check_pending, check_revertible
from coffer.ledger.refusal import Reason, Refusal
from tests.unit.ledger.small_ledger import NOW

SETTLED = [TransactionStatus.APPROVED, TransactionStatus.CANCELED, TransactionStatus.NOTED]


@pytest.mark.parametrize("expires_at", [None, NOW + 1])
def test_a_pending_transaction_can_be_committed_until_it_expires(expires_at: int | None) -> None:
    check_committable(TransactionStatus.PENDING, expires_at, NOW)


@pytest.mark.parametrize("expires_at", [NOW, NOW - 1, 0])
def test_a_commit_after_expiry_is_refused_though_nobody_has_canceled_it_yet(expires_at: int) -> None:
    with pytest.raises(Refusal, match="has expired") as refused:
        check_committable(TransactionStatus.PENDING, expires_at, NOW)
    assert refused.value.reason is Reason.NOT_PENDING


def test_what_has_expired_can_be_canceled() -> None:
    check_pending(TransactionStatus.PENDING)


@pytest.mark.parametrize("status", SETTLED)
def test_what_is_not_pending_is_neither_committed_nor_canceled(status: TransactionStatus) -> None:
    with pytest.raises(Refusal, match=f"is {status}") as refused:
        check_pending(status)
    assert refused.value.reason is Reason.NOT_PENDING
    with pytest.raises(Refusal, match=f"is {status}") as refused:
        check_committable(status, None, NOW)
    assert refused.value.reason is Reason.NOT_PENDING


def test_an_approved_transaction_can_be_reverted() -> None:
    check_revertible(TransactionStatus.APPROVED, revert=False, reverted=False)


@pytest.mark.parametrize(
    ("status", "revert", "reverted", "reason"),
    [
        (TransactionStatus.PENDING, False, False, Reason.NOT_APPROVED),
        (TransactionStatus.CANCELED, False, False, Reason.NOT_APPROVED),
        (TransactionStatus.NOTED, False, False, Reason.NOT_APPROVED),
        (TransactionStatus.APPROVED, False, True, Reason.ALREADY_REVERTED),
        (TransactionStatus.APPROVED, True, False, Reason.REVERT_OF_REVERT),
        (TransactionStatus.APPROVED, True, True, Reason.REVERT_OF_REVERT),
    ],
)
def test_nothing_else_can(status: TransactionStatus, revert: bool, reverted: bool, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        check_revertible(status, revert=revert, reverted=reverted)
    assert refused.value.reason is reason
