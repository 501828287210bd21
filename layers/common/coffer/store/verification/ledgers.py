"""The ledger's own item, which lies among those of its organization, with the claim on its name."""

from coffer.ids import pack
from coffer.store import keys
from coffer.store.keys import Key, LedgerRef
from coffer.store.resources import FORMAT
from coffer.store.table import Table
from coffer.store.values import Item, number, text
from coffer.store.verification.checks import Check, Finding, differences
from coffer.store.verification.judging import marks, run
from coffer.store.verification.reading import LOOKS, Broken, Read, Reader
from coffer.store.verification.resources import claimed, is_live, resource

_PREFIX = "ASSET#"
_CHUNK = 100


def judge(table: Table, ledger: LedgerRef) -> list[Finding]:
    """What is wrong with a ledger's own item, the claim on its name, and the number of its assets."""
    for look in range(LOOKS):
        if look:
            table.wait(look)
        findings = _look(table, ledger)
        if findings is not None:
            return findings
    return []


def _look(table: Table, ledger: LedgerRef) -> list[Finding] | None:
    """None: someone is at work on it, and nothing was seen of one moment."""
    key = keys.ledger(ledger)
    own = _read(table, key)
    if not isinstance(own, dict):
        return [_broken(key, own)]
    verdicts = run(Reader(table), {key: _ledger(ledger, own, _assets(table, ledger))})
    findings = [Finding(key, *wrong) for verdict in verdicts.values() for wrong in verdict.wrong]
    place = keys.ledger_name(ledger.organization, str(own.get("name")))
    match _read(table, place):
        case Broken() as claim:
            findings.append(_broken(place, claim))
        case dict() as claim:
            findings += [Finding(place, *wrong) for wrong in marks(claim)]
    return findings if _read(table, key) == own else None


def _ledger(ledger: LedgerRef, own: Item, assets: int | None) -> Check:
    """A ledger, live or deleted; `assets` is how many there are, if that is known."""
    (name,) = yield [keys.ledger_name(ledger.organization, text(own, "name"))]
    counted = {} if assets is None else {"assets": assets}
    wrong = [
        *differences(own, {"v": FORMAT, "ledgers": None, **counted}),
        *resource(own),
        *claimed("name", name, pack(ledger.ledger_id), live=is_live(own)),
    ]
    if not is_live(own) and number(own, "assets"):
        wrong.append(("assets", f"is {own['assets']}, and the ledger has been deleted"))
    return wrong


def _read(table: Table, key: Key) -> Read:
    return Reader(table).read([key])[key]


def _broken(key: Key, read: Broken | None) -> Finding:
    return Finding(key, "hash", "is not the seal of what is stored") if read else Finding(key, "key", "is not there")


def _assets(table: Table, ledger: LedgerRef) -> int | None:
    """How many live assets there are; None if one of them cannot be read, which is found by itself."""
    try:
        found = table.walk(keys.assets(ledger), _PREFIX + keys.START, _PREFIX + keys.END, ascending=True, chunk=_CHUNK)
        return sum(map(is_live, found))
    except ValueError:
        return None
