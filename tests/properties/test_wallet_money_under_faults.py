"""The money of the wallet API against a small model, whatever fails on the way.

For every client and token, what can be spent and what is locked are together what was deposited less what was withdrawn
and confirmed; and every balance is what the answers, taken together, say it must be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.integration.wallet_api.purse import done
from tests.integration.wallet_api.till import ALSO_OURS, OURS, OUTSIDE, Till, open_till, tx_hash
from tests.properties.mishaps import Plan, Shaken, plans
from tests.support.audit import problems
from tests.support.effort import examples
from tests.support.world import Answer

TOKENS = (("ethereum", "USDT", 6), ("bsc", "USDT", 18))
ADDRESSES = (OURS, ALSO_OURS)
WAY = ("PENDING", "SIGNED", "BROADCAST", "CONFIRMING", "CONFIRMED")
ENDS = {"CONFIRMED", "FAILED", "CANCELLED"}

tokens = st.sampled_from(TOKENS)
sides = st.integers(0, 1)
deposits = st.integers(1, 10**9)
payments = st.integers(1, 10**8) | st.integers(1, 10**9)
places = st.tuples(st.booleans(), st.none() | st.sampled_from([f"reference {number}" for number in range(9)]))
mishaps = plans()


@dataclass
class Held:
    """What the model knows of a token of an account."""

    available: Decimal = Decimal(0)
    locked: Decimal = Decimal(0)
    added: bool = False
    active: bool = True


@dataclass
class Withdrawal:
    """A withdrawal that the model knows of."""

    tx_id: str
    side: int
    token: tuple[str, str, int]
    amount: Decimal
    status: str = "PENDING"


class WalletMoney(RuleBasedStateMachine):
    """Two accounts of a client, three tokens, and the world outside."""

    def __init__(self) -> None:
        super().__init__()
        self.shaken = Shaken()
        self.world = self.shaken.world
        self.till: Till = open_till(self.world.client())
        self.held: dict[tuple[int, tuple[str, str, int]], Held] = defaultdict(Held)
        self.frozen = [False, False]
        self.withdrawals: list[Withdrawal] = []
        self.deposited: dict[tuple[str, str, int], Decimal] = defaultdict(Decimal)
        self.references: set[str] = set()
        self.numbers = count(1)
        self.last: Callable[[], Answer] | None = None
        self.answered: Answer | None = None

    def ask(self, mishap: Plan, request: Callable[[], Answer]) -> Answer:
        """The definite answer to a request whose calls fail as planned."""
        self.last, self.answered = request, self.shaken.ask(mishap, request)
        return self.answered

    def amount(self, token: tuple[str, str, int], number: int) -> Decimal:
        """So many units of a token."""
        return Decimal(number).scaleb(-token[2])

    @rule(mishap=mishaps, token=tokens, side=sides, number=deposits)
    def deposit(self, mishap: Plan, token: tuple[str, str, int], side: int, number: int) -> None:
        """Comes in, unless the asset was deactivated."""
        amount, hashed = self.amount(token, number), tx_hash(next(self.numbers))
        held = self.held[side, token]
        answer = self.ask(
            mishap,
            lambda: self.till.deposit(
                f"{amount:f}", chain=token[0], token_symbol=token[1], to_address=ADDRESSES[side], tx_hash=hashed
            ),
        )
        if not held.active:
            assert (answer.status, answer.json["code"]) == (400, "asset_not_active")
            return
        done(answer)
        held.available += amount
        held.added = True
        self.deposited[token] += amount

    @rule(mishap=mishaps, token=tokens, side=sides, number=payments, where=places)
    def send(
        self,
        mishap: Plan,
        token: tuple[str, str, int],
        side: int,
        number: int,
        where: tuple[bool, str | None],
    ) -> None:
        """Moves within the client, or is locked, if there is enough and nothing forbids it."""
        amount, key = self.amount(token, number), f"key {next(self.numbers)}"
        source, target = self.held[side, token], self.held[1 - side, token]
        inside, reference = where
        fields: dict[str, Any] = {"reference_id": reference} if reference else {}
        answer = self.ask(
            mishap,
            lambda: self.till.send(
                f"{amount:f}",
                ADDRESSES[1 - side] if inside else OUTSIDE,
                from_address=ADDRESSES[side],
                chain=token[0],
                token_symbol=token[1],
                Idempotency_Key=key,
                **fields,
            ),
        )
        codes = {
            "invalid_parameter": fields.get("reference_id") in self.references or not source.added,
            "account_not_active": self.frozen[side],
            "asset_not_active": not source.active or (inside and not target.active),
            "insufficient_balance": source.available < amount,
        }
        if any(codes.values()):
            assert answer.status == 400
            assert codes[answer.json["code"]]
            return
        sent = done(answer)
        assert sent["status"] == ("CONFIRMED" if inside else "PENDING")
        self.references |= set(fields.values())
        source.available -= amount
        if inside:
            target.available += amount
            target.added = True
        else:
            source.locked += amount
            self.withdrawals.append(Withdrawal(sent["tx_id"], side, token, amount))

    @precondition(lambda self: self.withdrawals)
    @rule(mishap=mishaps, which=st.integers(0, 99), status=st.sampled_from([*WAY[1:], "FAILED", "CANCELLED"]))
    def report(self, mishap: Plan, which: int, status: str) -> None:
        """Goes forward, spends the lock or gives it back."""
        withdrawal = self.withdrawals[which % len(self.withdrawals)]
        answer = self.ask(mishap, lambda: self.till.report(withdrawal.tx_id, status))
        if status == withdrawal.status:
            done(answer)
            return
        before = withdrawal.status
        forward = status == "FAILED" or (
            before in {"PENDING", "SIGNED"} if status == "CANCELLED" else WAY.index(status) > _index(before)
        )
        if before in ENDS or not forward:
            assert answer.status == 409
            return
        assert done(answer)["status"] == status
        withdrawal.status = status
        held = self.held[withdrawal.side, withdrawal.token]
        if status in ENDS:
            held.locked -= withdrawal.amount
        if status in {"FAILED", "CANCELLED"}:
            held.available += withdrawal.amount

    @rule(mishap=mishaps, side=sides, frozen=st.booleans())
    def freeze(self, mishap: Plan, side: int, frozen: bool) -> None:
        """An account sends no more, or again."""
        account_id = (self.till.account_id, self.till.other_id)[side]
        status = "FROZEN" if frozen else "ACTIVE"
        path = f"/api/v1/accounts/{account_id}"
        done(self.ask(mishap, lambda: self.till.client.patch(path, {"status": status})))
        self.frozen[side] = frozen

    @rule(mishap=mishaps, side=sides, token=tokens, active=st.booleans())
    def activate(
        self,
        mishap: Plan,
        side: int,
        token: tuple[str, str, int],
        active: bool,
    ) -> None:
        """An asset takes deposits and transfers no more, or again."""
        held = self.held[side, token]
        if not held.added:
            return
        account_id = (self.till.account_id, self.till.other_id)[side]
        listed = done(self.till.client.get(f"/api/v1/assets?account_id={account_id}"))["data"]
        (asset,) = (each for each in listed if (each["chain"], each["symbol"]) == token[:2])
        path = f"/api/v1/assets/{asset['asset_id']}"
        done(self.ask(mishap, lambda: self.till.client.patch(path, {"is_active": active})))
        held.active = active

    @precondition(lambda self: self.answered is not None and self.answered.status == 200)
    @rule(mishap=mishaps)
    def again(self, mishap: Plan) -> None:
        """What was done is asked again, and is not done again."""
        assert self.last
        assert self.answered
        before, first = self.world.fake.snapshot(), self.answered
        repeated = self.ask(mishap, self.last)
        assert (repeated.status, repeated.json.keys()) == (200, first.json.keys())
        assert {key: item for key, item in self.world.fake.snapshot().items() if item != before.get(key)} == {}

    @invariant()
    def every_balance_is_what_the_answers_say(self) -> None:
        """The API, the model and the sums agree."""
        found = {}
        for side, account_id in enumerate((self.till.account_id, self.till.other_id)):
            for asset in done(self.till.client.get(f"/api/v1/assets?account_id={account_id}"))["data"]:
                place = side, (asset["chain"], asset["symbol"])
                found[place] = Decimal(asset["balance"]), Decimal(asset["locked_balance"])
        expected = {
            (side, token[:2]): (held.available, held.locked) for (side, token), held in self.held.items() if held.added
        }
        assert found == expected
        for token in TOKENS:
            inside = sum(
                (held.available + held.locked for (_, each), held in self.held.items() if each == token), Decimal(0)
            )
            gone = sum((w.amount for w in self.withdrawals if w.token == token and w.status == "CONFIRMED"), Decimal(0))
            assert inside == self.deposited[token] - gone
        assert problems(self.world.fake.snapshot()) == []


def _index(status: str) -> int:
    return WAY.index(status) if status in WAY else len(WAY)


TestWalletMoney = WalletMoney.TestCase
TestWalletMoney.settings = settings(max_examples=examples(60), stateful_step_count=30)
