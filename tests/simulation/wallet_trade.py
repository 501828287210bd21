"""Callers who use the wallet API: two accounts, two tokens, the world outside, and whoever reports of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from tests.integration.wallet_api.purse import ADDRESSES, open_purse
from tests.simulation.callers import Trade
from tests.simulation.model import WAY
from tests.simulation.requests import Request
from tests.simulation.stage import Stage
from tests.simulation.wallet_requests import (
    CHAIN,
    SYMBOLS,
    Activate,
    AddAsset,
    Deposit,
    Freeze,
    LookAtAsset,
    LookAtAssets,
    Report,
    Transfer,
    Withdraw,
    account_of,
    alias_of,
)
from tests.support.world import Answer

OURS = (ADDRESSES["ethereum"], ADDRESSES["polygon"])
THEIRS = "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe"


class WalletTrade(Trade):
    """A wallet with two accounts, which have a little at first, or nothing. `bent` says what callers like to do."""

    def __init__(self, stage: Stage, bent: Mapping[str, int]) -> None:
        super().__init__(stage, bent)
        self._hashes = count(1)
        self.accounts: list[str] = []
        """Their ids."""
        self.assets: dict[str, str] = {}
        """The ids of assets that are known, by the aliases of their balances."""
        self.withdrawals: list[str] = []
        """Their ids."""
        self.deposits: list[Deposit] = []

    def prepare(self) -> None:
        purse = open_purse(self.client)
        self.accounts += [purse.account(CHAIN, address) for address in OURS]
        for _ in range(self.random.choice([0, 1, 2])):
            self._make(self._deposit())
        for account_id in self.accounts:
            self._make(self._list(account_id))

    def acts(self) -> Mapping[Callable[[], Request | None], int]:
        known: Mapping[str, Callable[[], Request | None]] = {
            "add": self._add,
            "deposit": self._deposit,
            "deposit again": self._deposit_again,
            "transfer": self._transfer,
            "withdraw": self._withdraw,
            "report": self._report,
            "freeze": self._freeze,
            "activate": self._activate,
            "look": self._look,
            "list": lambda: self._list(self.random.choice(self.accounts)),
        }
        return {known[name]: weight for name, weight in self._bent.items()}

    # ------------------------------------------------------------------------------------------------ what is asked for

    def _add(self) -> Request:
        account_id, symbol = self.random.choice(self.accounts), self._symbol()
        body = {"account_id": account_id, "symbol": symbol, "chain": CHAIN}
        return AddAsset(account_id=account_id, symbol=symbol, **self._post("assets", body))

    def _deposit(self) -> Deposit:
        alias = alias_of(self.random.choice(self.accounts), self._symbol())
        return self._reported(alias, self.random.randint(5, 25), f"0x{next(self._hashes):064x}")

    def _deposit_again(self) -> Request | None:
        """The same deposit is reported by somebody else, at times wrongly."""
        if not self.deposits:
            return None
        first = self.random.choice(self.deposits)
        wrong = self.random.random() < 0.2
        return self._reported(first.alias, first.amount + wrong, first.tx_hash)

    def _reported(self, alias: str, amount: int, tx_hash: str) -> Deposit:
        to = OURS[self.accounts.index(account_of(alias))]
        body = {**_token(alias), "tx_hash": tx_hash, "to_address": to, "amount": str(amount)}
        return Deposit(alias=alias, amount=amount, tx_hash=tx_hash, **self._post("deposits", body))

    def _transfer(self) -> Request:
        payer, symbol = self.random.randrange(2), self._symbol()
        body, amount, reference = self._sent(payer, symbol, OURS[1 - payer])
        return Transfer(
            payer=alias_of(self.accounts[payer], symbol),
            payee=alias_of(self.accounts[1 - payer], symbol),
            amount=amount,
            reference=reference,
            **self._post("transactions", body),
        )

    def _withdraw(self) -> Request:
        payer, symbol = self.random.randrange(2), self._symbol()
        body, amount, reference = self._sent(payer, symbol, THEIRS)
        alias = alias_of(self.accounts[payer], symbol)
        posted = self._post("transactions", body)
        return Withdraw(payer=alias, payee=THEIRS, amount=amount, reference=reference, **posted)

    def _sent(self, payer: int, symbol: str, to: str) -> tuple[dict[str, object], int, str | None]:
        amount = self._amount()
        reference = f"reference {self.random.randrange(12)}" if self.random.random() < 0.6 else None
        body: dict[str, object] = {
            "chain": CHAIN,
            "token_symbol": symbol,
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
        alias, active = self.random.choice(list(self.assets)), self.random.random() < 0.6
        return Activate(
            name=self._name(),
            method="PATCH",
            path=f"/api/v1/assets/{self.assets[alias]}",
            body={"is_active": active},
            alias=alias,
            active=active,
        )

    def _look(self) -> Request | None:
        if not self.assets:
            return None
        alias = self.random.choice(list(self.assets))
        path = f"/api/v1/assets/{self.assets[alias]}"
        return LookAtAsset(name=self._name(), method="GET", path=path, alias=alias)

    def _list(self, account_id: str) -> Request:
        path = f"/api/v1/assets?account_id={account_id}"
        return LookAtAssets(name=self._name(), method="GET", path=path, account_id=account_id)

    def _post(self, path: str, body: object = None) -> dict[str, Any]:
        return super()._post(f"/api/v1/{path}", body)

    def _amount(self) -> int:
        return self.random.randint(1, 9)

    def _symbol(self) -> str:
        """A token: mostly the first one, for it matters that callers meet."""
        return self.random.choices(SYMBOLS, [3, 1])[0]

    # ---------------------------------------------------------------------------------------------------- what is heard

    def hear(self, request: Request, answer: Answer) -> None:
        match request:
            case Withdraw():
                if answer.json["tx_id"] not in self.withdrawals:
                    self.withdrawals.append(answer.json["tx_id"])
            case Deposit():
                self.deposits.append(request)
            case AddAsset():
                self.assets[request.alias] = answer.json["asset_id"]
            case LookAtAssets():
                for asset in answer.json["data"]:
                    self.assets[alias_of(request.account_id, asset["symbol"])] = asset["asset_id"]


def _token(alias: str) -> dict[str, object]:
    """The token of a balance, as a deposit names it."""
    (symbol,) = (symbol for symbol in SYMBOLS if alias == alias_of(account_of(alias), symbol))
    return {"chain": CHAIN, "token_symbol": symbol}
