"""What one `TransactWriteItems` is made of: each action with its condition, and what it means when that fails."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, NotRequired, TypedDict

from coffer.ledger.refusal import Refusal
from coffer.store.keys import Key
from coffer.store.values import Item, Value, encode_item, text

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import (
        PutTypeDef,
        TransactWriteItemTypeDef,
        UniversalAttributeValueTypeDef,
        UpdateTypeDef,
    )

    class _Condition(TypedDict):
        ConditionExpression: str
        ExpressionAttributeNames: dict[str, str]
        ExpressionAttributeValues: NotRequired[dict[str, UniversalAttributeValueTypeDef]]
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD"]


ABSENT = "attribute_not_exists(#pk)"
"""The item is not there."""

THERE = "attribute_exists(#pk)"
"""The item is there, whatever it says."""

LIVE = "attribute_exists(#pk) AND attribute_not_exists(#deleted_at)"
"""The item is there and has not been deleted."""

UNCHANGED = "#version = :version AND attribute_not_exists(#deleted_at)"
"""The item is as it was read, and has not been deleted."""

_NAME = re.compile(r"#(\w+)")


class Put(NamedTuple):
    """Writes a whole item; with `when` None, over whatever is there.

    `otherwise`, here and below, is the answer if the condition does not hold, whatever is there; None: someone was
    faster, or it depends on what is there: the next plan is shown that, and judges it.
    """

    item: Item
    when: str | None = ABSENT
    values: Mapping[str, Value] = MappingProxyType({})
    otherwise: Refusal | None = None

    @property
    def key(self) -> Key:
        """The key of the item."""
        return Key(text(self.item, "pk"), text(self.item, "sk"))


class Update(NamedTuple):
    """Changes attributes of an item (None removes one) and adds to its counters."""

    key: Key
    when: str
    values: Mapping[str, Value] = MappingProxyType({})
    change: Mapping[str, Value] = MappingProxyType({})
    add: Mapping[str, int] = MappingProxyType({})
    otherwise: Refusal | None = None


class Delete(NamedTuple):
    """Removes an item."""

    key: Key
    when: str
    values: Mapping[str, Value] = MappingProxyType({})
    otherwise: Refusal | None = None


class Check(NamedTuple):
    """Lets the whole write fail unless `when` holds for an item that it does not change."""

    key: Key
    when: str
    values: Mapping[str, Value] = MappingProxyType({})
    otherwise: Refusal | None = None


type Write = Put | Update | Delete | Check


def render(write: Write, table: str, attempt: str) -> TransactWriteItemTypeDef:
    """The action as the service takes it. Whatever it leaves behind carries the attempt's id."""
    match write:
        case Put():
            return {"Put": _put(write, table, attempt)}
        case Update():
            return {"Update": _update(write, table, attempt)}
        case Delete():
            return {"Delete": {"TableName": table, "Key": key_of(write.key), **_condition(write.when, write.values)}}
        case Check():
            check = _condition(write.when, write.values)
            return {"ConditionCheck": {"TableName": table, "Key": key_of(write.key), **check}}


def _put(write: Put, table: str, attempt: str) -> PutTypeDef:
    action: PutTypeDef = {"TableName": table, "Item": encode_item({**write.item, "attempt": attempt})}
    return {**action, **_condition(write.when, write.values)} if write.when else action


def _update(write: Update, table: str, attempt: str) -> UpdateTypeDef:
    # What only counts leaves no attempt: it knows nothing of the rest of the item, which may be sealed with another's.
    change = {**write.change, "attempt": attempt} if write.change else {}
    clauses = {
        "SET": [f"#{name} = :{name}_" for name, value in change.items() if value is not None],
        "REMOVE": [f"#{name}" for name, value in change.items() if value is None],
        "ADD": [f"#{name} :{name}_" for name in write.add],
    }
    expression = " ".join(f"{clause} {', '.join(parts)}" for clause, parts in clauses.items() if parts)
    condition = _condition(write.when, write.values)
    changed = encode_item({f":{name}_": value for name, value in {**change, **write.add}.items()})
    return {
        **condition,
        "TableName": table,
        "Key": key_of(write.key),
        "UpdateExpression": expression,
        "ExpressionAttributeNames": _names(f"{expression} {write.when}"),
        "ExpressionAttributeValues": {**condition.get("ExpressionAttributeValues", {}), **changed},
    }


def _condition(when: str, values: Mapping[str, Value]) -> _Condition:
    condition: _Condition = {
        "ConditionExpression": when,
        "ExpressionAttributeNames": _names(when),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if values:
        condition["ExpressionAttributeValues"] = encode_item({f":{name}": value for name, value in values.items()})
    return condition


def key_of(key: Key) -> dict[str, dict[str, str]]:
    """A key as the service takes it."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def _names(expression: str) -> dict[str, str]:
    return {f"#{name}": name for name in _NAME.findall(expression)}
