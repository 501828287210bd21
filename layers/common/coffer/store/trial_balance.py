"""The trial balance: summed on the spot while the ledger is small, else by its last verification."""

from collections.abc import Iterator, Mapping

from coffer.ledger import tally
from coffer.ledger.chains import Chain
from coffer.ledger.entries import latest
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.tally import Tallies, Tally
from coffer.models.trial_balance import AssetTotals, TrialBalance
from coffer.store import heads, index, keys, presence
from coffer.store.keys import LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, mapping, number, text
from coffer.store.verification import progress
from coffer.store.verification.progress import RESULT, Run

MOST = 500
"""Chains that are summed on the spot: each is read, and asked what has followed."""

_LOOKS = 10
"""How often they are read, while others are at work on them."""

_CHUNK = 100


def get(table: Table, ledger: LedgerRef) -> TrialBalance:
    """What there is of every asset; `Refusal` for LEDGER_NOT_FOUND, and UNAVAILABLE if nobody can tell."""
    if summed := _sum(table, ledger):
        return summed
    verified = progress.load(table, ledger, RESULT)
    if isinstance(verified, Run):
        return of_run(verified)
    raise Refusal(
        Reason.UNAVAILABLE,
        "The ledger is too large, or too busy, to be summed while you wait, and has not been verified yet. Have it "
        "verified by who runs this service, then ask again.",
    )


def of_run(run: Run) -> TrialBalance:
    """The sums of a verification that is done."""
    return _answer(run.as_of, run.tallies)


def _sum(table: Table, ledger: LedgerRef) -> TrialBalance | None:
    """The sums of what stands; None if that is too much, or does not stand still; `Refusal(LEDGER_NOT_FOUND)`."""
    for look in range(_LOOKS):
        if look:
            table.wait(look)
        assets = number(presence.require(table, ledger), "assets")
        chains = _chains(table, ledger) if assets else []
        if chains is None:
            return None
        found = heads.read(table, ledger, chains)
        if not heads.are_still(table, ledger, found):
            continue
        tallies: Tallies = {}
        for chain, head in found.items():
            tally.count(tallies, chain, None, head)
        # The index of accounts trails: one that was opened just now may be missing.
        complete = sum(each.doors for each in tallies.values()) == assets
        if complete and not any(each.difference for each in tallies.values()):
            return _answer(latest(found.values(), table.now), tallies)
    return None


def _chains(table: Table, ledger: LedgerRef) -> list[Chain] | None:
    """The chains of all accounts; None if there are too many."""
    chains: list[Chain] = []
    for _, account in index.walk(table, keys.accounts(ledger), keys.START, keys.END, ascending=True, chunk=_CHUNK):
        chains += _of_account(account)
        if len(chains) > MOST:
            return None
    return chains


def _of_account(account: Item) -> Iterator[Chain]:
    for key in mapping(account, "balances"):
        yield from (Chain(text(account, "alias"), key, shard) for shard in range(number(account, "shards")))


def _answer(as_of: int, tallies: Mapping[str, Tally]) -> TrialBalance:
    """The assets that are there, by their codes; of those that were deleted nothing is left."""
    there = [(asset_id, each) for asset_id, each in tallies.items() if each.doors]
    totals = [
        AssetTotals(
            asset_id=asset_id,
            asset_code=each.code,
            accounts=each.accounts,
            inside=each.inside,
            outside=each.outside,
            difference=each.difference,
        )
        for asset_id, each in sorted(there, key=lambda row: row[1].code)
    ]
    return TrialBalance(as_of=as_of, assets=totals)
