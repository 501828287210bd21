"""Books with an asset in them, accounts of it, and money that moves between these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coffer.ledger.entries import DEFAULT_KEY, external_alias
from tests.integration.ledger_api.books import Books, done, gone, made
from tests.support.world import Answer, Client, World


@dataclass(frozen=True, slots=True)
class Till:
    """The accounts of one asset in a client's ledger."""

    books: Books
    code: str

    @property
    def client(self) -> Client:
        """Whose it is."""
        return self.books.client

    @property
    def world(self) -> World:
        """The world of the client."""
        return self.books.world

    @property
    def accounts(self) -> str:
        """The path of the ledger's accounts."""
        return f"{self.books.ledger}/accounts"

    @property
    def balances(self) -> str:
        """The path of the ledger's balances."""
        return f"{self.books.ledger}/balances"

    @property
    def transactions(self) -> str:
        """The path of the ledger's transactions."""
        return f"{self.books.ledger}/transactions"

    @property
    def outside(self) -> str:
        """The alias of the external account."""
        return external_alias(self.code)

    # ---------------------------------------------------------------------------------------------- accounts, balances

    def body(self, alias: str = "@alice", **fields: object) -> dict[str, Any]:
        """What opens an account."""
        return {"assetCode": self.code, "type": "deposit", "alias": alias, **fields}

    def open(self, alias: str = "@alice", **fields: object) -> str:
        """Opens an account; its path."""
        return f"{self.accounts}/{made(self.client.post(self.accounts, self.body(alias, **fields))).id}"

    def open_key(self, account: str, key: str, **fields: object) -> str:
        """Opens a further balance of the account at a path; the balance's path."""
        return f"{self.balances}/{made(self.client.post(f'{account}/balances', {'key': key, **fields})).id}"

    def rows(self, alias: str) -> list[dict[str, Any]]:
        """The balances of the account with an alias, an external one included."""
        code = alias.removeprefix(external_alias(""))
        owner = f"alias/{alias}" if code == alias else f"external/{code}"
        rows: list[dict[str, Any]] = done(self.client.get(f"{self.accounts}/{owner}/balances?limit=100"))["items"]
        return rows

    def balance(self, alias: str = "@alice", key: str = DEFAULT_KEY) -> dict[str, Any]:
        """One balance of the account with an alias."""
        return next(row for row in self.rows(alias) if row["key"] == key)

    def path(self, alias: str = "@alice", key: str = DEFAULT_KEY) -> str:
        """The path of one balance of the account with an alias."""
        return f"{self.balances}/{self.balance(alias, key)['id']}"

    def stands(self, alias: str = "@alice", key: str = DEFAULT_KEY) -> tuple[str, str, int]:
        """What is available and on hold in a balance, and its version."""
        row = self.balance(alias, key)
        return row["available"], row["onHold"], row["version"]

    # ----------------------------------------------------------------------------------------------------------- money

    def bring(self, alias: str, value: str, key: str = DEFAULT_KEY, **fields: object) -> Answer:
        """Money that comes into the ledger."""
        to = [leg(self.code, alias, value, key)]
        send = {"asset": self.code, "value": value, "distribute": {"to": to}}
        return made(self.client.post(f"{self.transactions}/inflow", {"send": send, **fields}))

    def take(self, alias: str, value: str, key: str = DEFAULT_KEY, **fields: object) -> Answer:
        """Money that leaves the ledger, or is held until it does."""
        return made(self.send((alias, value, key), (self.outside, value, DEFAULT_KEY), **fields))

    def pay(self, source: str, destination: str, value: str, **fields: object) -> Answer:
        """Money that goes from one default balance to another, or is held until it does."""
        return made(self.send((source, value, DEFAULT_KEY), (destination, value, DEFAULT_KEY), **fields))

    def send(self, source: tuple[str, str, str], destination: tuple[str, str, str], **fields: object) -> Answer:
        """Money that is to go from one balance to another, each side with alias, value and key; whatever the answer."""
        send = {
            "asset": self.code,
            "value": source[1],
            "source": {"from": [leg(self.code, *source)]},
            "distribute": {"to": [leg(self.code, *destination)]},
        }
        return self.client.post(f"{self.transactions}/json", {"send": send, **fields})

    def settle(self, transaction: Answer, how: str) -> Answer:
        """Commits, cancels or reverts a transaction."""
        return made(self.client.post(f"{self.transactions}/{transaction.id}/{how}", None))

    # -------------------------------------------------------------------------------------------------------- the asset

    def delete_asset(self) -> None:
        """Deletes the asset, of which nothing may be left."""
        (asset,) = [row for row in done(self.client.get(self.books.assets)) if row["code"] == self.code]
        gone(self.client.delete(f"{self.books.assets}/{asset['id']}"))

    def make_asset_again(self) -> None:
        """Deletes the asset and makes one of the same code."""
        self.delete_asset()
        self.books.add(self.code)


def leg(code: str, alias: str, value: str, key: str = DEFAULT_KEY) -> Mapping[str, Any]:
    """What one balance gives or gets."""
    return {"accountAlias": alias, "balanceKey": key, "amount": {"asset": code, "value": value}}


def open_till(books: Books, code: str = "BRL") -> Till:
    """Makes an asset."""
    books.add(code)
    return Till(books, code)
