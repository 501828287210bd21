"""What stood on a chain at a moment: time never runs backwards along it, and so it can be searched by halves."""

from collections.abc import Sequence

from coffer.ledger.entries import Entry
from coffer.store import entries
from coffer.store.table import Table


def at(table: Table, chains: Sequence[tuple[str, Entry]], moment: int) -> list[Entry | None]:
    """What stood on each of several chains, which come with their newest entries, as `upto` tells it; in parallel."""
    return table.each(lambda each: upto(table, *each, moment), chains)


def upto(table: Table, chain: str, head: Entry, moment: int) -> Entry | None:
    """The last entry at or before a moment (milliseconds since 1970), of the balance that `head`, the newest, is of.

    None if the balance was not there then. It takes no read if the newest entry is the one, else at most 1 + log2(n) on
    a chain of n entries.
    """
    if head.created_at <= moment:
        return head
    found = None
    low, high = head.opened, head.sequence  # what is looked for is before `high`
    while low < high:
        middle = (low + high) // 2
        entry = entries.get(table, chain, middle)
        if entry.created_at <= moment:
            found, low = entry, middle + 1
        else:
            high = middle
    return found
