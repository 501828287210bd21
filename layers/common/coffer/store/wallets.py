"""Wallets in the table; the first one of a client makes the ledger in which its balances are kept."""

from collections.abc import Sequence

from coffer.ids import is_prefixed, prefixed, unpack
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Listing, Rows
from coffer.models.wallets import NewWallet, Wallet
from coffer.store import keys, lists, wallet_ledger
from coffer.store.commit import Met, Plan, commit
from coffer.store.table import Table
from coffer.store.values import Item, text
from coffer.store.writes import Put, Write

FORMAT = 1


def create(table: Table, client_id: str, body: NewWallet) -> Wallet:
    """Makes a wallet."""
    wallet_id = prefixed("wal", table.new_id())
    key = keys.wallet(client_id, wallet_id)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "v": FORMAT,
        "wallet_name": body.wallet_name,
        "description": body.description,
        "created_at": table.now,
        "updated_at": table.now,
        **keys.wallets_index(client_id, wallet_id),
    }

    def plan(_met: Met) -> Plan[Wallet]:
        # Only a client's first wallet finds no ledger. Of several first ones one makes it, and the others find it then.
        # It is never deleted: no condition is needed on it.
        there = table.get(keys.ledger(wallet_ledger.ledger(client_id)))
        return Plan([Put(item=item), *([] if there else _ledger(table, client_id))], _read(client_id, item))

    return commit(table, plan, proof=key)


def rows(table: Table, client_id: str, listing: Listing) -> Rows[Wallet]:
    """A client's wallets."""

    def read(item: Item) -> Wallet:
        return _read(client_id, item)

    name = keys.wallets(client_id)
    found = lists.select(lists.collection(table, name, "", listing), listing, read)
    return lists.counted(found, listing, lambda: lists.few(table, name))


def get(table: Table, client_id: str, wallet_id: str) -> Wallet:
    """A wallet; `Refusal(ENTITY_NOT_FOUND)`."""
    check_id(wallet_id)
    item = table.get(keys.wallet(client_id, wallet_id))
    if item is None:
        raise _missing(wallet_id)
    return _read(client_id, item)


def check_id(wallet_id: str) -> None:
    """`Refusal(ENTITY_NOT_FOUND)` for a text that is the id of no wallet whatever is stored."""
    if not is_prefixed(wallet_id, "wal"):
        raise _missing(wallet_id)


def _missing(wallet_id: str) -> Refusal:
    return Refusal(Reason.ENTITY_NOT_FOUND, f"There is no wallet {wallet_id}.", {"wallet_id": "is not known"})


def _read(client_id: str, item: Item) -> Wallet:
    ledger = wallet_ledger.ledger(client_id)
    return Wallet.model_validate(
        {
            "wallet_id": prefixed("wal", unpack(text(item, "sk"))),
            "client_id": client_id,
            "wallet_name": item["wallet_name"],
            "description": item.get("description"),
            "status": "ACTIVE",
            "key_status": "ACTIVE",
            "organization_id": ledger.organization_id,
            "ledger_id": ledger.ledger_id,
            "created_at": item["created_at"],
            "updated_at": item["updated_at"],
        }
    )


def _ledger(table: Table, client_id: str) -> Sequence[Write]:
    from coffer.store import wallet_opening  # noqa: PLC0415 -- rarely needed, and large to load

    return wallet_opening.creation(table, client_id)
