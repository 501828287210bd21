"""A POST that is sent again with its key is not done again."""

import json

import pytest

from tests.integration.ledger_api.books import (
    ASSET,
    NOBODYS,
    ORGANIZATION,
    Books,
    counted,
    done,
    gone,
    made,
    open_books,
    refused,
    replayed,
)
from tests.integration.ledger_api.shelves import Shelf, of_every_resource, of_every_resource_and_store
from tests.integration.stores import Everything
from tests.support.world import Client, World

KEY = "order 42"


# ------------------------------------------------------------------------------------------------------------- replays


@of_every_resource_and_store
@pytest.mark.parametrize("header", ["X_Idempotency", "Idempotency_Key"])
def test_the_same_key_and_body_give_the_first_answer_again(shelf: Shelf, everything: Everything, header: str) -> None:
    body = {**shelf.body(1), "metadata": {"a": 1, "b": 12.5}}
    first = made(shelf.client.post(shelf.path, body, **{header: KEY}))
    assert "X-Idempotency-Replayed" not in first.headers
    before = everything()
    replayed(shelf.client.post(shelf.path, body, **{header: KEY}), first)
    assert everything() == before
    assert shelf.count() == 1


def test_either_header_carries_the_key_and_so_do_both(books: Books) -> None:
    first = made(books.client.post(books.assets, ASSET, X_Idempotency=KEY))
    replayed(books.client.post(books.assets, ASSET, Idempotency_Key=KEY), first)
    replayed(books.client.post(books.assets, ASSET, Idempotency_Key=KEY, X_Idempotency=KEY), first)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(ASSET, indent=4),
        json.dumps(ASSET, separators=(",", ":")),
        json.dumps(dict(reversed(list(ASSET.items())))),
        json.dumps(ASSET).replace("B", "\\u0042"),
        f"\n\t {json.dumps(ASSET)} \r\n",
    ],
    ids=["indented", "tight", "in another order", "escaped", "padded"],
)
def test_the_same_json_written_otherwise_is_the_same_body(books: Books, body: str) -> None:
    first = made(books.client.post(books.assets, ASSET, Idempotency_Key=KEY))
    replayed(books.client.post(books.assets, body, Idempotency_Key=KEY), first)


def test_the_same_numbers_written_otherwise_are_the_same_body(books: Books) -> None:
    body = json.dumps({**ASSET, "metadata": {"n": "?"}})
    first = made(books.client.post(books.assets, body.replace('"?"', "150"), Idempotency_Key=KEY))
    for number in ("150.0", "1.5e2"):
        replayed(books.client.post(books.assets, body.replace('"?"', number), Idempotency_Key=KEY), first)


@of_every_resource
def test_the_first_answer_is_given_for_good_whatever_has_happened_since(shelf: Shelf, world: World) -> None:
    first = made(shelf.client.post(shelf.path, shelf.body(1), Idempotency_Key=KEY))
    path = f"{shelf.path}/{first.id}"
    done(shelf.client.patch(path, {shelf.name: "Renamed"}))
    replayed(shelf.client.post(shelf.path, shelf.body(1), Idempotency_Key=KEY), first)
    gone(shelf.client.delete(path))
    world.clock.now += 10 * 365 * 86_400_000
    replayed(shelf.client.post(shelf.path, shelf.body(1), Idempotency_Key=KEY), first)
    assert shelf.count() == 0


def test_the_first_answer_is_given_even_where_nothing_could_be_made_any_more(books: Books) -> None:
    first = made(books.client.post(books.assets, ASSET, Idempotency_Key=KEY))
    gone(books.client.delete(f"{books.assets}/{first.id}"))
    gone(books.client.delete(books.ledger))
    replayed(books.client.post(books.assets, ASSET, Idempotency_Key=KEY), first)
    refused(books.client.post(books.assets, ASSET), 404, "0037")


@of_every_resource
def test_without_a_key_nothing_is_known_again(shelf: Shelf) -> None:
    for number in (1, 2):
        assert "X-Idempotency-Replayed" not in shelf.add(number).headers
    assert shelf.count() == 2


def test_keys_are_told_apart_exactly(books: Books) -> None:
    for number, key in enumerate(["a", "A", "a ", "a#", "1", "01"]):
        body = {**ASSET, "name": key, "code": f"A{number}"}
        assert "X-Idempotency-Replayed" not in made(books.client.post(books.assets, body, Idempotency_Key=key)).headers


# ----------------------------------------------------------------------------------------------------------- conflicts


@of_every_resource_and_store
def test_another_body_under_the_same_key_is_refused_and_nothing_is_done(shelf: Shelf, everything: Everything) -> None:
    first = made(shelf.client.post(shelf.path, shelf.body(1), Idempotency_Key=KEY))
    before = everything()
    for other in (shelf.body(2), {**shelf.body(1), "metadata": {}}, {**shelf.body(1), "status": {"code": "X"}}):
        said = refused(shelf.client.post(shelf.path, other, Idempotency_Key=KEY), 422, "0084")
        assert "new key" in said
    assert everything() == before
    replayed(shelf.client.post(shelf.path, shelf.body(1), Idempotency_Key=KEY), first)


# ------------------------------------------------------------------------------------------------------------ refusals


@of_every_resource
def test_a_refused_request_does_not_use_up_its_key(shelf: Shelf, everything: Everything) -> None:
    before = everything()
    refused(shelf.client.post(shelf.path, {**shelf.body(1), "more": 1}, Idempotency_Key=KEY), 400, "0053", "more")
    assert everything() == before
    first = made(shelf.client.post(shelf.path, shelf.body(1), Idempotency_Key=KEY))
    assert "X-Idempotency-Replayed" not in first.headers


def test_nor_does_one_that_what_is_stored_stood_against(books: Books, everything: Everything) -> None:
    taken = books.add("BTC", name="Bitcoin").id
    before = everything()
    refused(books.client.post(books.assets, ASSET, Idempotency_Key=KEY), 409, "0003", "code")
    assert everything() == before
    gone(books.client.delete(f"{books.assets}/{taken}"))
    first = made(books.client.post(books.assets, ASSET, Idempotency_Key=KEY))
    replayed(books.client.post(books.assets, ASSET, Idempotency_Key=KEY), first)


def test_a_refused_request_may_come_again_with_another_body(books: Books) -> None:
    books.add("BTC", name="Bitcoin")
    refused(books.client.post(books.assets, {**ASSET, "name": "Another"}, Idempotency_Key=KEY), 409, "0003", "code")
    made(books.client.post(books.assets, {**ASSET, "name": "Another", "code": "XBT"}, Idempotency_Key=KEY))


# ------------------------------------------------------------------------------------------------------ whose key it is


def test_a_key_is_its_clients(world: World) -> None:
    first, second = world.client(), world.client()
    one = made(first.post("/v1/organizations", ORGANIZATION, Idempotency_Key=KEY))
    other = made(second.post("/v1/organizations", ORGANIZATION, Idempotency_Key=KEY))
    assert one.id != other.id
    assert "X-Idempotency-Replayed" not in other.headers


def test_a_key_is_its_paths(client: Client) -> None:
    books = open_books(client)
    other = made(client.post(books.ledgers, {"name": "Second"}, Idempotency_Key=KEY)).id
    paths = (books.assets, f"{books.ledgers}/{other}/assets")
    answers = [made(client.post(path, ASSET, Idempotency_Key=KEY)) for path in paths]
    assert [answer.json["ledgerId"] for answer in answers] == [books.ledger_id, other]


# ----------------------------------------------------------------------------------------------------------- the header


@of_every_resource
@pytest.mark.parametrize(
    "headers",
    [
        {"X_Idempotency": ""},
        {"Idempotency_Key": "x" * 256},
        {"Idempotency_Key": "tab\there"},
        {"Idempotency_Key": "clé"},
        {"X_Idempotency": "1", "Idempotency_Key": "2"},
        {"X_Idempotency": "1", "Idempotency_Key": ""},
    ],
    ids=["empty", "too long", "a control character", "not ASCII", "two that differ", "one of two empty"],
)
def test_a_key_that_cannot_be_kept_is_refused(shelf: Shelf, headers: dict[str, str]) -> None:
    refused(shelf.client.post(shelf.path, shelf.body(1), **headers), 400, "0047", "Idempotency-Key")
    assert shelf.count() == 0


@pytest.mark.parametrize("key", ["x", "x" * 255, " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"])
def test_1_to_255_printable_characters_are_a_key(books: Books, key: str) -> None:
    first = made(books.client.post(books.assets, ASSET, Idempotency_Key=key))
    replayed(books.client.post(books.assets, ASSET, Idempotency_Key=key), first)


def test_only_a_post_has_a_key(books: Books) -> None:
    path = f"{books.assets}/{books.add('BTC').id}"
    headers = {"Idempotency_Key": KEY}
    for number in (1, 2):
        answer = books.client.send("PATCH", path, {"metadata": {"n": number}}, headers)
        assert done(answer)["metadata"] == {"n": number}
    gone(books.client.send("DELETE", path, None, headers))
    refused(books.client.send("DELETE", path, None, headers), 404, "0007")


def test_a_key_does_not_open_what_the_caller_may_not_see(world: World) -> None:
    owner = open_books(world.client())
    made(owner.client.post(owner.assets, ASSET, Idempotency_Key=KEY))
    stranger = world.client()
    refused(stranger.post(owner.assets, ASSET, Idempotency_Key=KEY), 404, "0037")
    refused(stranger.post(f"{owner.ledgers}/{NOBODYS}/assets", ASSET, Idempotency_Key=KEY), 404, "0037")
    assert counted(owner.client.head(f"{owner.assets}/metrics/count")) == 1
