"""What must be refused, and with which answers: of several reasons, the contract leaves open which is given."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Objection(NamedTuple):
    """A status and a code."""

    status: int
    code: str


NOT_FOUND = Objection(404, "0007")
ASSET_TAKEN = Objection(409, "0003")
ASSET_HOLDS_BALANCE = Objection(422, "0016")
ASSET_UNKNOWN = Objection(404, "0034")
ALIAS_TAKEN = Objection(409, "0020")
ACCOUNT_HOLDS_BALANCE = Objection(400, "0012")
EXTERNAL_UNTOUCHABLE = Objection(400, "0074")
EXTERNAL_BALANCE = Objection(400, "0124")
KEY_TAKEN = Objection(409, "9009")
BALANCE_NOT_EMPTY = Objection(400, "0093")
BAD_REQUEST = Objection(400, "0047")

FUNDS_INSUFFICIENT = Objection(422, "0018")
ACCOUNT_INELIGIBLE = Objection(422, "0019")
ACCOUNT_RESTRICTED = Objection(422, "0024")
ASSET_MISMATCH = Objection(422, "0030")
VALUE_MISMATCH = Objection(422, "0073")
VALUE_NOT_POSITIVE = Objection(422, "0125")
VALUE_TOO_FINE = Objection(422, "9008")
SAME_BALANCE = Objection(422, "0090")
EXTERNAL_PENDING = Objection(422, "0098")
EXPIRED_ALREADY = Objection(400, "0083")
NOT_PENDING = Objection(409, "0099")
NOT_APPROVED = Objection(422, "0089")
ALREADY_REVERTED = Objection(409, "0087")
REVERT_OF_REVERT = Objection(409, "0088")
KEY_USED_OTHERWISE = Objection(422, "0084")


class Span(NamedTuple):
    """When a request was looked at: not before `begin`, and not after `end`, in milliseconds since 1970."""

    begin: int
    end: int


@dataclass(slots=True)
class Verdict:
    """Why a request must be refused, and why it may be: because of a moment within the time that it took."""

    must: set[Objection] = field(default_factory=set)
    may: set[Objection] = field(default_factory=set)

    def since(self, moment: int | None, span: Span, objection: Objection) -> None:
        """Objects from a moment on, if there is one."""
        if moment is not None and moment <= span.begin:
            self.must.add(objection)
        elif moment is not None and moment <= span.end:
            self.may.add(objection)

    def check(self, refused: Objection | None) -> None:
        """That a request was refused as it must be, or was not and need not be."""
        if refused:
            assert refused in self.must | self.may, f"{refused} instead of {self}"
        else:
            assert not self.must, f"{self.must} were due"
