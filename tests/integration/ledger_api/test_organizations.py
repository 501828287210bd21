"""Organizations: the legal persons whose ledgers are kept."""

import pytest

from tests.integration.ledger_api.books import LEDGER, NOBODYS, ORGANIZATION, Books, done, gone, made, refused
from tests.support.world import Client

ALL = {
    "legalName": "Acme Pagamentos S.A.",
    "legalDocument": "00.000.000/0001-91",
    "doingBusinessAs": "Acme",
    "address": {
        "line1": "Av. Paulista 1",
        "line2": "10º andar",
        "zipCode": "01310-000",
        "city": "São Paulo",
        "state": "SP",
        "country": "BR",
    },
    "status": {"code": "001", "description": "Active"},
    "metadata": {"tier": 1},
}
NO_ADDRESS = dict.fromkeys(["line1", "line2", "zipCode", "city", "state", "country"])


def organization(client: Client, **fields: object) -> str:
    """Creates an organization; its path."""
    return f"/v1/organizations/{made(client.post('/v1/organizations', {**ORGANIZATION, **fields})).id}"


def test_a_name_and_a_document_are_enough(client: Client) -> None:
    answer = made(client.post("/v1/organizations", ORGANIZATION)).json
    expected = {
        **ORGANIZATION,
        "doingBusinessAs": None,
        "address": None,
        "parentOrganizationId": None,
        "status": {"code": "ACTIVE", "description": None},
        "metadata": {},
        "deletedAt": None,
    }
    assert answer.items() >= expected.items()
    assert answer.keys() == expected.keys() | {"id", "createdAt", "updatedAt"}


def test_everything_else_is_kept_as_it_is_sent(client: Client) -> None:
    parent = made(client.post("/v1/organizations", ORGANIZATION)).id
    answer = made(client.post("/v1/organizations", {**ALL, "parentOrganizationId": parent}))
    assert answer.json.items() >= {**ALL, "parentOrganizationId": parent}.items()
    assert done(client.get(f"/v1/organizations/{answer.id}")) == answer.json


@pytest.mark.parametrize("field", ["legalName", "legalDocument"])
def test_name_and_document_are_required(client: Client, field: str) -> None:
    body = {name: value for name, value in ALL.items() if name != field}
    refused(client.post("/v1/organizations", body), 400, "0009", field)


def test_two_organizations_may_have_one_name(client: Client) -> None:
    assert organization(client) != organization(client)


# ------------------------------------------------------------------------------------------------------------- address


def test_the_lines_of_an_address_may_be_left_out(client: Client) -> None:
    answer = done(client.get(organization(client, address={"city": "Lisboa"})))
    assert answer["address"] == {**NO_ADDRESS, "city": "Lisboa"}


def test_an_address_is_replaced_as_a_whole(client: Client) -> None:
    answer = done(client.patch(organization(client, **ALL), {"address": {"country": "PT"}}))
    assert answer["address"] == {**NO_ADDRESS, "country": "PT"}


@pytest.mark.parametrize("country", ["br", "BRA", "XX", ""])
def test_a_country_is_one_of_iso_3166(client: Client, country: str) -> None:
    body = {**ORGANIZATION, "address": {"country": country}}
    assert "ISO 3166-1" in refused(client.post("/v1/organizations", body), 400, "0032", "address.country")


# ------------------------------------------------------------------------------------------------------------- changes


@pytest.mark.parametrize("field", ["doingBusinessAs", "address", "parentOrganizationId"])
def test_what_an_organization_need_not_have_null_takes_away_and_leaving_it_out_does_not(
    client: Client, field: str
) -> None:
    path = organization(client, **{**ALL, "parentOrganizationId": made(client.post("/v1/organizations", ALL)).id})
    before = done(client.get(path))
    assert done(client.patch(path, {"metadata": {}}))[field] == before[field]
    after = done(client.patch(path, {field: None}))
    assert after[field] is None
    assert done(client.get(path)) == after


def test_the_legal_document_stays_for_good(client: Client) -> None:
    refused(client.patch(organization(client), {"legalDocument": "2"}), 400, "0053", "legalDocument")


# ------------------------------------------------------------------------------------------------------------- parents


def test_a_parent_is_an_organization_of_the_client(client: Client) -> None:
    parent = organization(client).rpartition("/")[2]
    child = organization(client)
    assert done(client.patch(child, {"parentOrganizationId": parent}))["parentOrganizationId"] == parent


def test_a_parent_that_is_not_there_is_404_and_named(client: Client) -> None:
    body = {**ORGANIZATION, "parentOrganizationId": NOBODYS}
    refused(client.post("/v1/organizations", body), 404, "0038", "parentOrganizationId")
    refused(client.patch(organization(client), {"parentOrganizationId": NOBODYS}), 404, "0038", "parentOrganizationId")


def test_a_deleted_organization_is_nobodys_parent(client: Client) -> None:
    path = organization(client)
    gone(client.delete(path))
    body = {**ORGANIZATION, "parentOrganizationId": path.rpartition("/")[2]}
    refused(client.post("/v1/organizations", body), 404, "0038", "parentOrganizationId")


def test_an_organization_is_not_its_own_parent(client: Client) -> None:
    path = organization(client)
    own = {"parentOrganizationId": path.rpartition("/")[2]}
    refused(client.patch(path, own), 400, "0047", "parentOrganizationId")


@pytest.mark.parametrize("parent", ["", "acme", NOBODYS.upper().replace("0", "A"), 5])
def test_a_parent_is_named_by_its_id(client: Client, parent: object) -> None:
    body = {**ORGANIZATION, "parentOrganizationId": parent}
    refused(client.post("/v1/organizations", body), 400, "0047", "parentOrganizationId")


# ------------------------------------------------------------------------------------------------------------ deletion


def test_an_organization_with_ledgers_cannot_be_deleted(books: Books) -> None:
    made(books.client.post(books.ledgers, {"name": "Second"}))
    assert "ledgers (2)" in refused(books.client.delete(books.organization), 409, "9002")
    assert done(books.client.get(books.organization))["id"] == books.organization_id


def test_when_its_ledgers_are_deleted_it_can_be_too(books: Books) -> None:
    gone(books.client.delete(books.ledger))
    gone(books.client.delete(books.organization))
    refused(books.client.get(books.organization), 404, "0038")


def test_nothing_can_be_made_or_found_in_a_deleted_organization(books: Books) -> None:
    gone(books.client.delete(books.ledger))
    gone(books.client.delete(books.organization))
    refused(books.client.post(books.ledgers, LEDGER), 404, "0038")
    refused(books.client.get(books.ledgers), 404, "0038")
    refused(books.client.head(f"{books.ledgers}/metrics/count"), 404, "0038")
    refused(books.client.get(books.ledger), 404, "0037")
