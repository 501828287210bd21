"""What must be true of every resource, and of the claims on what may be given only once."""

from collections.abc import Callable, Iterator

from coffer.ids import created_at, unpack
from coffer.store.keys import Key
from coffer.store.values import Item, number, text
from coffer.store.verification.checks import Check, Wrong, differences


def resource(item: Item) -> Iterator[Wrong]:
    """A resource has been changed since it was made, if at all, and counts its changes."""
    if number(item, "updated_at") < number(item, "created_at"):
        yield "updated_at", f"is {item['updated_at']}, before it was made"
    if not is_live(item):
        yield from differences(item, {"deleted_at": item["updated_at"]})
    if number(item, "version") < 1:
        yield "version", f"is {item['version']}, and a number from 1 is due"


def as_old_as(packed: str, item: Item) -> Iterator[Wrong]:
    """Most ids say when they were made."""
    yield from differences(item, {"created_at": created_at(unpack(packed))})


def is_live(item: Item) -> bool:
    """Whether a resource has not been deleted."""
    return "deleted_at" not in item


def claimed(name: str, claim: Item | None, owner: str, *, live: bool) -> Iterator[Wrong]:
    """A live resource owns the claim on what is its own, and one that was deleted does not."""
    owned = claim is not None and claim.get("owner") == owner
    if live and not owned:
        yield name, "is claimed by another one" if claim else "is not claimed"
    if owned and not live:
        yield name, "is claimed, and it has been deleted"


def claim(item: Item, owner: Callable[[str], Key], name: str, claimed: str, stored: Callable[[str], str]) -> Check:
    """The owner of a claim, if it has one, is there, and has what is claimed; `stored` makes a key's part of it."""
    if "owner" not in item:
        yield []
        return []
    (found,) = yield [owner(unpack(text(item, "owner")))]
    if found is None or not is_live(found):
        return [("owner", "is not there")]
    if stored(text(found, name)) != claimed:
        return [("owner", f"has another {name}")]
    return []
