"""What a transaction is asked to do: a value of an asset, from the legs of one side to those of the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from coffer.ledger.amounts import text
from coffer.ledger.distribution import Amount, Part, Remaining, Share
from coffer.ledger.entries import DEFAULT_KEY, is_external
from coffer.ledger.limits import MAX_ITEMS
from coffer.ledger.refusal import Reason, Refusal

MAX_POSTINGS = MAX_ITEMS - 2
"""How many postings a transaction may have, so that whatever may become of it fits one write.

Each is an entry. Beside the entries, a commit and a cancel write the transaction's record and that of their idempotency
key, and a revert writes its own record and the original's.
"""


class Leg(NamedTuple):
    """What one balance is to give or to get."""

    alias: str
    part: Part
    key: str = DEFAULT_KEY

    @property
    def balance(self) -> tuple[str, str]:
        """Which balance it is: alias and key."""
        return self.alias, self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A value of an asset to move, at once or (`pending`) by holding it until it is settled.

    Whatever can be refused without a look at the ledger is refused here, with a `Refusal`: LEG_INVALID, TOO_LARGE,
    VALUE_NOT_POSITIVE, VALUE_MISMATCH (a side without legs), ASSET_MISMATCH, SAME_BALANCE, EXTERNAL_PENDING.
    """

    asset: str
    value: Decimal
    source: tuple[Leg, ...]
    destination: tuple[Leg, ...]
    pending: bool = False

    def __post_init__(self) -> None:
        for check in (_check_legs, _check_size, _check_values, _check_assets, _check_sides, _check_pending):
            check(self)

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The legs of both sides."""
        return (*self.source, *self.destination)

    @property
    def payers(self) -> set[tuple[str, str]]:
        """The balances that are to give."""
        return {leg.balance for leg in self.source}

    @property
    def shares(self) -> bool:
        """Whether any part of it is a share, which may have to be cut."""
        return any(isinstance(leg.part, Share) for leg in self.legs)

    @property
    def amounts(self) -> Iterator[Amount]:
        """The value, and the parts of it that are given as amounts."""
        yield Amount(self.asset, self.value)
        yield from (leg.part for leg in self.legs if isinstance(leg.part, Amount))


def _check_legs(send: Send) -> None:
    for side, legs in (("source", send.source), ("destination", send.destination)):
        if [leg.part for leg in legs].count(Remaining()) > 1:
            raise Refusal(
                Reason.LEG_INVALID,
                f"More than one leg of the {side} takes what is `remaining`. Give the others an `amount` or a `share`.",
            )
        if not legs:
            raise Refusal(
                Reason.VALUE_MISMATCH, f"The {side} has no legs, and the value is {text(send.value)}. Add a leg."
            )


def _check_size(send: Send) -> None:
    if len(send.legs) > MAX_POSTINGS:
        raise too_large(len(send.legs))


def _check_values(send: Send) -> None:
    for amount in send.amounts:
        if amount.value <= 0:
            raise Refusal(
                Reason.VALUE_NOT_POSITIVE, f"The value {text(amount.value)} is not above zero. Send one that is."
            )


def _check_assets(send: Send) -> None:
    for amount in send.amounts:
        if amount.asset != send.asset:
            raise Refusal(
                Reason.ASSET_MISMATCH,
                f"A leg has an amount of {amount.asset}, and the transaction sends {send.asset}. Name one asset in all "
                "legs: a transaction moves no more than one.",
            )


def _check_sides(send: Send) -> None:
    both = send.payers & {leg.balance for leg in send.destination}
    if both:
        alias, key = min(both)
        raise Refusal(
            Reason.SAME_BALANCE,
            f"The balance {key!r} of the account {alias} is on both sides. Leave it out of one of them.",
        )


def _check_pending(send: Send) -> None:
    if send.pending and any(is_external(leg.alias) for leg in send.source):
        raise Refusal(
            Reason.EXTERNAL_PENDING,
            "What comes from an external account cannot be pending: it is not there to be held. Send it without "
            "`pending`, or from another account.",
        )


def too_large(postings: int) -> Refusal:
    """A transaction with more postings than all that may become of it has room for."""
    return Refusal(
        Reason.TOO_LARGE,
        f"The transaction needs {postings} postings, and at most {MAX_POSTINGS} can be held, committed and reverted in "
        "one write each. Divide it into several.",
    )
