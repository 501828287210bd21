"""Wallet accounts in the table: the item, the claim on the address, and the row in its wallet."""

from collections.abc import Callable, Sequence
from copy import replace

from coffer.ids import is_prefixed, pack, prefixed, unpack
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Listing, Rows
from coffer.models.wallet_accounts import NewWalletAccount, WalletAccount, WalletAccountChange
from coffer.store import keys, lists, wallets
from coffer.store.commit import Met, Plan, commit
from coffer.store.keys import Key
from coffer.store.table import Table
from coffer.store.values import Item, number, text
from coffer.store.writes import Put, Update, Write

FORMAT = 1
ACTIVE = "ACTIVE"


def create(
    table: Table, client_id: str, body: NewWalletAccount, *, address_space: str, address_type: str | None
) -> WalletAccount:
    """Makes an account of a wallet; its address, if it has one, is claimed in its address space.

    Raises `Refusal` for ENTITY_NOT_FOUND (the wallet) and ADDRESS_TAKEN.
    """
    wallets.check_id(body.wallet_id)
    account_id = prefixed("acc", table.new_id())
    key = keys.wallet_account(client_id, account_id)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "v": FORMAT,
        "wallet_id": pack(body.wallet_id),
        "chain": body.chain,
        "address": body.address,
        "address_type": address_type,
        "account_type": body.account_type,
        "label": body.label,
        "status": ACTIVE,
        "version": 1,
        "assets": 0,
        "created_at": table.now,
        "updated_at": table.now,
        **keys.wallet_accounts_index(client_id, account_id),
    }
    row = keys.account_of_wallet(client_id, body.wallet_id, account_id)
    writes: list[Write] = [Put(item=item), Put(item={"pk": row.pk, "sk": row.sk, "v": FORMAT})]
    if body.address is not None:
        writes.append(_claim(client_id, address_space, account_id, body))

    def plan(_met: Met) -> Plan[WalletAccount]:
        wallets.get(table, client_id, body.wallet_id)  # a wallet is never deleted: no condition is needed on it
        return Plan(writes, _read(client_id, item))

    return commit(table, plan, proof=key)


def rows(table: Table, client_id: str, listing: Listing) -> Rows[WalletAccount]:
    """A client's accounts, or those of one wallet."""

    def read(item: Item) -> WalletAccount:
        return _read(client_id, item)

    wallet_id = listing.filters.get("wallet_id")
    whole = replace(listing, filters={})
    if wallet_id is None:
        name = keys.wallet_accounts(client_id)
        found = lists.select(lists.indexed(table, name, whole), whole, read)
        return lists.counted(found, whole, lambda: lists.few(table, name))
    if not is_prefixed(wallet_id, "wal"):
        return Rows(items=[], total=0)
    collection = keys.accounts_of_wallet(client_id, wallet_id)
    listed = lists.collection(table, collection, "", whole)
    accounts = lists.fetched(table, listed, lambda sk: keys.wallet_account(client_id, unpack(sk)), whole)
    return lists.counted(lists.select(accounts, whole, read), whole, lambda: lists.few_of(table, collection))


def get(table: Table, client_id: str, account_id: str) -> WalletAccount:
    """An account; `Refusal(ENTITY_NOT_FOUND)`."""
    return _read(client_id, require(table, client_id, account_id))


def require(table: Table, client_id: str, account_id: str) -> Item:
    """An account's item; `Refusal(ENTITY_NOT_FOUND)`."""
    check_id(account_id)
    item = table.get(keys.wallet_account(client_id, account_id))
    if item is None:
        raise missing(account_id)
    return item


def change(
    table: Table,
    client_id: str,
    account_id: str,
    body: WalletAccountChange,
    flags: Callable[[Item], Sequence[Put]],
) -> WalletAccount:
    """Freezes an account, or lets it send again. `flags` gives the writes that say so of each of its assets."""
    key = keys.wallet_account(client_id, account_id)

    def plan(_met: Met) -> Plan[WalletAccount]:
        item = require(table, client_id, account_id)
        if item["status"] == body.status:
            return Plan([], _read(client_id, item))
        values = {"version": number(item, "version"), "assets": number(item, "assets")}
        changed: Item = {
            "status": body.status,
            "version": values["version"] + 1,
            "updated_at": max(table.now, number(item, "updated_at")),
        }
        after = {**item, **changed}
        # An asset that is added meanwhile would be left out of it: the count tells. Of one that changes, the version.
        update = Update(key=key, when="#version = :version AND #assets = :assets", values=values, change=changed)
        return Plan([update, *flags(after)], _read(client_id, after))

    return commit(table, plan, proof=key)


def adopt(account: Item) -> Update:
    """The part of an asset's write that its account takes: its count, and that it is still what it was."""
    return Update(
        key=Key(text(account, "pk"), text(account, "sk")),
        when="#version = :version",
        values={"version": number(account, "version")},
        add={"assets": 1},
    )


def hold_still(account: Item) -> Update:
    """The part of an asset's change that its account takes: it is what it was, and is not changed at the same time."""
    version = number(account, "version")
    return Update(
        key=Key(text(account, "pk"), text(account, "sk")),
        when="#version = :version",
        values={"version": version},
        change={"version": version + 1},
    )


def is_active(account: Item) -> bool:
    """Whether an account may send and add assets."""
    return account["status"] == ACTIVE


def check_active(account: Item) -> None:
    """`Refusal(ACCOUNT_NOT_ACTIVE)` for an account that is frozen."""
    if not is_active(account):
        raise frozen(account_id_of(account))


def frozen(account_id: str) -> Refusal:
    """The answer when an account is frozen."""
    return Refusal(
        Reason.ACCOUNT_NOT_ACTIVE,
        f"The account {account_id} is frozen. Set its status to ACTIVE to send or to add assets.",
    )


def check_id(account_id: str) -> None:
    """`Refusal(ENTITY_NOT_FOUND)` for a text that is the id of no account whatever is stored."""
    if not is_prefixed(account_id, "acc"):
        raise missing(account_id)


def missing(account_id: str) -> Refusal:
    """The answer when there is no such account."""
    return Refusal(Reason.ENTITY_NOT_FOUND, f"There is no account {account_id}.", {"account_id": "is not known"})


def _claim(client_id: str, address_space: str, account_id: str, body: NewWalletAccount) -> Put:
    """The claim on an address, which tells whoever pays to it all that they need to know of the account."""
    address = str(body.address)
    key = keys.address(client_id, address_space, address)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "v": FORMAT,
        "account_id": pack(account_id),
        "wallet_id": pack(body.wallet_id),
    }
    taken = Refusal(
        Reason.ADDRESS_TAKEN,
        f"Another account has the address {address}. An address belongs to one account of a client.",
        {"address": "is taken"},
    )
    return Put(item=item, otherwise=taken)


def _read(client_id: str, item: Item) -> WalletAccount:
    return WalletAccount.model_validate(
        {
            "account_id": account_id_of(item),
            "wallet_id": prefixed("wal", unpack(text(item, "wallet_id"))),
            "client_id": client_id,
            "chain": item["chain"],
            "address": item.get("address"),
            "network": "mainnet",
            "address_type": item.get("address_type"),
            "account_type": item.get("account_type"),
            "label": item.get("label"),
            "status": item["status"],
            "created_at": item["created_at"],
            "updated_at": item["updated_at"],
        }
    )


def account_id_of(item: Item) -> str:
    """The id of the account in whose collection an item lies."""
    return prefixed("acc", unpack(text(item, "pk").rpartition("#")[2]))
