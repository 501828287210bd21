"""A parser of condition, key condition, filter, update and projection expressions, as far as Coffer speaks them.

What the service knows and this parser doesn't is refused with `NotFaked`, never read as something else.
"""

import re
from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.support.dynamodb.errors import Invalid, NotFaked
from tests.support.dynamodb.syntax import (
    Attribute,
    Between,
    Both,
    Call,
    Comparator,
    Compare,
    Condition,
    Either,
    IfNotExists,
    In,
    Not,
    Operand,
    Placeholder,
    Sum,
    Term,
    Update,
)

type Kind = Literal[
    "ConditionExpression", "FilterExpression", "KeyConditionExpression", "ProjectionExpression", "UpdateExpression"
]


@dataclass(slots=True)
class Parser:
    """Reads one expression; it collects the attributes and values that the expression names, in their order."""

    kind: Kind
    text: str
    attributes: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    _tokens: list[str] = field(init=False)
    _at: int = 0

    def __post_init__(self) -> None:
        """Split the text into tokens; raises `Invalid` for an empty one and for what is no token."""
        if not self.text.strip():
            raise self._refused("The expression can not be empty;")
        self._tokens = _TOKEN.findall(self.text)

    def condition(self) -> Condition:
        """The whole text as a condition, a filter or a key condition."""
        return self._whole(self._either)

    def update(self) -> Update:
        """The whole text as an update."""
        return self._whole(self._sections)

    def projection(self) -> tuple[Attribute, ...]:
        """The whole text as a list of attributes."""
        return self._whole(lambda: self._list(self._attribute))

    def _whole[Tree](self, part: Callable[[], Tree]) -> Tree:
        tree = part()
        if self._at < len(self._tokens):
            raise self._unexpected()
        return tree

    def _either(self) -> Condition:
        condition = self._both()
        while self._took("OR"):
            condition = Either(condition, self._both())
        return condition

    def _both(self) -> Condition:
        condition = self._negated()
        while self._took("AND"):
            condition = Both(condition, self._negated())
        return condition

    def _negated(self) -> Condition:
        return Not(self._negated()) if self._took("NOT") else self._single()

    def _single(self) -> Condition:
        if self._took("("):
            doubled = self._peek() == "("
            start = self._at
            condition = self._either()
            if doubled and self._closes(start) == self._at - 1:
                raise self._refused("The expression has redundant parentheses;")
            self._expect(")")
            return condition
        if self._peek() in _FUNCTIONS and self._peek(1) == "(":
            return self._function()
        return self._comparison(self._operand())

    def _comparison(self, left: Operand) -> Condition:
        if self._took("BETWEEN"):
            low = self._operand()
            self._expect("AND")
            return Between(left, low, self._operand())
        if self._took("IN"):
            self._expect("(")
            choices = self._list(self._operand)
            self._expect(")")
            return In(left, choices)
        for operator in _COMPARATORS:
            if self._took(operator):
                return Compare(operator, left, self._distinct(operator, left, self._operand()))
        raise self._unexpected()

    def _function(self) -> Condition:
        name = self._next()
        self._expect("(")
        path = self._attribute()
        operand = None
        if name == "begins_with":
            self._expect(",")
            operand = self._distinct(name, path, self._operand())
        self._expect(")")
        if name == "begins_with":
            return Call("begins_with", path, operand)
        return Call("attribute_exists" if name == "attribute_exists" else "attribute_not_exists", path)

    def _distinct(self, operator: str, first: Operand, second: Operand) -> Operand:
        if isinstance(first, Attribute) and first == second:
            raise self._refused(
                "The first operand must be distinct from the remaining operands for this operator or function; "
                f"operator: {operator}, first operand: [{first.text}]"
            )
        return second

    def _sections(self) -> Update:
        update = Update()
        seen: set[str] = set()
        while self._at < len(self._tokens):
            section = self._next().upper()
            if section in seen:
                raise self._refused(f'The "{section}" section can only be used once in an update expression;')
            seen.add(section)
            match section:
                case "SET":
                    update = replace(update, set=self._list(self._assignment))
                case "ADD":
                    update = replace(update, add=self._list(self._addition))
                case "REMOVE":
                    update = replace(update, remove=self._list(self._attribute))
                case "DELETE":
                    raise NotFaked("the DELETE section of update expressions")
                case _:
                    raise self._unexpected(-1)
        return update

    def _assignment(self) -> tuple[Attribute, Term | Sum]:
        target = self._attribute()
        self._expect("=")
        left = self._term()
        if self._took("+"):
            return target, Sum(left, "+", self._term())
        if self._took("-"):
            return target, Sum(left, "-", self._term())
        return target, left

    def _addition(self) -> tuple[Attribute, Placeholder]:
        target, value = self._attribute(), self._operand()
        if isinstance(value, Attribute):
            raise self._unexpected(-1)
        return target, value

    def _term(self) -> Term:
        if self._peek(1) != "(":
            return self._operand()
        if self._peek() != "if_not_exists":
            raise self._unknown(self._peek())
        self._next()
        self._expect("(")
        path = self._attribute()
        self._expect(",")
        otherwise = self._operand()
        self._expect(")")
        return IfNotExists(path, otherwise)

    def _operand(self) -> Operand:
        if not self._peek().startswith(":"):
            return self._attribute()
        name = self._next()
        self.values.append(name)
        return Placeholder(name)

    def _attribute(self) -> Attribute:
        token = self._next()
        if self._peek() in {".", "["}:
            raise NotFaked("paths into documents")
        if self._peek() == "(":
            raise self._unknown(token)
        if not token.startswith("#"):
            if not token.isidentifier():
                raise self._unexpected(-1)
            if token.upper() in RESERVED:
                raise self._refused(f"Attribute name is a reserved keyword; reserved keyword: {token}")
        self.attributes.append(token)
        return Attribute(token)

    def _list[Part](self, part: Callable[[], Part]) -> tuple[Part, ...]:
        parts = [part()]
        while self._took(","):
            parts.append(part())
        return tuple(parts)

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _took(self, token: str) -> bool:
        if self._peek().upper() != token:
            return False
        self._at += 1
        return True

    def _expect(self, token: str) -> None:
        if not self._took(token):
            raise self._unexpected()

    def _closes(self, at: int) -> int:
        """Where the parenthesis that opens at a token closes; past the end if nowhere."""
        depth = 0
        for index in range(at, len(self._tokens)):
            depth += (self._tokens[index] == "(") - (self._tokens[index] == ")")
            if depth == 0:
                return index
        return len(self._tokens)

    def _unexpected(self, ahead: int = 0) -> Invalid:
        at = self._at + ahead
        near = " ".join(self._tokens[max(0, at - 1) : at + 2])
        return self._refused(f'Syntax error; token: "{self._peek(ahead) or "<EOF>"}", near: "{near}"')

    def _unknown(self, function: str) -> Exception:
        if function in _NOT_FAKED:
            return NotFaked(f"{function}()")
        return self._refused(f"Invalid function name; function: {function}")

    def _refused(self, why: str) -> Invalid:
        return Invalid(f"Invalid {self.kind}: {why}")


_TOKEN = re.compile(r"[#:]?[A-Za-z_0-9]+|<>|<=|>=|\S")
_COMPARATORS: tuple[Comparator, ...] = ("=", "<>", "<", "<=", ">", ">=")
_NOT_FAKED = frozenset({"attribute_type", "contains", "list_append", "size"})
_FUNCTIONS = frozenset({"attribute_exists", "attribute_not_exists", "begins_with"})

RESERVED = frozenset(Path(__file__).with_name("reserved_words.txt").read_text().split())
"""Words that name no attribute in an expression but through a `#placeholder`.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
"""
