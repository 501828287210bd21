"""Queries of lists: which rows, in which order, from where."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable

import pytest

from coffer.api import queries
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.assets import AssetFilters
from coffer.models.listing import Filters, Listing

PLACE = "cli_1 /v1/organizations"
POSITION = "-0AZ_az0000000000000000"


def read(raw: str, *, filters: type[Filters] = AssetFilters, place: str = PLACE, bare: bool = False) -> queries.Query:
    """A query string, read."""
    return queries.read(queries.pairs_of(raw), filters, place=place, bare=bare)


def refusal(function: Callable[[], object]) -> Refusal:
    """What a function refuses with."""
    with pytest.raises(Refusal) as refused:
        function()
    return refused.value


def test_without_parameters_a_list_is_its_first_ten_rows_in_the_order_of_their_creation() -> None:
    query = read("")
    assert query.listing == Listing(limit=10, ascending=True)
    assert (query.page, query.bare) == (1, False)


def test_a_bare_list_has_a_thousand_rows_until_it_is_asked_for_a_page() -> None:
    assert read("type=crypto", bare=True).listing.limit == 1000
    assert read("", bare=True).bare
    for paged in ("limit=5", "page=1", f"cursor={read('').cursor(POSITION)}"):
        assert not read(paged, bare=True).bare


@pytest.mark.parametrize("limit", [1, 10, 100])
def test_a_limit_is_1_to_100(limit: int) -> None:
    assert read(f"limit={limit}").listing.limit == limit


@pytest.mark.parametrize(
    "limit", ["0", "101", "-1", "+1", "1.0", "1e1", "x", "", "%20", "1%20", "%D9%A3", "1000000000"]
)
def test_any_other_limit_is_refused(limit: str) -> None:
    refused = refusal(lambda: read(f"limit={limit}"))
    assert (refused.reason, list(refused.fields)) == (Reason.LIMIT_INVALID, ["limit"])


def test_an_order_is_asc_or_desc() -> None:
    assert read("sort_order=asc").listing.ascending
    assert not read("sort_order=desc").listing.ascending


@pytest.mark.parametrize("order", ["", "ASC", "up", "asc,desc"])
def test_any_other_order_is_refused(order: str) -> None:
    refused = refusal(lambda: read(f"sort_order={order}"))
    assert (refused.reason, list(refused.fields)) == (Reason.SORT_ORDER_INVALID, ["sort_order"])


@pytest.mark.parametrize(
    ("raw", "first", "last"),
    [
        ("start_date=2026-01-15", 1_768_435_200_000, None),
        ("end_date=2026-01-15", None, 1_768_521_599_999),
        ("start_date=2026-01-15&end_date=2026-01-15", 1_768_435_200_000, 1_768_521_599_999),
        ("start_date=2026-01-15T10:40:00.000Z", 1_768_473_600_000, None),
        ("end_date=2026-01-15T07:40:00-03:00", None, 1_768_473_600_000),
        ("start_date=2026-01-15T16:10:00%2B05:30", 1_768_473_600_000, None),
        ("start_date=1900-01-01", -2_208_988_800_000, None),
    ],
)
def test_dates_are_days_or_moments_and_both_inclusive(raw: str, first: int | None, last: int | None) -> None:
    listing = read(raw).listing
    assert (listing.first, listing.last) == (first, last)


@pytest.mark.parametrize("name", ["start_date", "end_date"])
@pytest.mark.parametrize("value", ["", "x", "2026-02-30", "2026-01-15T10:40", "15/01/2026", "1768473600000"])
def test_any_other_date_is_refused(name: str, value: str) -> None:
    refused = refusal(lambda: read(f"{name}={value}"))
    assert (refused.reason, list(refused.fields)) == (Reason.DATE_INVALID, [name])


def test_a_list_cannot_end_before_it_begins() -> None:
    refused = refusal(lambda: read("start_date=2026-01-16&end_date=2026-01-15"))
    assert (refused.reason, list(refused.fields)) == (Reason.DATES_REVERSED, ["end_date"])


def test_a_page_is_an_offset() -> None:
    assert read("page=1").listing.skip == 0
    assert read("page=3&limit=20").listing.skip == 40


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1.5", "1002", "999999999", "1000000000"])
def test_a_page_number_is_1_or_more_and_has_its_bound(page: str) -> None:
    refused = refusal(lambda: read(f"page={page}"))
    assert (refused.reason, list(refused.fields)) == (Reason.QUERY_INVALID, ["page"])


def test_filters_are_the_resources_own_and_its_metadata() -> None:
    listing = read("type=crypto&status=001&code=BTC&metadata.a=1&metadata.b.c=x%20y&metadata.=z").listing
    assert listing.filters == {"type": "crypto", "status": "001", "code": "BTC"}
    assert list(listing.metadata) == [("a", "1"), ("b.c", "x y"), ("", "z")]


@pytest.mark.parametrize("raw", ["type=x", "type=", "type=CRYPTO"])
def test_a_filter_has_the_values_of_its_field(raw: str) -> None:
    refused = refusal(lambda: read(raw))
    assert (refused.reason, list(refused.fields)) == (Reason.QUERY_INVALID, ["type"])
    assert "'crypto', 'currency', 'commodity' or 'others'" in refused.message


@pytest.mark.parametrize("name", ["foo", "Limit", "name", "sortOrder", "metadata", "offset", "skip", ""])
def test_a_parameter_that_is_not_known_is_refused(name: str) -> None:
    refused = refusal(lambda: read(f"{name}=1"))
    assert (refused.reason, list(refused.fields)) == (Reason.QUERY_INVALID, [name])


def test_what_filters_one_resource_is_unknown_to_another() -> None:
    assert list(refusal(lambda: read("type=crypto", filters=Filters)).fields) == ["type"]


@pytest.mark.parametrize("raw", ["limit=1&limit=1", "type=crypto&type=crypto", "metadata.a=1&metadata.a=2"])
def test_a_parameter_may_stand_once_only(raw: str) -> None:
    refused = refusal(lambda: read(raw))
    assert (refused.reason, list(refused.fields)) == (Reason.QUERY_INVALID, [raw.partition("=")[0]])


@pytest.mark.parametrize("raw", ["metadata.a=%FF", "%FF=1", "&".join(f"metadata.a{n}=1" for n in range(51))])
def test_a_query_that_is_not_utf_8_or_has_too_many_parameters_is_refused(raw: str) -> None:
    assert refusal(lambda: read(raw)).reason is Reason.QUERY_INVALID


def test_where_nothing_can_be_asked_a_parameter_is_refused() -> None:
    queries.require(queries.pairs_of(""))
    refused = refusal(lambda: queries.require(queries.pairs_of("type=crypto")))
    assert (refused.reason, list(refused.fields)) == (Reason.QUERY_INVALID, ["type"])


# ------------------------------------------------------------------------------------------------------------- cursors


def test_a_cursor_leads_on_from_its_row_and_one_backwards_leads_back_to_it() -> None:
    query = read("limit=5")
    onwards = read(f"limit=5&cursor={query.cursor(POSITION)}")
    assert (onwards.page, onwards.listing) == (2, Listing(limit=5, position=POSITION))
    back = read(f"cursor={onwards.cursor(POSITION, backwards=True)}")
    assert (back.page, back.listing) == (1, Listing(limit=10, position=POSITION, backwards=True))


def test_where_there_is_no_further_page_there_is_no_cursor() -> None:
    assert read("").cursor(None) is None


def test_a_cursor_is_text_that_a_query_carries_as_it_is() -> None:
    cursor = read("").cursor(POSITION) or ""
    assert cursor.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    "raw",
    ["sort_order=desc", "type=crypto", "status=x", "start_date=2026-01-15", "end_date=2026-01-15", "metadata.a=1"],
)
def test_a_cursor_belongs_to_its_selection_of_rows(raw: str) -> None:
    with_it, without = read(raw).cursor(POSITION), read("").cursor(POSITION)
    assert read(f"{raw}&cursor={with_it}").listing.position == POSITION
    assert list(refusal(lambda: read(f"cursor={with_it}")).fields) == ["cursor"]
    assert list(refusal(lambda: read(f"{raw}&cursor={without}")).fields) == ["cursor"]


def test_the_order_of_the_parameters_makes_no_difference_to_a_cursor() -> None:
    cursor = read("type=crypto&metadata.a=1&metadata.b=2").cursor(POSITION)
    assert read(f"cursor={cursor}&metadata.b=2&limit=3&metadata.a=1&type=crypto").listing.position == POSITION


def test_a_cursor_belongs_to_its_client_and_its_list() -> None:
    cursor = read("").cursor(POSITION)
    assert list(refusal(lambda: read(f"cursor={cursor}", place="cli_2 /v1/organizations")).fields) == ["cursor"]
    assert list(refusal(lambda: read(f"cursor={cursor}", place="cli_1 /v1/organizations/1/ledgers")).fields) == [
        "cursor"
    ]


def _cursor(*parts: object) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


BINDING = read("").binding


NOT_CURSORS = {
    "empty": "",
    "one character": "x",
    "not ASCII": "%C3%A9",
    "not JSON": "eyJ9",
    "not UTF-8": urlsafe_b64encode(b"\xff\xfe").decode(),
    "nothing in it": _cursor(),
    "too little in it": _cursor(BINDING, 0, 1),
    "too much in it": _cursor(BINDING, 0, 1, POSITION, 1),
    "of another list": _cursor("0" * 16, 0, 1, POSITION),
    "of no direction": _cursor(BINDING, 2, 1, POSITION),
    "page 0": _cursor(BINDING, 0, 0, POSITION),
    "page -1": _cursor(BINDING, 0, -1, POSITION),
    "page in quotes": _cursor(BINDING, 0, "1", POSITION),
    "page of 5,000 digits": urlsafe_b64encode(f'["{BINDING}",0,{"9" * 5000},"{POSITION}"]'.encode()).decode(),
    "no position": _cursor(BINDING, 0, 1, None),
    "empty position": _cursor(BINDING, 0, 1, ""),
    "long position": _cursor(BINDING, 0, 1, POSITION * 5),
    "position with NUL": _cursor(BINDING, 0, 1, "\0"),
    "position with a space": _cursor(BINDING, 0, 1, "a b"),
    "deeply nested": urlsafe_b64encode(b"[" * 7500).decode(),
    "nested deeper than any parser goes": urlsafe_b64encode(b"[" * 1_000_000).decode(),
}


@pytest.mark.parametrize("cursor", NOT_CURSORS.values(), ids=NOT_CURSORS)
def test_whatever_else_is_sent_as_a_cursor_is_refused(cursor: str) -> None:
    refused = refusal(lambda: read(f"cursor={cursor}"))
    assert (refused.reason, list(refused.fields)) == (Reason.QUERY_INVALID, ["cursor"])


def test_a_page_and_a_cursor_cannot_be_given_together() -> None:
    refused = refusal(lambda: read(f"page=2&cursor={read('').cursor(POSITION)}"))
    assert (refused.reason, list(refused.fields)) == (Reason.QUERY_INVALID, ["page"])


def test_a_bare_list_goes_on_at_a_link_with_its_filters() -> None:
    query = read("type=crypto&metadata.a=x%20y%26z", bare=True)
    link = query.following(POSITION)
    assert link.startswith("?type=crypto&metadata.a=x+y%26z&cursor=")
    following = read(link.removeprefix("?"), bare=True)
    assert (following.bare, following.listing.position, following.listing.limit) == (True, POSITION, 1000)
    assert following.listing.filters == {"type": "crypto"}
    assert following.following(POSITION) == link


def test_asked_for_a_page_a_bare_lists_link_leads_to_one() -> None:
    link = read("", bare=True).following(POSITION)
    page = read(f"{link.removeprefix('?')}&limit=20", bare=True)
    assert (page.bare, page.listing.position, page.listing.limit, page.page) == (False, POSITION, 20, 1)
