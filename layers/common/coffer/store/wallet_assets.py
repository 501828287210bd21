"""Wallet assets in the table: the item and the claim on its token beside the account, and an account in the ledger.

Whether an asset may be spent, and may receive, is told by the flags on its chain in the ledger, so that no transfer has
to look here: freezing an account and deactivating an asset write them. What they say follows from both, so each of the
two changes takes the account's version: neither is made on what the other has just changed.
"""

from collections.abc import Callable, Sequence
from copy import replace
from typing import NamedTuple

from coffer.ids import is_prefixed, pack, prefixed, unpack
from coffer.ledger.amounts import ZERO
from coffer.ledger.chains import Chain, Heads
from coffer.ledger.entries import DEFAULT_KEY, EXTERNAL_SHARDS, Entry, Opening, change_flags, external_alias
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.assets import NewAsset
from coffer.models.listing import Listing, Rows
from coffer.models.wallet_assets import NewWalletAsset, TokenChoice, WalletAsset, WalletAssetChange
from coffer.store import assets, entries, keys, lists, opening, wallet_accounts, wallet_ledger
from coffer.store.commit import Met, Plan, commit
from coffer.store.keys import Key, LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, number, text
from coffer.store.writes import Put, Update, Write

FORMAT = 1
_PREFIX = "ASSET#"
_LEDGER_ACCOUNT_TYPE = "wallet"


class Addition(NamedTuple):
    """What adds a token to an account: the asset's item, all writes, and the heads of the chains that they open."""

    item: Item
    writes: Sequence[Write]
    heads: Heads


def add(table: Table, client_id: str, body: NewWalletAsset, choose: Callable[[str], TokenChoice]) -> WalletAsset:
    """Adds a token to an account, and opens an account for it in the client's wallet ledger.

    `choose` says which token is meant on an account of a chain, or refuses. Raises `Refusal` for ENTITY_NOT_FOUND (the
    account), ACCOUNT_NOT_ACTIVE and ASSET_ALREADY_ADDED.
    """
    wallet_accounts.check_id(body.account_id)
    asset_id = prefixed("ast", table.new_id())

    def plan(_met: Met) -> Plan[WalletAsset]:
        account = wallet_accounts.require(table, client_id, body.account_id)
        wallet_accounts.check_active(account)
        token = choose(text(account, "chain"))
        twice = Refusal(
            Reason.ASSET_ALREADY_ADDED,
            f"The account {body.account_id} has {token.symbol} on {token.chain} already.",
            {"symbol": "has been added"},
        )
        addition = added(table, client_id, account, asset_id, token, twice=twice)
        return Plan(addition.writes, _read(client_id, addition.item, None))

    return commit(table, plan, proof=keys.wallet_asset(client_id, body.account_id, asset_id))


def added(
    table: Table,
    client_id: str,
    account: Item,
    asset_id: str,
    token: TokenChoice,
    *,
    twice: Refusal | None = None,
) -> Addition:
    """What adds a token to an account as it stands; one that is frozen may not send what it gets either.

    `twice` is the answer if the account has got it meanwhile; None: plan again.
    """
    ledger = wallet_ledger.ledger(client_id)
    account_id = wallet_accounts.account_id_of(account)
    ledger_asset_id, made, heads = _ledger_asset(table, ledger, token)
    key = keys.wallet_asset(client_id, account_id, asset_id)
    item = _item(key, account, token, table.now) | keys.wallet_assets_index(client_id, asset_id)
    balance = Opening(
        asset_id=ledger_asset_id,
        asset_code=token.ledger_code,
        decimals=token.decimals,
        account_id=table.new_id(),
        balance_id=table.new_id(),
        shards=1,
        allow_sending=wallet_accounts.is_active(account),
    )
    alias = wallet_ledger.alias(account_id, token.ledger_code)
    opened = opening.open_account(
        table, ledger, balance, [None], alias=alias, attributes=opening.plain(_LEDGER_ACCOUNT_TYPE)
    )
    writes: list[Write] = [
        wallet_accounts.adopt(account),
        Put(item=item),
        _claim(client_id, account_id, asset_id, token.ledger_code, twice),
        _pointer(client_id, account_id, asset_id),
        *made,
        *opened,
    ]
    head = entries.from_item(opened[-1].item)
    return Addition(item, writes, {**heads, Chain(alias, DEFAULT_KEY, 0): head})


def rows(table: Table, client_id: str, listing: Listing) -> Rows[WalletAsset]:
    """A client's assets, or those of one account, with their balances as they stand."""
    account_id = listing.filters.get("account_id")
    whole = replace(listing, filters={})
    count: Callable[[], int | None]
    if account_id is None:
        name = keys.wallet_assets(client_id)
        listed, count = lists.indexed(table, name, whole), lambda: lists.few(table, name)
    else:
        account = table.get(keys.wallet_account(client_id, account_id)) if is_prefixed(account_id, "acc") else None
        if account is None:
            return Rows(items=[], total=0)
        collection = keys.assets_of_account(client_id, account_id)
        listed, count = lists.collection(table, collection, _PREFIX, whole), lambda: number(account, "assets")
    found = lists.counted(lists.select(listed, whole, lambda item: item), whole, count)
    heads = _heads(table, client_id, found.items)
    read = [_read(client_id, item, head) for item, head in zip(found.items, heads, strict=True)]
    return Rows(items=read, previous=found.previous, next=found.next, total=found.total)


def get(table: Table, client_id: str, asset_id: str) -> WalletAsset:
    """An asset with its balance as it stands; `Refusal(ENTITY_NOT_FOUND)`."""
    item = _live(table.get(_locate(table, client_id, asset_id)), asset_id)
    (head,) = _heads(table, client_id, [item])
    return _read(client_id, item, head)


def change(table: Table, client_id: str, asset_id: str, body: WalletAssetChange) -> WalletAsset:
    """Lets an asset take deposits and transfers, or no more; its balance stays as it is, and can be read."""
    key = _locate(table, client_id, asset_id)

    def plan(_met: Met) -> Plan[WalletAsset]:
        item = _live(table.get(key), asset_id)
        if item["is_active"] == body.is_active:
            (head,) = _heads(table, client_id, [item])
            return Plan([], _read(client_id, item, head))
        account = wallet_accounts.require(table, client_id, wallet_accounts.account_id_of(item))
        version = number(item, "version")
        changed: Item = {"is_active": body.is_active, "version": version + 1}
        flagged = flags(table, client_id, [{**item, **changed}], sending=wallet_accounts.is_active(account))
        update = Update(key=key, when="#version = :version", values={"version": version}, change=changed)
        head = entries.from_item(flagged[0].item)
        return Plan(
            [update, wallet_accounts.hold_still(account), *flagged],
            _read(client_id, {**item, **changed}, head),
            flagged[0].key,
        )

    return commit(table, plan, proof=key)


def flags(table: Table, client_id: str, items: Sequence[Item], *, sending: bool) -> list[Put]:
    """The entries that say of assets what may be done with them: an active one receives, and sends if `sending`."""
    ledger = wallet_ledger.ledger(client_id)
    names = [_chain(ledger, item) for item in items]
    puts = []
    for item, name, head in zip(items, names, entries.standing_heads(table, names), strict=True):
        active = item["is_active"] is True
        (entry,) = change_flags([head], table.now, allow_sending=active and sending, allow_receiving=active)
        puts.append(entries.put(table, name, entry))
    return puts


def all_of(table: Table, client_id: str, account_id: str) -> list[Item]:
    """The items of all assets of an account."""
    collection = keys.assets_of_account(client_id, account_id)
    return list(table.walk(collection, _PREFIX, f"{_PREFIX}{keys.END}", ascending=True, chunk=100))


def _ledger_asset(
    table: Table, ledger: LedgerRef, token: TokenChoice
) -> tuple[str, Sequence[Write], dict[Chain, Entry]]:
    """The id of a token's asset in the wallet ledger.

    If the client has not used the token yet, also the writes that make the asset, and its external account's heads.
    """
    claim = table.get(keys.asset_code(ledger, token.ledger_code))
    if claim:
        return unpack(text(claim, "owner")), [], {}
    asset_id = table.new_id()
    body, none = _asset_of(token), [None] * EXTERNAL_SHARDS
    # None of it is refused: whoever was faster has made the very same asset, and the next plan finds it.
    claims = assets.claims(table, ledger, asset_id, body, {})
    created = assets.creation(table, ledger, asset_id, body, none)
    opened = [entries.from_item(each.item) for each in created[-EXTERNAL_SHARDS:]]
    alias = external_alias(token.ledger_code)
    return asset_id, [*claims, *created], {Chain(alias, DEFAULT_KEY, each.shard): each for each in opened}


def _item(key: Key, account: Item, token: TokenChoice, now: int) -> Item:
    return {
        "pk": key.pk,
        "sk": key.sk,
        "v": FORMAT,
        "wallet_id": account["wallet_id"],
        "chain": token.chain,
        "symbol": token.symbol,
        "name": token.name,
        "decimals": token.decimals,
        "asset_type": token.asset_type,
        "contract_address": token.contract_address,
        "caip19": token.caip19,
        "ledger_code": token.ledger_code,
        "is_active": True,
        "version": 1,
        "created_at": now,
    }


def _claim(client_id: str, account_id: str, asset_id: str, ledger_code: str, twice: Refusal | None) -> Put:
    key = keys.wallet_token(client_id, account_id, ledger_code)
    return Put(item={"pk": key.pk, "sk": key.sk, "v": FORMAT, "asset_id": pack(asset_id)}, otherwise=twice)


def _pointer(client_id: str, account_id: str, asset_id: str) -> Put:
    key = keys.wallet_asset_account(client_id, asset_id)
    return Put(item={"pk": key.pk, "sk": key.sk, "v": FORMAT, "account_id": pack(account_id)})


def _locate(table: Table, client_id: str, asset_id: str) -> Key:
    pointer = _live(table.get(keys.wallet_asset_account(client_id, asset_id)), asset_id)
    return keys.wallet_asset(client_id, unpack(text(pointer, "account_id")), asset_id)


def _live(item: Item | None, asset_id: str) -> Item:
    if item is None:
        raise Refusal(Reason.ENTITY_NOT_FOUND, f"There is no asset {asset_id}.", {"asset_id": "is not known"})
    return item


def _chain(ledger: LedgerRef, item: Item) -> str:
    alias = wallet_ledger.alias(wallet_accounts.account_id_of(item), text(item, "ledger_code"))
    return keys.chain(ledger, alias, DEFAULT_KEY, 0)


def _heads(table: Table, client_id: str, items: Sequence[Item]) -> list[Entry | None]:
    ledger = wallet_ledger.ledger(client_id)
    return entries.heads(table, [_chain(ledger, item) for item in items])


def _read(client_id: str, item: Item, head: Entry | None) -> WalletAsset:
    """An asset as it is answered; without a head it has just been opened."""
    return WalletAsset.model_validate(
        {
            "asset_id": prefixed("ast", unpack(text(item, "sk").removeprefix(_PREFIX))),
            "account_id": wallet_accounts.account_id_of(item),
            "wallet_id": prefixed("wal", unpack(text(item, "wallet_id"))),
            "client_id": client_id,
            "chain": item["chain"],
            "network": "mainnet",
            "symbol": item["symbol"],
            "name": item["name"],
            "decimals": item["decimals"],
            "asset_type": item["asset_type"],
            "balance": head.available if head else ZERO,
            "locked_balance": head.on_hold if head else ZERO,
            "is_active": item["is_active"],
            "created_at": item["created_at"],
            "contract_address": item.get("contract_address"),
            "caip19": item["caip19"],
        }
    )


def _asset_of(token: TokenChoice) -> NewAsset:
    """A token as an asset of the wallet ledger."""
    return NewAsset(
        name=token.ledger_name,
        type="crypto",
        code=token.ledger_code,
        decimals=token.decimals,
        metadata={"caip19": token.caip19},
    )
