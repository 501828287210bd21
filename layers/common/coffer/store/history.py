"""What stood on a chain at a moment: time never runs backwards along it, and so it can be searched by halves."""

from coffer.ledger.entries import Entry
from coffer.store import entries
from coffer.store.table import Table


def at(table: Table, chain: str, moment: int) -> Entry | None:
    """The entry that stood at a moment (milliseconds since 1970, inclusive), of the balance that the chain is of now.

    None if the balance was not there then. It takes one read for the newest entry and, if that came later, at most
    1 + log2(n) more on a chain of n entries.
    """
    (head,) = entries.heads(table, [chain])
    return upto(table, chain, head, moment) if head else None


def upto(table: Table, chain: str, head: Entry, moment: int) -> Entry | None:
    """The last entry at or before a moment, of the balance that `head`, the newest one, is of; or None."""
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
