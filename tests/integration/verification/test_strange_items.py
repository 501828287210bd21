"""Whatever somebody may store in a ledger: it is named, and nothing of it keeps a verification from its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from coffer.store.keys import Key
from coffer.store.verification.progress import MOST_FINDINGS, State
from tests.integration.verification.inspector import Inspector, Wire
from tests.integration.verification.kinds import items_of, kind_of, of_every_kind
from tests.integration.verification.tampering import resealed

FOREIGN: Mapping[str, Any] = {
    "bytes": {"B": b"~"},
    "a set of texts": {"SS": ["~"]},
    "a set of numbers": {"NS": ["1"]},
    "a fraction": {"N": "1.5"},
    "bytes in a list": {"L": [{"B": b"~"}]},
}


@pytest.mark.parametrize("value", FOREIGN.values(), ids=FOREIGN)
@of_every_kind
def test_what_coffer_never_stores_is_named(inspector: Inspector, kind: str, value: Wire) -> None:
    key, item = next(iter(items_of(inspector, kind).items()))
    run = inspector.whole({key: {**item, "~": value}})
    assert run.state is State.DONE
    assert (key, "hash") in {(each.key, each.what) for each in run.findings}


def test_what_no_ledger_has_is_named(inspector: Inspector) -> None:
    stray = Key(f"{inspector.books.ref.prefix}#NOTES", "1")
    item = resealed({"pk": {"S": stray.pk}, "sk": {"S": stray.sk}, "v": {"N": "1"}})
    (finding,) = inspector.whole({stray: item}).findings
    assert (finding.key, finding.what) == (stray, "key")


def test_what_lies_in_another_ledger_is_not_looked_at(inspector: Inspector) -> None:
    ref = inspector.books.ref
    others = [Key(f"{ref.organization.prefix}#{'z' * 22}#ASSETS", "ASSET#"), Key(f"{ref.prefix}z#ASSETS", "ASSET#")]
    run = inspector.whole({key: {"pk": {"S": key.pk}, "sk": {"S": key.sk}} for key in others})
    assert run.found == 0


AMOUNTS = ["NaN", "sNaN", "Infinity", "1E+999999", "1E-999999", "9" * 300, f"0.{'9' * 300}", "-0", "1.50", "one", ""]


@pytest.mark.parametrize("amount", AMOUNTS, ids=[amount[:12] for amount in AMOUNTS])
@pytest.mark.parametrize("name", ["available", "on_hold", "amount"])
def test_amounts_that_are_none_are_named(inspector: Inspector, name: str, amount: str) -> None:
    key, item = next((key, item) for key, item in items_of(inspector, "entries").items() if "amount" in item)
    forged = {**item, name: {"S": amount}}
    for stored in (forged, resealed(forged)):
        run = inspector.whole({key: stored})
        assert run.state is State.DONE
        assert key in {each.key for each in run.findings}


def test_a_text_of_any_length_is_named_in_a_few_words(inspector: Inspector) -> None:
    """It may stand for a key that no item can have, or be one of the texts that are shown."""
    text = {"S": "@" + "😀" * 90_000}
    for kind, name in (("accounts", "alias"), ("entries", "asset_code"), ("the ledger", "name")):
        key, item = next((key, item) for key, item in items_of(inspector, kind).items() if name in item)
        findings = [each for each in inspector.look(key, resealed({**item, name: text})) if each.key == key]
        assert findings
        assert all(len(each.message.encode()) < 1_000 for each in findings)


def test_of_many_findings_the_first_are_kept_and_all_are_counted(inspector: Inspector) -> None:
    forged = {key: {**item, "~": {"S": "~"}} for key, item in inspector.items.items() if kind_of(key) != "the ledger"}
    run = inspector.whole(forged)
    assert run.state is State.DONE
    assert run.found >= len(forged)
    assert len(run.findings) == MOST_FINDINGS
    assert {each.key for each in run.findings} <= forged.keys()
