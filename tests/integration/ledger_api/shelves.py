"""Organizations, ledgers and what lies in a ledger alike: an empty list of each, and how to fill it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.ledger_api.books import ASSET, LEDGER, ORGANIZATION, counted, done, made, open_books
from tests.support.world import Answer, Client


def _organization(number: int) -> dict[str, Any]:
    return {**ORGANIZATION, "legalName": f"Acme {number}"}


def _ledger(number: int) -> dict[str, Any]:
    return {**LEDGER, "name": f"Ledger {number}"}


def _asset(number: int) -> dict[str, Any]:
    return {**ASSET, "name": f"Asset {number}", "code": f"A{number}"}


def _portfolio(number: int) -> dict[str, Any]:
    return {"name": f"Portfolio {number}", "entityId": f"customer-{number}"}


def _segment(number: int) -> dict[str, Any]:
    return {"name": f"Segment {number}"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A client's list of one kind of resource, at a path of its own."""

    client: Client
    path: str
    body: Callable[[int], dict[str, Any]]
    missing: str
    """The code of the answer when one is not there."""
    name: str
    """The field that names one."""

    def add(self, number: int, **fields: object) -> Answer:
        """Creates one; numbers make them differ."""
        return made(self.client.post(self.path, {**self.body(number), **fields}))

    def one(self, number: int = 1, **fields: object) -> str:
        """Creates one; its path."""
        return f"{self.path}/{self.add(number, **fields).id}"

    def page(self, query: str = "") -> Any:  # noqa: ANN401 -- the envelope of a page
        """A page of the list; of a bare one too."""
        paged = query if {"limit", "page", "cursor"} & _names(query) else f"{query}&limit=10".lstrip("&")
        return done(self.client.get(f"{self.path}?{paged}"))

    def listed(self, query: str = "") -> list[str]:
        """The names on a page, in its order."""
        return [row[self.name] for row in self.page(query)["items"]]

    def named(self, *numbers: int) -> list[str]:
        """The names of those with these numbers."""
        return [self.body(number)[self.name] for number in numbers]

    def count(self) -> int:
        """How many there are."""
        return counted(self.client.head(f"{self.path}/metrics/count"))


def _names(query: str) -> set[str]:
    return {pair.partition("=")[0] for pair in query.split("&")}


def _organizations(client: Client) -> Shelf:
    return Shelf(client, "/v1/organizations", _organization, "0038", "legalName")


def _ledgers(client: Client) -> Shelf:
    organization = made(client.post("/v1/organizations", ORGANIZATION))
    return Shelf(client, f"/v1/organizations/{organization.id}/ledgers", _ledger, "0037", "name")


def _assets(client: Client) -> Shelf:
    return Shelf(client, open_books(client).assets, _asset, "0007", "name")


def _portfolios(client: Client) -> Shelf:
    return Shelf(client, f"{open_books(client).ledger}/portfolios", _portfolio, "0035", "name")


def _segments(client: Client) -> Shelf:
    return Shelf(client, f"{open_books(client).ledger}/segments", _segment, "0036", "name")


SHELVES: Mapping[str, Callable[[Client], Shelf]] = {
    "organizations": _organizations,
    "ledgers": _ledgers,
    "assets": _assets,
    "portfolios": _portfolios,
    "segments": _segments,
}

of_every_resource = pytest.mark.parametrize("shelf", SHELVES, indirect=True)
"""Runs a test for organizations, for ledgers, and for each kind of what lies in a ledger."""

of_every_resource_and_store = pytest.mark.parametrize(
    ("stage", "shelf"), [*(("fake", resource) for resource in SHELVES), ("moto", "ledgers")], indirect=True
)
"""Runs it on moto too, for the one that is neither too plain nor too slow there."""
