"""Ledgers: the books of an organization, each with a name of its own."""

from unicodedata import normalize

import pytest

from tests.integration.ledger_api.books import ASSET, NOBODYS, ORGANIZATION, Books, counted, done, gone, made, refused
from tests.integration.stores import on_every_store


def test_a_name_is_enough(books: Books) -> None:
    answer = made(books.client.post(books.ledgers, {"name": "Second"})).json
    expected = {
        "organizationId": books.organization_id,
        "name": "Second",
        "status": {"code": "ACTIVE", "description": None},
        "metadata": {},
        "deletedAt": None,
    }
    assert answer.items() >= expected.items()
    assert answer.keys() == expected.keys() | {"id", "createdAt", "updatedAt"}


def test_a_name_is_required(books: Books) -> None:
    refused(books.client.post(books.ledgers, {}), 400, "0009", "name")


# --------------------------------------------------------------------------------------------------------------- names


@on_every_store
def test_a_name_is_given_once_in_an_organization(books: Books) -> None:
    assert "'Main'" in refused(books.client.post(books.ledgers, {"name": "Main"}), 409, "0001", "name")


@on_every_store
def test_a_ledger_cannot_be_renamed_to_a_name_that_is_taken(books: Books) -> None:
    made(books.client.post(books.ledgers, {"name": "Second"}))
    refused(books.client.patch(books.ledger, {"name": "Second"}), 409, "0002", "name")
    assert done(books.client.get(books.ledger))["name"] == "Main"


@pytest.mark.parametrize("name", ["main", "MAIN", "Main ", "Ma in", "Main\u200b", "Ｍain"])  # noqa: RUF001
def test_names_are_compared_exactly(books: Books, name: str) -> None:
    made(books.client.post(books.ledgers, {"name": name}))


def test_names_that_unicode_calls_equivalent_are_equal(books: Books) -> None:
    composed, decomposed = normalize("NFC", "Açúcar"), normalize("NFD", "Açúcar")
    first = made(books.client.post(books.ledgers, {"name": composed}))
    refused(books.client.post(books.ledgers, {"name": decomposed}), 409, "0001", "name")
    answer = done(books.client.patch(f"{books.ledgers}/{first.id}", {"name": decomposed}))
    assert answer["name"] == decomposed
    refused(books.client.post(books.ledgers, {"name": composed}), 409, "0001", "name")


def test_another_organization_may_use_the_same_name(books: Books) -> None:
    other = made(books.client.post("/v1/organizations", ORGANIZATION)).id
    made(books.client.post(f"/v1/organizations/{other}/ledgers", {"name": "Main"}))


def test_a_renamed_ledger_leaves_its_name_to_others(books: Books) -> None:
    done(books.client.patch(books.ledger, {"name": "Second"}))
    refused(books.client.post(books.ledgers, {"name": "Second"}), 409, "0001", "name")
    made(books.client.post(books.ledgers, {"name": "Main"}))


def test_two_ledgers_can_swap_their_names(books: Books) -> None:
    second = f"{books.ledgers}/{made(books.client.post(books.ledgers, {'name': 'Second'})).id}"
    for path, name in ((books.ledger, "Third"), (second, "Main"), (books.ledger, "Second")):
        done(books.client.patch(path, {"name": name}))
    assert [row["name"] for row in done(books.client.get(books.ledgers))["items"]] == ["Second", "Main"]


def test_a_deleted_ledger_leaves_its_name_to_others(books: Books) -> None:
    gone(books.client.delete(books.ledger))
    made(books.client.post(books.ledgers, {"name": "Main"}))


# -------------------------------------------------------------------------------------------------------------- places


def test_a_ledger_is_in_its_organization_and_in_no_other(books: Books) -> None:
    other = made(books.client.post("/v1/organizations", ORGANIZATION)).id
    misplaced = f"/v1/organizations/{other}/ledgers/{books.ledger_id}"
    refused(books.client.get(misplaced), 404, "0037")
    refused(books.client.patch(misplaced, {"metadata": {}}), 404, "0037")
    refused(books.client.delete(misplaced), 404, "0037")
    refused(books.client.get(f"{misplaced}/assets"), 404, "0037")
    refused(books.client.post(f"{misplaced}/assets", ASSET), 404, "0037")
    assert done(books.client.get(f"/v1/organizations/{other}/ledgers"))["items"] == []


def test_without_an_organization_there_are_no_ledgers(books: Books) -> None:
    nowhere = f"/v1/organizations/{NOBODYS}/ledgers"
    refused(books.client.post(nowhere, {"name": "Main"}), 404, "0038")
    refused(books.client.get(nowhere), 404, "0038")
    refused(books.client.get(f"{nowhere}?metadata.a=1&sort_order=desc"), 404, "0038")
    refused(books.client.head(f"{nowhere}/metrics/count"), 404, "0038")


# ------------------------------------------------------------------------------------------------------------ deletion


@on_every_store
def test_a_ledger_with_assets_cannot_be_deleted(books: Books) -> None:
    books.add("BTC")
    assert "assets (1)" in refused(books.client.delete(books.ledger), 409, "9001")
    assert counted(books.client.head(f"{books.ledgers}/metrics/count")) == 1


def test_when_its_assets_are_deleted_it_can_be_too(books: Books) -> None:
    gone(books.client.delete(f"{books.assets}/{books.add('BTC').id}"))
    gone(books.client.delete(books.ledger))
    assert counted(books.client.head(f"{books.ledgers}/metrics/count")) == 0


def test_nothing_can_be_made_or_found_in_a_deleted_ledger(books: Books) -> None:
    asset = f"{books.assets}/{books.add('BTC').id}"
    gone(books.client.delete(asset))
    gone(books.client.delete(books.ledger))
    refused(books.client.post(books.assets, ASSET), 404, "0037")
    refused(books.client.get(books.assets), 404, "0037")
    refused(books.client.get(f"{books.assets}?limit=1"), 404, "0037")
    refused(books.client.head(f"{books.assets}/metrics/count"), 404, "0037")
    refused(books.client.get(asset), 404, "0007")
