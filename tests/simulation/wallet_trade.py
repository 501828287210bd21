"""Callers who use the wallet API: two accounts, a token, the world outside, and whoever reports what goes on there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from random import Random
from typing import Any

from tests.integration.wallet_api.purse import ADDRESSES, done, open_purse
from tests.simulation.callers import Trade
from tests.simulation.model import WAY
from tests.simulation.requests import Request
from tests.simulation.stage import Stage
from tests.simulation.wallet_requests import (
    Activate,
    Deposit,
    Freeze,
    LookAtAsset,
    Report,
    Transfer,
    Withdraw,
    alias_of,
)
from tests.support.world import Answer

OURS = (ADDRESSES["ethereum"], ADDRESSES["polygon"])
THEIRS = "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe"
TOKEN = {"chain": "ethereum", "token_symbol": "USDT"}


class WalletTrade(Trade):
    """A wallet with two accounts; at first one of them has a little."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.random: Random = stage.random
        self._numbers = count(1)
        self._hashes = count(1)
        self.accounts: list[str] = []
        """Their ids."""
        self.assets: dict[str, str] = {}
        """The ids of assets that are known, by their accounts'."""
        self.withdrawals: list[str] = []
        """Their ids."""
        self.deposits: list[Deposit] = []

    def prepare(self) -> None:
        purse = open_purse(self.stage.client)
        self.accounts += [purse.account("ethereum", address) for address in OURS]
        for _ in range(self.random.choice([0, 1, 2])):
            request = self._deposit()
            answer = self.stage.deliver(request)
            assert answer
            self.hear(request, answer)
        for account_id in self.accounts:
            for asset in done(self.stage.client.get(f"/api/v1/assets?account_id={account_id}"))["data"]:
                self.assets[account_id] = asset["asset_id"]

    def acts(self) -> Mapping[Callable[[], Request | None], int]:
        return {
            self._deposit: 5,
            self._deposit_again: 2,
            self._transfer: 5,
            self._withdraw: 5,
            self._report: 9,
            self._freeze: 2,
            self._activate: 1,
            self._look: 2,
        }

    # ------------------------------------------------------------------------------------------------ what is asked for

    def _deposit(self) -> Deposit:
        return self._reported(self.random.randrange(2), self.random.randint(5, 25), f"0x{next(self._hashes):064x}")

    def _deposit_again(self) -> Request | None:
        """The same deposit is reported by somebody else, at times wrongly."""
        if not self.deposits:
            return None
        first = self.random.choice(self.deposits)
        side = self.accounts.index(first.alias.partition(":")[0])
        wrong = self.random.random() < 0.2
        return self._reported(side, first.amount + wrong, first.tx_hash)

    def _reported(self, side: int, amount: int, tx_hash: str) -> Deposit:
        body = {**TOKEN, "tx_hash": tx_hash, "to_address": OURS[side], "amount": str(amount)}
        alias = alias_of(self.accounts[side])
        return Deposit(alias=alias, amount=amount, tx_hash=tx_hash, **self._post("deposits", body))

    def _transfer(self) -> Request:
        payer = self.random.randrange(2)
        body, amount, reference = self._sent(payer, OURS[1 - payer])
        return Transfer(
            payer=alias_of(self.accounts[payer]),
            payee=alias_of(self.accounts[1 - payer]),
            amount=amount,
            reference=reference,
            **self._post("transactions", body),
        )

    def _withdraw(self) -> Request:
        payer = self.random.randrange(2)
        body, amount, reference = self._sent(payer, THEIRS)
        alias = alias_of(self.accounts[payer])
        posted = self._post("transactions", body)
        return Withdraw(payer=alias, payee=THEIRS, amount=amount, reference=reference, **posted)

    def _sent(self, payer: int, to: str) -> tuple[dict[str, object], int, str | None]:
        amount = self._amount()
        reference = f"reference {self.random.randrange(12)}" if self.random.random() < 0.6 else None
        body: dict[str, object] = {
            **TOKEN,
            "operation": "TRANSFER",
            "from_address": OURS[payer],
            "to_address": to,
            "amount": str(amount),
        }
        return body | ({"reference_id": reference} if reference else {}), amount, reference

    def _report(self) -> Request | None:
        if not self.withdrawals:
            return self._withdraw()
        of = self.random.choice(self.withdrawals[-3:])
        status = self.random.choice([*WAY[1:], "CONFIRMED", "FAILED", "CANCELLED"])
        hashed = {"tx_hash": f"0x{of.encode().hex()[-64:]:0>64}"} if status in WAY[2:] else {}
        posted = self._post(f"transactions/{of}/status", {"status": status, **hashed})
        return Report(of=of, status=status, **posted)

    def _freeze(self) -> Request:
        account_id, frozen = self.random.choice(self.accounts), self.random.random() < 0.4
        return Freeze(
            name=self._name(),
            method="PATCH",
            path=f"/api/v1/accounts/{account_id}",
            body={"status": "FROZEN" if frozen else "ACTIVE"},
            account_id=account_id,
            frozen=frozen,
        )

    def _activate(self) -> Request | None:
        if not self.assets:
            return None
        account_id, active = self.random.choice(list(self.assets)), self.random.random() < 0.6
        return Activate(
            name=self._name(),
            method="PATCH",
            path=f"/api/v1/assets/{self.assets[account_id]}",
            body={"is_active": active},
            account_id=account_id,
            active=active,
        )

    def _look(self) -> Request | None:
        if not self.assets:
            return None
        account_id = self.random.choice(list(self.assets))
        path = f"/api/v1/assets/{self.assets[account_id]}"
        return LookAtAsset(name=self._name(), method="GET", path=path, account_id=account_id)

    def _post(self, path: str, body: object) -> dict[str, Any]:
        name = self._name()
        key = name if self.random.random() < 0.7 else None
        return {"name": name, "method": "POST", "path": f"/api/v1/{path}", "body": body, "key": key}

    def _name(self) -> str:
        return f"r{next(self._numbers)}"

    def _amount(self) -> int:
        return self.random.randint(1, 9)

    # ---------------------------------------------------------------------------------------------------- what is heard

    def hear(self, request: Request, answer: Answer) -> None:
        match request:
            case Withdraw():
                if answer.json["tx_id"] not in self.withdrawals:
                    self.withdrawals.append(answer.json["tx_id"])
            case Deposit():
                self.deposits.append(request)
