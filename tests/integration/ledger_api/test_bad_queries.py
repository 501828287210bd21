"""Queries that are bad for every list, and for what is no list."""

import pytest

from tests.integration.ledger_api.bad import Bad, cases, check
from tests.integration.ledger_api.books import Books
from tests.integration.ledger_api.shelves import Shelf, of_every_resource
from tests.integration.stores import Everything

QUERIES = {
    "limit 0": Bad("limit=0", "0080", "limit", "1 to 100"),
    "limit 101": Bad("limit=101", "0080", "limit", "1 to 100"),
    "limit -1": Bad("limit=-1", "0080", "limit", "1 to 100"),
    "limit in words": Bad("limit=ten", "0080", "limit", "1 to 100"),
    "no limit": Bad("limit=", "0080", "limit", "1 to 100"),
    "an order of another kind": Bad("sort_order=up", "0081", "sort_order", "asc or desc"),
    "an order in upper case": Bad("sort_order=ASC", "0081", "sort_order", "asc or desc"),
    "no order": Bad("sort_order=", "0081", "sort_order", "asc or desc"),
    "a start that is no date": Bad("start_date=yesterday", "0077", "start_date", "2026-01-15"),
    "an end that is no date": Bad("end_date=15/01/2026", "0077", "end_date", "2026-01-15"),
    "a day that no calendar has": Bad("start_date=2026-02-30", "0077", "start_date", "2026-01-15"),
    "a time without an offset": Bad("start_date=2026-01-15T10:40:00", "0077", "start_date", "2026-01-15"),
    "a time that no year of UTC has": Bad("end_date=9999-12-31T23:59:59-12:00", "0077", "end_date", "2026-01-15"),
    "an end before the start": Bad(
        "start_date=2026-01-16&end_date=2026-01-15", "0078", "end_date", "before start_date"
    ),
    "page 0": Bad("page=0", "0082", "page", "from 1 up"),
    "page -1": Bad("page=-1", "0082", "page", "from 1 up"),
    "page in words": Bad("page=one", "0082", "page", "from 1 up"),
    "a page too far": Bad("page=999999999", "0082", "page", "cursor"),
    "a cursor that is none": Bad("cursor=x", "0082", "cursor", "begin again without it"),
    "a page and a cursor": Bad("page=1&cursor=x", "0082", "page", "together with cursor"),
    "a parameter twice": Bad("limit=1&limit=1", "0082", "limit", "stands twice"),
    "an unknown parameter": Bad("offset=1", "0082", "offset", "is not known here"),
    "a parameter in camel case": Bad("sortOrder=asc", "0082", "sortOrder", "is not known here"),
    "bytes that are not UTF-8": Bad("metadata.a=%FF", "0082", None, "UTF-8"),
    "51 parameters": Bad("&".join(f"metadata.a{n}=1" for n in range(51)), "0082", None, "50 parameters"),
}
"""Queries that are bad for every list."""


@of_every_resource
@cases(QUERIES)
def test_a_bad_query(shelf: Shelf, everything: Everything, bad: Bad) -> None:
    shelf.add(1)
    before = everything()
    check(shelf.client.get(f"{shelf.path}?{bad.text}"), bad)
    assert everything() == before


@pytest.mark.parametrize("kind", ["", "token", "Crypto", "crypto,currency"])
def test_a_filter_by_a_type_that_is_none(books: Books, kind: str) -> None:
    answer = books.client.get(f"{books.assets}?type={kind}")
    check(answer, Bad("", "0082", "type", "'crypto', 'currency', 'commodity' or 'others'"))


@of_every_resource
@pytest.mark.parametrize("method", ["POST", "GET", "PATCH", "DELETE", "HEAD"])
def test_a_parameter_where_there_is_nothing_to_ask(shelf: Shelf, everything: Everything, method: str) -> None:
    paths = {"POST": shelf.path, "HEAD": f"{shelf.path}/metrics/count"}
    body = {"POST": shelf.body(2), "PATCH": {shelf.name: "Renamed"}}.get(method)
    path = paths.get(method) or shelf.one(1)
    before = everything()
    answer = shelf.client.send(method, f"{path}?dry_run=true", body, {})
    check(answer, Bad("", "0082", "dry_run", "is not known here"))
    assert everything() == before
