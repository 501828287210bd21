"""Chains: every entry follows from the one before it, is its transaction's, and the newest is what others say of it."""

from collections.abc import Iterator

from coffer.ids import pack
from coffer.ledger.chains import Chain
from coffer.ledger.entries import MOVING, Entry
from coffer.ledger.lifecycle import TransactionStatus
from coffer.ledger.verification import verify_chain
from coffer.store import entries, keys, records, resources
from coffer.store.keys import Key, LedgerRef
from coffer.store.values import Item, mapping, number, text
from coffer.store.verification.checks import Check, Newest, Want, Wrong, differences
from coffer.store.verification.transactions import contradictions


def predecessor(key: Key) -> Key | None:
    """The key of the entry before another one; None for a chain's first."""
    sequence = int(key.sk)
    return keys.entry(key.pk, sequence - 1) if sequence > 1 else None


def entry(ledger: LedgerRef, item: Item, *parts: str) -> Check:
    """An entry; the chain as a whole is looked at with its first one."""
    alias, key, shard, sequence = parts
    chain, own = Chain(alias, key, int(shard)), entries.from_item(item)
    before, record = predecessor(resources.key_of(item)), _record(ledger, own)
    wants = [want for want in (before, record) if want]
    shown = yield wants
    found = dict(zip(wants, shown, strict=True))
    follows = found[before] if before else None
    wrong = list(_unknown(item, own))
    wrong += [(each.field, each.message) for each in verify_chain(chain, [own], _read(follows))]
    if before and not follows:
        wrong.append(("sequence", "has no entry before it"))
    if record:
        wrong += _recorded(found[record], chain, item)
    if int(sequence) == 1:
        wrong += yield from _whole(ledger, chain, text(item, "pk"))
    return wrong


def _read(item: Item | None) -> Entry | None:
    return entries.from_item(item) if item else None


def _record(ledger: LedgerRef, own: Entry) -> Want | None:
    return keys.transaction(ledger, own.transaction_id) if own.type in MOVING and own.transaction_id else None


def _unknown(item: Item, own: Entry) -> Iterator[Wrong]:
    """What an entry says otherwise than entries do, or beside it."""
    due = entries.to_item(text(item, "pk"), own, text(item, "attempt"))
    yield from differences(item, {name: due.get(name) for name in {**item, **due}})


def _recorded(record: Item | None, chain: Chain, item: Item) -> Iterator[Wrong]:
    if record is None:
        yield "transaction_id", "is that of no transaction"
        return
    moved = records.status_of(record) is not TransactionStatus.NOTED
    steps = [step for step in records.steps(record) if moved and step.number == item["operation"]]
    if not steps:
        yield "operation", f"is {item['operation']}, and the transaction has none such"
    for step in steps:
        yield from contradictions(record, step, chain, item)


def _whole(ledger: LedgerRef, chain: Chain, pk: str) -> Check:
    """A chain's newest entry: of an asset and an alias that are there, and, while it is open, of an account, too."""
    (head,) = yield [Newest(pk)]
    if head is None:
        return []
    newest = entries.from_item(head)
    asset, claim, account = yield [
        keys.asset(ledger, newest.asset_id),
        keys.alias(ledger, chain.alias),
        keys.account(ledger, newest.account_id),
    ]
    return [(f"newest entry: {what}", message) for what, message in _newest(chain, newest, asset, claim, account)]


def _newest(
    chain: Chain, newest: Entry, asset: Item | None, claim: Item | None, account: Item | None
) -> Iterator[Wrong]:
    if asset is None:
        yield "asset_id", "is no asset's"
    elif (asset["code"], asset.get("decimals")) != (newest.asset_code, newest.decimals):
        yield "asset_id", "is that of an asset with another code or other decimals"
    if claim is None or claim["account_id"] != pack(newest.account_id):
        yield "account_id", "is not that to which the alias leads"
    if newest.closed:
        return
    if account is None:
        yield "closed", "is false, and the account is gone"
    elif mapping(account, "balances").get(chain.key) != pack(newest.balance_id):
        yield "closed", "is false, and the account has no such balance"
    elif chain.shard >= number(account, "shards"):
        yield "shard", f"is {chain.shard}, and the account has {account['shards']}"
