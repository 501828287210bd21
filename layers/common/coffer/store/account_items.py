"""Accounts as items, for whoever asks what is in one: found by their ids and by their aliases."""

from coffer.ids import unpack
from coffer.ledger.entries import is_external
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.names import is_alias
from coffer.store import keys, resources
from coffer.store.keys import LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, text


def require(table: Table, ledger: LedgerRef, account_id: str) -> Item:
    """An account's item; `Refusal(ENTITY_NOT_FOUND)`."""
    return resources.get(table, keys.account(ledger, account_id), _missing(f"account {account_id}"))


def require_by_alias(table: Table, ledger: LedgerRef, alias: str) -> Item:
    """The item of the account with an alias; `Refusal(ENTITY_NOT_FOUND)`."""
    return resources.live(with_alias(table, ledger, alias), _missing(f"account with the alias {alias}"))


def with_alias(table: Table, ledger: LedgerRef, alias: str) -> Item | None:
    """The item of the account with an alias, or None."""
    claim = table.get(keys.alias(ledger, alias)) if is_alias(alias) else None
    return table.get(keys.account(ledger, unpack(text(claim, "account_id")))) if claim else None


def id_of(item: Item) -> str:
    """The id of the account that an item is of."""
    return unpack(text(item, "pk").rpartition("#")[2])


def check_own(alias: str) -> None:
    """`Refusal(EXTERNAL_UNTOUCHABLE)` for what belongs to an external account."""
    if is_external(alias):
        raise Refusal(
            Reason.EXTERNAL_UNTOUCHABLE,
            "An external account stands for the world outside the ledger: it comes and goes with its asset, and cannot "
            "be changed or deleted by itself.",
        )


def _missing(what: str) -> Refusal:
    return Refusal(Reason.ENTITY_NOT_FOUND, f"There is no {what} in this ledger. Check the path.")
