"""What is asked for, as far as it can be judged without a look at the ledger."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from coffer.ledger.distribution import Amount, Remaining
from coffer.ledger.limits import MAX_ITEMS
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.sends import MAX_POSTINGS, Leg, Send
from tests.unit.ledger.small_ledger import OUTSIDE, leg, pay, send

REST = Remaining()
LEGS = [leg(f"@{number}", REST if number == 0 else 1) for number in range(MAX_POSTINGS)]

REFUSED: dict[str, tuple[Reason, Callable[[], Send]]] = {
    "nothing is sent": (Reason.VALUE_NOT_POSITIVE, lambda: pay("0", "@a", "@b")),
    "less than nothing is sent": (Reason.VALUE_NOT_POSITIVE, lambda: pay("-1", "@a", "@b")),
    "nothing is divided": (Reason.VALUE_NOT_POSITIVE, lambda: send("0", [leg("@a", REST)], [leg("@b", REST)])),
    "a leg gives nothing": (
        Reason.VALUE_NOT_POSITIVE,
        lambda: send("1", [leg("@a", "0"), leg("@c", REST)], [leg("@b", "1")]),
    ),
    "a leg gets less than nothing": (
        Reason.VALUE_NOT_POSITIVE,
        lambda: send("1", [leg("@a", "1")], [leg("@b", "-1"), leg("@c", "2")]),
    ),
    "there is no source": (Reason.VALUE_MISMATCH, lambda: send("1", [], [leg("@b", "1")])),
    "there is no destination": (Reason.VALUE_MISMATCH, lambda: send("1", [leg("@a", "1")], [])),
    "two legs take what is remaining": (
        Reason.LEG_INVALID,
        lambda: send("1", [leg("@a", "1")], [leg("@b", REST), leg("@c", REST)]),
    ),
    "a leg is of another asset": (
        Reason.ASSET_MISMATCH,
        lambda: send("1", [leg("@a", Amount("USD", Decimal(1)))], [leg("@b", "1")]),
    ),
    "a balance pays itself": (Reason.SAME_BALANCE, lambda: pay("1", "@a", "@a")),
    "a balance is on both sides among others": (
        Reason.SAME_BALANCE,
        lambda: send("1", [leg("@a", "0.5"), leg("@b", "0.5")], [leg("@c", "0.5"), leg("@b", "0.5")]),
    ),
    "what comes from outside is to be held": (Reason.EXTERNAL_PENDING, lambda: pay("1", OUTSIDE, "@b", pending=True)),
    "a part of what is held comes from outside": (
        Reason.EXTERNAL_PENDING,
        lambda: send("1", [leg("@a", 50), leg(OUTSIDE, 50)], [leg("@b", "1")], pending=True),
    ),
    "it has more legs than fit": (Reason.TOO_LARGE, lambda: send("1", LEGS, [leg("@b", "1")])),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_when(case: str) -> None:
    reason, ask = REFUSED[case]
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason
    assert refused.value.message.endswith(".")


def test_a_transaction_may_have_98_legs_for_its_revert_writes_two_records() -> None:
    assert MAX_POSTINGS == MAX_ITEMS - 2 == 98
    assert len(send("1", LEGS[:-1], [leg("@b", "1")]).legs) == 98


def test_other_balances_of_one_account_may_be_on_both_sides() -> None:
    asked = send("1", [leg("@a", "1")], [leg("@a", "1", "savings")])
    assert [each.balance for each in asked.legs] == [("@a", "default"), ("@a", "savings")]


def test_both_sides_may_share_their_legs_and_one_may_name_a_balance_twice() -> None:
    asked = send("1", [leg("@a", "0.4"), leg("@a", REST)], [leg("@b", 50), leg("@c", REST)])
    assert asked.legs == (
        leg("@a", "0.4"),
        leg("@a", REST),
        leg("@b", 50),
        leg("@c", REST),
    )


def test_what_goes_outside_may_be_held() -> None:
    assert pay("1", "@a", OUTSIDE, pending=True).pending


def test_a_leg_is_of_the_default_balance_unless_it_says_otherwise() -> None:
    assert Leg("@a", REST).balance == ("@a", "default")
