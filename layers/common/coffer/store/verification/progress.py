"""How far a verification has come, and what came of it: kept in the ledger, and sealed as all that lies there.

What there is of each asset is a row; the rows are spread over as many items as they take.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from copy import replace
from decimal import Decimal
from enum import StrEnum
from itertools import batched
from types import MappingProxyType
from typing import NamedTuple

from coffer.ids import pack, unpack
from coffer.ledger.amounts import text
from coffer.ledger.hashing import HASH
from coffer.ledger.tally import Tally
from coffer.store import keys, resources, values
from coffer.store.commit import Met, Plan, commit
from coffer.store.keys import Key, LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, Value, mapping, mappings, number
from coffer.store.verification.checks import Finding, Lock
from coffer.store.verification.reading import LOOKS, Broken, Read, Reader
from coffer.store.writes import ABSENT, Put

PROGRESS = "PROGRESS"
RESULT = "RESULT"

MOST_FINDINGS = 100
"""Findings that are kept; of all there are there is the number."""

_ROWS = 1_000
"""Rows that one item takes, each of some hundred bytes: it has room for 400 KB."""

_MOST_SHEETS = 98
"""Items of rows that one write has room for, beside two others. (Its 4 MB are full at some 36,000 rows.)"""


class State(StrEnum):
    """Whether a verification is through."""

    RUNNING = "RUNNING"
    DONE = "DONE"


class Run(NamedTuple):
    """One verification of a ledger, as far as it has come.

    The sums are those of the moment `as_of` (milliseconds since 1970). `after` is the key that the walk has come to,
    `scanned` how many items it has seen, `found` how many findings there are, `locked` how many transactions were
    pending when it came by, of which `locks` are some. `stored` is the item in which it is kept, or that it takes the
    place of.
    """

    as_of: int
    state: State = State.RUNNING
    after: Key | None = None
    scanned: int = 0
    found: int = 0
    findings: tuple[Finding, ...] = ()
    locked: int = 0
    locks: tuple[Lock, ...] = ()
    tallies: Mapping[str, Tally] = MappingProxyType({})
    stored: Read = None


def load(table: Table, ledger: LedgerRef, part: str) -> Run | Broken | None:
    """What is kept of a verification; None: nothing."""
    key = keys.verification(ledger, part)
    for look in range(LOOKS):
        if look:  # someone was writing, unless it stays so
            table.wait(look)
        (first,) = _read(table, [key])
        if not isinstance(first, dict):
            return first
        with suppress(ValueError, ArithmeticError):
            sheets = min(number(first, "sheets"), _MOST_SHEETS)
            names = [keys.verification(ledger, _sheet(part, each)) for each in range(sheets)]
            return _run(first, _read(table, names))
    return Broken()


def save(table: Table, ledger: LedgerRef, run: Run) -> Run | None:
    """Keeps how far a run has come, in the place of what it goes on from; None: someone else has gone on meanwhile."""
    first, *sheets = _items(table, ledger, PROGRESS, run)
    saved = _store(table, run.stored, first, sheets)
    return replace(run, stored=first) if saved else None


def finish(table: Table, ledger: LedgerRef, run: Run) -> Run | None:
    """Keeps what came of a run that is through, until another one is; None: someone else has gone on meanwhile."""
    through = replace(run, state=State.DONE, after=None)
    (first,) = _items(table, ledger, PROGRESS, replace(through, tallies={}))
    saved = _store(table, run.stored, first, _items(table, ledger, RESULT, through))
    return replace(through, stored=first) if saved else None


def _store(table: Table, before: Read, first: Item, others: Sequence[Item]) -> bool:
    key = resources.key_of(first)

    def plan(_met: Met) -> Plan[bool]:
        (there,) = _read(table, [key])
        if there == first:
            return Plan([], answer=True)
        if there != before and not isinstance(before, Broken):
            return Plan([], answer=False)
        return Plan([_over(before, first), *(Put(item=item, when=None) for item in others)], answer=True)

    return commit(table, plan, proof=key)


def _over(before: Read, item: Item) -> Put:
    """An item in the place of another one; whatever is broken, nobody goes on with."""
    match before:
        case None:
            return Put(item=item, when=ABSENT)
        case Broken():
            return Put(item=item, when=None)
        case _:
            return Put(item=item, when="#hash = :hash", values={"hash": values.text(before, HASH)})


def _items(table: Table, ledger: LedgerRef, part: str, run: Run) -> list[Item]:
    """A run as it is stored: one item, and its rows on sheets of their own, each of which says what it belongs to."""
    common: Mapping[str, Value] = {"as_of": run.as_of, "scanned": run.scanned}
    sheets = [list(rows) for rows in batched(_rows(run.tallies), _ROWS, strict=False)]
    attributes: Mapping[str, Value] = {
        **common,
        "state": run.state.value,
        "after": {"pk": run.after.pk, "sk": run.after.sk} if run.after else None,
        "found": run.found,
        "findings": [_finding(each) for each in run.findings],
        "locked": run.locked,
        "locks": [_lock(each) for each in run.locks],
        "sheets": len(sheets),
    }
    present = {name: value for name, value in attributes.items() if value is not None}
    first = resources.new_part(table, keys.verification(ledger, part), present)
    return [first] + [
        resources.new_part(table, keys.verification(ledger, _sheet(part, number)), {**common, "rows": list(rows)})
        for number, rows in enumerate(sheets)
    ]


def _sheet(part: str, number: int) -> str:
    return f"{part}#{number:03}"


def _finding(finding: Finding) -> Value:
    return {"pk": finding.key.pk, "sk": finding.key.sk, "what": finding.what, "message": finding.message}


def _lock(lock: Lock) -> Value:
    item: dict[str, Value] = {
        "transaction_id": pack(lock.transaction_id),
        "code": lock.code,
        "asset_code": lock.asset_code,
        "value": lock.value,
    }
    return {name: value for name, value in item.items() if value is not None}


def _rows(tallies: Mapping[str, Tally]) -> Iterator[Value]:
    for asset_id, tally in tallies.items():
        yield {
            "asset_id": pack(asset_id),
            "code": tally.code,
            "inside": text(tally.inside),
            "outside": text(tally.outside),
            "held": text(tally.held),
            "pending": text(tally.pending),
            "accounts": tally.accounts,
            "doors": tally.doors,
        }


# ---------------------------------------------------------------------------------------------------------------- read


def _read(table: Table, names: Sequence[Key]) -> list[Read]:
    found = Reader(table).read(names)
    return [found[name] for name in names]


def _run(first: Item, sheets: Sequence[Read]) -> Run:
    """A run as it was stored; ValueError if these do not belong together."""
    after = mapping(first, "after")
    return Run(
        state=State(values.text(first, "state")),
        as_of=number(first, "as_of"),
        after=Key(values.text(after, "pk"), values.text(after, "sk")) if after else None,
        scanned=number(first, "scanned"),
        found=number(first, "found"),
        findings=tuple(map(_found, mappings(first, "findings"))),
        locked=number(first, "locked"),
        locks=tuple(map(_locked, mappings(first, "locks"))),
        tallies=dict(_tally(row) for sheet in sheets for row in mappings(_belonging(first, sheet), "rows")),
        stored=first,
    )


def _found(stored: Item) -> Finding:
    key = Key(values.text(stored, "pk"), values.text(stored, "sk"))
    return Finding(key, values.text(stored, "what"), values.text(stored, "message"))


def _locked(stored: Item) -> Lock:
    code = stored.get("code")
    return Lock(
        unpack(values.text(stored, "transaction_id")),
        code if isinstance(code, str) else None,
        values.text(stored, "asset_code"),
        values.text(stored, "value"),
    )


def _belonging(first: Item, sheet: Read) -> Item:
    if not isinstance(sheet, dict) or any(sheet.get(name) != first[name] for name in ("as_of", "scanned")):
        raise ValueError("not of this run")
    return sheet


def _tally(row: Item) -> tuple[str, Tally]:
    return unpack(values.text(row, "asset_id")), Tally(
        code=values.text(row, "code"),
        inside=Decimal(values.text(row, "inside")),
        outside=Decimal(values.text(row, "outside")),
        held=Decimal(values.text(row, "held")),
        pending=Decimal(values.text(row, "pending")),
        accounts=number(row, "accounts"),
        doors=number(row, "doors"),
    )
