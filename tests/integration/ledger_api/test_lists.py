"""Lists: limits, order, dates, filters, pages and cursors, of every resource."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest

from coffer.ids import created_at
from coffer.times import rfc3339
from tests.integration.ledger_api.books import Books, counted, done, gone, made, refused
from tests.integration.ledger_api.shelves import Shelf, of_every_resource, of_every_resource_and_store
from tests.support.world import World

DAY = 86_400_000
HOUR = 3_600_000


def walk(shelf: Shelf, query: str, cursor: str | None = None, *, backwards: bool = False) -> list[list[str]]:
    """The names on each page, from the first or from a cursor on to the last one, or with `backwards` to the first."""
    page = shelf.page(f"{query}&cursor={cursor}" if cursor else query)
    names = [row[shelf.name] for row in page["items"]]
    onwards = page["prev_cursor" if backwards else "next_cursor"]
    return [names, *(walk(shelf, query, onwards, backwards=backwards) if onwards else [])]


def fill(shelf: Shelf, count: int) -> None:
    """Adds so many, numbered from 1."""
    for number in range(1, count + 1):
        shelf.add(number)


# ------------------------------------------------------------------------------------------------------- limit, order


@of_every_resource
def test_a_page_has_ten_rows_unless_it_is_told(shelf: Shelf) -> None:
    fill(shelf, 12)
    page = shelf.page("page=1")
    assert (len(page["items"]), page["limit"], page["page"]) == (10, 10, 1)
    assert len(shelf.listed("limit=11")) == 11
    assert len(shelf.listed("limit=100")) == 12
    assert shelf.page("limit=100")["limit"] == 100


@of_every_resource
def test_an_order_is_of_creation_and_oldest_first_unless_it_is_told(shelf: Shelf) -> None:
    fill(shelf, 3)
    assert shelf.listed() == shelf.listed("sort_order=asc") == shelf.named(1, 2, 3)
    assert shelf.listed("sort_order=desc") == shelf.named(3, 2, 1)


def test_an_update_does_not_move_a_row(books: Books) -> None:
    first = books.add("A").id
    books.add("B")
    done(books.client.patch(f"{books.assets}/{first}", {"name": "Renamed"}))
    assert books.listed() == ["A", "B"]


# --------------------------------------------------------------------------------------------------------------- dates


@of_every_resource
def test_dates_bound_a_list_and_both_are_inclusive(shelf: Shelf, world: World) -> None:
    moments = {}
    for number in range(1, 5):
        moments[number] = rfc3339(created_at(shelf.add(number).id))
        world.clock.now += HOUR
    assert shelf.listed(f"start_date={moments[2]}") == shelf.named(2, 3, 4)
    assert shelf.listed(f"end_date={moments[3]}") == shelf.named(1, 2, 3)
    assert shelf.listed(f"start_date={moments[2]}&end_date={moments[3]}") == shelf.named(2, 3)
    assert shelf.listed(f"start_date={moments[2]}&end_date={moments[2]}") == shelf.named(2)
    assert shelf.listed(f"sort_order=desc&start_date={moments[3]}") == shelf.named(4, 3)


@of_every_resource
def test_a_day_is_all_of_its_moments_in_utc(shelf: Shelf, world: World) -> None:
    midnight = world.clock.now // DAY * DAY + DAY
    for number, moment in enumerate((midnight - 2, midnight - 1, midnight + DAY - 2, midnight + DAY - 1), start=1):
        world.clock.now = moment
        shelf.add(number)
    day = rfc3339(midnight)[:10]
    assert shelf.listed(f"start_date={day}&end_date={day}") == shelf.named(2, 3)
    assert shelf.listed(f"start_date={day}") == shelf.named(2, 3, 4)
    assert shelf.listed(f"end_date={day}") == shelf.named(1, 2, 3)


@of_every_resource
def test_a_moment_may_be_given_with_an_offset(shelf: Shelf) -> None:
    fill(shelf, 1)
    assert shelf.listed("start_date=2026-01-15T12:40:00%2B03:00") == shelf.named(1)
    assert shelf.listed("end_date=2026-01-15T12:40:00%2B03:00") == []


@of_every_resource
def test_dates_before_1970_are_before_everything(shelf: Shelf) -> None:
    fill(shelf, 1)
    assert shelf.listed("start_date=1900-01-01") == shelf.named(1)
    assert shelf.listed("start_date=0001-01-01&end_date=9999-12-31") == shelf.named(1)
    assert shelf.listed("end_date=1900-01-01") == []


# ------------------------------------------------------------------------------------------------------------- filters


@of_every_resource
def test_all_the_metadata_that_is_given_must_match_by_its_type(shelf: Shelf) -> None:
    shelf.add(1, metadata={"kind": "a", "on": True, "rate": 12.5, "n": 1})
    shelf.add(2, metadata={"kind": "b", "on": False, "rate": 12.5, "n": 123456789012345678})
    shelf.add(3, metadata={"kind": "a", "on": "true", "rate": "12.5", "x.y z": "é&"})
    shelf.add(4)
    assert shelf.listed("metadata.kind=a") == shelf.named(1, 3)
    assert shelf.listed("metadata.kind=a&metadata.n=1") == shelf.named(1)
    assert shelf.listed("metadata.on=true") == shelf.named(1, 3)
    assert shelf.listed("metadata.on=false") == shelf.named(2)
    assert shelf.listed("metadata.rate=12.5") == shelf.named(1, 2, 3)
    assert shelf.listed("metadata.rate=12.50") == shelf.named(1, 2)
    assert shelf.listed("metadata.n=1.0") == shelf.named(1)
    assert shelf.listed("metadata.n=123456789012345678") == shelf.named(2)
    assert shelf.listed("metadata.n=123456789012345677") == []
    assert shelf.listed("metadata.x.y%20z=%C3%A9%26") == shelf.named(3)
    assert shelf.listed("metadata.kind=A") == []
    assert shelf.listed("metadata.other=a") == []
    assert shelf.listed("metadata.kind=") == []


def test_assets_are_filtered_by_type_code_and_status(books: Books) -> None:
    books.add("BTC", type="crypto", status={"code": "001"})
    books.add("BRL", type="currency", status={"code": "002"})
    books.add("ETH", type="crypto", status={"code": "002"})
    assert books.listed("type=crypto") == ["BTC", "ETH"]
    assert books.listed("code=BRL") == ["BRL"]
    assert books.listed("code=brl") == books.listed("code=") == books.listed(f"code={'X' * 3_000}") == []
    assert books.listed("code=BRL&type=currency&start_date=2026-01-15") == ["BRL"]
    assert books.listed("code=BRL&type=crypto") == books.listed("code=BRL&end_date=2026-01-14") == []
    assert books.listed("status=002") == ["BRL", "ETH"]
    assert books.listed("status=002&type=crypto") == ["ETH"]
    assert books.listed("type=crypto&sort_order=desc") == ["ETH", "BTC"]
    assert books.listed("type=commodity") == []


def test_a_code_is_found_among_however_many_without_looking_at_others(books: Books) -> None:
    for number in range(30):
        books.add(f"X{number}")
    books.world.recorder.calls.clear()
    assert books.listed("code=X29") == ["X29"]
    assert [call.operation for call in books.world.recorder.calls] == ["get_item"] * 2


def test_a_code_is_that_of_the_asset_that_has_it_now(books: Books) -> None:
    asset = f"{books.assets}/{books.add('BTC').id}"
    gone(books.client.delete(asset))
    assert books.listed("code=BTC") == []
    again = books.add("BTC").id
    assert [row["id"] for row in done(books.client.get(f"{books.assets}?code=BTC"))] == [again]


@of_every_resource
def test_a_filter_fills_its_pages_from_however_many_rows_it_takes(shelf: Shelf) -> None:
    for number in range(1, 25):
        shelf.add(number, metadata={"third": number % 3 == 0})
    assert walk(shelf, "metadata.third=true&limit=5") == [shelf.named(3, 6, 9, 12, 15), shelf.named(18, 21, 24)]


# --------------------------------------------------------------------------------------------------------------- pages


@of_every_resource
def test_a_page_number_is_an_offset(shelf: Shelf) -> None:
    fill(shelf, 7)
    assert shelf.listed("page=1&limit=3") == shelf.named(1, 2, 3)
    assert shelf.listed("page=2&limit=3") == shelf.named(4, 5, 6)
    assert shelf.listed("page=3&limit=3") == shelf.named(7)
    assert shelf.page("page=3&limit=3")["page"] == 3
    assert shelf.page("page=4&limit=3") == {
        "items": [],
        "limit": 3,
        "page": 4,
        "next_cursor": None,
        "prev_cursor": None,
    }
    assert shelf.listed("page=2&limit=3&sort_order=desc") == shelf.named(4, 3, 2)


@of_every_resource
def test_from_a_numbered_page_cursors_lead_on_both_ways(shelf: Shelf) -> None:
    fill(shelf, 7)
    page = shelf.page("page=2&limit=3")
    assert shelf.listed(f"limit=3&cursor={page['next_cursor']}") == shelf.named(7)
    assert shelf.listed(f"limit=3&cursor={page['prev_cursor']}") == shelf.named(1, 2, 3)


# ------------------------------------------------------------------------------------------------------------- cursors


@of_every_resource_and_store
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_cursors_lead_through_the_whole_list_and_back(shelf: Shelf, order: str) -> None:
    fill(shelf, 7)
    expected = shelf.named(*(range(1, 8) if order == "asc" else range(7, 0, -1)))
    forwards = walk(shelf, f"limit=3&sort_order={order}")
    assert forwards == [expected[:3], expected[3:6], expected[6:]]
    last = shelf.page(f"limit=3&sort_order={order}&page=3")
    back = walk(shelf, f"limit=3&sort_order={order}", last["prev_cursor"], backwards=True)
    assert back == [expected[3:6], expected[:3]]


@of_every_resource
def test_at_either_end_there_is_no_further_cursor(shelf: Shelf) -> None:
    fill(shelf, 6)
    first = shelf.page("limit=3")
    second = shelf.page(f"limit=3&cursor={first['next_cursor']}")
    again = shelf.page(f"limit=3&cursor={second['prev_cursor']}")
    assert (first["prev_cursor"], second["next_cursor"], again["prev_cursor"]) == (None, None, None)
    assert again["items"] == first["items"]
    assert again["next_cursor"]


@of_every_resource
def test_a_cursor_tells_the_number_of_its_page(shelf: Shelf) -> None:
    fill(shelf, 7)
    second = shelf.page(f"limit=3&cursor={shelf.page('limit=3')['next_cursor']}")
    third = shelf.page(f"limit=3&cursor={second['next_cursor']}")
    back = shelf.page(f"limit=3&cursor={third['prev_cursor']}")
    assert [page["page"] for page in (second, third, back)] == [2, 3, 2]


@of_every_resource
def test_the_limit_may_change_from_page_to_page(shelf: Shelf) -> None:
    fill(shelf, 7)
    cursor = shelf.page("limit=2")["next_cursor"]
    assert shelf.listed(f"limit=4&cursor={cursor}") == shelf.named(3, 4, 5, 6)
    assert shelf.page(f"cursor={cursor}")["limit"] == 10


@of_every_resource_and_store
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_cursor_skips_and_repeats_nothing_while_rows_come_and_go(shelf: Shelf, order: str) -> None:
    ids = {number: shelf.add(number).id for number in range(1, 10)}
    first = shelf.page(f"limit=3&sort_order={order}")
    seen = [row[shelf.name] for row in first["items"]]
    # One that was seen goes, so does the one that the cursor stands on, one that comes next, and a last one comes.
    for number in (1, 3, 4) if order == "asc" else (9, 7, 6):
        gone(shelf.client.delete(f"{shelf.path}/{ids[number]}"))
    shelf.add(10)
    pages = walk(shelf, f"limit=3&sort_order={order}", first["next_cursor"])
    rest = (
        [shelf.named(5, 6, 7), shelf.named(8, 9, 10)] if order == "asc" else [shelf.named(5, 4, 3), shelf.named(2, 1)]
    )
    assert (seen, pages) == (shelf.named(*((1, 2, 3) if order == "asc" else (9, 8, 7))), rest)


@of_every_resource
def test_a_cursor_backwards_skips_and_repeats_nothing_either(shelf: Shelf) -> None:
    ids = {number: shelf.add(number).id for number in range(1, 8)}
    cursor = shelf.page("limit=2&page=4")["prev_cursor"]
    for number in (7, 6, 3):
        gone(shelf.client.delete(f"{shelf.path}/{ids[number]}"))
    shelf.add(8)
    assert walk(shelf, "limit=2", cursor, backwards=True) == [shelf.named(4, 5), shelf.named(1, 2)]


@of_every_resource
def test_when_all_the_rest_has_gone_a_cursor_leads_to_an_empty_page(shelf: Shelf) -> None:
    ids = [shelf.add(number).id for number in range(1, 4)]
    cursor = shelf.page("limit=2")["next_cursor"]
    gone(shelf.client.delete(f"{shelf.path}/{ids[2]}"))
    page = shelf.page(f"limit=2&cursor={cursor}")
    assert (page["items"], page["next_cursor"]) == ([], None)


@of_every_resource
def test_with_filters_and_dates_cursors_lead_through_what_they_select(shelf: Shelf) -> None:
    for number in range(1, 13):
        shelf.add(number, metadata={"even": number % 2 == 0})
    query = "limit=2&metadata.even=true&start_date=2026-01-15&sort_order=desc"
    assert walk(shelf, query) == [shelf.named(12, 10), shelf.named(8, 6), shelf.named(4, 2)]


# ----------------------------------------------------------------------------------------------- cursors from elsewhere


@of_every_resource
@pytest.mark.parametrize("query", ["sort_order=desc", "metadata.a=1", "start_date=2026-01-15", "end_date=2030-01-01"])
def test_a_cursor_of_another_selection_is_refused(shelf: Shelf, query: str) -> None:
    for number in (1, 2, 3):
        shelf.add(number, metadata={"a": 1})
    cursor = shelf.page("limit=1")["next_cursor"]
    refused(shelf.client.get(f"{shelf.path}?limit=1&{query}&cursor={cursor}"), 400, "0082", "cursor")
    cursor = shelf.page(f"limit=1&{query}")["next_cursor"]
    refused(shelf.client.get(f"{shelf.path}?limit=1&cursor={cursor}"), 400, "0082", "cursor")


def test_a_cursor_of_another_list_is_refused(books: Books) -> None:
    second = made(books.client.post(books.ledgers, {"name": "Second"})).id
    for code in ("A", "B"):
        books.add(code)
    cursors = {
        books.assets: done(books.client.get(f"{books.assets}?limit=1"))["next_cursor"],
        books.ledgers: done(books.client.get(f"{books.ledgers}?limit=1"))["next_cursor"],
    }
    for path in (
        books.assets,
        books.portfolios,
        books.segments,
        books.ledgers,
        f"{books.ledgers}/{second}/assets",
        "/v1/organizations",
    ):
        for origin, cursor in cursors.items():
            if origin != path:
                refused(books.client.get(f"{path}?limit=1&cursor={cursor}"), 400, "0082", "cursor")


@of_every_resource
def test_a_cursor_of_another_client_is_refused_as_a_bad_one_is(shelf: Shelf, world: World) -> None:
    fill(shelf, 2)
    cursor = shelf.page("limit=1")["next_cursor"]
    stranger = world.client()
    theirs = stranger.get(f"{shelf.path}?limit=1&cursor={cursor}")
    refused(theirs, 400, "0082", "cursor")
    assert theirs.body == stranger.get(f"{shelf.path}?limit=1&cursor=x").body


@of_every_resource
def test_a_cursor_that_was_tampered_with_stays_in_the_list(shelf: Shelf) -> None:
    """Its position may be made up: it is only ever looked for among the client's own rows."""
    fill(shelf, 3)
    cursor = shelf.page("limit=1")["next_cursor"]
    binding, *rest, _ = json.loads(urlsafe_b64decode(cursor + "=="))
    for position, names in (("-", [1, 2, 3]), ("zzzz", []), ("CODE#BTC", None)):
        forged = urlsafe_b64encode(json.dumps([binding, *rest, position]).encode()).decode().rstrip("=")
        listed = shelf.listed(f"limit=100&cursor={forged}")
        assert set(listed) <= set(shelf.named(1, 2, 3))
        assert names is None or listed == shelf.named(*names)


@of_every_resource
@pytest.mark.parametrize("cursor", ["", "x", "null", "e30", "W10", "%00", "%F0%9F%98%80"])
def test_what_is_no_cursor_is_refused(shelf: Shelf, cursor: str) -> None:
    refused(shelf.client.get(f"{shelf.path}?cursor={cursor}"), 400, "0082", "cursor")


def test_a_count_knows_no_pages(books: Books) -> None:
    books.add("BTC")
    assert counted(books.client.head(f"{books.assets}/metrics/count")) == 1
    refused(books.client.head(f"{books.assets}/metrics/count?type=crypto"), 400, "0082", "type")
