"""The requests of the ledger API that move money, and of the schedule that lets holds expire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import replace
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.simulation.history import Delivery, Written, id_of
from tests.simulation.model import DEFAULT, Model, Moves, Transaction, parts_of
from tests.simulation.requests import IN_DOUBT, Outcome, Request, Step, made_by, outcome, record_id, unlike
from tests.support.world import Answer

MOST_SHARDS = 3
"""That any account of a run has."""

CODE = "BRL"
EXTERNAL = f"@external/{CODE}"


@dataclass(eq=False, slots=True, kw_only=True)
class Movement(Step):
    """Money from some balances to others, at once or when it is committed."""

    payers: Moves
    payees: Moves
    pending: bool = False
    expires_at: int | None = None

    @property
    def send(self) -> Mapping[str, object]:
        """What is asked for."""
        legs = [[_leg(name, amount) for name, amount in side] for side in (self.payers, self.payees)]
        value = str(sum(amount for _, amount in self.payers))
        return {"asset": CODE, "value": value, "source": {"from": legs[0]}, "distribute": {"to": legs[1]}}

    def refusals(self, model: Model, when: int) -> set[str]:
        return self._refusals(model, when)

    def forbidden(self, model: Model, written: Written) -> set[str]:
        """What is held for a balance that is being closed can come back, and so harms nobody."""
        return self._refusals(model, written.delivery.now, since=written.delivery.begun)

    def _refusals(self, model: Model, when: int, since: int | None = None) -> set[str]:
        codes = {"0083"} if self.expires_at is not None and self.expires_at <= when else set()
        for name, amount in self.payers:
            codes |= model.cannot_give(name, amount)
        for name, _ in self.payees:
            codes |= model.cannot_be_named(name, since) if self.pending else model.cannot_get(name)
        if len(model.assets([*self.payers, *self.payees])) > 1:
            codes.add("0030")
        return codes

    def apply(self, model: Model, written: Written) -> None:
        model.change(self.payers, available=-1, on_hold=1 if self.pending else 0)
        if not self.pending:
            model.change(self.payees, available=1)
        model.transactions[record_id(written, self.name)] = Transaction(
            status="PENDING" if self.pending else "APPROVED",
            payers=self.payers,
            payees=self.payees,
            asset=model.assets(self.payers).pop(),
            expires_at=self.expires_at,
        )

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        transaction_id = record_id(written, self.name)
        yield from unlike(body, written, transaction_id)
        if body["status"]["code"] != model.transactions[transaction_id].status:
            yield f"answered {body['status']['code']}, and is {model.transactions[transaction_id].status}"


@dataclass(eq=False, slots=True, kw_only=True)
class Noting(Movement):
    """Money that moves elsewhere, and of which it is noted here while its asset is there."""

    def _refusals(self, model: Model, when: int, since: int | None = None) -> set[str]:
        codes = model.cannot_be_named(EXTERNAL)
        for name, _ in (*self.payers, *self.payees):
            codes |= model.cannot_be_named(name, since)
        if len(model.assets([*self.payers, *self.payees, (EXTERNAL, 0)])) > 1:
            codes.add("0030")
        return codes

    def apply(self, model: Model, written: Written) -> None:
        model.transactions[record_id(written, self.name)] = Transaction(
            status="NOTED", payers=self.payers, payees=self.payees, asset=model.assets(self.payers).pop()
        )


@dataclass(eq=False, slots=True, kw_only=True)
class Posting(Request):
    """POST …/transactions/json, inflow or outflow."""

    kind: ClassVar[str] = "posting"
    movement: Movement

    @property
    def other_body(self) -> object:
        assert isinstance(self.body, dict)
        return {**self.body, "description": "another"}

    def refusals(self, model: Model, when: int) -> set[str]:
        return self.movement.refusals(model, when)

    def forbidden(self, model: Model, written: Written) -> set[str]:
        return self.movement.forbidden(model, written)

    def apply(self, model: Model, written: Written) -> None:
        self.movement.apply(model, written)

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        return self.movement.complaints(body, written, model)


@dataclass(eq=False, slots=True, kw_only=True)
class Hold(Posting):
    """A pending one."""

    kind: ClassVar[str] = "hold"


@dataclass(eq=False, slots=True, kw_only=True)
class Annotation(Posting):
    """POST …/transactions/annotation."""

    kind: ClassVar[str] = "annotation"


@dataclass(eq=False, slots=True, kw_only=True)
class Batch(Request):
    """POST …/transactions/batch: all or nothing, or each by itself."""

    kind: ClassVar[str] = "batch"
    movements: Sequence[Movement]

    def __post_init__(self) -> None:
        self.keyed = self.key is not None
        for movement in self.movements:
            movement.keyed = self.keyed

    def steps(self, written: Written) -> Sequence[Step]:
        return [movement for movement in self.movements if written.made(movement.name)]

    def outcomes(self, answer: Answer) -> Sequence[Outcome]:
        whole = outcome(self, answer)
        if not whole.done:
            return [
                Outcome(step, whole.status, whole.code, whole.body, whole.replayed, whole.in_doubt)
                for step in self.movements
            ]
        return [self._told(whole, *each) for each in zip(self.movements, whole.body["transactions"], strict=True)]

    def _told(self, whole: Outcome, step: Movement, row: Any) -> Outcome:  # noqa: ANN401
        raise NotImplementedError


@dataclass(eq=False, slots=True, kw_only=True)
class Together(Batch):
    """All or nothing."""

    kind: ClassVar[str] = "atomic batch"
    room: int
    """How many items one write may have."""

    def _told(self, whole: Outcome, step: Movement, row: Any) -> Outcome:  # noqa: ANN401
        return Outcome(step, whole.status, "", row["transaction"], whole.replayed)

    def justified(self, model: Model, told: Outcome, asked: Delivery) -> bool:
        """The first one that is refused, after those before it, is why; or they may not fit one write."""
        if told.code == "0143":
            return self._most_items() > self.room
        tried = replace(model, balances={name: replace(balance) for name, balance in model.balances.items()})
        for movement in self.movements:
            if codes := movement.refusals(tried, asked.now):
                return told.code in codes
            tried.change(movement.payers, available=-1)
            tried.change(movement.payees, available=1)
        return False

    def _most_items(self) -> int:
        """For each movement a record and its entries, as many as there may be, and what is said of the batch."""
        return 1 + sum(1 + MOST_SHARDS * len(each.payers) + len(each.payees) for each in self.movements)


@dataclass(eq=False, slots=True, kw_only=True)
class Each(Batch):
    """Each by itself: what was posted before stands in the answer beside what was posted now."""

    kind: ClassVar[str] = "batch"
    replays: ClassVar[bool] = False

    def _told(self, _whole: Outcome, step: Movement, row: Any) -> Outcome:  # noqa: ANN401
        error = row["error"] or {}
        in_doubt = IN_DOUBT in error.get("message", "")
        return Outcome(step, row["status"], error.get("code", ""), row["transaction"], in_doubt=in_doubt)


@dataclass(eq=False, slots=True, kw_only=True)
class Settling(Request):
    """POST …/transactions/{id}/… : what is done to a transaction of which the caller has heard."""

    of: str
    """Its id."""


@dataclass(eq=False, slots=True, kw_only=True)
class Commit(Settling):
    """A pending transaction is delivered."""

    kind: ClassVar[str] = "commit"

    def refusals(self, model: Model, when: int) -> set[str]:
        transaction = model.transactions[self.of]
        concerned = [model.balances[name].moment for name, _ in (*transaction.payers, *transaction.payees)]
        return self._refusals(model, max([when, *concerned]))

    def forbidden(self, model: Model, written: Written) -> set[str]:
        return self._refusals(model, written.moment)

    def _refusals(self, model: Model, moment: int) -> set[str]:
        transaction = model.transactions[self.of]
        if transaction.status != "PENDING":
            return {"0099"}
        codes = {"0099"} if transaction.expires_at is not None and moment >= transaction.expires_at else set()
        for name, _ in transaction.payees:
            codes |= model.cannot_get(name)
        if model.assets(transaction.payees) - {transaction.asset}:
            codes.add("0030")
        return codes

    def apply(self, model: Model, written: Written) -> None:
        transaction = model.transactions[self.of]
        model.change(transaction.payers, on_hold=-1)
        model.change(transaction.payees, available=1)
        transaction.status = "APPROVED"

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        return unlike(body, written, self.of)


@dataclass(eq=False, slots=True, kw_only=True)
class Cancel(Settling):
    """A pending transaction is given up."""

    kind: ClassVar[str] = "cancel"

    def refusals(self, model: Model, when: int) -> set[str]:
        return set() if model.transactions[self.of].status == "PENDING" else {"0099"}

    def apply(self, model: Model, written: Written) -> None:
        give_back(model, self.of)

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        return unlike(body, written, self.of)


@dataclass(eq=False, slots=True, kw_only=True)
class Revert(Settling):
    """What a transaction moved is moved back."""

    kind: ClassVar[str] = "revert"

    def refusals(self, model: Model, when: int) -> set[str]:
        transaction = model.transactions[self.of]
        if transaction.parent:
            return {"0088"}
        if transaction.reverted:
            return {"0087"}
        if transaction.status != "APPROVED":
            return {"0089"}
        codes = set()
        for name, amount in transaction.payees:
            codes |= model.cannot_give(name, amount)
        for name, _ in transaction.payers:
            codes |= model.cannot_get(name)
        if model.assets([*transaction.payers, *transaction.payees]) - {transaction.asset}:
            codes.add("0030")
        return codes

    def apply(self, model: Model, written: Written) -> None:
        transaction = model.transactions[self.of]
        model.change(transaction.payees, available=-1)
        model.change(transaction.payers, available=1)
        transaction.reverted = True
        model.transactions[made_by(written)] = Transaction(
            status="APPROVED",
            payers=transaction.payees,
            payees=transaction.payers,
            asset=transaction.asset,
            parent=self.of,
        )

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        return unlike(body, written, made_by(written))


@dataclass(eq=False, slots=True, kw_only=True)
class Note(Settling):
    """PATCH …/transactions/{id}: another description."""

    kind: ClassVar[str] = "note"

    def refusals(self, model: Model, when: int) -> set[str]:
        return set()

    def apply(self, model: Model, written: Written) -> None:
        model.transactions[self.of].description = self.name


@dataclass(eq=False, slots=True, kw_only=True)
class Expiry(Step):
    """A hold that the schedule gives up."""

    of: str

    def refusals(self, model: Model, when: int) -> set[str]:
        transaction = model.transactions[self.of]
        due = transaction.expires_at is not None and transaction.expires_at <= when
        return set() if due and transaction.status == "PENDING" else {"not due"}

    def apply(self, model: Model, written: Written) -> None:
        give_back(model, self.of)


@dataclass(eq=False, slots=True, kw_only=True)
class Sweep(Request):
    """The schedule: what has expired is given up."""

    kind: ClassVar[str] = "sweep"
    of_all_clients: ClassVar[bool] = True

    def steps(self, written: Written) -> Sequence[Step]:
        of = [id_of(new) for _, new in written.records]
        return [Expiry(name=f"{self.name} {each}", of=each) for each in of]

    def outcomes(self, answer: Answer) -> Sequence[Outcome]:
        return []


def give_back(model: Model, of: str) -> None:
    """A hold is given up."""
    transaction = model.transactions[of]
    model.change(transaction.payers, available=1, on_hold=-1)
    transaction.status = "CANCELED"


def _leg(name: str, amount: int) -> Mapping[str, object]:
    """A leg that names a balance; one that is its account's default may be left unnamed."""
    alias, key = parts_of(name)
    leg: dict[str, object] = {"accountAlias": alias, "amount": {"asset": CODE, "value": str(amount)}}
    return leg if key == DEFAULT else {**leg, "balanceKey": key}
