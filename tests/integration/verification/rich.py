"""A ledger in which everything has happened that can happen in one, and as few times as that takes."""

from __future__ import annotations

from typing import Any

from coffer.ids import pack
from coffer.models.base import ACTIVE
from coffer.store import keys, resources
from coffer.store.commit import Plan, commit
from coffer.store.values import Value
from coffer.store.writes import Put
from coffer.times import rfc3339
from tests.integration.ledger_api.books import Books, done, gone, made, open_books
from tests.support.world import Answer, World

HOUR = 3_600_000


def rich_books(world: World) -> Books:
    """Makes the ledger; an hour later nothing in it is new any more."""
    books = open_books(world.client())
    for chapter in (_assets, _gatherings, _accounts, _transactions, _batches, _changes):
        chapter(books)
        world.clock.now += 10
    world.clock.now += HOUR
    return books


def send(value: str, payer: object, payee: object, **fields: object) -> dict[str, Any]:
    """The body of a transaction in BRL: from one alias or several legs, to one or several."""
    source = [leg(payer, value)] if isinstance(payer, str) else payer
    destination = [leg(payee, value)] if isinstance(payee, str) else payee
    return {
        "send": {"asset": "BRL", "value": value, "source": {"from": source}, "distribute": {"to": destination}},
        **fields,
    }


def leg(alias: str, value: str, key: str = "default") -> dict[str, Any]:
    """So much in BRL, from a balance or to it."""
    return {"accountAlias": alias, "balanceKey": key, "amount": {"asset": "BRL", "value": value}}


def post(books: Books, value: str, payer: object, payee: object, *, key: str | None = None, **fields: object) -> Answer:
    """Makes a transaction; it must succeed."""
    headers = {"Idempotency_Key": key} if key else {}
    return made(books.client.post(f"{books.ledger}/transactions/json", send(value, payer, payee, **fields), **headers))


def open_account(books: Books, alias: str, **fields: object) -> Answer:
    """Opens an account in BRL; it must succeed."""
    body = {"assetCode": "BRL", "type": "deposit", "alias": alias, **fields}
    return made(books.client.post(f"{books.ledger}/accounts", body))


def _assets(books: Books) -> None:
    """One that stays, one whose code is given again, and one that is deleted for good, each with an account."""
    books.add("BRL", decimals=2)
    for code in ("BTC", "XAU"):
        asset = books.add(code)
        open_account(books, f"@{code}", assetCode=code)
        gone(books.client.delete(f"{books.assets}/{asset.id}"))
    books.add("BTC", metadata={"again": True})


def _gatherings(books: Books) -> None:
    """A portfolio, and segments of which one is deleted."""
    table = books.world.table()
    attributes: dict[str, Value] = {"name": "Retail", "status": ACTIVE.model_dump(), "metadata": "{}"}
    items = [
        resources.new_item(table, keys.portfolio(books.ref, table.new_id()), attributes),
        resources.new_item(table, keys.segment(books.ref, segment_id := table.new_id()), attributes),
    ]
    name = {"owner": pack(segment_id)}
    claim = Put(item=resources.new_part(table, keys.segment_name(books.ref, "Retail"), name))
    former = resources.new_item(table, keys.segment(books.ref, table.new_id()), attributes | {"name": "Former"})
    deleted = resources.change(table, former, {"deleted_at": table.now}).item
    writes = [*(Put(item=item) for item in [*items, deleted]), claim]
    commit(table, lambda _met: Plan(writes, None), proof=claim.key)


def _accounts(books: Books) -> None:
    """Of one shard and of two, with a parent and further keys, one of them closed and opened again, one closed."""
    alice = open_account(books, "@alice", shards=2, name="Alice", entityId="A-1", metadata={"vip": True}).id
    bob = open_account(books, "@bob", parentAccountId=alice).id
    open_account(books, "@frozen", blocked=True)
    for key in ("savings", "closed"):
        balances = f"{books.ledger}/accounts/{bob}/balances"
        gone(books.client.delete(f"{books.ledger}/balances/{made(books.client.post(balances, {'key': key})).id}"))
    made(books.client.post(f"{books.ledger}/accounts/{bob}/balances", {"key": "savings", "allowSending": False}))
    former = open_account(books, "@former", shards=2).id
    made(books.client.post(f"{books.ledger}/accounts/{former}/balances", {"key": "second"}))
    gone(books.client.delete(f"{books.ledger}/accounts/{former}"))


def _transactions(books: Books) -> None:
    """One in every state that a transaction can come to, and on every way."""
    client, path = books.client, f"{books.ledger}/transactions"
    deposit = {"send": {"asset": "BRL", "value": "100", "distribute": {"to": [leg("@alice", "100")]}}}
    made(client.post(f"{path}/inflow", deposit, Idempotency_Key="deposit"))
    made(client.post(f"{path}/inflow", deposit))
    shares = [
        {"accountAlias": "@bob", "share": {"percentage": 33.3}, "chartOfAccounts": "1", "metadata": {"n": 1}},
        {"accountAlias": "@bob", "balanceKey": "savings", "remaining": "remaining", "description": "the rest"},
    ]
    both_shards = post(books, "150", "@alice", shares, description="salary", code="S", metadata={"month": 1})
    post(books, "1", "@bob", "@alice", pending=True)
    post(books, "2", "@bob", "@alice", pending=True, expiresAt=rfc3339(books.world.clock.now + 100 * HOUR))
    committed = post(books, "3", "@bob", "@alice", pending=True, key="to commit").id
    made(client.post(f"{path}/{committed}/commit", None))
    canceled, paid_out = (post(books, "4", "@bob", "@external/BRL", pending=True).id for _ in range(2))
    made(client.post(f"{path}/{canceled}/cancel", None))
    made(client.post(f"{path}/{paid_out}/commit", None))
    for reverted in (paid_out, post(books, "5", "@bob", "@alice").id):
        made(client.post(f"{path}/{reverted}/revert", None))
    made(client.post(f"{path}/annotation", send("7", "@alice", "@bob"), Idempotency_Key="note"))
    done(client.patch(f"{path}/{both_shards.id}", {"description": "salary of January"}))
    operation = both_shards.json["operations"][-1]["id"]
    done(client.patch(f"{path}/{both_shards.id}/operations/{operation}", {"metadata": {"seen": True}}))


def _batches(books: Books) -> None:
    """Both kinds, each with a key; in one of them a transaction is refused."""
    for atomic, values in ((True, ["1", "2"]), (False, ["1", "1000"])):
        body = {"atomic": atomic, "transactions": [send(value, "@alice", "@bob") for value in values]}
        made(books.client.post(f"{books.ledger}/transactions/batch", body, Idempotency_Key=f"batch {atomic}"))


def _changes(books: Books) -> None:
    """Names that were given up, flags that were changed."""
    client = books.client
    (asset,) = (each for each in done(client.get(books.assets)) if each["code"] == "BRL")
    done(client.patch(f"{books.assets}/{asset['id']}", {"name": "Real", "metadata": {"renamed": True}}))
    done(client.patch(books.ledger, {"name": "Books"}))
    for alias, change in (("@frozen", {"blocked": False}), ("@bob", {"name": "Bob", "blocked": True})):
        account = done(client.get(f"{books.ledger}/accounts/alias/{alias}"))
        done(client.patch(f"{books.ledger}/accounts/{account['id']}", change))
    for alias in ("@alice", "@frozen"):
        (balance,) = done(client.get(f"{books.ledger}/accounts/alias/{alias}/balances"))["items"]
        done(client.patch(f"{books.ledger}/balances/{balance['id']}", {"allowReceiving": False}))
