"""The heads that a posting is planned on: as few as it takes, read in parallel."""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet

from coffer.ledger.chains import Chain, Heads, first, payers, preferred
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.sends import Send
from coffer.store import entries, keys
from coffer.store.commit import Overtaken
from coffer.store.keys import LedgerRef
from coffer.store.table import Table

type Payers = Collection[tuple[str, str]]
"""Balances that are to pay: alias and key of each."""


def read(table: Table, ledger: LedgerRef, chains: Iterable[Chain]) -> Heads:
    """The newest entries of chains, of those that there are."""
    wanted = list(dict.fromkeys(chains))
    names = [name(ledger, chain) for chain in wanted]
    return {chain: head for chain, head in zip(wanted, entries.heads(table, names), strict=True) if head}


def name(ledger: LedgerRef, chain: Chain) -> str:
    """The collection of a chain's entries."""
    return keys.chain(ledger, chain.alias, chain.key, chain.shard)


def of_sends(
    table: Table, ledger: LedgerRef, sends: Sequence[Send], preference: int, also: Sequence[Chain] = ()
) -> Heads:
    """The heads that requests are planned on: of every balance one, and what else a sharded one takes.

    `also` are chains that are asked about beside them.
    """
    named = (first(leg.alias, leg.key, preference) for send in sends for leg in send.legs)
    begun = read(table, ledger, (*named, *also))
    further: set[Chain] = set()
    for send in sends:
        for legs, pays in ((send.source, True), (send.destination, False)):
            for leg in legs:
                further.update(_further(first(leg.alias, leg.key, preference), begun, preference, pays=pays))
    return complete(table, ledger, begun, further)


def complete(table: Table, ledger: LedgerRef, begun: Heads, needed: AbstractSet[Chain]) -> Heads:
    """Heads, and those of further shards of their balances; `Overtaken` while one of these is not seen yet.

    The entries that open a balance are one write, and still may come to be seen one after the other.
    """
    missing = sorted(needed - begun.keys(), key=lambda chain: (chain.alias, chain.key, chain.shard))
    found = {**begun, **read(table, ledger, missing)} if missing else begun
    if not needed <= found.keys():
        raise Overtaken
    return found


def _further(chain: Chain, begun: Heads, preference: int, *, pays: bool) -> Sequence[Chain]:
    if chain not in begun:
        return []
    shards = begun[chain].shards
    tried = preferred(chain, shards, preference)
    return payers(tried, shards) if pays else [tried]


def confirm(table: Table, ledger: LedgerRef, heads: Heads, refused: Iterable[tuple[Refusal, Payers]]) -> None:
    """Raises `Overtaken` unless refusals that were planned on some heads, each with who was to pay, rest on one moment.

    Shards are read one by one: what one had got and another had given away meanwhile is seen in neither. So it is asked
    what has followed on those of a balance that seems to lack funds. It takes no read if no funds are lacking, or if
    those who lack them have one shard.
    """
    poor = {payer for refusal, payers in refused if refusal.reason is Reason.FUNDS_INSUFFICIENT for payer in payers}
    split = {
        chain: head for chain, head in heads.items() if head.shards > 1 and not chain.external and chain.balance in poor
    }
    if not are_still(table, ledger, split):
        raise Overtaken


def are_still(table: Table, ledger: LedgerRef, heads: Heads) -> bool:
    """Whether heads stood together: nothing has followed on any of them when all had been read."""
    return not entries.followed(table, {name(ledger, chain): head for chain, head in heads.items()})
