"""Expressions made ready to run, once for each text.

A condition tells of an item whether it holds, an update makes an item of an item, a projection names attributes. Each
takes the request's names and values; `check_placeholders` has seen that they are all there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from tests.support.dynamodb.errors import Invalid, NotFaked
from tests.support.dynamodb.parser import Kind, Parser
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
from tests.support.dynamodb.values import EXACT, Item, Value, comparable, stored

type Names = Mapping[str, str]
type Values = Mapping[str, Value]
type Read = Callable[[Item, Names, Values], Value | None]
type Test = Callable[[Item, Names, Values], bool]


@dataclass(frozen=True, slots=True)
class Expression[Tree, Run]:
    """One expression: the attributes and values that it names, in their order, its tree, and how to run it."""

    kind: Kind
    attributes: tuple[str, ...]
    values: tuple[str, ...]
    tree: Tree
    run: Run

    @property
    def names(self) -> list[str]:
        """The attributes that it names by a placeholder."""
        return [attribute for attribute in self.attributes if attribute.startswith("#")]


type ConditionExpression = Expression[Condition, Test]
type UpdateExpression = Expression[Update, Callable[[Item, Names, Values], Item]]
type ProjectionExpression = Expression[tuple[Attribute, ...], Callable[[Names], list[str]]]
type AnyExpression = ConditionExpression | UpdateExpression | ProjectionExpression


@cache
def condition(text: str, kind: Kind = "ConditionExpression") -> ConditionExpression:
    """A condition, a filter or a key condition; raises `Invalid`."""
    parser = Parser(kind, text)
    tree = parser.condition()
    return Expression(kind, tuple(parser.attributes), tuple(parser.values), tree, _test(tree))


@cache
def update(text: str) -> UpdateExpression:
    """An update; raises `Invalid`."""
    parser = Parser("UpdateExpression", text)
    tree = parser.update()
    return Expression(parser.kind, tuple(parser.attributes), tuple(parser.values), tree, _change(tree))


@cache
def projection(text: str) -> ProjectionExpression:
    """A list of attributes; raises `Invalid`."""
    parser = Parser("ProjectionExpression", text)
    tree = parser.projection()
    return Expression(
        parser.kind, tuple(parser.attributes), (), tree, lambda names: [resolve(attribute, names) for attribute in tree]
    )


def check_placeholders(expressions: list[AnyExpression], names: Names | None, values: Mapping[str, Any] | None) -> None:
    """Raises `Invalid` for a placeholder that is used and not defined, or defined and not used."""
    for expression in expressions:
        for name in expression.names:
            if not names or name not in names:
                raise Invalid(
                    f"Invalid {expression.kind}: An expression attribute name used in the document path is not "
                    f"defined; attribute name: {name}"
                )
        for value in expression.values:
            if not values or value not in values:
                raise Invalid(
                    f"Invalid {expression.kind}: An expression attribute value used in expression is not defined; "
                    f"attribute value: {value}"
                )
    _refuse_unused("Names", names, {name for expression in expressions for name in expression.names}, expressions)
    _refuse_unused("Values", values, {value for expression in expressions for value in expression.values}, expressions)


def resolve(attribute: Attribute, names: Names) -> str:
    """The name of an attribute."""
    return names[attribute.text] if attribute.text.startswith("#") else attribute.text


def _refuse_unused(
    what: str, given: Mapping[str, Any] | None, used: set[str], expressions: list[AnyExpression]
) -> None:
    if given is None:
        return
    if not expressions:
        raise Invalid(f"ExpressionAttribute{what} can only be specified when using expressions")
    if not given:
        raise Invalid(f"ExpressionAttribute{what} must not be empty")
    if unused := given.keys() - used:
        listed = ", ".join(sorted(unused))
        raise Invalid(f"Value provided in ExpressionAttribute{what} unused in expressions: keys: {{{listed}}}")


def _test(tree: Condition) -> Test:  # noqa: PLR0911 -- one for each kind of tree
    match tree:
        case Compare(operator, left, right):
            return _comparison(operator, _read(left), _read(right))
        case Between(value, low, high):
            at_least = _comparison(">=", _read(value), _read(low))
            at_most = _comparison("<=", _read(value), _read(high))
            return lambda *on: at_least(*on) and at_most(*on)
        case In(value, choices):
            tests = [_comparison("=", _read(value), _read(choice)) for choice in choices]
            return lambda *on: any(test(*on) for test in tests)
        case Call(function, attribute, operand):
            return _function(function, _read(attribute), operand)
        case Not(condition):
            negated = _test(condition)
            return lambda *on: not negated(*on)
        case Both(left, right):
            first, second = _test(left), _test(right)
            return lambda *on: first(*on) and second(*on)
        case Either(left, right):
            first, second = _test(left), _test(right)
            return lambda *on: first(*on) or second(*on)


def _function(name: str, read: Read, operand: Operand | None) -> Test:
    if operand is None:
        wanted = name == "attribute_exists"
        return lambda *on: (read(*on) is not None) == wanted
    read_prefix = _read(operand)

    def begins(item: Item, names: Names, values: Values) -> bool:
        text, prefix = read(item, names, values), read_prefix(item, names, values)
        if not text or not prefix or text.keys() != prefix.keys():
            return False
        first, second = comparable(text), comparable(prefix)
        if isinstance(first, str) and isinstance(second, str):
            return first.startswith(second)
        return isinstance(first, bytes) and isinstance(second, bytes) and first.startswith(second)

    return begins


def _comparison(operator: Comparator, left: Read, right: Read) -> Test:
    """What is not there equals nothing and stands in no order; values of two types neither."""
    if operator in {"=", "<>"}:
        same = eq if operator == "=" else ne

        def compare(item: Item, names: Names, values: Values) -> bool:
            first, second = left(item, names, values), right(item, names, values)
            equal = first is not None and second is not None and first == second
            return bool(same(equal, True))

        return compare
    ordered = {"<": lt, "<=": le, ">": gt, ">=": ge}[operator]

    def order(item: Item, names: Names, values: Values) -> bool:
        first, second = left(item, names, values), right(item, names, values)
        if first is None or second is None or first.keys() != second.keys():
            return False
        low, high = comparable(first), comparable(second)
        return low is not None and high is not None and bool(ordered(low, high))

    return order


def _read(operand: Operand) -> Read:
    text = operand.text
    if isinstance(operand, Placeholder):
        return lambda _item, _names, values: values[text]
    if text.startswith("#"):
        return lambda item, names, _values: item.get(names[text])
    return lambda item, _names, _values: item.get(text)


def _change(tree: Update) -> Callable[[Item, Names, Values], Item]:
    set_ = [(target, _value(term)) for target, term in tree.set]

    def change(item: Item, names: Names, values: Values) -> Item:
        changed = dict(item)
        for target, value in set_:
            changed[resolve(target, names)] = value(item, names, values)
        for target, amount in tree.add:
            name = resolve(target, names)
            changed[name] = _added(item.get(name), values[amount.text])
        for target in tree.remove:
            changed.pop(resolve(target, names), None)
        return changed

    return change


def _value(tree: Term | Sum) -> Callable[[Item, Names, Values], Value]:
    if isinstance(tree, Sum):
        left, right = _value(tree.left), _value(tree.right)
        operate = EXACT.add if tree.operator == "+" else EXACT.subtract
        return lambda *on: {"N": stored(operate(_number(left(*on)), _number(right(*on))))}
    if isinstance(tree, IfNotExists):
        read, otherwise = _read(tree.attribute), _value(tree.otherwise)
        return lambda *on: read(*on) or otherwise(*on)
    read_operand = _read(tree)

    def value(item: Item, names: Names, values: Values) -> Value:
        found = read_operand(item, names, values)
        if found is None:
            raise Invalid("The provided expression refers to an attribute that does not exist in the item")
        return found

    return value


def _added(old: Value | None, amount: Value) -> Value:
    if amount.keys() & {"SS", "NS", "BS"}:
        raise NotFaked("ADD to a set")
    if "N" not in amount:
        ((kind, _),) = amount.items()
        raise Invalid(
            "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, "
            f"operand type: {kind}"
        )
    return {"N": stored(EXACT.add(_number(old), _number(amount)))} if old else amount


def _number(value: Value) -> Any:  # noqa: ANN401 -- a Decimal; `comparable` tells strings and numbers apart by the type
    if "N" not in value:
        raise Invalid("An operand in the update expression has an incorrect data type")
    return comparable(value)
