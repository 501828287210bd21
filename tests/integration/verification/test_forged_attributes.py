"""Whatever attribute of whatever item is changed, removed or added behind Coffer's back: it is found, and named.

Each change is made by itself, in a ledger that is whole otherwise, and a verification is taken up where it comes to the
item. None is left out.
"""

from coffer.store.sealing import COUNTERS
from tests.integration.verification.inspector import Inspector
from tests.integration.verification.kinds import items_of, of_every_kind
from tests.integration.verification.tampering import forgeries


@of_every_kind
def test_every_change_of_every_attribute_is_found_and_named(inspector: Inspector, kind: str) -> None:
    unseen = [
        f"{forgery.path} of {key}"
        for key, item in items_of(inspector, kind).items()
        for forgery in forgeries(item)
        if (key, forgery.named) not in {(each.key, each.what) for each in inspector.look(key, forgery.item)}
    ]
    assert unseen == []


@of_every_kind
def test_an_item_that_was_not_changed_is_not_named(inspector: Inspector, kind: str) -> None:
    for key, item in items_of(inspector, kind).items():
        assert not inspector.look(key, item)


def test_what_no_seal_covers_is_a_counter_of_the_ledger_and_nothing_else(inspector: Inspector) -> None:
    counting = {name for item in inspector.items.values() for name in item if name in COUNTERS}
    assert counting == {"assets"}
