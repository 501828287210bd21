"""Fields that are bad for their resource."""

from typing import Any

import pytest

from tests.integration.ledger_api.bad import Bad, check
from tests.integration.ledger_api.books import ASSET, NOBODYS, refused
from tests.integration.ledger_api.shelves import Shelf
from tests.integration.stores import Everything

FIELDS: dict[str, tuple[str, dict[str, Any], Bad]] = {
    "an organization without a name": (
        "organizations",
        {"legalDocument": "1"},
        Bad("", "0009", "legalName", "required"),
    ),
    "an organization without a document": (
        "organizations",
        {"legalName": "Acme"},
        Bad("", "0009", "legalDocument", "required"),
    ),
    **{
        f"an organization's {what} {field}": (
            "organizations",
            {"legalName": "Acme", "legalDocument": "1", field: value},
            Bad("", "0047", field, says),
        )
        for field in ("legalName", "legalDocument", "doingBusinessAs")
        for what, value, says in (
            ("empty", "", "at least 1"),
            ("blank", " ", "blank"),
            ("long", "x" * 257, "at most 256"),
            ("numeric", 5, "must be a string"),
        )
    },
    **{
        f"an organization's {field} null": (
            "organizations",
            {"legalName": "Acme", "legalDocument": "1", field: None},
            Bad("", "0047", field, "must be a string"),
        )
        for field in ("legalName", "legalDocument")
    },
    **{
        f"an organization's address with {what}": (
            "organizations",
            {"legalName": "Acme", "legalDocument": "1", "address": address},
            Bad("", code, field, says),
        )
        for what, address, code, field, says in (
            ("text for an object", "here", "0047", "address", "must be an object"),
            ("an unknown field", {"street": "x"}, "0053", "address.street", "Leave out"),
            ("a long line", {"line1": "x" * 257}, "0047", "address.line1", "at most 256"),
            ("a number", {"zipCode": 1310}, "0047", "address.zipCode", "must be a string"),
            ("an unknown country", {"country": "XX"}, "0032", "address.country", "ISO 3166-1"),
            ("a country in lower case", {"country": "br"}, "0032", "address.country", "upper case"),
            ("a country that is a number", {"country": 76}, "0047", "address.country", "must be a string"),
        )
    },
    **{
        f"an organization's parent {what}": (
            "organizations",
            {"legalName": "Acme", "legalDocument": "1", "parentOrganizationId": parent},
            Bad("", "0047", "parentOrganizationId", says),
        )
        for what, parent, says in (
            ("malformed", "acme", "UUID"),
            ("in upper case", NOBODYS.replace("0", "A"), "lower case"),
            ("numeric", 5, "must be a string"),
        )
    },
    **{
        f"{kind}: no name": (kind, {}, Bad("", "0009", "name", "required"))
        for kind in ("ledgers", "portfolios", "segments")
    },
    **{
        f"{kind}: {what} name": (kind, {**body, "name": name}, Bad("", "0047", "name", says))
        for kind, body in (("ledgers", {}), ("assets", dict(ASSET)), ("portfolios", {}), ("segments", {}))
        for what, name, says in (
            ("empty", "", "at least 1"),
            ("blank", "\t\u2003", "blank"),
            ("long", "x" * 257, "at most 256"),
            ("numeric", 5, "must be a string"),
            ("absent", None, "must be a string"),
        )
    },
    **{
        f"an asset without a {field}": (
            "assets",
            {name: value for name, value in ASSET.items() if name != field},
            Bad("", "0009", field, "required"),
        )
        for field in ASSET
    },
    **{
        f"an asset's {field} {value!r:.20}": ("assets", {**ASSET, field: value}, Bad("", code, field, says))
        for field, value, code, says in (
            ("type", "token", "0040", "'crypto', 'currency', 'commodity' or 'others'"),
            ("type", None, "0040", "'crypto', 'currency', 'commodity' or 'others'"),
            ("type", 1, "0040", "'crypto', 'currency', 'commodity' or 'others'"),
            ("code", "btc", "0004", "must be upper case: BTC"),
            ("code", "Btc", "0004", "must be upper case: BTC"),
            ("code", "", "0033", "letters A-Z and digits"),
            ("code", "1INCH", "0033", "first a letter"),
            ("code", "BT-C", "0033", "letters A-Z and digits"),
            ("code", "ÇÃO", "0033", "letters A-Z and digits"),
            ("code", "X" * 101, "0033", "1 to 100"),
            ("code", 5, "0047", "must be a string"),
            ("code", None, "0047", "must be a string"),
            ("decimals", -1, "0047", "greater than or equal to 0"),
            ("decimals", 37, "0047", "less than or equal to 36"),
            ("decimals", 2.5, "0047", "must be a whole number"),
            ("decimals", "2", "0047", "must be a whole number"),
            ("decimals", True, "0047", "must be a whole number"),
            ("decimals", 10**30, "0047", "must be a whole number"),
        )
    },
    "a currency that is none": (
        "assets",
        {**ASSET, "type": "currency", "code": "BTC"},
        Bad("", "0005", "code", "of another type than currency"),
    ),
    **{
        f"a portfolio's {what} entity": (
            "portfolios",
            {"name": "Savings", "entityId": entity},
            Bad("", "0047", "entityId", says),
        )
        for what, entity, says in (
            ("empty", "", "at least 1"),
            ("blank", "\t\u2003", "blank"),
            ("long", "x" * 257, "at most 256"),
            ("numeric", 5, "must be a string"),
        )
    },
    "a segment's entity": (
        "segments",
        {"name": "Retail", "entityId": "customer-1"},
        Bad("", "0053", "entityId", "Leave out"),
    ),
}
"""Bodies that are bad for their resource."""


@pytest.mark.parametrize(("shelf", "body", "bad"), FIELDS.values(), ids=FIELDS, indirect=["shelf"])
def test_a_bad_field(shelf: Shelf, everything: Everything, body: dict[str, Any], bad: Bad) -> None:
    before = everything()
    check(shelf.client.post(shelf.path, body), bad)
    assert everything() == before


@pytest.mark.parametrize("shelf", ["portfolios"], indirect=True)
@pytest.mark.parametrize("entity", ["", " ", "x" * 257, 5, True, {}])
def test_a_bad_field_in_a_change(shelf: Shelf, everything: Everything, entity: object) -> None:
    path = shelf.one(1)
    before = everything()
    refused(shelf.client.patch(path, {"name": "Renamed", "entityId": entity}), 400, "0047", "entityId")
    assert everything() == before


@pytest.mark.parametrize(
    ("shelf", "field"),
    [
        *(("organizations", field) for field in ("id", "legalDocument", "createdAt", "updatedAt", "deletedAt")),
        *(("ledgers", field) for field in ("id", "organizationId", "createdAt", "assets", "version")),
        *(("assets", field) for field in ("id", "ledgerId", "organizationId", "type", "code", "decimals", "deletedAt")),
        *(("portfolios", field) for field in ("id", "ledgerId", "organizationId", "deletedAt", "entity_id", "version")),
        *(("segments", field) for field in ("id", "ledgerId", "organizationId", "deletedAt", "entityId", "version")),
    ],
    indirect=["shelf"],
)
def test_a_field_that_cannot_be_changed(shelf: Shelf, everything: Everything, field: str) -> None:
    path = shelf.one(1)
    before = everything()
    answer = shelf.client.patch(path, {shelf.name: "Renamed", field: None})
    check(answer, Bad("", "0053", field, "Leave out"))
    assert everything() == before
