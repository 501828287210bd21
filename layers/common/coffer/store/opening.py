"""What opens and closes an account: its item, the claim on its alias, its balances by their ids, and their chains."""

from collections.abc import Mapping, Sequence
from copy import replace

from coffer.ids import pack
from coffer.ledger.entries import (
    DEFAULT_KEY,
    EXTERNAL_SHARDS,
    Entry,
    Opening,
    close_external,
    external_alias,
    open_balance,
)
from coffer.models.base import ACTIVE
from coffer.store import entries, keys, resources
from coffer.store.keys import LedgerRef
from coffer.store.table import Table
from coffer.store.values import Value
from coffer.store.writes import THERE, Delete, Put, Write

EXTERNAL = "external"
"""The type of the account that stands for the world outside the ledger."""


def chains(ledger: LedgerRef, alias: str, key: str, shards: int) -> list[str]:
    """The chains of a balance, shard by shard."""
    return [keys.chain(ledger, alias, key, shard) for shard in range(shards)]


def external_chains(ledger: LedgerRef, code: str) -> list[str]:
    """The chains of an asset's external account, shard by shard."""
    return chains(ledger, external_alias(code), DEFAULT_KEY, EXTERNAL_SHARDS)


def external_heads(table: Table, ledger: LedgerRef, code: str) -> list[Entry | None]:
    """The newest entries of an asset's external account, one for each shard."""
    return entries.heads(table, external_chains(ledger, code))


def open_external(table: Table, ledger: LedgerRef, opening: Opening, heads: Sequence[Entry | None]) -> list[Put]:
    """The writes that open an asset's external account. Its alias goes with the asset's code, and so needs no claim."""
    alias = external_alias(opening.asset_code)
    account, claim, *rest = open_account(table, ledger, opening, heads, alias=alias, attributes=plain(EXTERNAL))
    return [account, replace(claim, when=None), *rest]


def plain(type_: str) -> Mapping[str, Value]:
    """What is noted of an account that nobody asked for by itself."""
    return {"type": type_, "status": ACTIVE.model_dump(), "metadata": "{}"}


def open_account(
    table: Table,
    ledger: LedgerRef,
    opening: Opening,
    heads: Sequence[Entry | None],
    *,
    alias: str,
    attributes: Mapping[str, Value],
) -> list[Put]:
    """The writes that open an account with its default balance: item, alias, then the balance's.

    `heads` are the newest entries of its chains: there are none unless an account had the alias before. `attributes`
    are type, status, metadata, and whatever else is noted of it.
    """
    account = resources.new_item(
        table,
        keys.account(ledger, opening.account_id),
        {
            **attributes,
            "alias": alias,
            "asset_code": opening.asset_code,
            "asset_id": pack(opening.asset_id),
            "balances": {DEFAULT_KEY: pack(opening.balance_id)},
            "shards": opening.shards,
            "blocked": opening.blocked,
            **keys.accounts_index(ledger, opening.account_id),
        },
    )
    claim = resources.new_part(table, keys.alias(ledger, alias), {"account_id": pack(opening.account_id)})
    type_ = str(attributes["type"])
    return [
        Put(item=account),
        Put(item=claim),
        *open_key(table, ledger, opening, heads, alias=alias, key=DEFAULT_KEY, type_=type_),
    ]


def open_key(
    table: Table,
    ledger: LedgerRef,
    opening: Opening,
    heads: Sequence[Entry | None],
    *,
    alias: str,
    key: str,
    type_: str,
) -> list[Put]:
    """The writes that open one balance of an account of some type: what its id stands for, an entry for each shard."""
    balance = resources.new_part(
        table,
        keys.balance(ledger, opening.balance_id),
        {
            "account_id": pack(opening.account_id),
            "account_type": type_,
            "alias": alias,
            "key": key,
            "shards": opening.shards,
            "created_at": table.now,
            **keys.balances_index(ledger, opening.balance_id),
        },
    )
    opened = open_balance(opening, heads, table.now)
    return [Put(item=balance), *put_all(table, chains(ledger, alias, key, opening.shards), opened)]


def close_external_account(table: Table, ledger: LedgerRef, heads: Sequence[Entry]) -> list[Write]:
    """The writes that close an external account for good; `Refusal(ASSET_HOLDS_BALANCE)` while money is inside."""
    closed = close_external(heads, table.now)
    return [
        *put_all(table, external_chains(ledger, heads[0].asset_code), closed),
        Delete(key=keys.account(ledger, heads[0].account_id), when=THERE),
        Delete(key=keys.balance(ledger, heads[0].balance_id), when=THERE),
    ]


def put_all(table: Table, names: Sequence[str], written: Sequence[Entry]) -> list[Put]:
    """The writes of one entry on each of several chains."""
    return [entries.put(table, name, entry) for name, entry in zip(names, written, strict=True)]
