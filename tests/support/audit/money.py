"""Money: of no asset is any made or lost, and what is on hold is what pending transactions hold."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from tests.support.audit.chains import amount, moved
from tests.support.audit.collections import Collections, newest, of_kind
from tests.support.audit.records import postings


def problems(collections: Collections) -> Iterator[str]:
    """What was made, lost, or is held for nothing."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    held: dict[str, Decimal] = defaultdict(Decimal)
    for place, _, entries in of_kind(collections, "BALANCE"):
        for entry in entries.values():
            sums[place.ledger, str(entry["asset_id"])] += sum(moved(entry))
    for (ledger, asset_id), total in sums.items():
        if total:
            yield f"the asset {asset_id} of {ledger} comes to {total}"
    for place, _, items in of_kind(collections, "TRANSACTION"):
        if items["TRANSACTION"]["status"] == "PENDING":
            for posting in postings(place.ledger, items["TRANSACTION"], "source"):
                held[posting.chain] += posting.amount
    for _, pk, entries in of_kind(collections, "BALANCE"):
        if (on_hold := amount(newest(entries), "on_hold")) != held[pk]:
            yield f"{pk} has {on_hold} on hold, and pending transactions hold {held[pk]}"
