"""Sums over all chains of an asset, from entries as they pass, in whatever order the chains come."""

from copy import replace
from decimal import Decimal
from typing import NamedTuple

from coffer.ledger.amounts import ZERO, add, multiply
from coffer.ledger.chains import Chain
from coffer.ledger.entries import DEFAULT_KEY, Entry


class Tally(NamedTuple):
    """What stands in the chains of an asset.

    `inside` is what its ordinary accounts have, available and on hold, `outside` what its external account has: each is
    the other's opposite. `held` is what is on hold, `pending` what pending transactions hold: the same. `accounts` are
    the ordinary ones that are open, `doors` the external ones: one as long as the asset is there.
    """

    code: str
    inside: Decimal = ZERO
    outside: Decimal = ZERO
    held: Decimal = ZERO
    pending: Decimal = ZERO
    accounts: int = 0
    doors: int = 0

    @property
    def difference(self) -> Decimal:
        """What was made or lost: zero."""
        return add([self.inside, self.outside])

    @property
    def ownerless(self) -> Decimal:
        """What is on hold for no transaction: nothing."""
        return add([self.held, self.pending.copy_negate()])


type Tallies = dict[str, Tally]
"""By the assets' ids: an asset that was deleted may have left its code to another one."""


def count(tallies: Tallies, chain: Chain, before: Entry | None, entry: Entry) -> None:
    """Lets an entry of a chain stand in the place of the one before it.

    So a chain may be counted from its beginning, entry by entry, or by its newest one alone.
    """
    for stands, entry_ in ((False, before), (True, entry)):
        if entry_:
            tally = tallies.get(entry_.asset_id) or Tally(code=entry_.asset_code)
            tallies[entry_.asset_id] = _counted(tally, chain, entry_, 1 if stands else -1)


def hold(tallies: Tallies, asset_id: str, code: str, amount: Decimal) -> None:
    """Lets a pending transaction hold an amount."""
    tally = tallies.get(asset_id) or Tally(code=code)
    tallies[asset_id] = replace(tally, pending=add([tally.pending, amount]))


def _counted(tally: Tally, chain: Chain, entry: Entry, times: int) -> Tally:
    amount = multiply(add([entry.available, entry.on_hold]), Decimal(times))
    tally = replace(tally, held=add([tally.held, multiply(entry.on_hold, Decimal(times))]))
    opened = 0 if entry.closed or (chain.key, chain.shard) != (DEFAULT_KEY, 0) else times
    if chain.external:
        return replace(tally, outside=add([tally.outside, amount]), doors=tally.doors + opened)
    return replace(tally, inside=add([tally.inside, amount]), accounts=tally.accounts + opened)
