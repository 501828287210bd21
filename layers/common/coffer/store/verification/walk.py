"""The walk over all that lies in a ledger: page by page while there is time, and on from there the next time."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from copy import replace
from decimal import Decimal

from coffer.ledger import tally
from coffer.ledger.amounts import MAX_DECIMALS, text
from coffer.ledger.entries import Entry
from coffer.ledger.tally import Tallies, Tally
from coffer.store import entries, keys, presence
from coffer.store.keys import Key, LedgerRef
from coffer.store.meter import Meter
from coffer.store.resources import key_of
from coffer.store.table import Table
from coffer.store.values import Item
from coffer.store.verification import chains, kinds, progress, transactions
from coffer.store.verification import ledgers as own
from coffer.store.verification.checks import Finding, Lock, Want
from coffer.store.verification.judging import judge
from coffer.store.verification.progress import MOST_FINDINGS, PROGRESS, Run, State
from coffer.store.verification.reading import Broken, Read, Reader, opened

SETTLED = 60_000
"""Milliseconds after which every write that bears an earlier moment is done, or never will be.

Lambda ends a request after 15 seconds. A sweep of holds takes longer, and each of its writes bears a moment of its own.
"""

PAGE = 500
"""Items of the table that are looked at together: what they lead to must fit in memory."""

RESERVE = 60.0
"""Seconds that one more page may take."""

_MOST_DIGITS = 100


def verify(table: Table, ledger: LedgerRef, *, page: int = PAGE) -> Run:
    """Goes on with the verification of a ledger, or begins one, until it is through or its time is up.

    It takes a page at least. What others write meanwhile is no finding. Raises `Refusal` for LEDGER_NOT_FOUND, and
    UNAVAILABLE when the table does not answer: what was seen by then is not lost.
    """
    run = _begun(table, ledger)
    while run.state is State.RUNNING:
        # A meter that knew all calls would grow without bound.
        further = _step(replace(table, meter=Meter()), ledger, run, page)
        if further is None:  # somebody else is at it
            return _kept(table, ledger, run)
        run = further
        if table.time_left() < RESERVE:
            break
    return run


def _begun(table: Table, ledger: LedgerRef) -> Run:
    """The run that is under way, or a new one; LEDGER_NOT_FOUND."""
    key = keys.ledger(ledger)
    if Reader(table).read([key])[key] is None:
        raise presence.missing(ledger)
    found = progress.load(table, ledger, PROGRESS)
    if isinstance(found, Run) and found.state is State.RUNNING:
        return found
    new = Run(as_of=table.now - SETTLED, stored=found.stored if isinstance(found, Run) else found)
    if isinstance(found, Broken):
        lost = Finding(keys.verification(ledger, PROGRESS), "hash", "was not what was sealed: it began anew")
        new = _with(new, [lost])
    return progress.save(table, ledger, new) or _kept(table, ledger, new)


def _kept(table: Table, ledger: LedgerRef, run: Run) -> Run:
    """The run that somebody else has kept."""
    found = progress.load(table, ledger, PROGRESS)
    return found if isinstance(found, Run) else run


def _step(table: Table, ledger: LedgerRef, run: Run, page: int) -> Run | None:
    """A run that has come a page further, kept; None if somebody else has gone on with it."""
    found = table.scan(kinds.prefixes(ledger), run.after, limit=page)
    items: dict[Key, Read] = {key_of(item): opened(item) for item in found.items}
    items |= {key: Broken() for key in found.unreadable}
    known = _entries(table, items)
    run = _with(run, judge(table, ledger, items, known))
    tallies = _counted(run, items, known)
    run = _locks(run, items, tallies)
    run = replace(run, after=found.next, scanned=run.scanned + len(items), tallies=tallies)
    if found.next:
        return progress.save(table, ledger, run)
    return progress.finish(table, ledger, _with(run, [*own.judge(table, ledger), *_sums(ledger, tallies)]))


def _with(run: Run, findings: Iterable[Finding]) -> Run:
    further = list(findings)
    kept = (*run.findings, *further)[:MOST_FINDINGS]
    return replace(run, findings=kept, found=run.found + len(further))


def _entries(table: Table, items: Mapping[Key, Read]) -> dict[Want, Read]:
    """The entries of a page, and those before them that are on none of it: a chain comes in order, but in pieces."""
    here: dict[Want, Read] = {key: read for key, read in items.items() if kinds.chain_of(key)}
    before = [chains.predecessor(key) for key in here if isinstance(key, Key)]
    return here | Reader(table).read(key for key in before if key and key not in here)


def _counted(run: Run, items: Mapping[Key, Read], known: Mapping[Want, Read]) -> Tallies:
    """The sums of a run with the entries of a page, of those that stood at its moment."""
    tallies = dict(run.tallies)
    for key, read in items.items():
        chain, entry = kinds.chain_of(key), _entry(read)
        if chain and entry and entry.created_at <= run.as_of:
            before = chains.predecessor(key)
            tally.count(tallies, chain, _entry(known[before]) if before else None, entry)
    return tallies


def _locks(run: Run, items: Mapping[Key, Read], tallies: Tallies) -> Run:
    """A run with the pending transactions of a page; what was held at its moment is counted with the sums."""
    locks: list[Lock] = []
    for key, read in items.items():
        if kinds.is_transaction(key) and isinstance(read, dict):
            with suppress(ValueError, ArithmeticError):  # what cannot be read is found by itself
                _hold(tallies, read, run.as_of)
                locks += transactions.locks(read)
    return replace(run, locked=run.locked + len(locks), locks=(*run.locks, *locks)[:MOST_FINDINGS])


def _hold(tallies: Tallies, record: Item, moment: int) -> None:
    for asset_id, code, amount in transactions.held(record, moment):
        if _can_be_counted(amount):
            tally.hold(tallies, asset_id, code, amount)


def _entry(read: Read) -> Entry | None:
    """An entry, even one that is broken: what it says counts all the same."""
    item = read.item if isinstance(read, Broken) else read
    try:
        entry = entries.from_item(item or {})
    except (ValueError, ArithmeticError):
        return None
    return entry if all(map(_can_be_counted, (entry.available, entry.on_hold))) else None


def _can_be_counted(amount: Decimal) -> bool:
    """Whether an amount, which may be forged, is one that sums are exact with."""
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MAX_DECIMALS and amount.adjusted() < _MOST_DIGITS


def _sums(ledger: LedgerRef, tallies: Mapping[str, Tally]) -> Iterable[Finding]:
    """No money is made or lost: whatever accounts have of an asset came in through its external account."""
    for asset_id, each in tallies.items():
        if each.difference:
            message = f"is {text(each.difference)}: {text(each.inside)} inside, {text(each.outside)} outside"
            yield Finding(keys.asset(ledger, asset_id), "sum of all chains", message)
        if each.ownerless:
            message = f"is {text(each.held)}, and pending transactions hold {text(each.pending)}"
            yield Finding(keys.asset(ledger, asset_id), "sum on hold", message)
