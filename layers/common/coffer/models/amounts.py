"""Amounts: as they are sent, in decimals or in percent, and as they are answered."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from coffer.ledger import amounts, distribution
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.base import refuse


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


_DECIMAL: dict[str, Any] = {
    "anyOf": [{"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"}, {"type": "number"}],
    "examples": ["1000.50"],
}

type Value = Annotated[Decimal, BeforeValidator(_amount), WithJsonSchema(_DECIMAL)]
"""An amount as a caller sends it."""

type Percentage = Annotated[Decimal, BeforeValidator(_percentage), WithJsonSchema({**_DECIMAL, "examples": [12.5]})]

type Quantity = Annotated[
    Decimal,
    PlainSerializer(amounts.text),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["1000.5"]}),
]
"""An amount as it is answered: exact, without idle zeros; below zero only on external accounts."""
