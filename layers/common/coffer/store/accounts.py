"""Accounts in the table: the item, the claim on its alias, its balances by their ids, and their chains."""

from collections.abc import Sequence
from dataclasses import replace

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
from coffer.store import entries, keys
from coffer.store.keys import Key, LedgerRef
from coffer.store.resources import FORMAT
from coffer.store.table import Table
from coffer.store.values import Item
from coffer.store.writes import LIVE, Put, Update, Write

EXTERNAL = "external"
"""The type of the account that stands for the world outside the ledger."""


def external_heads(table: Table, ledger: LedgerRef, code: str) -> list[Entry | None]:
    """The newest entries of an asset's external account, one for each shard."""
    return entries.heads(table, _external_chains(ledger, code))


def open_external(table: Table, ledger: LedgerRef, opening: Opening, heads: Sequence[Entry | None]) -> list[Write]:
    """The writes that open an asset's external account. Its alias goes with the asset's code, and so needs no claim."""
    account, alias, *rest = open_account(
        table, ledger, opening, heads, alias=external_alias(opening.asset_code), type_=EXTERNAL
    )
    return [account, replace(alias, when=None), *rest]


def open_account(
    table: Table, ledger: LedgerRef, opening: Opening, heads: Sequence[Entry | None], *, alias: str, type_: str
) -> list[Put]:
    """The writes that open an account with its default balance: item, alias, balance, and an entry for each shard.

    `heads` are the newest entries of its chains: there are none unless an account had the alias before.
    """
    account: Item = {
        "alias": alias,
        "type": type_,
        "asset_code": opening.asset_code,
        "asset_id": pack(opening.asset_id),
        "balances": {DEFAULT_KEY: pack(opening.balance_id)},
        "shards": opening.shards,
        "status": ACTIVE.model_dump(),
        "metadata": "{}",
        "version": 1,
        "updated_at": table.now,
        **keys.accounts_index(ledger, opening.account_id),
    }
    balance: Item = {
        "account_id": pack(opening.account_id),
        "key": DEFAULT_KEY,
        **keys.balances_index(ledger, opening.balance_id),
    }
    opened = open_balance(opening, heads, table.now)
    return [
        Put(item=_item(keys.account(ledger, opening.account_id), table.now, account)),
        Put(item=_item(keys.alias(ledger, alias), table.now, {"account_id": pack(opening.account_id)})),
        Put(item=_item(keys.balance(ledger, opening.balance_id), table.now, balance)),
        *(entries.put(table, keys.chain(ledger, alias, DEFAULT_KEY, entry.shard), entry) for entry in opened),
    ]


def close_external_account(table: Table, ledger: LedgerRef, heads: Sequence[Entry]) -> list[Write]:
    """The writes that close an external account for good; `Refusal(ASSET_HOLDS_BALANCE)` while money is inside."""
    closed = close_external(heads, table.now)
    chains = _external_chains(ledger, heads[0].asset_code)
    return [
        *(entries.put(table, chain, entry) for chain, entry in zip(chains, closed, strict=True)),
        _unlist(keys.account(ledger, heads[0].account_id), table.now),
        _unlist(keys.balance(ledger, heads[0].balance_id), table.now),
    ]


def _external_chains(ledger: LedgerRef, code: str) -> list[str]:
    return [keys.chain(ledger, external_alias(code), DEFAULT_KEY, shard) for shard in range(EXTERNAL_SHARDS)]


def _item(key: Key, now: int, attributes: Item) -> Item:
    return {"pk": key.pk, "sk": key.sk, "v": FORMAT, "created_at": now, **attributes}


def _unlist(key: Key, now: int) -> Update:
    return Update(key=key, when=LIVE, change={"deleted_at": now, "gsi1pk": None, "gsi1sk": None})
