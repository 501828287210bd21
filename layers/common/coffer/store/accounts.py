"""Accounts in the table. Whatever is done to all balances of one is conditional on the version of its item."""

from collections.abc import Mapping
from copy import replace

from coffer.ids import pack, unpack
from coffer.ledger.entries import DEFAULT_KEY, Entry, Opening, change_flags, close_balance, external_alias
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.accounts import Account, AccountChange, NewAccount
from coffer.models.listing import Listing, Rows
from coffer.store import account_items, entries, index, keys, lists, opening, portfolios, presence, resources, segments
from coffer.store.commit import Met, Plan, commit
from coffer.store.keys import LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, Value, mapping, number, text
from coffer.store.writes import THERE, UNCHANGED, Delete, Write


def create(table: Table, ledger: LedgerRef, body: NewAccount) -> Account:
    """Opens an account with its default balance.

    Raises `Refusal` for LEDGER_NOT_FOUND, ASSET_UNKNOWN, ALIAS_TAKEN, PARENT_INVALID, and a portfolio or a segment that
    is not there.
    """
    account_id, balance_id = table.new_id(), table.new_id()
    alias = body.alias or account_id
    key = keys.account(ledger, account_id)

    def plan(_met: Met) -> Plan[Account]:
        # The asset may be deleted meanwhile. The account is then dead from the beginning, and harms nobody.
        door = asset_head(table, ledger, body.asset_code)
        _check_references(table, ledger, body, door.asset_id)
        opened = Opening(
            asset_id=door.asset_id,
            asset_code=body.asset_code,
            decimals=door.decimals,
            account_id=account_id,
            balance_id=balance_id,
            shards=body.shards,
            blocked=body.blocked,
        )
        account, claim, *rest = opening.open_account(
            table, ledger, opened, [None] * body.shards, alias=alias, attributes=_attributes(body)
        )
        claimed = replace(claim, otherwise=_taken(alias))
        return Plan([account, claimed, *rest], _read(ledger, account.item))

    return commit(table, plan, proof=key)


def asset_head(table: Table, ledger: LedgerRef, code: str) -> Entry:
    """An entry that tells an asset's id and decimals; `Refusal` for LEDGER_NOT_FOUND and ASSET_UNKNOWN."""
    (head,) = entries.heads(table, [keys.chain(ledger, external_alias(code), DEFAULT_KEY, 0)])
    if head is None or head.closed:
        presence.require(table, ledger)
        raise Refusal(
            Reason.ASSET_UNKNOWN,
            f"There is no asset with the code {code} in this ledger. Create it first.",
            {"assetCode": "is no asset's code"},
        )
    return head


def rows(table: Table, ledger: LedgerRef, listing: Listing) -> Rows[Account]:
    """A ledger's accounts, external ones included, one at most with an alias; `Refusal(LEDGER_NOT_FOUND)`."""

    def read(item: Item) -> Account:
        return _read(ledger, item)

    alias = listing.filters.get("alias")
    if alias is None:
        listed = lists.indexed(table, keys.accounts(ledger), listing)
    else:
        item = account_items.with_alias(table, ledger, alias)
        listed = lists.held([(text(item, "gsi1sk"), item)] if item else [], listing)
    return presence.found_in(table, ledger, lists.select(listed, listing, read))


def count(table: Table, ledger: LedgerRef) -> int:
    """How many accounts a ledger has, external ones included; `Refusal(LEDGER_NOT_FOUND)`."""
    return presence.found_in(table, ledger, index.count(table, keys.accounts(ledger)))


def get(table: Table, ledger: LedgerRef, account_id: str) -> Account:
    """An account; `Refusal(ENTITY_NOT_FOUND)`."""
    return _read(ledger, account_items.require(table, ledger, account_id))


def get_by_alias(table: Table, ledger: LedgerRef, alias: str) -> Account:
    """The account with an alias; `Refusal(ENTITY_NOT_FOUND)`."""
    return _read(ledger, account_items.require_by_alias(table, ledger, alias))


def change(table: Table, ledger: LedgerRef, account_id: str, body: AccountChange) -> Account:
    """Changes what was sent. Blocking, or letting go again, is an entry on every chain of the account.

    Raises `Refusal` for LEDGER_NOT_FOUND, ENTITY_NOT_FOUND, EXTERNAL_UNTOUCHABLE, and a portfolio or a segment that is
    not there.
    """
    key, present = keys.account(ledger, account_id), presence.condition(ledger)

    def plan(_met: Met) -> Plan[Account]:
        item = _require_own(table, ledger, account_id)
        _check_references(table, ledger, body, unpack(text(item, "asset_id")))
        changed = resources.change(table, item, resources.attributes_of(body))
        answer = _read(ledger, changed.item)
        if answer.blocked == item["blocked"]:
            return Plan([present, changed.write], answer)
        names = _chains(ledger, item)
        flagged = change_flags(entries.standing_heads(table, names), table.now, blocked=answer.blocked)
        written = opening.put_all(table, names, flagged)
        return Plan([present, changed.write, *written], answer, written[0].key)

    return commit(table, plan, proof=key)


def delete(table: Table, ledger: LedgerRef, account_id: str) -> None:
    """Closes an account in which nothing is left, for good; its alias is never given again.

    Raises `Refusal` for ENTITY_NOT_FOUND, EXTERNAL_UNTOUCHABLE and ACCOUNT_HOLDS_BALANCE.
    """

    def plan(_met: Met) -> Plan[None]:
        item = _require_own(table, ledger, account_id)
        holding = Refusal(
            Reason.ACCOUNT_HOLDS_BALANCE,
            f"The account {text(item, 'alias')} still holds {text(item, 'asset_code')}. Move it away first.",
        )
        names = _chains(ledger, item)
        closed = opening.put_all(table, names, close_balance(entries.standing_heads(table, names), table.now, holding))
        writes: list[Write] = [
            *closed,
            Delete(key=resources.key_of(item), when=UNCHANGED, values={"version": number(item, "version")}),
            *(
                Delete(key=keys.balance(ledger, unpack(str(packed))), when=THERE)
                for packed in mapping(item, "balances").values()
            ),
        ]
        return Plan(writes, None, closed[0].key)

    commit(table, plan, proof=keys.account(ledger, account_id))


def _require_own(table: Table, ledger: LedgerRef, account_id: str) -> Item:
    item = account_items.require(table, ledger, account_id)
    account_items.check_own(text(item, "alias"))
    return item


def _chains(ledger: LedgerRef, item: Item) -> list[str]:
    alias, shards = text(item, "alias"), number(item, "shards")
    return [name for key in mapping(item, "balances") for name in opening.chains(ledger, alias, key, shards)]


def _check_references(table: Table, ledger: LedgerRef, body: NewAccount | AccountChange, asset_id: str) -> None:
    if isinstance(body.portfolio_id, str):
        portfolios.require(table, ledger, body.portfolio_id)
    if isinstance(body.segment_id, str):
        segments.require(table, ledger, body.segment_id)
    if isinstance(body, NewAccount) and body.parent_account_id:
        parent = table.get(keys.account(ledger, body.parent_account_id))
        if parent is None or parent["asset_id"] != pack(asset_id):
            raise Refusal(
                Reason.PARENT_INVALID,
                "The parent account is not one of this ledger and this asset.",
                {"parentAccountId": "is no account of the same asset"},
            )


def _attributes(body: NewAccount) -> Mapping[str, Value]:
    own = {"alias", "asset_code", "shards", "blocked"}
    return {name: value for name, value in resources.attributes_of(body).items() if name not in own}


def _taken(alias: str) -> Refusal:
    return Refusal(
        Reason.ALIAS_TAKEN,
        f"The alias {alias} is taken, if only by an account that was deleted: an alias is given once. Choose another.",
        {"alias": "is taken"},
    )


def _read(ledger: LedgerRef, item: Item) -> Account:
    names = ("alias", "asset_code", "type", "blocked", "shards")
    optional = ("name", "parent_account_id", "entity_id", "portfolio_id", "segment_id")
    return Account.model_validate(
        resources.common(item)
        | {
            "id": account_items.id_of(item),
            "organization_id": ledger.organization_id,
            "ledger_id": ledger.ledger_id,
        }
        | {name: item[name] for name in names}
        | {name: item.get(name) for name in optional}
    )
