"""Accounts, their aliases and the ids of their balances, against the chains on which their money is."""

from collections.abc import Iterator

from coffer.ledger.entries import DEFAULT_KEY
from coffer.store.values import Item, mapping
from tests.support.audit.collections import Collections, newest, of_kind

_FLAGS = ("allow_sending", "allow_receiving", "blocked")


def problems(collections: Collections) -> Iterator[str]:
    """Where accounts and chains disagree."""
    yield from _accounts(collections)
    yield from _chains(collections)
    yield from _aliases(collections)
    yield from _ids(collections)


def _accounts(collections: Collections) -> Iterator[str]:
    """An account has all chains of all its balances, and they are open and say what it says."""
    for place, pk, items in of_kind(collections, "ACCOUNT"):
        account = items["ACCOUNT"]
        alias = account["alias"]
        if _item(collections, f"{place.ledger}#ALIAS#{alias}", "ALIAS").get("account_id") != place.name:
            yield f"{pk} is not the account that {alias} leads to"
        if not _item(collections, f"{place.ledger}#ASSETS", f"ASSET#{account['asset_id']}"):
            yield f"{pk} is of no asset"
        for key, balance_id in mapping(account, "balances").items():
            due = {name: account[name] for name in ("asset_id", "asset_code", "shards", "blocked")}
            due |= {"account_id": place.name, "balance_id": balance_id, "closed": False}
            if _item(collections, f"{place.ledger}#BALANCE_ID#{balance_id}", "BALANCE_ID").get("key") != key:
                yield f"{pk} has a balance {key} under an id that does not stand for it"
            chains = [f"{place.ledger}#BALANCE#{alias}#{key}#{shard}" for shard in range(int(str(account["shards"])))]
            heads = [newest(collections[chain]) if chain in collections else {} for chain in chains]
            for chain, head in zip(chains, heads, strict=True):
                yield from (f"{chain} has another {name} than {pk}" for name in due if head.get(name) != due[name])
            if len({tuple(head.get(name) for name in _FLAGS) for head in heads}) != 1:
                yield f"the chains of {key} of {pk} have different flags"


def _chains(collections: Collections) -> Iterator[str]:
    """A chain is open exactly while its account has the balance."""
    for place, pk, entries in of_kind(collections, "BALANCE"):
        head = newest(entries)
        alias, key, shard = place.name.rsplit("#", 2)
        if head["shard"] != int(shard):
            yield f"{pk} calls itself shard {head['shard']}"
        account = _item(collections, f"{place.ledger}#ACCOUNT#{head['account_id']}", "ACCOUNT")
        held = bool(account) and mapping(account, "balances").get(key) == head["balance_id"]
        if head["closed"] is held:
            yield f"{pk} is {'closed' if held else 'open'}, and its account {'has' if held else 'lacks'} the balance"
        if account and account["alias"] != alias:
            yield f"{pk} is of an account with the alias {account['alias']}"


def _aliases(collections: Collections) -> Iterator[str]:
    """An alias leads to its account, or to one that is gone and was the last of its chains."""
    for place, pk, items in of_kind(collections, "ALIAS"):
        account_id = items["ALIAS"]["account_id"]
        account = _item(collections, f"{place.ledger}#ACCOUNT#{account_id}", "ACCOUNT")
        head = newest(collections.get(f"{place.ledger}#BALANCE#{place.name}#{DEFAULT_KEY}#0", {"": {}}))
        if account.get("alias", place.name) != place.name or head.get("account_id") != account_id:
            yield f"{pk} leads to {account_id}"


def _ids(collections: Collections) -> Iterator[str]:
    """A balance's id stands for a balance that its account has."""
    for place, pk, items in of_kind(collections, "BALANCE_ID"):
        balance = items["BALANCE_ID"]
        account = _item(collections, f"{place.ledger}#ACCOUNT#{balance['account_id']}", "ACCOUNT")
        due = {"alias": account.get("alias"), "shards": account.get("shards"), "account_type": account.get("type")}
        yield from (f"{pk} has another {name} than its account" for name in due if balance[name] != due[name])
        if mapping(account, "balances").get(str(balance["key"])) != place.name:
            yield f"{pk} stands for a balance that its account lacks"


def _item(collections: Collections, pk: str, sk: str) -> Item:
    return dict(collections.get(pk, {}).get(sk, {}))
