"""The requests of the ledger API that make, change and close: accounts, their balances, segments, and the asset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

from coffer.ids import unpack
from coffer.store.values import text
from tests.simulation.history import Delivery, Written
from tests.simulation.ledger_requests import EXTERNAL
from tests.simulation.model import Account, Balance, Model, name_of
from tests.simulation.requests import Outcome, Request, Step


@dataclass(eq=False, slots=True, kw_only=True)
class OfAccount(Request):
    """A request that concerns one account."""

    alias: str

    def refusals(self, model: Model, when: int) -> set[str]:
        account = model.accounts.get(self.alias)
        return {"0007"} if account is None or account.closed else set()


@dataclass(eq=False, slots=True, kw_only=True)
class Describe(OfAccount):
    """PATCH …/accounts/{id}: what is noted of an account: its name, its segment, and whether it is blocked."""

    kind: ClassVar[str] = "describe"
    noted: Mapping[str, str | bool | None]

    def refusals(self, model: Model, when: int) -> set[str]:
        codes = OfAccount.refusals(self, model, when)
        segment = self.noted.get("segmentId")
        return codes | ({"0036"} if segment and segment not in model.segments else set())

    def forbidden(self, model: Model, written: Written) -> set[str]:
        """Who names a segment that is being deleted keeps its id, as those do that named it before."""
        return self.refusals(model, 0) - {"0036"}

    def apply(self, model: Model, written: Written) -> None:
        model.accounts[self.alias].noted.update(self.noted)

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        stands = model.accounts[self.alias].noted
        if any(body[name] != value for name, value in stands.items()):
            yield f"answered {body}, and is {stands}"


@dataclass(eq=False, slots=True, kw_only=True)
class Block(Describe):
    """PATCH …/accounts/{id}: an account is blocked, or let go."""

    kind: ClassVar[str] = "block"


@dataclass(eq=False, slots=True, kw_only=True)
class Open(Request):
    """POST …/accounts."""

    kind: ClassVar[str] = "open"
    alias: str

    def refusals(self, model: Model, when: int) -> set[str]:
        codes = {"0034"} if model.asset is None else set()
        return codes | ({"0020"} if self.alias in model.accounts else set())

    def forbidden(self, model: Model, written: Written) -> set[str]:
        """What is opened while its asset is being deleted is dead from the beginning, and harms nobody."""
        return self.refusals(model, 0) - {"0034"}

    def apply(self, model: Model, written: Written) -> None:
        _, entry = next(written.entries)
        model.open_account(self.alias, Account(text(entry, "asset_id")), id_=text(entry, "balance_id"))


@dataclass(eq=False, slots=True, kw_only=True)
class Close(OfAccount):
    """DELETE …/accounts/{id}."""

    kind: ClassVar[str] = "close"

    def refusals(self, model: Model, when: int) -> set[str]:
        if model.accounts[self.alias].closed:
            return {"0007"}
        return set() if all(balance.empty for balance in model.balances_of(self.alias)) else {"0012"}

    def apply(self, model: Model, written: Written) -> None:
        model.close_account(self.alias)


@dataclass(eq=False, slots=True, kw_only=True)
class LookAtAccount(OfAccount):
    """GET …/accounts/{id}: what is noted of an account."""

    kind: ClassVar[str] = "look at account"

    def steps(self, _written: Written) -> Sequence[Step]:
        return []

    def justified(self, model: Model, told: Outcome, asked: Delivery) -> bool:
        if not told.done:
            return Request.justified(self, model, told, asked)
        account = model.accounts[self.alias]
        return not account.closed and all(told.body[name] == value for name, value in account.noted.items())


# -------------------------------------------------------------------------------------------------------- balances


@dataclass(eq=False, slots=True, kw_only=True)
class OfBalance(Request):
    """A request that concerns one balance of an account: the one that had this id under its name."""

    balance: str
    """Its name."""
    id: str
    """As the table has it."""

    def refusals(self, model: Model, when: int) -> set[str]:
        balance = model.balances[self.balance]
        return {"0007"} if balance.closed or balance.id != self.id else set()


@dataclass(eq=False, slots=True, kw_only=True)
class OpenBalance(OfAccount):
    """POST …/accounts/{id}/balances: a further balance, under a key that may have been used before."""

    kind: ClassVar[str] = "open balance"
    balance: str
    """Its name."""
    sends: bool
    receives: bool

    def refusals(self, model: Model, when: int) -> set[str]:
        codes = OfAccount.refusals(self, model, when)
        balance = model.balances.get(self.balance)
        return codes | ({"9009"} if balance and not balance.closed else set())

    def apply(self, model: Model, written: Written) -> None:
        _, entry = next(written.entries)
        model.balances[self.balance] = Balance(
            model.accounts[self.alias], id=text(entry, "balance_id"), sends=self.sends, receives=self.receives
        )

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        _, entry = next(written.entries)
        told = (body["id"], name_of(body["alias"], body["key"]), body["allowSending"], body["allowReceiving"])
        if told != (unpack(text(entry, "balance_id")), self.balance, self.sends, self.receives):
            yield f"answered {body}"


@dataclass(eq=False, slots=True, kw_only=True)
class CloseBalance(OfBalance):
    """DELETE …/balances/{id}: a further balance."""

    kind: ClassVar[str] = "close balance"

    def refusals(self, model: Model, when: int) -> set[str]:
        codes = OfBalance.refusals(self, model, when)
        return codes or (set() if model.balances[self.balance].empty else {"0093"})

    def apply(self, model: Model, written: Written) -> None:
        model.close(model.balances[self.balance])


@dataclass(eq=False, slots=True, kw_only=True)
class Allow(OfBalance):
    """PATCH …/balances/{id}: what a balance may do."""

    kind: ClassVar[str] = "allow"
    sends: bool
    receives: bool

    def idle(self, model: Model) -> bool:
        balance = model.balances[self.balance]
        return not self.refusals(model, 0) and (balance.sends, balance.receives) == (self.sends, self.receives)

    def apply(self, model: Model, written: Written) -> None:
        model.balances[self.balance].sends = self.sends
        model.balances[self.balance].receives = self.receives


@dataclass(eq=False, slots=True, kw_only=True)
class LookAtBalance(OfBalance):
    """GET …/balances/{id}: what stands in a balance."""

    kind: ClassVar[str] = "look at balance"

    def steps(self, _written: Written) -> Sequence[Step]:
        return []

    def justified(self, model: Model, told: Outcome, asked: Delivery) -> bool:
        if not told.done:
            return Request.justified(self, model, told, asked)
        return not self.refusals(model, asked.now) and could_show(told.body, model.balances[self.balance], asked)


@dataclass(eq=False, slots=True, kw_only=True)
class Look(OfAccount):
    """GET …/accounts/alias/{alias}/balances: what stands in an account with one balance."""

    kind: ClassVar[str] = "look"

    def steps(self, _written: Written) -> Sequence[Step]:
        return []

    def justified(self, model: Model, told: Outcome, asked: Delivery) -> bool:
        if not told.done:
            return Request.justified(self, model, told, asked)
        closed = model.accounts[self.alias].closed
        if not told.body["items"]:  # it was closed between two reads
            return closed
        (shown,) = told.body["items"]
        return not closed and could_show(shown, model.balances[self.alias], asked)


def could_show(body: Any, balance: Balance, asked: Delivery) -> bool:  # noqa: ANN401 -- an answer's body
    """Whether an answer says what has stood in a balance, on each of its shards at a moment since it was asked for.

    What may be done with it is told as the first of them has it.
    """
    return any(
        _says(body, sum(each.available for each in heads), sum(each.on_hold for each in heads), heads[0].may)
        for heads in product(*balance.stood_since(asked.begun))
    )


def shows(body: Any, balance: Balance) -> bool:  # noqa: ANN401 -- an answer's body
    """Whether an answer says what stands in a balance, and what may be done with it."""
    return _says(body, balance.available, balance.on_hold, (balance.sends, balance.receives))


def _says(body: Any, available: int, on_hold: int, may: tuple[bool, bool]) -> bool:  # noqa: ANN401 -- likewise
    told = (body["available"], body["onHold"], (body["allowSending"], body["allowReceiving"]))
    return told == (str(available), str(on_hold), may)


# -------------------------------------------------------------------------------------------------------- segments


@dataclass(eq=False, slots=True, kw_only=True)
class CreateSegment(Request):
    """POST …/segments: under a name that no other has."""

    kind: ClassVar[str] = "create segment"
    called: str

    def refusals(self, model: Model, when: int) -> set[str]:
        return {"0015"} if self.called in model.segments.values() else set()

    def apply(self, model: Model, written: Written) -> None:
        (segment,) = written.segments
        model.segments[segment] = self.called

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        if (body["id"], body["name"]) != (*written.segments, self.called):
            yield f"answered {body}"


@dataclass(eq=False, slots=True, kw_only=True)
class OfSegment(Request):
    """A request that concerns one segment of which the caller has heard."""

    of: str
    """Its id."""

    def refusals(self, model: Model, when: int) -> set[str]:
        return set() if self.of in model.segments else {"0036"}


@dataclass(eq=False, slots=True, kw_only=True)
class RenameSegment(OfSegment):
    """PATCH …/segments/{id}: to a name that no other has."""

    kind: ClassVar[str] = "rename segment"
    called: str

    def refusals(self, model: Model, when: int) -> set[str]:
        others = {name for segment, name in model.segments.items() if segment != self.of}
        return OfSegment.refusals(self, model, when) or ({"0015"} if self.called in others else set())

    def apply(self, model: Model, written: Written) -> None:
        model.segments[self.of] = self.called


@dataclass(eq=False, slots=True, kw_only=True)
class DeleteSegment(OfSegment):
    """DELETE …/segments/{id}: whoever names it."""

    kind: ClassVar[str] = "delete segment"

    def apply(self, model: Model, written: Written) -> None:
        del model.segments[self.of]


@dataclass(eq=False, slots=True, kw_only=True)
class LookAtSegments(Request):
    """GET …/segments: which there are, and what they are called."""

    kind: ClassVar[str] = "look at segments"

    def steps(self, _written: Written) -> Sequence[Step]:
        return []

    def refusals(self, model: Model, when: int) -> set[str]:
        return set()

    def justified(self, model: Model, told: Outcome, asked: Delivery) -> bool:
        return told.done and {each["id"]: each["name"] for each in told.body["items"]} == model.segments


# ------------------------------------------------------------------------------------------------------- the asset


@dataclass(eq=False, slots=True, kw_only=True)
class CreateAsset(Request):
    """POST …/assets."""

    kind: ClassVar[str] = "create asset"

    def refusals(self, model: Model, when: int) -> set[str]:
        return set() if model.asset is None else {"0003"}

    def apply(self, model: Model, written: Written) -> None:
        _, entry = next(written.entries)
        model.asset = text(entry, "asset_id")
        model.open_account(EXTERNAL, Account(model.asset, external=True))


@dataclass(eq=False, slots=True, kw_only=True)
class DeleteAsset(Request):
    """DELETE …/assets/{id}."""

    kind: ClassVar[str] = "delete asset"
    asset: str
    """Its id as the table has it."""

    def refusals(self, model: Model, when: int) -> set[str]:
        if model.asset != self.asset:
            return {"0007"}
        return {"0016"} if model.balances[EXTERNAL].available else set()

    def apply(self, model: Model, written: Written) -> None:
        model.asset = None
        model.close_account(EXTERNAL)
