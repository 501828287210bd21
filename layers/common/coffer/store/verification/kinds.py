"""What lies in a ledger, told by its keys, and which check each kind of it gets."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from coffer.ids import pack
from coffer.ledger.chains import Chain
from coffer.store import wallet_ledger
from coffer.store.keys import Key, LedgerRef
from coffer.store.values import Item
from coffer.store.verification import accounts, assets, chains, gatherings, transactions, wallet_money
from coffer.store.verification.checks import Check

type Rule = Callable[..., Check]
"""Takes the ledger, the item, and the parts of its key."""

_NAMES = 3
"""Ids before that by which an item's kind is known: those of the client, the organization and the ledger."""

_OWNER = "WALLET_TRANSACTION"
"""What lies beside a ledger, behind the id of the client alone."""

_ID = r"([-0-9A-Z_a-z]{22})"
_DIGEST = r"([-0-9A-Z_a-z]{43})"
_NAME = r"([^# ]+)"
_SHARD = r"([0-9]|1[0-5])"
_TRANSACTION = rf"TRANSACTION#{_ID} TRANSACTION"
_ENTRY = rf"BALANCE#{_NAME}#{_NAME}#{_SHARD} ([0-9]{{12}})"


def _alone(_: LedgerRef, __: Item, *___: str) -> Check:
    """What has its seal, and nothing else to agree with."""
    yield []
    return []


_KINDS: Mapping[str, Rule] = {
    _ENTRY: chains.entry,
    _TRANSACTION: transactions.transaction,
    rf"BATCH#{_DIGEST} BATCH": _alone,
    rf"ACCOUNT#{_ID} ACCOUNT": accounts.account,
    rf"ALIAS#{_NAME} ALIAS": accounts.alias,
    rf"BALANCE_ID#{_ID} BALANCE_ID": accounts.balance_id,
    rf"ASSETS ASSET#{_ID}": assets.asset,
    r"ASSETS CODE#([A-Z][A-Z0-9]*)": assets.code,
    rf"ASSETS NAME#{_DIGEST}": assets.name,
    rf"PORTFOLIOS {_ID}": gatherings.portfolio,
    rf"SEGMENTS SEGMENT#{_ID}": gatherings.segment,
    rf"SEGMENTS NAME#{_DIGEST}": gatherings.segment_name,
    rf"{_OWNER}#{_ID} {_OWNER}": wallet_money.wallet_transaction,
    r"VERIFICATION (?:PROGRESS|RESULT)(?:#[0-9]{3})?": _alone,
}
"""By what stands in their keys behind the ledger's prefix, the sort key behind a space."""


def prefixes(ledger: LedgerRef) -> tuple[str, ...]:
    """What the partition keys of all that lies in a ledger begin with, and of what owns its transactions."""
    owners = [f"{pack(ledger.client_id)}#{_OWNER}#"] if wallet_ledger.is_one(ledger) else []
    return (f"{ledger.prefix}#", *owners)


def rule_of(ledger: LedgerRef, key: Key) -> Callable[[Item], Check] | None:
    """What makes the check of an item with a key; None if no item of a ledger has such a key."""
    place = _place(key)
    for pattern, rule in _KINDS.items():
        if match := re.fullmatch(pattern, place):
            return partial(_check, rule, ledger, match.groups())
    return None


def chain_of(key: Key) -> Chain | None:
    """The chain that an entry is of; None for what is no entry."""
    match = re.fullmatch(_ENTRY, _place(key))
    return Chain(match[1], match[2], int(match[3])) if match else None


def is_transaction(key: Key) -> bool:
    """Whether a key is that of a transaction's record."""
    return re.fullmatch(_TRANSACTION, _place(key)) is not None


def _check(rule: Rule, ledger: LedgerRef, parts: Sequence[str], item: Item) -> Check:
    return rule(ledger, item, *parts)


def _place(key: Key) -> str:
    """What stands behind the ids that an item's place begins with."""
    names = key.pk.split("#")
    return f"{'#'.join(names[1 if names[1:2] == [_OWNER] else _NAMES :])} {key.sk}"
