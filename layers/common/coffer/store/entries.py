"""Entries in the table: one item each, in their chain's collection, sealed and never changed."""

from collections.abc import Iterable, Mapping, Sequence
from copy import replace
from decimal import Decimal

from coffer.ids import pack, unpack
from coffer.ledger.amounts import text
from coffer.ledger.book import Operation
from coffer.ledger.chains import Chain
from coffer.ledger.entries import Entry, EntryType
from coffer.ledger.hashing import HASH
from coffer.store import keys, values
from coffer.store.commit import Overtaken
from coffer.store.keys import Key, LedgerRef
from coffer.store.sealing import sealed
from coffer.store.table import Table
from coffer.store.values import Item
from coffer.store.writes import ABSENT, Check, Put


def heads(table: Table, chains: list[str]) -> list[Entry | None]:
    """The newest entry of each chain, read in parallel; None where there is none."""
    return [from_item(item) if item else None for item in table.newest(chains)]


def together(table: Table, balances: Sequence[Sequence[str]]) -> list[list[Entry]]:
    """The newest entries on the chains of balances, those of each balance as they stood at one moment, entry by entry.

    Chains are read one by one: what has gone from one to another meanwhile would be seen on both, or on neither. So it
    is asked what has followed on those of a balance that has several, and these are read again, until nothing has.
    """
    stood: dict[str, Entry | None] = {}

    def look(chains: list[str]) -> None:
        stood.update(zip(chains, heads(table, chains), strict=True))

    def of_one(balance: Sequence[str]) -> bool:
        """Whether all of its chains show one and the same: of what is being opened or closed, some may not yet."""
        seen = [stood[name] for name in balance]
        return len({head and (head.balance_id, head.closed) for head in seen}) == 1 and None not in seen

    look([name for each in balances for name in each])
    left = [each for each in balances if len(each) > 1 or not of_one(each)]
    while left:
        asked = {name: head for each in left if of_one(each) for name in each if (head := stood[name])}
        standing = asked.keys() - followed(table, asked)
        look([name for each in left for name in each if name not in standing])
        left = [each for each in left if not standing.issuperset(each)]
    return [[head for name in each if (head := stood[name])] for each in balances]


def followed(table: Table, heads: Mapping[str, Entry]) -> set[str]:
    """The chains of these heads on which another entry follows, read all at once.

    If there are none, all of them stood together when the last of them had been read: each was there by then, and what
    would follow it was not, or was half of a write of which this half was not seen yet.
    """
    following = table.get_each([_next(name, head) for name, head in heads.items()])
    return {name for name, entry in zip(heads, following, strict=True) if entry}


def get(table: Table, chain: str, sequence: int) -> Entry:
    """An entry of a chain; ValueError if it is not there."""
    item = table.get(keys.entry(chain, sequence))
    if item is None:
        raise ValueError(f"{chain} {sequence}")
    return from_item(item)


def standing_heads(table: Table, chains: list[str]) -> list[Entry]:
    """The newest entries of chains that are there; `Overtaken` if one is not seen yet, as parts of a write may be."""
    found = [head for head in heads(table, chains) if head]
    if len(found) < len(chains):
        raise Overtaken
    return found


def put(table: Table, chain: str, entry: Entry) -> Put:
    """The write of an entry. It fails when someone else has written the same sequence first."""
    return Put(item=to_item(chain, entry, table.attempt))


def newest(chain: str, head: Entry) -> Check:
    """The part of a write that needs an entry to be its chain's newest, and adds none."""
    return Check(key=_next(chain, head), when=ABSENT)


def _next(chain: str, head: Entry) -> Key:
    return keys.entry(chain, head.sequence + 1)


def append(
    table: Table,
    ledger: LedgerRef,
    operations: Iterable[Operation],
    *,
    first: int = 1,
    links: dict[Chain, str] | None = None,
) -> list[Put]:
    """The writes of a transaction's entries, sealed in their order: what follows one of the same plan is linked here.

    They are the transaction's operations from number `first` on. `links` has the hashes of the entries that stand
    before them in the same write, and gets theirs.
    """
    hashes = {} if links is None else links
    puts = []
    for number, operation in enumerate(operations, first):
        chain, entry = operation.posting.chain, operation.after
        linked = replace(entry, operation=number, previous=hashes.get(chain, entry.previous))
        item = to_item(keys.chain(ledger, chain.alias, chain.key, chain.shard), linked, table.attempt)
        hashes[chain] = values.text(item, HASH)
        puts.append(Put(item=item))
    return puts


def to_item(chain: str, entry: Entry, attempt: str) -> Item:
    """An entry as it is stored. The attempt is on it already, for the seal covers it."""
    key = keys.entry(chain, entry.sequence)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "v": 1,
        "attempt": attempt,
        "opened": entry.opened,
        "type": entry.type.value,
        "transaction_id": pack(entry.transaction_id) if entry.transaction_id else None,
        "operation": entry.operation,
        "amount": text(entry.amount) if entry.amount else None,
        "available": text(entry.available),
        "on_hold": text(entry.on_hold),
        "asset_id": pack(entry.asset_id),
        "asset_code": entry.asset_code,
        "decimals": entry.decimals,
        "account_id": pack(entry.account_id),
        "balance_id": pack(entry.balance_id),
        "shard": entry.shard,
        "shards": entry.shards,
        "allow_sending": entry.allow_sending,
        "allow_receiving": entry.allow_receiving,
        "blocked": entry.blocked,
        "closed": entry.closed,
        "created_at": entry.created_at,
        "previous": entry.previous,
    }
    return sealed(item)


def from_item(item: Item) -> Entry:
    """An entry as it was stored; ValueError for an item of another format."""
    match item:
        case {
            "v": 1,
            "sk": str(sequence),
            "opened": int(opened),
            "type": str(kind),
            "available": str(available),
            "on_hold": str(on_hold),
            "asset_id": str(asset_id),
            "asset_code": str(asset_code),
            "account_id": str(account_id),
            "balance_id": str(balance_id),
            "shard": int(shard),
            "shards": int(shards),
            "allow_sending": bool(allow_sending),
            "allow_receiving": bool(allow_receiving),
            "blocked": bool(blocked),
            "closed": bool(closed),
            "created_at": int(created_at),
            "hash": str(sealed),
        }:
            transaction_id, amount = item.get("transaction_id"), item.get("amount")
            decimals, previous = item.get("decimals"), item.get("previous")
            operation = item.get("operation")
            return Entry(
                sequence=int(sequence),
                opened=opened,
                type=EntryType(kind),
                transaction_id=unpack(transaction_id) if isinstance(transaction_id, str) else None,
                operation=operation if isinstance(operation, int) else None,
                amount=Decimal(amount) if isinstance(amount, str) else None,
                available=Decimal(available),
                on_hold=Decimal(on_hold),
                asset_id=unpack(asset_id),
                asset_code=asset_code,
                decimals=decimals if isinstance(decimals, int) else None,
                account_id=unpack(account_id),
                balance_id=unpack(balance_id),
                shard=shard,
                shards=shards,
                allow_sending=allow_sending,
                allow_receiving=allow_receiving,
                blocked=blocked,
                closed=closed,
                created_at=created_at,
                previous=previous if isinstance(previous, str) else None,
                hash=sealed,
            )
    raise ValueError(f"not an entry of version 1: {item.get('pk')} {item.get('sk')}")
