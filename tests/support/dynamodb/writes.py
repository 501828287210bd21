"""Writes, alone or in a transaction: made ready from the request, then tried on the item that stands there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.support.dynamodb.errors import Invalid, Mismatch, NotFaked, misuse
from tests.support.dynamodb.expressions import (
    AnyExpression,
    ConditionExpression,
    UpdateExpression,
    check_placeholders,
    condition,
    resolve,
    update,
)
from tests.support.dynamodb.schema import Schemas
from tests.support.dynamodb.sizes import LARGEST_ITEM, write_units
from tests.support.dynamodb.storage import Stored
from tests.support.dynamodb.values import Item, checked_item, copied

type Kind = Literal["Put", "Update", "Delete", "ConditionCheck"]

_COMMON = frozenset(
    {
        "TableName",
        "ConditionExpression",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "ReturnValuesOnConditionCheckFailure",
    }
)
_OWN: Mapping[Kind, frozenset[str]] = {
    "Put": _COMMON | {"Item"},
    "Update": _COMMON | {"Key", "UpdateExpression"},
    "Delete": _COMMON | {"Key"},
    "ConditionCheck": _COMMON | {"Key"},
}
_REQUIRED: Mapping[Kind, frozenset[str]] = {
    "Put": frozenset({"TableName", "Item"}),
    "Update": frozenset({"TableName", "Key"}),
    "Delete": frozenset({"TableName", "Key"}),
    "ConditionCheck": frozenset({"TableName", "Key", "ConditionExpression"}),
}
_RETURNED = {"Put": {"NONE", "ALL_OLD"}, "Update": {"NONE", "ALL_OLD", "ALL_NEW"}, "Delete": {"NONE", "ALL_OLD"}}
_ALONE = frozenset({"ReturnValues", "ReturnConsumedCapacity"})


@dataclass(frozen=True, slots=True)
class Write:
    """One write, made ready: whatever can be said of it without looking into the table has been said."""

    kind: Kind
    key: Item
    schemas: Schemas
    put: Stored | None = None
    update: UpdateExpression | None = None
    condition: ConditionExpression | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    values: Item = field(default_factory=dict)
    tells_old: bool = False
    mismatch: Mismatch | None = None

    def outcome(self, old: Stored | None) -> Stored | None:
        """What stands there after the write; raises `ConditionFailed`, or `Invalid` when it can't be written."""
        if self.mismatch:
            raise self.mismatch
        if self.condition and not self.condition.run(old.item if old else {}, self.names, self.values):
            raise ConditionFailed(copied(old.item) if old and self.tells_old else None)
        match self.kind:
            case "Put":
                return self.put
            case "Delete":
                return None
            case "ConditionCheck":
                return old
            case "Update":
                return self._updated(old)

    def units(self, old: Stored | None, new: Stored | None) -> int:
        """Write units of the table: by the larger of the item before and after, also if the condition does not hold."""
        return write_units(max(stored.size if stored else 0 for stored in (old, new, self.put)))

    def _updated(self, old: Stored | None) -> Stored:
        base = old.item if old else self.key
        new = Stored.of(self.update.run(base, self.names, self.values) if self.update else base)
        if new.size > LARGEST_ITEM:
            raise Invalid("Item size to update has exceeded the maximum allowed size")
        self.schemas.check_key_values(new.item)
        return new


class ConditionFailed(Exception):  # noqa: N818 -- the service's word
    """The condition of a write does not hold."""

    def __init__(self, item: Item | None) -> None:
        super().__init__()
        self.item = item
        """The item that stands there, if it was asked for."""


def prepare(kind: Kind, request: Mapping[str, Any], schemas: Schemas, *, alone: bool = False) -> Write:
    """A write from its request, alone or in a transaction; raises `Invalid` for what the service refuses at once."""
    if unknown := request.keys() - _OWN[kind] - (_ALONE if alone else frozenset()):
        raise misuse(f"parameters of {kind} that are unknown or not faked: {sorted(unknown)}")
    if missing := _REQUIRED[kind] - request.keys():
        raise misuse(f"{kind} misses {sorted(missing)}")
    returned = request.get("ReturnValues", "NONE")
    if kind == "Update" and returned in {"UPDATED_OLD", "UPDATED_NEW"}:
        raise NotFaked(f"ReturnValues={returned}")
    if alone and returned not in _RETURNED[kind]:
        raise Invalid("Return values set to invalid value")
    names, values = request.get("ExpressionAttributeNames"), request.get("ExpressionAttributeValues")
    when = condition(request["ConditionExpression"]) if "ConditionExpression" in request else None
    change = update(request["UpdateExpression"]) if "UpdateExpression" in request else None
    expressions: list[AnyExpression] = [each for each in (change, when) if each]
    check_placeholders(expressions, names, values)
    if change:
        _check_targets(change, names or {}, schemas)
    key, put, mismatch = _place(kind, request, schemas)
    return Write(
        kind,
        key,
        schemas,
        put=put,
        update=change,
        condition=when,
        names=dict(names or {}),
        values=checked_item(values) if values else {},
        tells_old=request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD",
        mismatch=mismatch,
    )


def _place(kind: Kind, request: Mapping[str, Any], schemas: Schemas) -> tuple[Item, Stored | None, Mismatch | None]:
    """The key of a write and the item of a put; without a key that is of the table's form, why it isn't."""
    try:
        if kind != "Put":
            return schemas.key(request["Key"]), None, None
        item = checked_item(request["Item"])
        schemas.check_item(item)
    except Mismatch as mismatch:
        return {}, None, mismatch
    put = Stored.of(item)
    if put.size > LARGEST_ITEM:
        raise Invalid("Item size has exceeded the maximum allowed size")
    return {name: item[name] for name in (schemas.table.partition, schemas.table.sort)}, put, None


def _check_targets(change: UpdateExpression, names: Mapping[str, str], schemas: Schemas) -> None:
    targets = [resolve(attribute, names) for attribute in change.tree.targets]
    for target in targets:
        if target in {schemas.table.partition, schemas.table.sort}:
            raise Invalid(
                f"One or more parameter values were invalid: Cannot update attribute {target}. This attribute is part "
                "of the key"
            )
        if targets.count(target) > 1:
            raise Invalid(
                "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of "
                f"these paths; path one: [{target}], path two: [{target}]"
            )
