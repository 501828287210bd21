"""A bank: books with one asset and accounts in it, and what is asked of their money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, islice
from typing import Any, cast

from coffer.api.operators import Operator, Tick
from coffer.ids import claimed_transaction_id, spread
from coffer.ledger.entries import DEFAULT_KEY, external_alias
from coffer.store import keys
from coffer.store.values import Item, decode_item
from tests.integration.ledger_api.books import Books, done, gone, made, open_books
from tests.support.world import Answer, Client, World
from tools.endpoints import handler

CODE = "BRL"
OUTSIDE = external_alias(CODE)
ALICE, BOB, SHOP = "@alice", "@bob", "@shop"
NOBODY = "@nobody"
"""An alias that no account has."""

type Body = dict[str, Any]
type Standing = tuple[str, str]
"""What is available in a balance, and what is on hold."""


@dataclass(frozen=True, slots=True)
class Bank:
    """Books, with reals that have two decimals."""

    books: Books

    @property
    def client(self) -> Client:
        """Whose books they are."""
        return self.books.client

    @property
    def world(self) -> World:
        """The world of the client."""
        return self.client.world

    @property
    def transactions(self) -> str:
        """The path of the ledger's transactions."""
        return f"{self.books.ledger}/transactions"

    @property
    def accounts(self) -> str:
        """The path of the ledger's accounts."""
        return f"{self.books.ledger}/accounts"

    # -------------------------------------------------------------------------------------------------------- accounts

    def open(self, alias: str, funds: str | None = None, *, asset: str = CODE, **fields: object) -> str:
        """Opens an account, and funds it; its path."""
        body = {"assetCode": asset, "type": "deposit", "alias": alias, **fields}
        path = f"{self.accounts}/{made(self.client.post(self.accounts, body)).id}"
        if funds:
            made(self.inflow(alias, funds, asset=asset))
        return path

    def path(self, alias: str) -> str:
        """The path of an account."""
        return f"{self.accounts}/{done(self.client.get(f'{self.accounts}/alias/{alias}'))['id']}"

    def block(self, alias: str, *, blocked: bool = True) -> None:
        """Blocks an account, or lets it go again."""
        done(self.client.patch(self.path(alias), {"blocked": blocked}))

    def allow(self, alias: str, **flags: bool) -> None:
        """Says what an account's default balance may do."""
        done(self.client.patch(f"{self.books.ledger}/balances/{self.balance(alias)['id']}", flags))

    def close(self, alias: str, key: str) -> None:
        """Closes one of an account's further balances."""
        gone(self.client.delete(f"{self.books.ledger}/balances/{self.balance(alias, key)['id']}"))

    def balance(self, alias: str, key: str = DEFAULT_KEY) -> Body:
        """A balance of an account."""
        listed = done(self.client.get(f"{self.accounts}/alias/{alias}/balances?limit=100"))["items"]
        (balance,) = (each for each in listed if each["key"] == key)
        return dict(balance)

    def stands(self, alias: str, key: str = DEFAULT_KEY) -> Standing:
        """What stands in a balance of an ordinary account."""
        balance = self.balance(alias, key)
        return balance["available"], balance["onHold"]

    def sum(self) -> Decimal:
        """What all balances of the ledger come to, the external account's among them: nothing, always."""
        listed = done(self.client.get(f"{self.books.ledger}/balances?limit=100"))
        assert listed["next_cursor"] is None
        return sum((Decimal(each["available"]) + Decimal(each["onHold"]) for each in listed["items"]), Decimal(0))

    # ---------------------------------------------------------------------------------------------------- transactions

    def post(self, kind: str, body: object, key: str | None = None) -> Answer:
        """The answer to a POST below the ledger's transactions, with an idempotency key or without."""
        headers = {} if key is None else {"Idempotency_Key": key}
        return self.client.post(f"{self.transactions}/{kind}", body, **headers)

    def inflow(self, payee: str, value: str, key: str | None = None, *, asset: str = CODE, **fields: object) -> Answer:
        """The answer to money that comes into the ledger."""
        return self.post("inflow", {"send": send(value, to=[leg(payee, value, asset)], asset=asset), **fields}, key)

    def outflow(self, payer: str, value: str, key: str | None = None, **fields: object) -> Answer:
        """The answer to money that leaves it."""
        return self.post("outflow", {"send": send(value, [leg(payer, value)]), **fields}, key)

    def pay(self, payer: str, payee: str, value: str, key: str | None = None, **fields: object) -> Answer:
        """The answer to a payment from one account to another."""
        return self.post("json", payment(payer, payee, value, **fields), key)

    def hold(self, payer: str, payee: str, value: str, **fields: object) -> str:
        """The id of a payment that is pending."""
        return made(self.post("json", payment(payer, payee, value, pending=True, **fields))).id

    def settle(self, transaction_id: str, step: str, key: str | None = None) -> Answer:
        """The answer to a commit, a cancel or a revert."""
        return self.post(f"{transaction_id}/{step}", None, key)

    def get(self, transaction_id: str) -> Body:
        """A transaction."""
        return dict(done(self.client.get(f"{self.transactions}/{transaction_id}")))

    def status(self, transaction_id: str) -> str:
        """Where a transaction stands."""
        return str(self.get(transaction_id)["status"]["code"])

    def listed(self, query: str = "") -> list[str]:
        """The ids of the transactions that a query lists, in its order."""
        return [row["id"] for row in done(self.client.get(f"{self.transactions}?{query}"))["items"]]

    def expire(self) -> int:
        """How many holds the schedule's function has canceled."""
        expire = cast("Operator[Tick]", handler("transactions", "expire"))
        canceled = expire.serve({}, self.world.runtime, self.world.countdown())["canceled"]
        assert isinstance(canceled, int)
        return canceled

    # ------------------------------------------------------------------------------------------------------- the table

    def record(self, transaction_id: str) -> Item:
        """A transaction's record, in the table of the fake."""
        key = keys.transaction(self.books.ref, transaction_id)
        wire: Any = self.world.fake.snapshot()[key.pk, key.sk]
        return decode_item(wire)

    def chain(self, alias: str, shard: int = 0, key: str = DEFAULT_KEY) -> str:
        """The chain of one shard of a balance."""
        return keys.chain(self.books.ref, alias, key, shard)

    def entries(self, alias: str, shard: int = 0, key: str = DEFAULT_KEY) -> list[Item]:
        """The entries of a chain, oldest first."""
        wanted = self.chain(alias, shard, key)
        wires: list[Any] = [wire for (pk, _), wire in self.world.fake.snapshot().items() if pk == wanted]
        return [decode_item(wire) for wire in wires]

    def key_for(self, kind: str, shards: Mapping[int, int], nth: int = 0) -> str:
        """An idempotency key with which a POST prefers a shard: of accounts with so many shards, which one.

        There are many of them, of which this is the `nth`.
        """

        def prefers(key: str) -> bool:
            digest = keys.digest(f"POST {self.transactions}/{kind} {key}")
            preference = spread(claimed_transaction_id(f"{self.client.client_id} {digest} "))
            return all(preference % count == shard for count, shard in shards.items())

        return next(islice(filter(prefers, map(str, range(100_000))), nth, None))

    def fund(self, alias: str, *amounts: str, nth: int = 0) -> None:
        """Puts money into each shard of a sharded account, the `nth` that is given money so."""
        for shard, amount in enumerate(amounts):
            if amount != "0":
                made(self.inflow(alias, amount, self.key_for("inflow", {len(amounts): shard}, nth)))


def open_bank(client: Client) -> Bank:
    """A bank with three accounts: Alice has 100, Bob and the shop have nothing."""
    bank = Bank(open_books(client))
    bank.books.add(CODE, name="Real", type="currency", decimals=2)
    bank.open(ALICE, "100")
    bank.open(BOB)
    bank.open(SHOP)
    return bank


def leg(alias: str, part: str | int | Body | None = None, asset: str = CODE, **fields: object) -> Body:
    """A leg: a string is an amount, a whole number a percentage, an object a share; without, it takes what remains."""
    named: Body = {"remaining": "remaining"}
    match part:
        case str():
            named = {"amount": {"asset": asset, "value": part}}
        case int():
            named = {"share": {"percentage": part}}
        case dict():
            named = {"share": part}
    return {"accountAlias": alias, **named, **fields}


def send(value: object, of: list[Body] | None = None, to: list[Body] | None = None, *, asset: str = CODE) -> Body:
    """So much of an asset, from the legs of one side to those of the other."""
    source = {} if of is None else {"source": {"from": of}}
    return {"asset": asset, "value": value} | source | ({} if to is None else {"distribute": {"to": to}})


def payment(payer: str, payee: str, value: str, **fields: object) -> Body:
    """The body of a payment from one account to another."""
    return {"send": send(value, [leg(payer, value)], [leg(payee, value)]), **fields}


def moves(answer: Answer) -> list[tuple[str, str, str]]:
    """What a transaction's operations do: type, account, amount."""
    return [(each["type"], each["accountAlias"], each["amount"]["value"]) for each in answer.json["operations"]]


def before_the_look_at(chain: str, world: World, act: Callable[[], object], *, nth: int = 1) -> None:
    """Lets something happen right before it is looked for the `nth` time at how far a chain has come."""
    looks = count(1)

    def on_call(called: str, request: Mapping[str, Any]) -> None:
        if chain in looked_at(called, request) and next(looks) == nth:
            world.fake.on_call = None
            act()

    world.fake.on_call = on_call


def whenever_looked_at(chain: str, world: World, act: Callable[[], object]) -> None:
    """Lets something happen right before every look at how far a chain has come."""

    def on_call(called: str, request: Mapping[str, Any]) -> None:
        if chain in looked_at(called, request):
            world.fake.on_call = None
            act()
            world.fake.on_call = on_call

    world.fake.on_call = on_call


def looked_at(called: str, request: Mapping[str, Any]) -> list[str]:
    """The chains, among other collections, of which a call reads the head, or asks what has followed."""
    if called == "query":
        return [request["ExpressionAttributeValues"][":pk"]["S"]]
    batches = request["RequestItems"].values() if called == "batch_get_item" else ()
    return [key["pk"]["S"] for wanted in batches for key in wanted["Keys"]]
