"""The requests of the wallet API that add tokens, move money, or say what may be moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from coffer.store.values import text
from tests.simulation.history import Delivery, Written, id_of
from tests.simulation.model import ENDS, WAY, Account, Balance, Model, Moves, Transaction, Withdrawal
from tests.simulation.requests import Outcome, Request, Step, made_by

CHAIN = "ethereum"
SYMBOLS = ("USDT", "USDC")


def alias_of(account_id: str, symbol: str) -> str:
    """The alias of a wallet account's balance of a token in the ledger beneath."""
    return f"{account_id}:{symbol}ETHEREUM"


def outside(alias: str) -> str:
    """The alias of the world outside, for the token of a balance."""
    return f"@external/{_token_of(alias)}"


def account_of(alias: str) -> str:
    """The id of the wallet account in a balance's alias."""
    return alias.partition(":")[0]


def _token_of(alias: str) -> str:
    return alias.partition(":")[2] or alias.partition("/")[2]


@dataclass(eq=False, slots=True, kw_only=True)
class Paying(Request):
    """A request that makes a transaction in the ledger beneath."""

    def make(self, model: Model, written: Written, payers: Moves, payees: Moves, *, status: str) -> None:
        """Money has moved, or is held."""
        held = status == "PENDING"
        for alias, _ in payees:
            _know(model, alias)
        model.change(payers, available=-1, on_hold=1 if held else 0)
        if not held:
            model.change(payees, available=1)
        model.transactions[made_by(written)] = Transaction(status, payers, payees, asset=_token_of(payers[0][0]))


def _know(model: Model, alias: str) -> None:
    """A token comes to an account, if it has not got it yet, and to a client with the first of its accounts.

    While the account is frozen, it may not send it.
    """
    token = _token_of(alias)
    if outside(alias) not in model.accounts:
        model.open_account(outside(alias), Account(token, external=True))
    if alias not in model.accounts:
        model.open_account(alias, Account(token), sends=account_of(alias) not in model.frozen)


@dataclass(eq=False, slots=True, kw_only=True)
class AddAsset(Request):
    """POST /api/v1/assets: a token is added to an account before it gets any."""

    kind: ClassVar[str] = "add asset"
    account_id: str
    symbol: str

    @property
    def other_body(self) -> object:
        assert isinstance(self.body, dict)
        (other,) = (symbol for symbol in SYMBOLS if symbol != self.symbol)
        return {**self.body, "symbol": other}

    @property
    def alias(self) -> str:
        """The alias of the balance."""
        return alias_of(self.account_id, self.symbol)

    def refusals(self, model: Model, when: int) -> set[str]:
        codes = {"asset_already_exists"} if self.alias in model.accounts else set()
        return codes | ({"account_not_active"} if self.account_id in model.frozen else set())

    def apply(self, model: Model, written: Written) -> None:
        _know(model, self.alias)

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        told = (body["account_id"], body["symbol"], body["balance"], body["locked_balance"], body["is_active"])
        if told != (self.account_id, self.symbol, "0.00", "0.00", True):
            yield f"answered {body}"


@dataclass(eq=False, slots=True, kw_only=True)
class Deposit(Paying):
    """POST /api/v1/deposits."""

    repeatable = True

    kind: ClassVar[str] = "deposit"
    alias: str
    amount: int
    tx_hash: str

    def refusals(self, model: Model, when: int) -> set[str]:
        if self.tx_hash in model.deposits:
            return set() if self.idle(model) else {"conflict"}
        return {"asset_not_active"} if self.alias in model.inactive else set()

    def forbidden(self, model: Model, written: Written) -> set[str]:
        return self.refusals(model, 0) | ({"twice"} if self.tx_hash in model.deposits else set())

    def idle(self, model: Model) -> bool:
        return model.deposits.get(self.tx_hash) == (self.alias, self.amount)

    def apply(self, model: Model, written: Written) -> None:
        self.make(model, written, [(outside(self.alias), self.amount)], [(self.alias, self.amount)], status="APPROVED")
        model.deposits[self.tx_hash] = self.alias, self.amount

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        if (body["status"], body["ledger_transaction_id"]) != ("CONFIRMED", made_by(written)):
            yield f"answered {body}"


@dataclass(eq=False, slots=True, kw_only=True)
class Transfer(Paying):
    """POST /api/v1/transactions: to another account of the client's."""

    kind: ClassVar[str] = "transfer"
    payer: str
    payee: str
    amount: int
    reference: str | None

    @property
    def other_body(self) -> object:
        assert isinstance(self.body, dict)
        return {**self.body, "memo": "another"}

    def refusals(self, model: Model, when: int) -> set[str]:
        codes = {"invalid_parameter"} if self.reference in model.references else set()
        payer = model.balances.get(self.payer)
        if payer is None:
            codes.add("invalid_parameter")
        elif payer.available < self.amount:
            codes.add("insufficient_balance")
        if account_of(self.payer) in model.frozen:
            codes.add("account_not_active")
        if model.inactive & {self.payer, self.payee}:
            codes.add("asset_not_active")
        return codes

    def apply(self, model: Model, written: Written) -> None:
        self.make(model, written, [(self.payer, self.amount)], [(self.payee, self.amount)], status="APPROVED")
        self._refer(model)

    def _refer(self, model: Model) -> None:
        if self.reference:
            model.references.add(self.reference)

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        if body["status"] != "CONFIRMED":
            yield f"answered {body}"


@dataclass(eq=False, slots=True, kw_only=True)
class Withdraw(Transfer):
    """POST /api/v1/transactions: to an address of somebody else's."""

    kind: ClassVar[str] = "withdrawal"

    def apply(self, model: Model, written: Written) -> None:
        self.make(model, written, [(self.payer, self.amount)], [(outside(self.payer), self.amount)], status="PENDING")
        self._refer(model)
        (record,) = (new for _, new in written.records)
        model.withdrawals[text(record, "code")] = Withdrawal(id_of(record), self.payer, self.amount)

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        if body["status"] != "PENDING":
            yield f"answered {body}"


@dataclass(eq=False, slots=True, kw_only=True)
class Report(Request):
    """POST /api/v1/transactions/{id}/status: how far a withdrawal has come."""

    repeatable = True

    kind: ClassVar[str] = "report"
    of: str
    """The id of the withdrawal."""
    status: str

    def refusals(self, model: Model, when: int) -> set[str]:
        before = model.withdrawals[self.of].status
        if before == self.status:
            return set()
        if before in ENDS:
            return {"conflict"}
        if self.status == "CANCELLED":
            return set() if before in {"PENDING", "SIGNED"} else {"conflict"}
        forward = self.status == "FAILED" or WAY.index(self.status) > WAY.index(before)
        return set() if forward else {"conflict"}

    def forbidden(self, model: Model, written: Written) -> set[str]:
        return self.refusals(model, 0) | ({"twice"} if self.idle(model) else set())

    def idle(self, model: Model) -> bool:
        return model.withdrawals[self.of].status == self.status

    def apply(self, model: Model, written: Written) -> None:
        withdrawal = model.withdrawals[self.of]
        withdrawal.status = self.status
        moved = [(withdrawal.alias, withdrawal.amount)]
        if self.status == "CONFIRMED":
            model.change(moved, on_hold=-1)
            model.change([(outside(withdrawal.alias), withdrawal.amount)], available=1)
            model.transactions[withdrawal.transaction_id].status = "APPROVED"
        elif self.status in ENDS:
            model.change(moved, on_hold=-1, available=1)
            model.transactions[withdrawal.transaction_id].status = "CANCELED"

    def complaints(self, body: Any, written: Written, model: Model) -> Iterator[str]:  # noqa: ANN401
        if body["status"] != self.status:
            yield f"answered {body}"


@dataclass(eq=False, slots=True, kw_only=True)
class Freeze(Request):
    """PATCH /api/v1/accounts/{id}: an account sends no more, or again."""

    kind: ClassVar[str] = "freeze"
    account_id: str
    frozen: bool

    def refusals(self, model: Model, when: int) -> set[str]:
        return set()

    def idle(self, model: Model) -> bool:
        return (self.account_id in model.frozen) == self.frozen

    def apply(self, model: Model, written: Written) -> None:
        (model.frozen.add if self.frozen else model.frozen.discard)(self.account_id)
        for symbol in SYMBOLS:
            _flag(model, alias_of(self.account_id, symbol))


@dataclass(eq=False, slots=True, kw_only=True)
class Activate(Request):
    """PATCH /api/v1/assets/{id}: an asset takes and gives no more, or again."""

    kind: ClassVar[str] = "activate"
    alias: str
    active: bool

    def refusals(self, model: Model, when: int) -> set[str]:
        return set()

    def idle(self, model: Model) -> bool:
        return (self.alias not in model.inactive) == self.active

    def apply(self, model: Model, written: Written) -> None:
        (model.inactive.discard if self.active else model.inactive.add)(self.alias)
        _flag(model, self.alias)


def _flag(model: Model, alias: str) -> None:
    if balance := model.balances.get(alias):
        balance.receives = alias not in model.inactive
        balance.sends = balance.receives and account_of(alias) not in model.frozen


@dataclass(eq=False, slots=True, kw_only=True)
class LookAtAsset(Request):
    """GET /api/v1/assets/{id}: what can be spent, and what is locked."""

    kind: ClassVar[str] = "look at asset"
    alias: str

    def steps(self, _written: Written) -> Sequence[Step]:
        return []

    def refusals(self, model: Model, when: int) -> set[str]:
        return set()

    def justified(self, model: Model, told: Outcome, asked: Delivery) -> bool:
        return told.done and _shows(told.body, model.balances[self.alias])


@dataclass(eq=False, slots=True, kw_only=True)
class LookAtAssets(Request):
    """GET /api/v1/assets?account_id=…: which tokens an account has.

    What stands in them is read one by one, and is looked at by `LookAtAsset`.
    """

    kind: ClassVar[str] = "look at assets"
    account_id: str

    def steps(self, _written: Written) -> Sequence[Step]:
        return []

    def refusals(self, model: Model, when: int) -> set[str]:
        return set()

    def justified(self, model: Model, told: Outcome, asked: Delivery) -> bool:
        known = {symbol for symbol in SYMBOLS if alias_of(self.account_id, symbol) in model.accounts}
        return told.done and sorted(each["symbol"] for each in told.body["data"]) == sorted(known)


def _shows(body: Any, balance: Balance) -> bool:  # noqa: ANN401 -- an answer's body
    return (body["balance"], body["locked_balance"]) == (f"{balance.available}.00", f"{balance.on_hold}.00")
