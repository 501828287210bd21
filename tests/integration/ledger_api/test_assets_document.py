"""The Assets API's document, example by example.

Its time stamps and ids are illustrations. What the caller sets must come back as it was set, no field of an example may
be missing; more may be there.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.integration.ledger_api.books import Books, done, gone, made, refused
from tests.integration.stores import on_every_store

pytestmark = on_every_store

EXAMPLES = Path(__file__).parents[2] / "fixtures" / "assets_document"
SET_BY_THE_CALLER = ("name", "type", "code", "status", "metadata")


def example(name: str) -> Any:  # noqa: ANN401 -- an example of any shape
    """An example of the document."""
    return json.loads((EXAMPLES / f"{name}.json").read_text())


def as_sent(asset: Mapping[str, Any]) -> dict[str, Any]:
    """What of an asset a caller sets."""
    return {field: asset[field] for field in SET_BY_THE_CALLER if field in asset}


def assert_like(answer: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """An answer has every field of an example, with what the caller set."""
    assert answer.keys() >= expected.keys()
    assert as_sent(answer) == as_sent(expected)


def test_create_an_asset(books: Books) -> None:
    answer = made(books.client.post(books.assets, example("create_request"))).json
    assert_like(answer, example("create_answer"))
    assert (answer["organizationId"], answer["ledgerId"]) == (books.organization_id, books.ledger_id)
    assert answer["deletedAt"] is None


def test_create_an_asset_without_the_optional_status(books: Books) -> None:
    request = {name: value for name, value in example("create_request").items() if name != "status"}
    assert_like(made(books.client.post(books.assets, request)).json, example("create_answer"))


def test_retrieve_all_assets(books: Books) -> None:
    examples = example("list_answer")
    for each in examples:
        made(books.client.post(books.assets, as_sent(each)))
    answer = done(books.client.get(books.assets))
    assert isinstance(answer, list)
    assert len(answer) == len(examples)
    for asset, expected in zip(answer, examples, strict=True):
        assert_like(asset, expected)


def test_retrieve_all_assets_of_a_type(books: Books) -> None:
    for each in example("list_answer"):
        made(books.client.post(books.assets, as_sent(each)))
    assert books.listed("type=crypto") == ["BTC", "LINK"]
    assert books.listed("type=currency") == ["BRL"]
    assert books.listed("type=others") == []


def test_retrieve_an_asset_by_id(books: Books) -> None:
    expected = example("get_answer")
    created = made(books.client.post(books.assets, as_sent(expected)))
    answer = done(books.client.get(f"{books.assets}/{created.id}"))
    assert_like(answer, expected)
    assert answer == created.json


def test_update_an_asset_and_replace_its_metadata(books: Books) -> None:
    _, real, _ = example("list_answer")
    created = made(books.client.post(books.assets, as_sent(real)))
    answer = done(books.client.patch(f"{books.assets}/{created.id}", example("update_request")))
    assert_like(answer, example("update_answer"))
    assert "localBank" not in answer["metadata"]
    assert done(books.client.get(f"{books.assets}/{created.id}")) == answer


def test_delete_an_asset(books: Books) -> None:
    created = made(books.client.post(books.assets, example("create_request")))
    gone(books.client.delete(f"{books.assets}/{created.id}"))
    refused(books.client.get(f"{books.assets}/{created.id}"), 404, "0007")
    assert books.listed() == []
