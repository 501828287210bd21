"""Accounts, their aliases, and their balances by their ids."""

from collections.abc import Iterator, Mapping, Sequence

from coffer.ids import unpack
from coffer.ledger.entries import DEFAULT_KEY, EXTERNAL_SHARDS, is_external
from coffer.ledger.limits import MAX_SHARDS
from coffer.store import keys, opening
from coffer.store.keys import Key, LedgerRef
from coffer.store.opening import EXTERNAL
from coffer.store.values import Item, Value, mapping, number, text
from coffer.store.verification.checks import Check, Newest, Wrong, differences
from coffer.store.verification.resources import as_old_as, resource

_FLAGS = ("allow_sending", "allow_receiving", "blocked")


def account(ledger: LedgerRef, item: Item, packed: str) -> Check:
    """An account: it has its alias and its balances, and every chain of these is open and says what it says."""
    alias, shards = text(item, "alias"), number(item, "shards")
    balances = {key: str(balance) for key, balance in mapping(item, "balances").items()}
    asset, claim, *ids = yield [
        keys.asset(ledger, unpack(text(item, "asset_id"))),
        keys.alias(ledger, alias),
        *(keys.balance(ledger, unpack(balance)) for balance in balances.values()),
    ]
    heads = yield [
        Newest(chain) for key in balances for chain in opening.chains(ledger, alias, key, _within_limits(shards))
    ]
    gathered = yield list(_gatherings(ledger, item).values())
    wrong = [*resource(item), *as_old_as(packed, item), *_account(ledger, item, packed)]
    if claim is None or claim["account_id"] != packed:
        wrong.append(("alias", "leads to another account" if claim else "leads nowhere"))
    if asset is None or asset["code"] != item["asset_code"]:
        wrong.append(("asset_id", "is that of another code" if asset else "is no asset's"))
    for position, (key, balance) in enumerate(balances.items()):
        own = heads[position * shards : (position + 1) * shards]
        wrong += [*_id(packed, key, ids[position]), *_chains(item, packed, key, balance, own)]
    for name, found in zip(_gatherings(ledger, item), gathered, strict=True):
        if found is None:
            wrong.append((name, "is not there"))
    return wrong


def _within_limits(shards: int) -> int:
    if not 1 <= shards <= MAX_SHARDS:
        raise ValueError(f"{shards} shards")
    return shards


def _gatherings(ledger: LedgerRef, item: Item) -> Mapping[str, Key]:
    """What an account names that is never removed."""
    places = {"portfolio_id": keys.portfolio, "segment_id": keys.segment}
    return {name: place(ledger, text(item, name)) for name, place in places.items() if name in item}


def _account(ledger: LedgerRef, item: Item, packed: str) -> Iterator[Wrong]:
    external = is_external(text(item, "alias"))
    yield from differences(item, {**keys.accounts_index(ledger, unpack(packed))})
    if external:
        yield from differences(item, {"type": EXTERNAL, "shards": EXTERNAL_SHARDS, "blocked": False})
    if DEFAULT_KEY not in mapping(item, "balances"):
        yield "balances", f"has no {DEFAULT_KEY!r}"


def _id(packed: str, key: str, found: Item | None) -> Iterator[Wrong]:
    of = f"balances.{key}"
    if found is None:
        yield of, "is an id that stands for nothing"
    elif (found["account_id"], found["key"]) != (packed, key):
        yield of, "is an id that stands for another balance"


def _chains(account: Item, packed: str, key: str, balance: str, heads: Sequence[Item | None]) -> Iterator[Wrong]:
    same = ("asset_id", "asset_code", "shards", "blocked")
    due: dict[str, Value] = {name: account[name] for name in same}
    due |= {"account_id": packed, "balance_id": balance, "closed": False}
    for shard, head in enumerate(heads):
        of = f"balances.{key}.{shard}"
        if head is None:
            yield of, "has no entry"
            continue
        yield from differences(head, due, f"{of}.")
        if heads[0]:
            yield from differences(head, {name: heads[0][name] for name in _FLAGS}, f"{of}.")


def alias(ledger: LedgerRef, item: Item, alias: str) -> Check:
    """The claim on an alias: its account has it, or is gone, and its chains are closed."""
    packed = text(item, "account_id")
    account, head = yield [
        keys.account(ledger, unpack(packed)),
        Newest(keys.chain(ledger, alias, DEFAULT_KEY, 0)),
    ]
    if account:
        return [] if account["alias"] == alias else [("account_id", "is that of an account with another alias")]
    if head is None:
        return [("account_id", "is that of an account that never was")]
    shards = _within_limits(number(head, "shards"))
    heads = yield [Newest(chain) for chain in opening.chains(ledger, alias, DEFAULT_KEY, shards)]
    due: Mapping[str, Value] = {"account_id": packed, "closed": True}
    return [wrong for shard, each in enumerate(heads) for wrong in differences(each or {}, due, f"shard {shard}: ")]


def balance_id(ledger: LedgerRef, item: Item, packed: str) -> Check:
    """What a balance's id stands for: an account that has it."""
    (account,) = yield [keys.account(ledger, unpack(text(item, "account_id")))]
    balance_id = unpack(packed)
    wrong = [*as_old_as(packed, item), *differences(item, {**keys.balances_index(ledger, balance_id)})]
    if account is None:
        return [*wrong, ("account_id", "is that of no account")]
    due = {"alias": account["alias"], "shards": account["shards"], "account_type": account["type"]}
    wrong += differences(item, due)
    if mapping(account, "balances").get(text(item, "key")) != packed:
        wrong.append(("key", "is that of another balance"))
    return wrong
