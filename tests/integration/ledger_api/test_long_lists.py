"""The bare array of the Assets document, and lists that are too long for one answer."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import TYPE_CHECKING, cast

import pytest

from coffer.ids import new_id
from coffer.store import keys
from tests.integration.ledger_api.books import Books, counted, done, gone, open_books
from tests.support.world import Answer, World

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

MOST_IN_AN_ARRAY = 1_000
PAGE = 4_000_000
LAMBDA_ANSWER = 6 * 1024 * 1024
"""Bytes that a function may answer: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

LINK = re.compile(r'<(\?[^>]+)>; rel="next"')


def multiply(books: Books, times: int, **fields: object) -> list[str]:
    """Makes an asset, and copies of it in the table, which is much faster than to make them all; their ids."""
    first = books.add("ORIGINAL", **fields).id
    fake = books.world.fake
    key = keys.asset(books.ref, first)
    item = fake.snapshot()[key.pk, key.sk]
    ids = [new_id(books.world.clock()) for _ in range(times - 1)]
    for each in ids:
        copy = {**item, "sk": {"S": keys.asset(books.ref, each).sk}}
        fake.put_item(TableName=fake.table, Item=cast("dict[str, UniversalAttributeValueTypeDef]", copy))
    return [first, *ids]


def ids_of(answer: Answer) -> list[str]:
    """The ids in an array or on a page."""
    body = done(answer)
    return [row["id"] for row in (body if isinstance(body, list) else body["items"])]


def follow(books: Books, query: str = "") -> list[Answer]:
    """The bare array that a query asks for, and all that its links lead to."""
    answers = [books.client.get(f"{books.assets}{query}")]
    while link := LINK.fullmatch(answers[-1].headers.get("Link", "")):
        answers.append(books.client.get(f"{books.assets}{link[1]}"))
    assert "Link" not in answers[-1].headers
    return answers


def test_without_limit_page_and_cursor_assets_are_a_bare_array_newest_last(books: Books) -> None:
    assert done(books.client.get(books.assets)) == []
    created = [books.add(code).json for code in ("A", "B", "C")]
    answer = books.client.get(books.assets)
    assert done(answer) == created
    assert "Link" not in answer.headers


def test_a_bare_array_can_be_filtered_and_turned_round(books: Books) -> None:
    books.add("A", type="crypto", metadata={"x": 1})
    books.add("B", type="others")
    books.add("C", type="crypto")
    assert books.listed("type=crypto") == ["A", "C"]
    assert books.listed("sort_order=desc") == ["C", "B", "A"]
    assert books.listed("metadata.x=1") == ["A"]
    assert books.listed("start_date=2026-01-15&end_date=2026-01-15") == ["A", "B", "C"]
    assert books.listed("end_date=2026-01-14") == []


@pytest.mark.parametrize("query", ["limit=10", "page=1"])
def test_asked_for_a_page_the_list_is_one(books: Books, query: str) -> None:
    books.add("A")
    page = done(books.client.get(f"{books.assets}?{query}"))
    assert page.keys() == {"items", "limit", "page", "next_cursor", "prev_cursor"}


def test_no_other_list_is_bare(books: Books) -> None:
    for path in ("/v1/organizations", books.ledgers, books.portfolios, books.segments):
        assert done(books.client.get(path)).keys() == {"items", "limit", "page", "next_cursor", "prev_cursor"}


def test_a_thousand_assets_are_one_array(books: Books) -> None:
    ids = multiply(books, MOST_IN_AN_ARRAY)
    (answer,) = follow(books)
    assert ids_of(answer) == ids


def test_past_a_thousand_a_link_carries_on(books: Books) -> None:
    ids = multiply(books, 2 * MOST_IN_AN_ARRAY + 5)
    answers = follow(books)
    assert [len(done(answer)) for answer in answers] == [MOST_IN_AN_ARRAY, MOST_IN_AN_ARRAY, 5]
    assert all(isinstance(done(answer), list) for answer in answers)
    assert [each for answer in answers for each in ids_of(answer)] == ids


def test_the_link_keeps_the_filters_and_the_order(books: Books) -> None:
    ids = multiply(books, MOST_IN_AN_ARRAY + 3, type="others", metadata={"a b": "é&1"})
    books.add("B", type="crypto")
    answers = follow(books, "?type=others&sort_order=desc&metadata.a%20b=%C3%A9%261")
    assert [each for answer in answers for each in ids_of(answer)] == ids[::-1]


def test_what_was_deleted_takes_no_place_in_the_array(books: Books) -> None:
    for _ in range(3):
        gone(books.client.delete(f"{books.assets}/{books.add('ORIGINAL').id}"))
    ids = multiply(books, MOST_IN_AN_ARRAY)
    (answer,) = follow(books)
    assert ids_of(answer) == ids


def test_a_thousand_organizations_are_counted(world: World) -> None:
    client = world.client()
    open_books(client)
    fake = world.fake
    ((_, item),) = ((key, item) for key, item in fake.snapshot().items() if "legal_name" in item)
    for _ in range(1_100):
        sk = keys.organization(keys.OrganizationRef(client.client_id, new_id(world.clock()))).sk
        copy = {**item, "sk": {"S": sk}}
        fake.put_item(TableName=fake.table, Item=cast("dict[str, UniversalAttributeValueTypeDef]", copy))
    assert counted(client.head("/v1/organizations/metrics/count")) == 1_101


# ---------------------------------------------------------------------------------------------------------------- 4 MB


@pytest.mark.parametrize(
    "value",
    ["v" * 2_000, "é" * 1_000, '"' * 1_000, "\x01" * 330, "😀" * 500],
    ids=["ASCII", "two bytes", "quotes", "escapes", "four bytes"],
)
def test_a_page_ends_early_to_stay_under_4_mb_and_nothing_is_lost(books: Books, value: str) -> None:
    ids = multiply(books, 400, metadata={str(number): value for number in range(8)})
    answers = follow(books)
    assert len(answers) > 1
    assert [each for answer in answers for each in ids_of(answer)] == ids
    for answer in answers:
        assert len((answer.body or "").encode()) <= PAGE
        payload = {"statusCode": answer.status, "headers": dict(answer.headers), "body": answer.body}
        assert len(json.dumps(payload, ensure_ascii=False).encode()) <= LAMBDA_ANSWER


def test_a_page_that_could_hold_more_does(books: Books) -> None:
    multiply(books, 400, metadata={str(number): "v" * 2_000 for number in range(8)})
    first, *_ = follow(books)
    row = len(json.dumps(done(first)[0], separators=(",", ":")))
    assert PAGE - len(first.body or "") < PAGE / 20 + row


def test_numbers_of_pages_and_their_limits_are_exact_on_long_lists_too(books: Books) -> None:
    ids = multiply(books, 1_050)
    for page in count(1):
        answer = books.client.get(f"{books.assets}?limit=100&page={page}")
        assert ids_of(answer) == ids[(page - 1) * 100 : page * 100]
        if not done(answer)["next_cursor"]:
            break
    assert page == 11
