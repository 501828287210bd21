"""What Coffer relies on when it reads the whole table.

The stores' tables are shared: a scan that is to come by known items begins in their partition, before the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest

from tests.contract.stores import Store
from tests.contract.wire import Wire, item, key, refused, values

FRONT = " "
"""A sort key before those of all items here."""


def _fill(store: Store, pk: str, *sks: str, **attributes: str) -> list[Wire]:
    items = [item(pk, sk, **attributes) for sk in sks]
    for each in items:
        store.client.put_item(TableName=store.table, Item=each)
    return items


def _pages(store: Store, **more: Any) -> Iterator[Wire]:  # noqa: ANN401 -- boto3's arguments
    """All pages of the table, no two of which end in one place."""
    ends: list[Wire] = []
    while True:
        page: Wire = dict(store.client.scan(TableName=store.table, ConsistentRead=True, **more))
        yield page
        if "LastEvaluatedKey" not in page:
            return
        assert page["LastEvaluatedKey"] not in ends
        ends.append(page["LastEvaluatedKey"])
        more["ExclusiveStartKey"] = ends[-1]


def _items(store: Store, **more: Any) -> list[Wire]:  # noqa: ANN401
    return [each for page in _pages(store, **more) for each in page["Items"]]


def _beginning(prefix: str) -> Wire:
    return {
        "FilterExpression": "begins_with(pk, :prefix)",
        "ExpressionAttributeValues": values(prefix=prefix),
    }


def _within(store: Store, pk: str, *, after: str = FRONT, **more: Any) -> Wire:  # noqa: ANN401
    """One page, which begins in a partition."""
    start = key(pk, after)
    return dict(store.client.scan(TableName=store.table, ConsistentRead=True, ExclusiveStartKey=start, **more))


def _sks(page: Wire) -> list[str]:
    return [each["sk"]["S"] for each in page["Items"]]


@pytest.mark.parametrize("limit", [40, 1_000])
def test_all_pages_together_are_every_item_that_passes_the_filter_once(store: Store, pk: str, limit: int) -> None:
    wanted = [each for number in range(12) for each in _fill(store, f"{pk}#{number}", "a", "b", "c")]
    _fill(store, f"other-{pk}", "a")
    found = _items(store, Limit=limit, **_beginning(f"{pk}#"))
    assert sorted(found, key=str) == sorted(wanted, key=str)


def test_a_partition_comes_in_one_piece_in_the_order_of_its_sort_keys_bytes(store: Store, pk: str) -> None:
    ordered = ["!", "-", "0", "9", "A", "Z", "_", "a", "aa", "b", "z", "é", "ﬀ", "\U0001f600"]
    pks = [f"{pk}#{number}" for number in range(5)]
    for sk in reversed(ordered):
        for each in pks:
            _fill(store, each, sk)
    pieces = groupby(_items(store, Limit=40, **_beginning(f"{pk}#")), lambda each: str(each["pk"]["S"]))
    read = [(each, [found["sk"]["S"] for found in items]) for each, items in pieces]
    assert sorted(read) == [(each, ordered) for each in pks]


def test_a_scan_goes_on_where_the_last_page_ended(store: Store, pk: str) -> None:
    _fill(store, pk, *"abcde")
    first = _within(store, pk, Limit=2)
    assert (_sks(first), first["LastEvaluatedKey"]) == (["a", "b"], key(pk, "b"))
    second = _within(store, pk, after="b", Limit=3)
    assert (_sks(second), second["Count"], second["ScannedCount"]) == (["c", "d", "e"], 3, 3)


def test_a_scan_goes_on_after_an_item_that_is_gone(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "b", "c")
    store.client.delete_item(TableName=store.table, Key=key(pk, "b"))
    assert _sks(_within(store, pk, after="b", Limit=1)) == ["c"]


def test_a_scan_goes_on_from_the_place_of_a_partition_that_is_not_there(store: Store, pk: str) -> None:
    for number in range(8):
        _fill(store, f"{pk}#{number}", "a", "b")
    everything = _items(store, **_beginning(f"{pk}#"))
    rests = [_items(store, ExclusiveStartKey=key(f"{pk}#{n}-gone", "a"), **_beginning(f"{pk}#")) for n in range(8)]
    assert all(rest == everything[len(everything) - len(rest) :] for rest in rests)
    assert len({len(rest) for rest in rests}) > 1


def test_what_is_written_ahead_of_a_scan_is_seen_and_what_is_written_behind_it_is_not(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "c", "e")
    assert _sks(_within(store, pk, Limit=2)) == ["a", "c"]
    _fill(store, pk, "b", "d")
    assert _sks(_within(store, pk, after="c", Limit=2)) == ["d", "e"]


def test_a_scan_that_reached_its_limit_tells_where_to_go_on_though_nothing_follows(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "b")
    before, last = (key(each["pk"]["S"], each["sk"]["S"]) for each in _items(store)[-2:])
    page = dict(store.client.scan(TableName=store.table, ConsistentRead=True, ExclusiveStartKey=before, Limit=1))
    assert page.get("LastEvaluatedKey") == last
    assert not _items(store, ExclusiveStartKey=last)


@pytest.mark.parametrize(
    "start",
    [
        pytest.param({"pk": {"S": "x"}}, id="a part of one"),
        pytest.param({"pk": {"S": "x"}, "sk": {"N": "1"}}, id="of another type"),
        pytest.param({"a": {"S": "x"}}, id="something else"),
    ],
)
def test_a_scan_from_what_is_no_key_is_refused(store: Store, pk: str, start: Wire) -> None:
    _fill(store, pk, "a")
    with refused("ValidationException"):
        store.client.scan(TableName=store.table, ExclusiveStartKey=start)


def test_a_filter_drops_scanned_items_after_they_were_counted(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "b", hue="red")
    _fill(store, pk, "c", "d", hue="blue")
    page = _within(store, pk, Limit=3, FilterExpression="hue = :blue", ExpressionAttributeValues=values(blue="blue"))
    assert (_sks(page), page["Count"], page["ScannedCount"]) == (["c"], 1, 3)
    assert page["LastEvaluatedKey"] == key(pk, "c")


def test_a_page_on_which_nothing_passes_is_empty_and_not_the_last(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "b", "c")
    page = _within(store, pk, Limit=2, **_beginning(f"{pk}#"))
    assert (page["Items"], page["Count"], page["ScannedCount"]) == ([], 0, 2)
    assert page["LastEvaluatedKey"] == key(pk, "b")


def test_a_scan_may_filter_by_any_attribute_also_of_the_key(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "b1", hue="red")
    _fill(store, pk, "b2", hue="blue")
    page = _within(
        store,
        pk,
        Limit=3,
        FilterExpression="#pk = :pk AND begins_with(sk, :b) AND hue <> :blue",
        ExpressionAttributeNames={"#pk": "pk"},
        ExpressionAttributeValues=values(pk=pk, b="b", blue="blue"),
    )
    assert _sks(page) == ["b1"]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(
            {"FilterExpression": "#h = :h", "ExpressionAttributeValues": values(h="h")}, id="an undefined name"
        ),
        pytest.param({"FilterExpression": "hue = :h"}, id="an undefined value"),
        pytest.param(
            {"FilterExpression": "attribute_exists(hue)", "ExpressionAttributeNames": {"#u": "u"}}, id="an unused name"
        ),
        pytest.param(
            {"FilterExpression": "attribute_exists(hue)", "ExpressionAttributeValues": values(u="u")},
            id="an unused value",
        ),
        pytest.param({"ExpressionAttributeNames": {"#u": "u"}}, id="a name and no expression"),
    ],
)
def test_a_scan_s_names_and_values_are_exactly_those_that_are_used(store: Store, pk: str, wrong: Wire) -> None:
    _fill(store, pk, "a")
    with refused("ValidationException"):
        store.client.scan(TableName=store.table, **wrong)


def test_what_is_scanned_can_be_counted_alone(store: Store, pk: str) -> None:
    _fill(store, pk, "a", "b", "c")
    page = _within(store, pk, Limit=3, Select="COUNT")
    assert page["Count"] == 3
    assert not page.get("Items")


def test_attributes_of_what_is_scanned_can_be_chosen(store: Store, pk: str) -> None:
    _fill(store, pk, "a", hue="red", size="1")
    page = _within(store, pk, Limit=1, ProjectionExpression="sk, hue, #u", ExpressionAttributeNames={"#u": "unknown"})
    assert page["Items"] == [{"sk": {"S": "a"}, "hue": {"S": "red"}}]


def test_a_scanned_page_ends_at_a_megabyte_also_of_what_does_not_pass(store: Store, pk: str) -> None:
    _fill(store, pk, *"abcde", body="x" * 300_000)
    whole = _within(store, pk)
    assert _sks(whole) in (["a", "b", "c"], ["a", "b", "c", "d"])
    dropped = _within(store, pk, **_beginning(f"{pk}#"))
    assert (dropped["Items"], dropped["LastEvaluatedKey"]) == ([], whole["LastEvaluatedKey"])
    assert _sks(_within(store, pk, after=_sks(whole)[-1], Limit=5 - whole["Count"]))[-1] == "e"


def test_a_table_that_is_not_there_is_not_scanned(store: Store) -> None:
    with refused("ResourceNotFoundException"):
        store.client.scan(TableName=f"{store.table}-other")
