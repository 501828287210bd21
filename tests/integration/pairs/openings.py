"""A stage on which balances of four shards and assets are opened, closed and changed, and whoever may see it happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from tests.integration.ledger_api.books import Books, gone, made, open_books
from tests.integration.pairs.stages import Request
from tests.support.world import Answer, Client

WRITES = (
    *("open an account", "open a balance", "open a balance again", "close a balance", "close an account"),
    *("block an account", "switch off a balance", "make an asset", "make an asset again", "delete an asset"),
    *("pay from all shards", "hold on all shards"),
)
"""What writes many items at once."""

type Act = Callable[[str], Answer]
"""What is done at a path."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """Books, and what is done in them with what is looked up first."""

    books: Books

    def post(self, path: str, body: object) -> Request:
        return partial(self.books.client.post, f"{self.books.ledger}/{path}", body)

    def get(self, path: str) -> Request:
        return partial(self.books.client.get, f"{self.books.ledger}/{path}")

    def change(self, **fields: object) -> Act:
        return lambda path: self.books.client.patch(path, fields)

    def account(self, alias: str, shards: int = 4, code: str = "BRL") -> Request:
        return self.post("accounts", {"assetCode": code, "type": "deposit", "alias": alias, "shards": shards})

    def pay(
        self, payer: str | None, payee: str | None, value: str = "9", *, key: str = "default", pending: bool = False
    ) -> Request:
        """A payment; without a payer, or a payee, from outside or to it."""
        leg = {"balanceKey": key, "remaining": "remaining"}
        send: dict[str, object] = {"asset": "BRL", "value": value}
        if payer:
            send["source"] = {"from": [{"accountAlias": payer, **leg}]}
        if payee:
            send["distribute"] = {"to": [{"accountAlias": payee, **leg}]}
        kind = "json" if payer and payee else "inflow" if payee else "outflow"
        return self.post(f"transactions/{kind}", {"send": send} | ({"pending": True} if pending else {}))

    def with_account(self, alias: str, act: Act) -> Request:
        def request() -> Answer:
            found = self.get(f"accounts/alias/{alias}")()
            return act(f"{self.books.ledger}/accounts/{found.id}") if found.status == 200 else found

        return request

    def with_balance(self, key: str, act: Act) -> Request:
        """Does something with a balance of `@old`."""

        def request() -> Answer:
            listed = {each["key"]: each["id"] for each in self.get("accounts/alias/@old/balances")().json["items"]}
            return act(f"{self.books.ledger}/balances/{listed.get(key, key)}")

        return request

    def with_asset(self, code: str, act: Act) -> Request:
        def request() -> Answer:
            listed = {each["code"]: each["id"] for each in self.get("assets")().json}
            return act(f"{self.books.assets}/{listed.get(code, code)}")

        return request

    def with_the_last_transaction(self, step: str) -> Request:
        def request() -> Answer:
            (newest,) = self.get("transactions?limit=1&sort_order=desc")().json["items"]
            return self.post(f"transactions/{newest['id']}/{step}", None)()

        return request


def set_openings(client: Client) -> Mapping[str, Request]:
    """`@old` has 108 on its four shards, and a balance that was closed; EUR was deleted."""
    books = open_books(client)
    on = _Stage(books)
    books.add("BRL", decimals=2)
    gone(client.delete(f"{books.assets}/{books.add('EUR').id}"))
    books.add("JPY")
    for alias, shards in (("@old", 4), ("@empty", 4), ("@single", 1)):
        made(on.account(alias, shards)())
    for _ in range(12):
        made(on.pay(None, "@old")())
    for key in ("again", "spare"):
        made(_opened(on, "@old", key)())
    gone(on.with_balance("again", client.delete)())
    return {**_writes(on), **_payments(on), **_changes(on), **_reads(on)}


def _writes(on: _Stage) -> Mapping[str, Request]:
    client = on.books.client
    return {
        "open an account": on.account("@new"),
        "open a balance": _opened(on, "@old", "new"),
        "open a balance again": _opened(on, "@old", "again"),
        "close a balance": on.with_balance("spare", client.delete),
        "close an account": on.with_account("@empty", client.delete),
        "block an account": on.with_account("@old", on.change(blocked=True)),
        "switch off a balance": on.with_balance("default", on.change(allowSending=False)),
        "make an asset": on.post("assets", {"name": "Pound", "type": "currency", "code": "GBP"}),
        "make an asset again": on.post("assets", {"name": "Euro", "type": "currency", "code": "EUR"}),
        "delete an asset": on.with_asset("JPY", client.delete),
        "pay from all shards": on.pay("@old", "@single", "90"),
        "hold on all shards": on.pay("@old", "@single", "90", pending=True),
    }


def _payments(on: _Stage) -> Mapping[str, Request]:
    return {
        **{f"bring in to {alias}": on.pay(None, alias) for alias in ("@new", "@old", "@empty")},
        **{f"bring in to {key}": on.pay(None, "@old", key=key) for key in ("new", "again", "spare")},
        **{f"take out of {alias}": on.pay(alias, None) for alias in ("@new", "@old")},
        **{f"take out of {key}": on.pay("@old", None, key=key) for key in ("again", "spare")},
        **{f"pay to {alias}": on.pay("@old", alias) for alias in ("@new", "@empty")},
        "pay from @new": on.pay("@new", "@old"),
        **{f"{step} the last": on.with_the_last_transaction(step) for step in ("commit", "cancel", "revert")},
    }


def _changes(on: _Stage) -> Mapping[str, Request]:
    client = on.books.client
    return {
        **{f"block {alias}": on.with_account(alias, on.change(blocked=True)) for alias in ("@new", "@empty")},
        **{f"switch off {key}": on.with_balance(key, on.change(allowSending=False)) for key in ("new", "again")},
        **{f"delete {alias}": on.with_account(alias, client.delete) for alias in ("@new", "@old")},
        **{f"close {key}": on.with_balance(key, client.delete) for key in ("new", "again")},
        **{f"open a balance of {alias}": _opened(on, alias, "further") for alias in ("@new", "@empty")},
        **{f"delete {code}": on.with_asset(code, client.delete) for code in ("GBP", "EUR", "BRL")},
        **{f"open an account of {code}": on.account("@of", 2, code) for code in ("GBP", "EUR", "JPY")},
    }


def _reads(on: _Stage) -> Mapping[str, Request]:
    get = on.books.client.get
    aliases = ("@new", "@old", "@empty")
    return {
        **{f"get the balances of {each}": on.get(f"accounts/alias/{each}/balances") for each in aliases},
        **{f"get the statement of {each}": _below(on, each, "operations") for each in aliases},
        **{f"get the past of {each}": _below(on, each, "balances/history?date=2026-12-31") for each in aliases},
        **{f"get {key}": on.with_balance(key, get) for key in ("new", "again", "spare", "default")},
        **{f"get the outside of {code}": on.get(f"accounts/external/{code}/balances") for code in ("GBP", "EUR")},
        "list the balances": on.get("balances?limit=100"),
        "list the transactions": on.get("transactions"),
        "sum up": on.get("trial-balance"),
    }


def _opened(on: _Stage, alias: str, key: str) -> Request:
    return on.with_account(alias, lambda path: on.books.client.post(f"{path}/balances", {"key": key}))


def _below(on: _Stage, alias: str, what: str) -> Request:
    return on.with_account(alias, lambda path: on.books.client.get(f"{path}/{what}"))
