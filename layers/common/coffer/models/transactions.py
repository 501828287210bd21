"""Transactions: what moves value between the accounts of a ledger, and the operations that it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import MISSING, BeforeValidator, Field, StringConstraints, WithJsonSchema

from coffer.ledger import amounts, distribution
from coffer.ledger.distribution import Amount, Part, Remaining, Share
from coffer.ledger.entries import DEFAULT_KEY, external_alias
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.sends import MAX_POSTINGS, Leg, Send
from coffer.models.accounts import Alias, BalanceKey
from coffer.models.assets import AssetCode
from coffer.models.balances import Quantity
from coffer.models.base import Input, Metadata, Moment, Output, Status, Uuid, refuse
from coffer.models.listing import Filters
from coffer.times import parse

MAX_BATCH = 100


def _amount(value: object) -> Decimal:
    try:
        return amounts.parse(value)
    except Refusal as refusal:
        raise refuse(Reason.BAD_REQUEST, refusal.message) from None


def _percentage(value: object) -> Decimal:
    try:
        return distribution.percentage(value)
    except Refusal as refusal:
        raise refuse(Reason.BAD_REQUEST, refusal.message) from None


def _moment(value: object) -> int:
    try:
        return parse(value if isinstance(value, str) else "")
    except ValueError:
        raise refuse(Reason.DATE_INVALID, "must be a time like 2026-01-15T10:40:00.000Z, with its offset") from None


_DECIMAL: dict[str, Any] = {
    "anyOf": [{"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"}, {"type": "number"}],
    "examples": ["1000.50"],
}

type Value = Annotated[Decimal, BeforeValidator(_amount), WithJsonSchema(_DECIMAL)]
"""An amount as a caller sends it."""

type Percentage = Annotated[Decimal, BeforeValidator(_percentage), WithJsonSchema({**_DECIMAL, "examples": [12.5]})]

type When = Annotated[int, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment as a caller sends it."""

type Note = Annotated[str, StringConstraints(max_length=256)]
"""A short text, which may be empty."""


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


class NewBatch(Input):
    """Several transactions: all or nothing if `atomic`, otherwise each by itself, in their order."""

    transactions: Annotated[list[NewTransaction], Field(min_length=1, max_length=MAX_BATCH)]
    atomic: bool = False


class TransactionChange(Input):
    """What of a transaction, or of one of its operations, may change; what is left out stays."""

    description: Note | MISSING | None = MISSING
    metadata: Metadata | MISSING = MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class LegNote:
    """What is noted of a leg."""

    description: str | None
    chart_of_accounts: str | None
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A transaction to make, in whichever form it was asked for; `moves` is false for one that is only noted.

    Moments are milliseconds since 1970. The notes are those of the legs, in their order. Raises `Refusal(BAD_REQUEST)`
    for an expiry of what is not pending.
    """

    send: Send
    source: Sequence[LegNote]
    destination: Sequence[LegNote]
    moves: bool
    description: str | None
    code: str | None
    chart_of_accounts_group_name: str | None
    transaction_date: int | None
    expires_at: int | None
    metadata: dict[str, Any]

    def __post_init__(self) -> None:
        if self.expires_at is not None and not self.send.pending:
            raise Refusal(
                Reason.BAD_REQUEST,
                "Only what is pending can expire. Send `pending` as true, or leave the expiry out.",
                {"expiresAt": "is for a pending transaction"},
            )


class TransactionFilters(Filters):
    """By what transactions can be listed."""

    status: str | MISSING = MISSING
    asset_code: str | MISSING = MISSING


class OperationFilters(Filters):
    """By what operations can be listed."""

    type: Literal["DEBIT", "CREDIT", "ON_HOLD", "RELEASE"] | MISSING = MISSING


class OperationAmount(Output):
    """How much an operation moves."""

    value: Quantity


class OperationBalance(Output):
    """What stands in the balance, or in the shard of it that the operation is on."""

    available: Quantity
    on_hold: Quantity
    version: int


class Operation(Output):
    """What a transaction does to one balance; one that is only noted does not affect it."""

    id: Uuid
    organization_id: Uuid
    ledger_id: Uuid
    transaction_id: Uuid
    type: Literal["DEBIT", "CREDIT", "ON_HOLD", "RELEASE"]
    direction: Literal["debit", "credit"]
    asset_code: str
    amount: OperationAmount
    balance: OperationBalance
    balance_after: OperationBalance
    balance_affected: bool
    account_id: Uuid
    account_alias: str
    balance_id: Uuid
    balance_key: str
    description: str | None
    chart_of_accounts: str | None
    status: Status
    metadata: Metadata
    created_at: Moment
    updated_at: Moment
    deleted_at: None


class Transaction(Output):
    """A transaction: PENDING, APPROVED, CANCELED, or only NOTED."""

    id: Uuid
    organization_id: Uuid
    ledger_id: Uuid
    parent_transaction_id: Uuid | None
    description: str | None
    code: str | None
    chart_of_accounts_group_name: str | None
    status: Status
    asset_code: str
    amount: Quantity
    source: list[str]
    destination: list[str]
    operations: list[Operation]
    metadata: Metadata
    transaction_date: Moment
    expires_at: Moment | None
    created_at: Moment
    updated_at: Moment
    deleted_at: None


class Problem(Output):
    """Why one transaction of a batch was refused; `fields` is there if any are to blame."""

    code: str
    title: str
    message: str
    fields: dict[str, str] | MISSING = MISSING


class BatchResult(Output):
    """What became of one transaction of a batch: the transaction, or why it was not made."""

    index: int
    status: int
    transaction: Transaction | None
    error: Problem | None


class Batch(Output):
    """What became of each transaction, in the order in which they were sent."""

    transactions: list[BatchResult]


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
