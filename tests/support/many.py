"""Many rows of a list, made in the table: copies of one of its rows, which is much faster than to ask for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from coffer.ids import new_id, prefixed, unpack
from coffer.store import keys
from coffer.store.keys import Key
from coffer.store.values import Item, decode_item, encode_item, text
from tests.support.world import World

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Copy = Callable[[str, str, Item], tuple[Key, Mapping[str, str]]]
"""Where a copy of an item stands, under a fresh id of a client's, and where it is listed."""


def _wallet(client_id: str, fresh: str, _: Item) -> tuple[Key, Mapping[str, str]]:
    wallet_id = prefixed("wal", fresh)
    return keys.wallet(client_id, wallet_id), keys.wallets_index(client_id, wallet_id)


def _account(client_id: str, fresh: str, _: Item) -> tuple[Key, Mapping[str, str]]:
    account_id = prefixed("acc", fresh)
    return keys.wallet_account(client_id, account_id), keys.wallet_accounts_index(client_id, account_id)


def _asset(client_id: str, fresh: str, item: Item) -> tuple[Key, Mapping[str, str]]:
    asset_id = prefixed("ast", fresh)
    beside = keys.wallet_asset(client_id, fresh, asset_id).sk
    return Key(text(item, "pk"), beside), keys.wallet_assets_index(client_id, asset_id)


def _transaction(client_id: str, fresh: str, item: Item) -> tuple[Key, Mapping[str, str]]:
    tx_id, moment = prefixed("txn", fresh), item["created_at"]
    assert isinstance(moment, int)
    return keys.wallet_transaction(client_id, tx_id), keys.wallet_transactions_index(client_id, tx_id, moment)


WALLET_LISTS: Mapping[str, tuple[Callable[[str], str], Copy]] = {
    "wallets": (keys.wallets, _wallet),
    "accounts": (keys.wallet_accounts, _account),
    "assets": (keys.wallet_assets, _asset),
    "transactions": (keys.wallet_transactions, _transaction),
}
"""By the last part of its path: what a list is called in the index, and how its rows are copied."""


def multiply(world: World, client_id: str, what: str, times: int) -> None:
    """Copies the first row of one of the wallet API's lists until there are so many of them."""
    collection, copy = WALLET_LISTS[what]
    partitions = set(keys.partitions(collection(client_id)))
    rows = [decode_item(cast("Mapping[str, AttributeValueTypeDef]", wire)) for wire in world.fake.snapshot().values()]
    listed = [row for row in rows if row.get("gsi1pk") in partitions]
    for _ in range(times - len(listed)):
        fresh = new_id(world.clock())
        key, place = copy(client_id, fresh, listed[0])
        _put(world, {**listed[0], "pk": key.pk, "sk": key.sk, **place})
        if what == "accounts":
            wallet_id = prefixed("wal", unpack(text(listed[0], "wallet_id")))
            row = keys.account_of_wallet(client_id, wallet_id, prefixed("acc", fresh))
            _put(world, {"pk": row.pk, "sk": row.sk, "v": 1})


def _put(world: World, item: Item) -> None:
    world.fake.put_item(TableName=world.fake.table, Item=encode_item(item))
