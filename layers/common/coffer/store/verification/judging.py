"""What is wrong with some items, whatever else goes on in their ledger."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched, chain

from coffer.store.keys import Key, LedgerRef
from coffer.store.resources import FORMAT
from coffer.store.sealing import COUNTERS
from coffer.store.table import Table
from coffer.store.values import Item
from coffer.store.verification import kinds
from coffer.store.verification.checks import Check, Finding, Want, Wrong, differences
from coffer.store.verification.reading import Broken, Read, Reader

LOOKS = 5
"""How often what is wrong is looked at: a write of others that went on the first time is over by the last."""

_TOGETHER = 50
"""Checks that are run together; each may want to see a hundred items and more."""


def judge(table: Table, ledger: LedgerRef, items: Mapping[Key, Read], known: Mapping[Want, Read]) -> Iterator[Finding]:
    """What is wrong with items of a ledger, as they were read; `known` are some that never change."""
    for some in batched(items.items(), _TOGETHER, strict=False):
        yield from _judge(table, ledger, dict(some), known)


def _judge(table: Table, ledger: LedgerRef, items: Mapping[Key, Read], known: Mapping[Want, Read]) -> Iterator[Finding]:
    reader, doubtful = Reader(table, known), list[Finding]()
    for look in range(LOOKS):
        if look:
            table.wait(look)
            reader = Reader(table)
            again = reader.read(dict.fromkeys(finding.key for finding in doubtful))
            items = {key: read for key, read in again.items() if isinstance(key, Key)}
        checks: dict[Key, Check] = {}
        for key, read in items.items():
            rule = kinds.rule_of(ledger, key)
            wrong = list(_by_itself(read, known=rule is not None))
            yield from (Finding(key, *each) for each in wrong)
            if rule and isinstance(read, dict) and not wrong:
                checks[key] = rule(read)
        doubtful = run(reader, checks)
        if not doubtful:
            return
    yield from doubtful


def _by_itself(read: Read, *, known: bool) -> Iterator[Wrong]:
    """What is wrong with an item whatever else there is: nobody's write makes that so for a moment."""
    if read and not known:
        yield "key", "is that of no item of a ledger"
    elif isinstance(read, Broken):
        yield "hash", "is not the seal of what is stored"
    elif read:
        yield from marks(read)


def marks(item: Item) -> Iterator[Wrong]:
    """Every item bears its format, and nothing that no seal covers."""
    yield from differences(item, {"v": FORMAT, **dict.fromkeys(COUNTERS)})


def run(reader: Reader, checks: Mapping[Key, Check]) -> list[Finding]:
    """The findings of checks, which are run side by side.

    A check that would see an item that is broken sees nothing more, and finds nothing: such an item is found by itself.
    """
    findings: list[Finding] = []
    answers: dict[Key, Sequence[Item | None]] = {}
    waiting = dict(checks)
    while waiting:
        wanted: dict[Key, Sequence[Want]] = {}
        for key, check in waiting.items():
            wants = _advance(check, answers.get(key))
            if isinstance(wants, _Ended):
                findings += [Finding(key, *wrong) for wrong in wants.wrong]
            else:
                wanted[key] = wants
        found = reader.read(chain.from_iterable(wanted.values()))
        answers = {key: shown for key, wants in wanted.items() if (shown := _shown(found, wants)) is not None}
        waiting = {key: checks[key] for key in answers}
    return findings


@dataclass(frozen=True, slots=True)
class _Ended:
    """What a check has found."""

    wrong: Sequence[Wrong]


def _advance(check: Check, shown: Sequence[Item | None] | None) -> Sequence[Want] | _Ended:
    try:
        return next(check) if shown is None else check.send(shown)
    except StopIteration as end:
        return _Ended(end.value)
    except Exception as error:  # noqa: BLE001 -- what was forged may be anything; it is to be named, not to stop us
        return _Ended([("format", f"is not what Coffer stores: {type(error).__name__}: {error}")])


def _shown(found: Mapping[Want, Read], wants: Iterable[Want]) -> list[Item | None] | None:
    shown = [found[want] for want in wants]
    whole = [each for each in shown if not isinstance(each, Broken)]
    return whole if len(whole) == len(shown) else None
