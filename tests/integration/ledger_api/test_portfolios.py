"""Portfolios: what accounts are gathered in, for an entity or for none."""

import pytest

from tests.integration.ledger_api.books import NOBODYS, Books, counted, done, gone, made, refused
from tests.integration.stores import Everything, on_every_store

ALL = {
    "name": "Savings",
    "entityId": "customer-1",
    "status": {"code": "001", "description": "Active"},
    "metadata": {"advisor": "M. Ito"},
}


def portfolio(books: Books, **fields: object) -> str:
    """Creates a portfolio; its path."""
    return f"{books.portfolios}/{made(books.client.post(books.portfolios, {'name': 'Savings', **fields})).id}"


def test_a_name_is_enough(books: Books) -> None:
    answer = made(books.client.post(books.portfolios, {"name": "Savings"})).json
    expected = {
        "organizationId": books.organization_id,
        "ledgerId": books.ledger_id,
        "name": "Savings",
        "entityId": None,
        "status": {"code": "ACTIVE", "description": None},
        "metadata": {},
        "deletedAt": None,
    }
    assert answer.items() >= expected.items()
    assert answer.keys() == expected.keys() | {"id", "createdAt", "updatedAt"}


@on_every_store
def test_everything_else_is_kept_as_it_is_sent(books: Books) -> None:
    answer = made(books.client.post(books.portfolios, ALL))
    assert answer.json.items() >= ALL.items()
    assert done(books.client.get(f"{books.portfolios}/{answer.id}")) == answer.json


def test_a_name_is_required(books: Books) -> None:
    refused(books.client.post(books.portfolios, {"entityId": "customer-1"}), 400, "0009", "name")


def test_two_portfolios_may_have_one_name_and_one_entity(books: Books) -> None:
    first, second = portfolio(books, entityId="customer-1"), portfolio(books, entityId="customer-1")
    assert first != second
    assert done(books.client.patch(portfolio(books, name="Other"), {"name": "Savings"}))["name"] == "Savings"
    assert counted(books.client.head(f"{books.portfolios}/metrics/count")) == 3


# -------------------------------------------------------------------------------------------------------------- entity


@pytest.mark.parametrize("entity", ["x", "x" * 256, "😀" * 256, " 00.000.000/0001-91 ", "customer#1"])
def test_an_entity_is_named_by_1_to_256_characters(books: Books, entity: str) -> None:
    assert done(books.client.get(portfolio(books, entityId=entity)))["entityId"] == entity


def test_a_portfolio_may_be_nobodys(books: Books) -> None:
    assert done(books.client.get(portfolio(books, entityId=None)))["entityId"] is None


@on_every_store
def test_null_takes_the_entity_away_and_leaving_it_out_does_not(books: Books) -> None:
    path = portfolio(books, entityId="customer-1")
    assert done(books.client.patch(path, {"metadata": {"a": 1}}))["entityId"] == "customer-1"
    after = done(books.client.patch(path, {"entityId": None}))
    assert (after["entityId"], after["name"], after["metadata"]) == (None, "Savings", {"a": 1})
    assert done(books.client.get(path)) == after
    assert done(books.client.patch(path, {"entityId": "customer-2"}))["entityId"] == "customer-2"


# -------------------------------------------------------------------------------------------------------------- places


def test_a_portfolio_is_in_its_ledger_and_in_no_other(books: Books) -> None:
    identity = portfolio(books).rpartition("/")[2]
    other = f"{books.ledgers}/{made(books.client.post(books.ledgers, {'name': 'Second'})).id}/portfolios"
    refused(books.client.get(f"{other}/{identity}"), 404, "0035")
    refused(books.client.patch(f"{other}/{identity}", {"metadata": {}}), 404, "0035")
    refused(books.client.delete(f"{other}/{identity}"), 404, "0035")
    assert done(books.client.get(other))["items"] == []
    assert counted(books.client.head(f"{other}/metrics/count")) == 0


def test_the_id_of_something_else_is_no_portfolios(books: Books) -> None:
    segment = made(books.client.post(books.segments, {"name": "Retail"})).id
    for identity in (segment, books.add().id, books.ledger_id):
        refused(books.client.get(f"{books.portfolios}/{identity}"), 404, "0035")


def test_without_a_ledger_there_are_no_portfolios(books: Books) -> None:
    nowhere = f"{books.ledgers}/{NOBODYS}/portfolios"
    refused(books.client.post(nowhere, ALL), 404, "0037")
    refused(books.client.get(nowhere), 404, "0037")
    refused(books.client.get(f"{nowhere}?metadata.a=1&sort_order=desc"), 404, "0037")
    refused(books.client.head(f"{nowhere}/metrics/count"), 404, "0037")


def test_nothing_can_be_made_in_a_deleted_ledger(books: Books, everything: Everything) -> None:
    gone(books.client.delete(books.ledger))
    before = everything()
    refused(books.client.post(books.portfolios, ALL), 404, "0037")
    refused(books.client.get(books.portfolios), 404, "0037")
    refused(books.client.head(f"{books.portfolios}/metrics/count"), 404, "0037")
    assert everything() == before


# ------------------------------------------------------------------------------------------------------------ accounts


def test_an_account_that_names_a_deleted_portfolio_keeps_its_id(books: Books) -> None:
    books.add("BRL")
    path = portfolio(books)
    identity = path.rpartition("/")[2]
    body = {"assetCode": "BRL", "type": "deposit", "portfolioId": identity}
    account = f"{books.ledger}/accounts/{made(books.client.post(f'{books.ledger}/accounts', body)).id}"
    gone(books.client.delete(path))
    assert done(books.client.get(account))["portfolioId"] == identity
