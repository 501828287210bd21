"""`ConsumedCapacity`, as the service answers it, and a meter that also counts what no answer tells.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.support.dynamodb.errors import Invalid

type Direction = Literal["Read", "Write"]


@dataclass(slots=True)
class Meter:
    """Everything that was consumed since it was made, also by calls that failed: a failed condition costs its write."""

    calls: Counter[str] = field(default_factory=Counter)
    """Calls by operation, `transact_write_items`."""
    read_units: float = 0
    write_units: float = 0


@dataclass(frozen=True, slots=True)
class Consumed:
    """What one call consumed: of the table, and of each index that it touched."""

    direction: Direction
    table: float
    indexes: Mapping[str, float] = field(default_factory=dict)
    transactional: bool = False

    @property
    def units(self) -> float:
        """Of the table and the indexes together."""
        return self.table + sum(self.indexes.values())

    def count(self, meter: Meter) -> None:
        """Add it to a meter."""
        if self.direction == "Read":
            meter.read_units += self.units
        else:
            meter.write_units += self.units

    def answer(self, table: str, mode: str) -> dict[str, Any]:
        """As `ReturnConsumedCapacity` asks for it. Only transactions tell reads and writes apart.

        An index that was not touched is not mentioned.
        """
        answer = {"TableName": table, **self._units(self.units)}
        if mode == "INDEXES":
            answer["Table"] = self._units(self.table)
            if self.indexes:
                answer["GlobalSecondaryIndexes"] = {name: self._units(units) for name, units in self.indexes.items()}
        return answer

    def _units(self, units: float) -> dict[str, Any]:
        split = {f"{self.direction}CapacityUnits": float(units)} if self.transactional else {}
        return {"CapacityUnits": float(units), **split}


def asked(request: Mapping[str, Any]) -> str | None:
    """The mode in which a request asks for its capacity, or None; raises `Invalid`."""
    mode: str = request.get("ReturnConsumedCapacity", "NONE")
    if mode not in {"NONE", "TOTAL", "INDEXES"}:
        raise Invalid(
            f"1 validation error detected: Value '{mode}' at 'returnConsumedCapacity' failed to satisfy constraint: "
            "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
        )
    return None if mode == "NONE" else mode
