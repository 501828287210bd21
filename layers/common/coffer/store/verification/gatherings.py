"""Portfolios and segments, in which accounts are gathered."""

from functools import partial

from coffer.store import keys
from coffer.store.keys import LedgerRef
from coffer.store.values import Item, text
from coffer.store.verification.checks import Check
from coffer.store.verification.resources import as_old_as, claim, claimed, is_live, resource


def portfolio(_: LedgerRef, item: Item, packed: str) -> Check:
    """A portfolio, to which nothing leads but what its accounts say."""
    yield []
    return [*resource(item), *as_old_as(packed, item)]


def segment(ledger: LedgerRef, item: Item, packed: str) -> Check:
    """A segment, live or deleted."""
    (by_name,) = yield [keys.segment_name(ledger, text(item, "name"))]
    return [*resource(item), *as_old_as(packed, item), *claimed("name", by_name, packed, live=is_live(item))]


def segment_name(ledger: LedgerRef, item: Item, digest: str) -> Check:
    """The claim on a segment's name."""
    return (yield from claim(item, partial(keys.segment, ledger), "name", digest, keys.digest))
