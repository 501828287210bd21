"""Expressions as trees.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from dataclasses import dataclass
from typing import Literal

type Comparator = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its name, or `#placeholder`."""

    text: str


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A value: its `:placeholder`."""

    text: str


type Operand = Attribute | Placeholder


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`."""

    operator: Comparator
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Between:
    """`value BETWEEN low AND high`, both included."""

    value: Operand
    low: Operand
    high: Operand


@dataclass(frozen=True, slots=True)
class In:
    """`value IN (choices)`."""

    value: Operand
    choices: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`function(attribute)` or `function(attribute, operand)`."""

    function: Literal["attribute_exists", "attribute_not_exists", "begins_with"]
    attribute: Attribute
    operand: Operand | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT condition`."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Both:
    """`left AND right`."""

    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class Either:
    """`left OR right`."""

    left: "Condition"
    right: "Condition"


type Condition = Compare | Between | In | Call | Not | Both | Either


@dataclass(frozen=True, slots=True)
class IfNotExists:
    """`if_not_exists(attribute, otherwise)`."""

    attribute: Attribute
    otherwise: Operand


type Term = Operand | IfNotExists


@dataclass(frozen=True, slots=True)
class Sum:
    """`left + right`, or `left - right`."""

    left: Term
    operator: Literal["+", "-"]
    right: Term


@dataclass(frozen=True, slots=True)
class Update:
    """The sections of an update expression."""

    set: tuple[tuple[Attribute, Term | Sum], ...] = ()
    add: tuple[tuple[Attribute, Placeholder], ...] = ()
    remove: tuple[Attribute, ...] = ()

    @property
    def targets(self) -> list[Attribute]:
        """The attributes that it changes."""
        return [*(attribute for attribute, _ in self.set), *(attribute for attribute, _ in self.add), *self.remove]
