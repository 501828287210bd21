"""Transactions as they are asked for: what one is to move, between whom, and what is noted of it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from coffer.ledger import distribution
from coffer.ledger.distribution import Amount, Part, Remaining, Share
from coffer.ledger.entries import DEFAULT_KEY, external_alias
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.sends import MAX_POSTINGS, Leg, Send
from coffer.models.amounts import Percentage, Value
from coffer.models.base import Input, Metadata, Note, When, refuse
from coffer.models.drafts import Draft, LegNote
from coffer.models.names import Alias, AssetCode, BalanceKey


class AmountOf(Input):
    """So much of an asset, which must be the transaction's."""

    asset: AssetCode
    value: Value


class ShareOf(Input):
    """A percentage of the transaction's value, or a percentage of that percentage."""

    percentage: Percentage
    percentage_of_percentage: Percentage | None = None


class TransactionLeg(Input):
    """What one balance is to give or to get: exactly one of `amount`, `share` and `remaining`."""

    account_alias: Alias
    balance_key: BalanceKey = DEFAULT_KEY
    amount: AmountOf | None = None
    share: ShareOf | None = None
    remaining: Literal["remaining"] | None = None
    description: Note | None = None
    chart_of_accounts: Note | None = None
    metadata: Metadata = Field(default_factory=dict)

    @property
    def part(self) -> Part:
        """What it is to get of the value, or to give; `Refusal(LEG_INVALID)` unless it says that in one way."""
        return distribution.only(
            Amount(self.amount.asset, self.amount.value) if self.amount else None,
            Share(self.share.percentage, self.share.percentage_of_percentage or Decimal(100)) if self.share else None,
            Remaining() if self.remaining else None,
        )


def _not_too_many(value: object) -> object:
    """A list of thousands is refused as a whole: what is wrong with each of its legs could fill the memory."""
    if isinstance(value, list) and len(value) > MAX_POSTINGS:
        raise refuse(Reason.TOO_LARGE, f"has {len(value)} legs; at most {MAX_POSTINGS} are allowed")
    return value


type Legs = Annotated[list[TransactionLeg], Field(max_length=MAX_POSTINGS), BeforeValidator(_not_too_many)]
"""The legs of one side."""


class Source(Input):
    """Who gives."""

    from_: Annotated[Legs, Field(alias="from")]


class Destination(Input):
    """Who gets."""

    to: Legs


class SendOf(Input):
    """A value of an asset, from the legs of one side to those of the other, which must come to the same."""

    asset: AssetCode
    value: Value
    source: Source
    distribute: Destination


class InflowSend(Input):
    """A value of an asset that comes into the ledger."""

    asset: AssetCode
    value: Value
    distribute: Destination


class OutflowSend(Input):
    """A value of an asset that leaves the ledger."""

    asset: AssetCode
    value: Value
    source: Source


class _Noted(Input):
    """What is noted of every transaction."""

    description: Note | None = None
    code: Annotated[str, StringConstraints(max_length=100)] | None = None
    chart_of_accounts_group_name: Note | None = None
    transaction_date: When | None = None
    metadata: Metadata = Field(default_factory=dict)


class NewTransaction(_Noted):
    """A transaction between accounts; a pending one holds the money until it is committed, canceled, or expires."""

    send: SendOf
    pending: bool = False
    expires_at: When | None = None

    def draft(self) -> Draft:
        """What is to be made of it."""
        return _draft(
            self,
            self.send,
            self.send.source.from_,
            self.send.distribute.to,
            pending=self.pending,
            expires_at=self.expires_at,
        )


class NewInflow(_Noted):
    """Money that comes into the ledger, from the asset's external account."""

    send: InflowSend

    def draft(self) -> Draft:
        """What is to be made of it."""
        return _draft(self, self.send, [_outside(self.send.asset)], self.send.distribute.to)


class NewOutflow(_Noted):
    """Money that leaves the ledger, to the asset's external account."""

    send: OutflowSend
    pending: bool = False
    expires_at: When | None = None

    def draft(self) -> Draft:
        """What is to be made of it."""
        return _draft(
            self,
            self.send,
            self.send.source.from_,
            [_outside(self.send.asset)],
            pending=self.pending,
            expires_at=self.expires_at,
        )


class NewAnnotation(_Noted):
    """A transaction that is noted and moves nothing."""

    send: SendOf

    def draft(self) -> Draft:
        """What is to be made of it."""
        return _draft(self, self.send, self.send.source.from_, self.send.distribute.to, moves=False)


def _draft(
    body: _Noted,
    send: SendOf | InflowSend | OutflowSend,
    source: Sequence[TransactionLeg],
    destination: Sequence[TransactionLeg],
    *,
    pending: bool = False,
    expires_at: int | None = None,
    moves: bool = True,
) -> Draft:
    return Draft(
        send=Send(
            asset=send.asset,
            value=send.value,
            source=_legs(source, "send.source.from"),
            destination=_legs(destination, "send.distribute.to"),
            pending=pending,
        ),
        source=_notes(source),
        destination=_notes(destination),
        moves=moves,
        description=body.description,
        code=body.code,
        chart_of_accounts_group_name=body.chart_of_accounts_group_name,
        transaction_date=body.transaction_date,
        expires_at=expires_at,
        metadata=body.metadata,
    )


def _outside(asset: str) -> TransactionLeg:
    """The leg by which money enters and leaves."""
    return TransactionLeg.model_validate({"accountAlias": external_alias(asset), "remaining": "remaining"})


def _legs(legs: Sequence[TransactionLeg], place: str) -> tuple[Leg, ...]:
    return tuple(
        Leg(leg.account_alias, _part(leg, f"{place}.{position}"), leg.balance_key) for position, leg in enumerate(legs)
    )


def _part(leg: TransactionLeg, place: str) -> Part:
    """The part that a leg has; if it has none, or several, the refusal names its place in the body."""
    try:
        return leg.part
    except Refusal as refusal:
        raise Refusal(refusal.reason, refusal.message, {place: "has none of them, or several"}) from None


def _notes(legs: Sequence[TransactionLeg]) -> Sequence[LegNote]:
    return [
        LegNote(description=leg.description, chart_of_accounts=leg.chart_of_accounts, metadata=leg.metadata)
        for leg in legs
    ]
