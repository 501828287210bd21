"""A client of the wallet API with a wallet to work in, and what answers are held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.world import Answer, Client, World

ADDRESSES = {
    "ethereum": "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045",
    "polygon": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "tron": "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
    "bitcoin": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "solana": "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGkZwyTDt1v",
}
"""An address of each address space, from published examples."""


@dataclass(frozen=True, slots=True)
class Purse:
    """A client, and its wallet."""

    client: Client
    wallet_id: str

    @property
    def world(self) -> World:
        """The world of the client."""
        return self.client.world

    def account(self, chain: str, address: str | None = None) -> str:
        """The id of a new account."""
        body = {"wallet_id": self.wallet_id, "chain": chain} | ({"address": address} if address else {})
        return str(done(self.client.post("/api/v1/accounts", body))["account_id"])

    def add(self, account_id: str, symbol: str, chain: str | None = None, **headers: str) -> Answer:
        """The answer to adding a token to an account."""
        body = {"account_id": account_id, "symbol": symbol} | ({"chain": chain} if chain else {})
        return self.client.post("/api/v1/assets", body, **headers)


def open_purse(client: Client) -> Purse:
    """A new wallet of a client."""
    return Purse(client, str(done(client.post("/api/v1/wallets", {"wallet_name": "Main"}))["wallet_id"]))


def done(answer: Answer) -> Any:  # noqa: ANN401 -- whatever the endpoint answers
    """The body of an answer that must be 200."""
    assert answer.status == 200, answer.body
    return answer.json


def refused(answer: Answer, status: int, code: str, kind: str | None = None) -> str:
    """The message of an answer that must be a refusal, in the wallet API's shape."""
    assert (answer.status, answer.json["code"]) == (status, code), answer.body
    assert set(answer.json) == {"code", "type", "message"}
    assert kind is None or answer.json["type"] == kind
    return str(answer.json["message"])
