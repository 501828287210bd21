"""Key conditions: the part of one collection that a query reads.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.dynamodb.errors import Invalid
from tests.support.dynamodb.expressions import ConditionExpression, Names, Values, resolve
from tests.support.dynamodb.schema import Position, Schema
from tests.support.dynamodb.syntax import Attribute, Between, Both, Call, Compare, Condition, Placeholder
from tests.support.dynamodb.values import Comparable, comparable

_MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Range:
    """A part of one collection: by its sort key, from one bound to another or all that begins with a prefix."""

    partition: Comparable
    operator: str = ""
    bounds: tuple[Comparable, ...] = ()

    def within(self, positions: Sequence[Position]) -> tuple[int, int]:
        """The part of the sorted positions, as a slice."""
        if not self.bounds:
            return 0, len(positions)
        low, high = self.bounds[0], self.bounds[-1]
        if self.operator == "begins_with":
            return self._beginning(positions, low)
        begin, end = 0, len(positions)
        if self.operator in {"=", ">=", "BETWEEN"}:
            begin = bisect_left(positions, low, key=_sort_key)
        elif self.operator == ">":
            begin = bisect_right(positions, low, key=_sort_key)
        if self.operator in {"=", "<=", "BETWEEN"}:
            end = bisect_right(positions, high, key=_sort_key)
        elif self.operator == "<":
            end = bisect_left(positions, high, key=_sort_key)
        return begin, end

    @staticmethod
    def _beginning(positions: Sequence[Position], prefix: Any) -> tuple[int, int]:  # noqa: ANN401 -- of str or bytes
        def cut(position: Position) -> Any:  # noqa: ANN401
            return _sort_key(position)[: len(prefix)]

        return bisect_left(positions, prefix, key=cut), bisect_right(positions, prefix, key=cut)


def key_range(expression: ConditionExpression, schema: Schema, names: Names, values: Values) -> Range:
    """The range that a key condition means for the table or an index; raises `Invalid`."""
    conditions = [_condition(tree, names, values) for tree in _conjuncts(expression.tree)]
    if len({name for name, _, _ in conditions}) < len(conditions):
        raise _refused("KeyConditionExpressions must only contain one condition per key")
    by_name = {name: (operator, bounds) for name, operator, bounds in conditions}
    if schema.partition not in by_name:
        raise Invalid(f"Query condition missed key schema element: {schema.partition}")
    operator, partition = by_name.pop(schema.partition)
    if operator != "=":
        raise Invalid("Query key condition not supported")
    sort = by_name.pop(schema.sort, None)
    if by_name:
        raise Invalid(f"Query condition missed key schema element: {schema.sort}")
    (pk,) = _bounds(partition, schema.types[schema.partition])
    if sort is None:
        return Range(pk)
    bounds = _bounds(sort[1], schema.types[schema.sort])
    if sort[0] == "BETWEEN" and bounds[0] > bounds[1]:  # type: ignore[operator]
        raise _refused("The BETWEEN operator requires upper bound to be greater than or equal to lower bound;")
    return Range(pk, sort[0], bounds)


type _Bounds = tuple[dict[str, object], ...]


def _conjuncts(tree: Condition) -> list[Condition]:
    return [*_conjuncts(tree.left), *_conjuncts(tree.right)] if isinstance(tree, Both) else [tree]


def _condition(tree: Condition, names: Names, values: Values) -> tuple[str, str, _Bounds]:
    match tree:
        case Compare(operator, Attribute() as attribute, Placeholder(bound)) if operator in _MIRRORED:
            return resolve(attribute, names), operator, (values[bound],)
        case Compare(operator, Placeholder(bound), Attribute() as attribute) if operator in _MIRRORED:
            return resolve(attribute, names), _MIRRORED[operator], (values[bound],)
        case Between(Attribute() as attribute, Placeholder(low), Placeholder(high)):
            return resolve(attribute, names), "BETWEEN", (values[low], values[high])
        case Call("begins_with", attribute, Placeholder(prefix)):
            return resolve(attribute, names), "begins_with", (values[prefix],)
    raise _refused("Invalid operator used in KeyConditionExpression")


def _bounds(bounds: _Bounds, type_: str) -> tuple[Comparable, ...]:
    if any(type_ not in bound for bound in bounds):
        raise Invalid("One or more parameter values were invalid: Condition parameter type does not match schema type")
    return tuple(order for bound in bounds if (order := comparable(bound)) is not None)


def _sort_key(position: Position) -> Any:  # noqa: ANN401 -- of one type throughout a collection
    return position[0]


def _refused(why: str) -> Invalid:
    return Invalid(f"Invalid KeyConditionExpression: {why}")
