"""What the models of the wallet API share: underscores in names, strictness, amounts with two decimals."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, PlainSerializer, StringConstraints, WithJsonSchema

from coffer.ledger.amounts import text
from coffer.models.base import not_blank
from coffer.models.strict import Strict


class WalletModel(Strict):
    """What a caller sends or gets: nothing unknown, nothing converted."""


def _with_decimals(amount: Decimal) -> str:
    """An amount as the wallet API shows it: at least two decimals."""
    whole, _, decimals = text(amount).partition(".")
    return f"{whole}.{decimals:0<2}"


type Id = Annotated[str, StringConstraints(min_length=1, max_length=36)]
"""An id as a caller may send it; one that is not of ours is simply not found."""

type Label = Annotated[str, StringConstraints(max_length=100)]

type Title = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(not_blank)]

type Amount = Annotated[
    Decimal,
    PlainSerializer(_with_decimals),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+\.[0-9]{2,}$", "examples": ["1000.50"]}),
]
