"""Segments: what accounts are divided into, each with a name of its own."""

from unicodedata import normalize

import pytest

from tests.integration.ledger_api.books import NOBODYS, Books, counted, done, gone, made, refused
from tests.integration.stores import Everything, on_every_store


def segment(books: Books, name: str = "Retail", **fields: object) -> str:
    """Creates a segment; its path."""
    return f"{books.segments}/{made(books.client.post(books.segments, {'name': name, **fields})).id}"


def names(books: Books) -> list[str]:
    """The names of the ledger's segments, oldest first."""
    return [row["name"] for row in done(books.client.get(books.segments))["items"]]


def test_a_name_is_enough(books: Books) -> None:
    answer = made(books.client.post(books.segments, {"name": "Retail"})).json
    expected = {
        "organizationId": books.organization_id,
        "ledgerId": books.ledger_id,
        "name": "Retail",
        "status": {"code": "ACTIVE", "description": None},
        "metadata": {},
        "deletedAt": None,
    }
    assert answer.items() >= expected.items()
    assert answer.keys() == expected.keys() | {"id", "createdAt", "updatedAt"}


def test_a_name_is_required(books: Books) -> None:
    refused(books.client.post(books.segments, {}), 400, "0009", "name")


# --------------------------------------------------------------------------------------------------------------- names


@on_every_store
def test_a_name_is_given_once_in_a_ledger(books: Books, everything: Everything) -> None:
    segment(books, "Retail")
    before = everything()
    assert "'Retail'" in refused(books.client.post(books.segments, {"name": "Retail"}), 409, "0015", "name")
    assert everything() == before


@on_every_store
def test_a_segment_cannot_be_renamed_to_a_name_that_is_taken(books: Books, everything: Everything) -> None:
    segment(books, "Retail")
    second = segment(books, "Wholesale")
    before = everything()
    said = refused(books.client.patch(second, {"name": "Retail", "metadata": {"a": 1}}), 409, "0015", "name")
    assert "'Retail'" in said
    assert everything() == before


@pytest.mark.parametrize("name", ["retail", "RETAIL", "Retail ", "Re tail", "Retail\u200b", "Ｒetail"])  # noqa: RUF001
def test_names_are_compared_exactly(books: Books, name: str) -> None:
    segment(books, "Retail")
    segment(books, name)
    assert names(books) == ["Retail", name]


def test_names_that_unicode_calls_equivalent_are_equal(books: Books) -> None:
    composed, decomposed = normalize("NFC", "Poupança"), normalize("NFD", "Poupança")
    path = segment(books, composed)
    refused(books.client.post(books.segments, {"name": decomposed}), 409, "0015", "name")
    assert done(books.client.patch(path, {"name": decomposed}))["name"] == decomposed
    refused(books.client.post(books.segments, {"name": composed}), 409, "0015", "name")
    refused(books.client.patch(segment(books, "Other"), {"name": composed}), 409, "0015", "name")


def test_another_ledger_may_use_the_same_name(books: Books) -> None:
    segment(books, "Retail")
    other = made(books.client.post(books.ledgers, {"name": "Second"})).id
    made(books.client.post(f"{books.ledgers}/{other}/segments", {"name": "Retail"}))


def test_names_of_segments_assets_and_portfolios_do_not_get_in_each_others_way(books: Books) -> None:
    segment(books, "Gold")
    books.add("XAU", name="Gold")
    made(books.client.post(books.portfolios, {"name": "Gold"}))


def test_a_renamed_segment_leaves_its_name_to_others(books: Books) -> None:
    done(books.client.patch(segment(books, "Retail"), {"name": "Private customers"}))
    refused(books.client.post(books.segments, {"name": "Private customers"}), 409, "0015", "name")
    segment(books, "Retail")
    assert names(books) == ["Private customers", "Retail"]


def test_two_segments_can_swap_their_names(books: Books) -> None:
    first, second = segment(books, "First"), segment(books, "Second")
    for path, name in ((first, "Third"), (second, "First"), (first, "Second")):
        done(books.client.patch(path, {"name": name}))
    assert names(books) == ["Second", "First"]


@on_every_store
def test_a_deleted_segment_leaves_its_name_to_others(books: Books) -> None:
    first = segment(books, "Retail")
    gone(books.client.delete(first))
    assert segment(books, "Retail") != first
    refused(books.client.post(books.segments, {"name": "Retail"}), 409, "0015", "name")


def test_after_a_renaming_a_deletion_leaves_the_last_name_to_others(books: Books) -> None:
    path = segment(books, "Retail")
    done(books.client.patch(path, {"name": "Private customers"}))
    segment(books, "Retail")
    gone(books.client.delete(path))
    segment(books, "Private customers")
    refused(books.client.post(books.segments, {"name": "Retail"}), 409, "0015", "name")


# -------------------------------------------------------------------------------------------------------------- counts


@on_every_store
def test_segments_are_counted_and_neither_their_names_nor_what_was_deleted(books: Books) -> None:
    count = f"{books.segments}/metrics/count"
    assert counted(books.client.head(count)) == 0
    paths = [segment(books, name) for name in ("Retail", "Wholesale", "Internal")]
    assert counted(books.client.head(count)) == 3
    gone(books.client.delete(paths[1]))
    done(books.client.patch(paths[0], {"name": "Private customers"}))
    refused(books.client.post(books.segments, {"name": "Internal"}), 409, "0015", "name")
    assert counted(books.client.head(count)) == 2


# -------------------------------------------------------------------------------------------------------------- places


def test_a_segment_is_in_its_ledger_and_in_no_other(books: Books) -> None:
    identity = segment(books).rpartition("/")[2]
    other = f"{books.ledgers}/{made(books.client.post(books.ledgers, {'name': 'Second'})).id}/segments"
    refused(books.client.get(f"{other}/{identity}"), 404, "0036")
    refused(books.client.patch(f"{other}/{identity}", {"metadata": {}}), 404, "0036")
    refused(books.client.delete(f"{other}/{identity}"), 404, "0036")
    assert done(books.client.get(other))["items"] == []
    assert counted(books.client.head(f"{other}/metrics/count")) == 0


def test_the_id_of_something_else_is_no_segments(books: Books) -> None:
    portfolio = made(books.client.post(books.portfolios, {"name": "Savings"})).id
    for identity in (portfolio, books.add().id, books.ledger_id):
        refused(books.client.get(f"{books.segments}/{identity}"), 404, "0036")


def test_without_a_ledger_there_are_no_segments(books: Books) -> None:
    nowhere = f"{books.ledgers}/{NOBODYS}/segments"
    refused(books.client.post(nowhere, {"name": "Retail"}), 404, "0037")
    refused(books.client.get(nowhere), 404, "0037")
    refused(books.client.get(f"{nowhere}?metadata.a=1&sort_order=desc"), 404, "0037")
    refused(books.client.head(f"{nowhere}/metrics/count"), 404, "0037")


def test_nothing_can_be_made_in_a_deleted_ledger(books: Books, everything: Everything) -> None:
    gone(books.client.delete(books.ledger))
    before = everything()
    refused(books.client.post(books.segments, {"name": "Retail"}), 404, "0037")
    refused(books.client.get(books.segments), 404, "0037")
    refused(books.client.head(f"{books.segments}/metrics/count"), 404, "0037")
    assert everything() == before


def test_where_the_ledger_is_gone_that_is_said_and_not_that_the_name_is_taken(books: Books) -> None:
    segment(books, "Retail")
    gone(books.client.delete(books.ledger))
    refused(books.client.post(books.segments, {"name": "Retail"}), 404, "0037")


# ------------------------------------------------------------------------------------------------------------ accounts


def test_an_account_that_names_a_deleted_segment_keeps_its_id(books: Books) -> None:
    books.add("BRL")
    path = segment(books)
    identity = path.rpartition("/")[2]
    body = {"assetCode": "BRL", "type": "deposit", "segmentId": identity}
    account = f"{books.ledger}/accounts/{made(books.client.post(f'{books.ledger}/accounts', body)).id}"
    gone(books.client.delete(path))
    assert done(books.client.get(account))["segmentId"] == identity
