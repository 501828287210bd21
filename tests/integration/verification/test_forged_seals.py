"""Who knows how Coffer seals can change an item and seal it again. What others say of it gives that away all the same.

What nobody else says anything of cannot be known. It is listed here, and all else is found.
"""

import re
from collections.abc import Iterator

import pytest

from coffer.ledger.entries import MOVING
from coffer.store.keys import Key
from coffer.store.values import decode_item
from tests.integration.verification.inspector import Inspector, Wire
from tests.integration.verification.kinds import KINDS, items_of
from tests.integration.verification.tampering import Forgery, forgeries, resealed

_OWN = r"status(\..*)?|metadata|version|updated_at"

SAID_ONCE = {
    "records": (
        r"updated_at|fingerprint|description|code|metadata|(first|notes)(\..*)?"
        r"|(source|destination)\.\d\.(description|chart_of_accounts|metadata)"
        r"|destination\.\d\.(account_id|balance_id|postings\.\d\.shard)"  # of a posting that was not made
        r"|(source|destination|settled)\.\d(\.postings\.\d)?"  # to which something of no meaning is added
    ),
    "accounts": rf"{_OWN}|name|entity_id|parent_account_id",
    "assets": rf"{_OWN}|type|name",  # the name of one that was deleted
    "portfolios": rf"{_OWN}|name",
    "segments": rf"{_OWN}|name",
    "batches": r"fingerprint|created_at",
    "the ledger": rf"{_OWN}|created_at",
}
"""What only the item itself says, by its kind."""

SAID_BY_THE_NEWEST_ENTRY = r"allow_sending|allow_receiving|created_at"
"""Unless a transaction made it, or others of its shards were changed with it."""

SAID_BY_NOBODY = {"attempt", "hash", "~", "deleted_at"}
"""Of no meaning, without a value, or the seal itself, which is made anew."""

of_every_kind = pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "the last verification"])


def of_every_form(inspector: Inspector, kind: str) -> Iterator[tuple[Key, Wire]]:
    """One item of every form that a kind of them has."""
    forms = set()
    for key, item in items_of(inspector, kind).items():
        plain = decode_item(item)
        said = str(plain.get("type" if "ent" in kind else "status"))
        form = (said, key.sk.partition("#")[0], plain.get("closed"), *sorted(item))
        if form not in forms:
            forms.add(form)
            yield key, item


def can_be_known(inspector: Inspector, kind: str, key: Key, item: Wire, forgery: Forgery) -> bool:
    """Whether anything else says what was changed."""
    path, _, _ = forgery.path.partition(",")
    if forgery.attribute in SAID_BY_NOBODY:
        return False
    newest = "entries" in kind and Key(key.pk, f"{int(key.sk) + 1:012}") not in inspector.items
    if newest and item["type"]["S"] not in MOVING:
        return not re.fullmatch(SAID_BY_THE_NEWEST_ENTRY, path)
    return not re.fullmatch(SAID_ONCE.get(kind, ""), path)


@of_every_kind
def test_a_change_under_a_new_seal_is_found_by_what_others_say(inspector: Inspector, kind: str) -> None:
    unseen = [
        f"{forgery.path} of {key}"
        for key, item in of_every_form(inspector, kind)
        for forgery in forgeries(item)
        if can_be_known(inspector, kind, key, item, forgery)
        and not inspector.look(key, resealed(forgery.item), page=2)  # with the entry that follows
        and not inspector.whole({key: resealed(forgery.item)}).found
    ]
    assert unseen == []
