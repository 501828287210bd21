"""What is wrong with some items, whatever else goes on in their ledger."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched, chain
from typing import NamedTuple

from coffer.store.keys import Key, LedgerRef
from coffer.store.resources import FORMAT
from coffer.store.sealing import COUNTERS
from coffer.store.table import Table
from coffer.store.values import Item
from coffer.store.verification import kinds
from coffer.store.verification.checks import Check, Finding, Want, Wrong, differences
from coffer.store.verification.reading import LOOKS, Broken, Read, Reader, can_be_there

_TOGETHER = 50
"""Checks that are run together; each may want to see a hundred items and more."""


class Verdict(NamedTuple):
    """What a check has found, and what it was shown for it."""

    wrong: Sequence[Wrong]
    shown: Mapping[Want, Read]


def judge(table: Table, ledger: LedgerRef, items: Mapping[Key, Read], known: Mapping[Want, Read]) -> Iterator[Finding]:
    """What is wrong with items of a ledger, as they were read; `known` are some that never change."""
    for some in batched(items.items(), _TOGETHER, strict=False):
        yield from _judge(table, ledger, dict(some), known)


def _judge(table: Table, ledger: LedgerRef, items: Mapping[Key, Read], known: Mapping[Want, Read]) -> Iterator[Finding]:
    """An item and what a check was shown were read one by one, and others may have written in between.

    So what seems wrong is looked at again. If all of it is still the same, it stood together while nobody wrote, and
    the finding is true. What never stands still, and seems wrong each time, is a finding in the end.
    """
    doubtful: dict[Key, tuple[Read, Verdict]] = {}
    reader = Reader(table, known)
    for look in range(LOOKS):
        if look:
            table.wait(look)
            reader = Reader(table)
            items = {key: read for key, read in reader.read(doubtful).items() if isinstance(key, Key)}
        checks: dict[Key, Check] = {}
        for key, read in items.items():
            rule = kinds.rule_of(ledger, key)
            wrong = list(_by_itself(read, known=rule is not None))
            yield from (Finding(key, *each) for each in wrong)
            if rule and isinstance(read, dict) and not wrong:
                checks[key] = rule(read)
        before, doubtful = doubtful, {}
        for key, verdict in run(reader, checks).items():
            if before.get(key) == (seen := (items[key], verdict)):
                yield from (Finding(key, *each) for each in verdict.wrong)
            elif verdict.wrong:
                doubtful[key] = seen
        if not doubtful:
            return
    yield from (Finding(key, *each) for key, (_, verdict) in doubtful.items() for each in verdict.wrong)


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


def run(reader: Reader, checks: Mapping[Key, Check]) -> Mapping[Key, Verdict]:
    """What checks find, which are run side by side.

    A check that would see an item that is broken sees nothing more, and finds nothing: such an item is found by itself.
    """
    verdicts: dict[Key, Verdict] = {}
    shown: dict[Key, dict[Want, Read]] = {key: {} for key in checks}
    answers: dict[Key, Sequence[Item | None]] = {}
    waiting: Iterable[Key] = checks
    while waiting:
        wanted: dict[Key, Sequence[Want]] = {}
        for key in waiting:
            wants = _advance(checks[key], answers.get(key))
            if isinstance(wants, _Ended):
                verdicts[key] = Verdict(wants.wrong, shown[key])
            else:
                wanted[key] = wants
        found = reader.read(chain.from_iterable(wanted.values()))
        answers = {key: whole for key, wants in wanted.items() if (whole := _whole(found, wants)) is not None}
        for key in answers:
            shown[key] |= {want: found[want] for want in wanted[key]}
        waiting = list(answers)
    return verdicts


class _Ended(NamedTuple):
    """What a check has found."""

    wrong: Sequence[Wrong]


def _advance(check: Check, shown: Sequence[Item | None] | None) -> Sequence[Want] | _Ended:
    try:
        wants = next(check) if shown is None else check.send(shown)
        if not all(map(can_be_there, wants)):
            return _Ended([("format", "leads to a key that no item can have")])
    except StopIteration as end:
        return _Ended(end.value)
    except Exception as error:  # noqa: BLE001 -- what was forged may be anything; it is to be named, not to stop us
        return _Ended([("format", f"is not what Coffer stores: {type(error).__name__}: {error}")])
    return wants


def _whole(found: Mapping[Want, Read], wants: Iterable[Want]) -> list[Item | None] | None:
    shown = [found[want] for want in wants]
    whole = [each for each in shown if not isinstance(each, Broken)]
    return whole if len(whole) == len(shown) else None
