"""Settlement: a withdrawal goes forward only, and its lock is spent or comes back."""

import pytest

from coffer.auth.scopes import Scope
from tests.integration.stores import Everything, on_every_store
from tests.integration.wallet_api.purse import done, refused
from tests.integration.wallet_api.till import ALSO_OURS, Till, tx_hash
from tests.support.world import Answer, Client, World

WAY = ["PENDING", "SIGNED", "BROADCAST", "CONFIRMING", "CONFIRMED"]
ENDS = ["CONFIRMED", "FAILED", "CANCELLED"]


@pytest.fixture
def withdrawal(till: Till) -> str:
    """A withdrawal of 30 of 100."""
    done(till.deposit("100"))
    return till.withdraw("30")


@on_every_store
def test_a_withdrawal_goes_all_the_way_and_is_spent(till: Till) -> None:
    done(till.deposit("100"))
    tx_id = till.withdraw("30")
    for status in WAY[1:]:
        assert done(till.report(tx_id, status))["status"] == status
        locked = "0.00" if status == "CONFIRMED" else "30.00"
        assert till.stands() == ("70.00", locked)
    assert till.get(tx_id)["tx_hash"] == tx_hash(99)


@pytest.mark.parametrize("before", WAY[:4])
@pytest.mark.parametrize("after", WAY)
def test_steps_may_be_left_out_and_none_goes_back(till: Till, withdrawal: str, before: str, after: str) -> None:
    done(till.report(withdrawal, before))
    if WAY.index(after) >= WAY.index(before):
        assert done(till.report(withdrawal, after))["status"] == after
    else:
        refused(till.report(withdrawal, after), 409, "conflict", "conflict_error")
        assert till.get(withdrawal)["status"] == before


@pytest.mark.parametrize("before", WAY[:4])
@pytest.mark.parametrize("end", ["FAILED", "CANCELLED"])
def test_what_fails_comes_back_and_only_what_was_not_broadcast_is_cancelled(
    till: Till, withdrawal: str, before: str, end: str
) -> None:
    done(till.report(withdrawal, before))
    if end == "CANCELLED" and before not in {"PENDING", "SIGNED"}:
        refused(till.report(withdrawal, end), 409, "conflict")
        assert till.stands() == ("70.00", "30.00")
    else:
        assert done(till.report(withdrawal, end))["status"] == end
        assert till.stands() == ("100.00", "0.00")


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("after", [*WAY, "FAILED", "CANCELLED"])
def test_an_end_is_an_end_and_may_be_told_again(
    till: Till, withdrawal: str, everything: Everything, end: str, after: str
) -> None:
    told = done(till.report(withdrawal, end))
    before = everything()
    if after == end:
        assert done(till.report(withdrawal, after)) == told
    else:
        refused(till.report(withdrawal, after), 409, "conflict")
    assert everything() == before


def test_a_key_is_kept_even_by_a_report_that_changes_nothing(till: Till, withdrawal: str) -> None:
    path = f"/api/v1/transactions/{withdrawal}/status"
    first = till.client.post(path, {"status": "SIGNED"}, Idempotency_Key="one")
    again = till.client.post(path, {"status": "SIGNED"}, Idempotency_Key="one")
    assert (again.status, again.body, again.headers["X-Idempotency-Replayed"]) == (200, first.body, "true")
    unchanged = till.client.post(path, {"status": "SIGNED"}, Idempotency_Key="another")
    assert (unchanged.status, unchanged.body, "X-Idempotency-Replayed" in unchanged.headers) == (200, first.body, False)
    for key in ("one", "another"):
        refused(till.client.post(path, {"status": "FAILED"}, Idempotency_Key=key), 422, "conflict")


@pytest.mark.parametrize("status", ["BROADCAST", "CONFIRMING", "CONFIRMED"])
def test_from_the_broadcast_on_there_is_a_hash(
    till: Till, withdrawal: str, everything: Everything, status: str
) -> None:
    before = everything()
    path = f"/api/v1/transactions/{withdrawal}/status"
    refused(till.client.post(path, {"status": status}), 400, "invalid_parameter")
    refused(till.report(withdrawal, status, tx_hash="0x12"), 400, "invalid_parameter")
    assert everything() == before


@pytest.mark.parametrize("status", ["PENDING", "SIGNED", "CANCELLED"])
def test_before_the_broadcast_there_is_none(till: Till, withdrawal: str, status: str) -> None:
    refused(till.report(withdrawal, status, tx_hash=tx_hash(1)), 400, "invalid_parameter")


def test_a_report_with_another_hash_is_another_report(till: Till, withdrawal: str) -> None:
    done(till.report(withdrawal, "BROADCAST", tx_hash=tx_hash(1)))
    other = till.report(withdrawal, "BROADCAST", tx_hash=tx_hash(2))
    refused(other, 409, "conflict")
    assert f"BROADCAST already, under the hash {tx_hash(1)}" in other.json["message"]
    done(till.report(withdrawal, "BROADCAST", tx_hash=tx_hash(1).upper().replace("0X", "0x")))
    # A transaction that was sent again with a higher fee is mined under another hash.
    assert done(till.report(withdrawal, "CONFIRMED", tx_hash=tx_hash(2)))["tx_hash"] == tx_hash(2)


def test_what_moved_at_once_has_nothing_to_be_settled(till: Till) -> None:
    deposit = done(till.deposit("100"))["tx_id"]
    inside = done(till.send("1", ALSO_OURS))["tx_id"]
    for tx_id in (deposit, inside):
        for status in ("FAILED", "CANCELLED", "SIGNED"):
            refused(till.report(tx_id, status), 409, "conflict")
    assert till.stands() == ("99.00", "0.00")


@pytest.mark.parametrize("body", [{}, {"status": "LOST"}, {"status": "SIGNED", "why": "?"}, {"status": 1}])
def test_a_bad_report_is_refused(till: Till, withdrawal: str, body: dict[str, object]) -> None:
    refused(till.client.post(f"/api/v1/transactions/{withdrawal}/status", body), 400, "invalid_parameter")


def test_a_transaction_that_is_not_there_cannot_be_reported(till: Till) -> None:
    refused(till.report("txn_01KF0KV800E00800000000001H", "SIGNED"), 404, "not_found")


def test_a_report_needs_the_scope_of_the_settlement(world: World, till: Till, withdrawal: str) -> None:
    client = Client(world, till.client.client_id, frozenset(Scope) - {Scope.SETTLEMENT_WRITE})
    refused(client.post(f"/api/v1/transactions/{withdrawal}/status", {"status": "SIGNED"}), 403, "forbidden")


def _under_the_key(till: Till, tx_id: str, status: str) -> Answer:
    return till.client.post(f"/api/v1/transactions/{tx_id}/status", {"status": status}, Idempotency_Key="one")


def test_a_report_that_is_sent_again_with_its_key_is_answered_as_at_first_and_says_so(
    till: Till, withdrawal: str
) -> None:
    first = _under_the_key(till, withdrawal, "SIGNED")
    again = _under_the_key(till, withdrawal, "SIGNED")
    assert "X-Idempotency-Replayed" not in first.headers
    assert again.headers["X-Idempotency-Replayed"] == "true"
    assert (done(again), again.body) == (done(first), first.body)


def test_under_a_key_that_was_used_another_report_is_a_conflict_even_if_it_is_so_already(
    till: Till, withdrawal: str
) -> None:
    done(_under_the_key(till, withdrawal, "SIGNED"))
    done(till.report(withdrawal, "FAILED"))
    refused(_under_the_key(till, withdrawal, "FAILED"), 422, "conflict", "conflict_error")
