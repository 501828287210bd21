"""What it costs to delete an asset does not depend on how many accounts there are."""

import time
from itertools import batched
from random import SystemRandom

import httpx

from coffer.ids import new_id, pack
from coffer.ledger.entries import Opening
from coffer.store import accounts, assets, keys, opening
from coffer.store.commit import Met, Plan, commit
from coffer.store.keys import LedgerRef
from coffer.store.meter import Call
from coffer.store.table import Connection, Table
from local.stack import Access, Stack
from tests.stack.books import CODE, NOT_FOUND, open_books

FEW, MANY = 10, 10_000
TOGETHER = 25
"""Accounts that are opened in one write: each is four items, and a write has a hundred."""


def table(connection: Connection) -> Table:
    """Access to the stack's table as a function of it would have, with a minute's time."""
    now, end = time.time_ns() // 1_000_000, time.monotonic() + 60
    return Table(
        connection=connection,
        now=now,
        attempt=pack(new_id(now)),
        new_id=lambda: new_id(now),
        time_left=lambda: end - time.monotonic(),
        pause=time.sleep,
        random=SystemRandom(),
    )


def open_accounts(connection: Connection, ledger: LedgerRef, number: int) -> None:
    """Opens so many accounts of the asset."""
    door = accounts.asset_head(table(connection), ledger, CODE)
    for some in batched(range(number), TOGETHER, strict=False):
        _open(table(connection), ledger, door.asset_id, [f"@account-{each}" for each in some])


def _open(table: Table, ledger: LedgerRef, asset_id: str, aliases: list[str]) -> None:
    def plan(_met: Met) -> Plan[None]:
        opened = {
            alias: Opening(
                asset_id=asset_id,
                asset_code=CODE,
                decimals=None,
                account_id=table.new_id(),
                balance_id=table.new_id(),
                shards=1,
            )
            for alias in aliases
        }
        attributes = opening.plain("deposit")
        writes = [
            write
            for alias, each in opened.items()
            for write in opening.open_account(table, ledger, each, [None], alias=alias, attributes=attributes)
        ]
        return Plan(writes, None)

    commit(table, plan, proof=keys.alias(ledger, aliases[0]))


def cost_of_deletion(connection: Connection, ledger: LedgerRef, asset_id: str) -> list[Call]:
    """The calls that deleting an asset takes, each with its units."""
    measured = table(connection)
    assets.delete(measured, ledger, asset_id)
    return measured.meter.calls


def test_a_deletion_costs_the_same_with_10_and_with_10000_accounts(
    stack: Stack, access: Access, client: httpx.Client
) -> None:
    connection = stack.cloud.table()
    costs: list[list[Call]] = []
    for number in (FEW, MANY):
        books = open_books(client)
        ledger = LedgerRef(access.client_id, *books.path.split("/")[3::2])
        began = time.monotonic()
        open_accounts(connection, ledger, number)
        print(f"{number} accounts written in {time.monotonic() - began:.1f} s")
        counted = client.head(f"{books.path}/accounts/metrics/count").headers["X-Total-Count"]
        assert int(counted) == number + 1  # the external one
        asset_id = books.asset_id()
        costs.append(cost_of_deletion(connection, ledger, asset_id))
        assert client.get(f"{books.path}/assets/{asset_id}").status_code == NOT_FOUND
    few, many = costs
    print(f"{len(many)} calls, {sum(call.units for call in many):.0f} units")
    assert few == many
