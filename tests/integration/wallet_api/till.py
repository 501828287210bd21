"""Money in and out of a purse: an account on ethereum with an address, another one beside it, and the world outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.integration.wallet_api.purse import ADDRESSES, Purse, done, open_purse
from tests.support.world import Answer, Client

OURS, ALSO_OURS = ADDRESSES["ethereum"], ADDRESSES["polygon"]
OUTSIDE = "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe"


def tx_hash(number: int) -> str:
    """The hash of a transaction on an EVM chain."""
    return f"0x{number:064x}"


@dataclass(frozen=True, slots=True)
class Till:
    """A purse with two accounts; each deposit is another transaction's."""

    purse: Purse
    account_id: str
    other_id: str
    _numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def client(self) -> Client:
        """The client."""
        return self.purse.client

    def deposit(self, amount: str, **fields: Any) -> Answer:  # noqa: ANN401 -- any field of a body
        """The answer to a deposit of USDT on ethereum, unless other fields are given."""
        named = {} if "contract_address" in fields else {"token_symbol": "USDT"}
        body = {"chain": "ethereum", "tx_hash": tx_hash(next(self._numbers)), "to_address": OURS, "amount": amount}
        headers = {name: fields.pop(name) for name in ("Idempotency_Key",) if name in fields}
        return self.client.post("/api/v1/deposits", body | named | fields, **headers)

    def send(self, amount: str, to: str = OUTSIDE, **fields: Any) -> Answer:  # noqa: ANN401
        """The answer to a transfer of USDT on ethereum, unless other fields are given."""
        headers = {name: fields.pop(name) for name in ("Idempotency_Key",) if name in fields}
        body = {
            "operation": "TRANSFER",
            "from_address": OURS,
            "to_address": to,
            "chain": "ethereum",
            "token_symbol": "USDT",
            "amount": amount,
        }
        return self.client.post("/api/v1/transactions", body | fields, **headers)

    def withdraw(self, amount: str, **fields: Any) -> str:  # noqa: ANN401
        """The id of a withdrawal, which must be accepted."""
        sent = done(self.send(amount, **fields))
        assert sent["status"] == "PENDING"
        return str(sent["tx_id"])

    def report(self, tx_id: str, status: str, **fields: str) -> Answer:
        """The answer to a report of the settlement, with a hash where there must be one."""
        hashed = {"tx_hash": tx_hash(99)} if status in {"BROADCAST", "CONFIRMING", "CONFIRMED"} else {}
        return self.client.post(f"/api/v1/transactions/{tx_id}/status", {"status": status} | hashed | fields)

    def get(self, tx_id: str) -> Any:  # noqa: ANN401
        """A transaction."""
        return done(self.client.get(f"/api/v1/transactions/{tx_id}"))

    def stands(self, account_id: str | None = None, chain: str = "ethereum", symbol: str = "USDT") -> tuple[str, str]:
        """What can be spent of a token of an account, by default of the first one's USDT, and what is locked."""
        listed = done(self.client.get(f"/api/v1/assets?account_id={account_id or self.account_id}&page_size=100"))
        (asset,) = (each for each in listed["data"] if (each["chain"], each["symbol"]) == (chain, symbol))
        return asset["balance"], asset["locked_balance"]

    def ledger(self) -> str:
        """The path of the ledger beneath."""
        wallet = done(self.client.get(f"/api/v1/wallets/{self.purse.wallet_id}"))
        return f"/v1/organizations/{wallet['organization_id']}/ledgers/{wallet['ledger_id']}"


def open_till(client: Client) -> Till:
    """A purse of a client's, with accounts at both of its addresses."""
    purse = open_purse(client)
    return Till(purse, purse.account("ethereum", OURS), purse.account("ethereum", ALSO_OURS))
