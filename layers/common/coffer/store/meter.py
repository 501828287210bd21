"""What a request cost: its calls to the table, and the capacity that they consumed as the service reports it."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Call(NamedTuple):
    """One answered call, and the capacity units it consumed, indexes included."""

    operation: str
    units: float

    @property
    def writes(self) -> bool:
        """Whether its units are write units."""
        return self.operation == "transact_write_items"


@dataclass(slots=True)
class Meter:
    """The answered calls of one request, and how many pauses were made to repeat one."""

    calls: list[Call] = field(default_factory=list)
    retries: int = 0

    @property
    def read_units(self) -> float:
        """Read capacity units of all calls."""
        return sum(call.units for call in self.calls if not call.writes)

    @property
    def write_units(self) -> float:
        """Write capacity units of all calls."""
        return sum(call.units for call in self.calls if call.writes)
