"""The seal of an item: the hash of its canonical form, which anyone can compute again."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256

import pytest

from coffer.ledger.hashing import seal

ITEM: Mapping[str, object] = {
    "pk": "client#BALANCE#@external/BTC#default#3",
    "sk": "000000000001",
    "v": 1,
    "available": "-0.5",
    "closed": False,
    "decimals": 8,
    "note": "ação",
    "legs": ["a", {"b": 2, "a": 1}],
}
CANONICAL = (
    '{"available":"-0.5","closed":false,"decimals":8,"legs":["a",{"a":1,"b":2}],"note":"ação",'
    '"pk":"client#BALANCE#@external/BTC#default#3","sk":"000000000001","v":1}'
)


def test_the_seal_is_the_sha_256_of_json_in_utf_8_with_sorted_keys_and_no_white_space() -> None:
    digest = urlsafe_b64encode(sha256(CANONICAL.encode()).digest()).decode()
    assert seal(ITEM) == digest.rstrip("=")
    assert len(seal(ITEM)) == 43


def test_the_order_of_the_attributes_makes_no_difference() -> None:
    assert seal({name: ITEM[name] for name in reversed(list(ITEM))}) == seal(ITEM)


def test_the_seal_does_not_cover_itself() -> None:
    assert seal({**ITEM, "hash": seal(ITEM)}) == seal(ITEM)


def test_an_attribute_that_is_none_is_not_there() -> None:
    assert seal({**ITEM, "previous": None}) == seal(ITEM)


@pytest.mark.parametrize("name", ITEM)
def test_a_changed_attribute_changes_the_seal(name: str) -> None:
    assert seal({**ITEM, name: "changed"}) != seal(ITEM)


@pytest.mark.parametrize("name", ITEM)
def test_a_missing_attribute_changes_the_seal(name: str) -> None:
    assert seal({each: value for each, value in ITEM.items() if each != name}) != seal(ITEM)


def test_an_additional_attribute_changes_the_seal() -> None:
    assert seal({**ITEM, "more": ""}) != seal(ITEM)


@pytest.mark.parametrize(("one", "other"), [(1, "1"), (True, 1), (False, 0), ("true", True), ([1, 2], [2, 1])])
def test_values_of_different_kinds_have_different_seals(one: object, other: object) -> None:
    assert seal({"a": one}) != seal({"a": other})
