"""What is asked for: transactions, as a caller writes them down."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from coffer.times import rfc3339
from tests.properties.paper.distribution import Amount, Part, Remaining, Share

DEFAULT = "default"

type Kind = Literal["json", "inflow", "outflow", "annotation"]


def outside(code: str) -> str:
    """The alias of an asset's external account."""
    return f"@external/{code}"


@dataclass(frozen=True, slots=True)
class Leg:
    """What one balance gives or gets."""

    alias: str
    key: str
    part: Part

    def body(self, code: str) -> dict[str, Any]:
        """As JSON has it."""
        place = {"accountAlias": self.alias} | ({} if self.key == DEFAULT else {"balanceKey": self.key})
        match self.part:
            case Amount(value):
                return {**place, "amount": {"asset": code, "value": f"{value:f}"}}
            case Share(percentage, None):
                return {**place, "share": {"percentage": f"{percentage:f}"}}
            case Share(percentage, of):
                return {**place, "share": {"percentage": f"{percentage:f}", "percentageOfPercentage": f"{of:f}"}}
            case Remaining():
                return {**place, "remaining": "remaining"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A transaction that is asked for; `expires_at` is in milliseconds since 1970."""

    kind: Kind
    code: str
    value: Decimal
    given: Sequence[Leg]
    taken: Sequence[Leg]
    pending: bool = False
    expires_at: int | None = None
    description: str = ""

    @property
    def source(self) -> Sequence[Leg]:
        """The legs that give."""
        return [Leg(outside(self.code), DEFAULT, Remaining())] if self.kind == "inflow" else self.given

    @property
    def destination(self) -> Sequence[Leg]:
        """The legs that get."""
        return [Leg(outside(self.code), DEFAULT, Remaining())] if self.kind == "outflow" else self.taken

    @property
    def holds(self) -> bool:
        """Whether it is to be held at first."""
        return self.pending and self.kind in {"json", "outflow"}

    def body(self) -> dict[str, Any]:
        """As JSON has it."""
        send: dict[str, Any] = {"asset": self.code, "value": f"{self.value:f}"}
        if self.kind != "inflow":
            send["source"] = {"from": [leg.body(self.code) for leg in self.given]}
        if self.kind != "outflow":
            send["distribute"] = {"to": [leg.body(self.code) for leg in self.taken]}
        held: dict[str, Any] = {"pending": True} if self.holds else {}
        if self.holds and self.expires_at is not None:
            held["expiresAt"] = rfc3339(self.expires_at)
        return {"description": self.description, "send": send, **held}
