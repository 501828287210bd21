"""The whole table is read page by page, by requests that know nothing of each other but where the last one ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

import pytest
from botocore.exceptions import ClientError

from coffer.ids import pack
from coffer.ledger.refusal import Reason, Refusal
from coffer.store.keys import Key, LedgerRef
from coffer.store.meter import Call
from coffer.store.table import Page, Table
from coffer.store.values import Item, text
from tests.integration.stores import Everything, on_every_store
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults
from tests.support.template import table_definition
from tests.support.world import TIME_LEFT, World
from tools.scenarios import ASSET, Scene

MOST = 1_000


def _ledger(world: World) -> LedgerRef:
    """A new client's ledger, in which something was done."""
    client = world.client()
    path = Scene(world, client).asset().rpartition("/")[0]
    assert client.post(path, {**ASSET, "code": "ETH", "name": "Ether"}).status == 201
    _, _, organization, _, ledger, _ = path.removeprefix("/").split("/")
    return LedgerRef(client.client_id, organization, ledger)


def _pages(world: World, *prefixes: str, limit: int) -> Iterator[Page]:
    """All pages, each read by a request of its own."""
    page = world.table().scan(prefixes, limit=limit)
    yield page
    while page.next:
        page = world.table().scan(prefixes, page.next, limit=limit)
        yield page


def _key(item: Item) -> Key:
    return Key(text(item, "pk"), text(item, "sk"))


@on_every_store
@pytest.mark.parametrize("limit", [1, 7, MOST])
def test_a_scan_finds_all_that_is_in_a_ledger_once_and_nothing_else(
    world: World, everything: Everything, limit: int
) -> None:
    ledger, _ = _ledger(world), _ledger(world)
    found = [_key(item) for page in _pages(world, ledger.prefix, limit=limit) for item in page.items]
    wanted = [Key(pk, sk) for pk, sk in everything() if pk.startswith(ledger.prefix)]
    assert 0 < len(wanted) < len(everything()) / 2
    assert sorted(found, key=str) == sorted(wanted, key=str)


@on_every_store
def test_a_scan_for_several_prefixes_finds_what_has_either(world: World, everything: Everything) -> None:
    ledgers = _ledger(world), _ledger(world)
    _ledger(world)
    prefixes = tuple(each.prefix for each in ledgers)
    found = [_key(item) for page in _pages(world, *prefixes, limit=7) for item in page.items]
    wanted = [Key(pk, sk) for pk, sk in everything() if pk.startswith(prefixes)]
    assert 0 < len(wanted) < len(everything())
    assert sorted(found, key=str) == sorted(wanted, key=str)


@on_every_store
def test_items_come_as_get_would_give_them(world: World) -> None:
    page = world.table().scan((_ledger(world).prefix,), limit=MOST)
    assert page.items == world.table().get_each([_key(item) for item in page.items])


def test_a_collection_comes_in_one_piece_and_in_its_order(world: World) -> None:
    ledger = _ledger(world)
    keys = [_key(item) for page in _pages(world, pack(ledger.client_id), limit=3) for item in page.items]
    collections = {pk: list(of) for pk, of in groupby(keys, lambda key: key.pk)}
    assert sum(map(len, collections.values())) == len(keys)
    assert all(of == sorted(of, key=lambda key: key.sk) for of in collections.values())
    assert list(collections) != sorted(collections)


def test_what_does_not_begin_so_counts_toward_the_limit(world: World) -> None:
    _ledger(world)
    items = len(world.fake.snapshot())
    pages = list(_pages(world, "nothing begins so", limit=10))
    assert [page.items for page in pages] == [[]] * (items // 10 + 1)
    assert [page.next is None for page in pages] == [False] * (items // 10) + [True]


def test_a_page_ends_at_a_megabyte_whatever_its_limit() -> None:
    fake = FakeDynamoDB(table_definition())
    for number in range(5):
        fake.put_item(
            TableName="coffer",
            Item={"pk": {"S": "p"}, "sk": {"S": str(number)}, "body": {"S": "x" * 300_000}},
        )
    pages = list(_pages(World(fake=fake), "p", limit=MOST))
    assert [[item["sk"] for item in page.items] for page in pages] == [["0", "1", "2", "3"], ["4"]]
    assert [page.next for page in pages] == [Key("p", "3"), None]


def test_an_empty_table_is_through_at_once(world: World) -> None:
    assert world.table().scan(("p",), limit=1) == Page([], None)


def test_a_page_is_read_strongly_consistently_and_metered(world: World) -> None:
    world.fake.put_item(TableName="coffer", Item={"pk": {"S": "p"}, "sk": {"S": "1"}})
    table = world.table()
    table.scan(("p",), limit=1)
    assert table.meter.calls == [Call("scan", 1)]


def _struck(strike: Callable[[Faults], object]) -> tuple[World, Table]:
    """A table of one item, to which calls fail as planned."""
    fake = FakeDynamoDB(table_definition())
    fake.put_item(TableName="coffer", Item={"pk": {"S": "p"}, "sk": {"S": "1"}})
    faults = Faults(fake)
    strike(faults)
    world = World(faults, fake=fake)
    return world, world.table()


def test_a_page_is_asked_for_until_it_is_answered() -> None:
    def strike(faults: Faults) -> None:
        faults.lose_answer("scan")
        faults.fail("scan", "ThrottlingException", nth=2)
        faults.refuse_connection("scan", nth=3)
        faults.fail("scan", "InternalServerError", nth=4)

    world, table = _struck(strike)
    assert table.scan(("p",), limit=1) == Page([{"pk": "p", "sk": "1"}], Key("p", "1"))
    assert table.meter.retries == len(world.pauses) == 4


def test_a_page_that_cannot_be_read_in_time_is_refused() -> None:
    world, table = _struck(lambda faults: faults.refuse_connection("scan", nth=range(1, 10_000)))
    with pytest.raises(Refusal) as raised:
        table.scan(("p",), limit=1)
    assert raised.value.reason is Reason.UNAVAILABLE
    assert 0 < sum(world.pauses) < TIME_LEFT + len(world.pauses) / 1000  # the clock counts whole milliseconds


def test_a_scan_that_is_not_permitted_is_not_repeated() -> None:
    world, table = _struck(lambda faults: faults.fail("scan", "AccessDeniedException"))
    with pytest.raises(ClientError):
        table.scan(("p",), limit=1)
    assert not world.pauses
