"""A ledger to which only Coffer has written is found whole, whatever has happened in it, and its sums are told."""

from decimal import Decimal

import pytest

from coffer.ledger.refusal import Reason, Refusal
from coffer.store import keys, wallet_ledger
from coffer.store.verification.checks import Finding
from coffer.store.verification.walk import SETTLED
from coffer.times import parse
from tests.integration.ledger_api.books import NOBODYS, Books, gone, open_books
from tests.integration.verification.inspector import Inspector
from tests.integration.verification.kinds import KINDS, kind_of
from tests.integration.verification.operator import verify_ledger
from tests.integration.verification.rich import HOUR, open_account, post
from tests.integration.wallet_api.purse import open_purse
from tests.support.world import World


@pytest.fixture
def books() -> Books:
    """An organization with a ledger."""
    return open_books(World().client())


def test_a_ledger_in_which_everything_has_happened(inspector: Inspector) -> None:
    world, ref = inspector.books.world, inspector.books.ref
    assert {kind_of(key) for key in inspector.items} == set(KINDS)
    answer = verify_ledger(world, ref)
    assert (answer["state"], answer["found"], answer["findings"]) == ("DONE", 0, [])
    assert answer["scanned"] == sum(str(pk).startswith(ref.prefix) for pk, _ in world.fake.snapshot())


def test_a_ledger_in_which_nothing_has_happened(books: Books) -> None:
    answer = verify_ledger(books.world, books.ref)
    assert answer["scanned"] == len(["its own notes"])
    assert (answer["state"], answer["found"], answer["assets"]) == ("DONE", 0, [])


def test_a_ledger_that_was_deleted(books: Books) -> None:
    asset = books.add("BRL")
    gone(books.client.delete(f"{books.assets}/{asset.id}"))
    gone(books.client.delete(books.ledger))
    assert verify_ledger(books.world, books.ref)["found"] == 0


def test_the_ledger_of_a_client_s_wallets() -> None:
    client = World().client()
    purse = open_purse(client)
    for chain, symbols in (("ethereum", ["USDT", "ETH"]), ("tron", ["TRX"])):
        account = purse.account(chain)
        for symbol in symbols:
            purse.add(account, symbol, chain)
    client.world.clock.now += HOUR
    answer = verify_ledger(client.world, wallet_ledger.ledger(client.client_id))
    assert (answer["state"], answer["found"], len(answer["assets"])) == ("DONE", 0, 3)


@pytest.mark.parametrize("ids", [{"ledger_id": NOBODYS}, {"organization_id": NOBODYS}])
def test_a_ledger_that_is_not_there_is_not_found(books: Books, ids: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        verify_ledger(books.world, books.ref, **ids)
    assert refused.value.reason is Reason.LEDGER_NOT_FOUND


@pytest.mark.parametrize(
    ("ids", "field"),
    [
        ({"client_id": "acme"}, "client_id"),
        ({"organization_id": "1"}, "organization_id"),
        ({"ledger_id": "#"}, "ledger_id"),
        ({"page": "1"}, "page"),
    ],
)
def test_what_cannot_be_a_ledger_is_refused(books: Books, ids: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        verify_ledger(books.world, books.ref, **ids)
    assert field in refused.value.fields


# ---------------------------------------------------------------------------------------------------------------- sums


def test_the_sums_are_of_a_minute_before_it_began(books: Books) -> None:
    asset = books.add("BRL")
    open_account(books, "@alice", shards=4)
    post(books, "100", "@external/BRL", "@alice")
    books.world.clock.now += SETTLED
    moment = books.world.clock.now
    open_account(books, "@bob")
    post(books, "30", "@alice", "@bob")
    post(books, "5", "@external/BRL", "@bob")
    answer = verify_ledger(books.world, books.ref)
    assert 0 < parse(answer["as_of"]) - (moment - SETTLED) < 1_000
    sums = {"inside": "100", "outside": "-100", "difference": "0", "accounts": 1}
    assert answer["assets"] == [{"asset_id": asset.id, "asset_code": "BRL", **sums}]


def test_what_is_on_hold_is_there(books: Books) -> None:
    books.add("BRL")
    open_account(books, "@alice")
    post(books, "100", "@external/BRL", "@alice")
    post(books, "30", "@alice", "@external/BRL", pending=True)
    books.world.clock.now += HOUR
    (asset,) = verify_ledger(books.world, books.ref)["assets"]
    assert asset["inside"] == "100"


def test_an_asset_that_was_deleted_is_not_told_of_nor_one_that_is_newer(books: Books) -> None:
    former = books.add("BTC")
    open_account(books, "@alice", assetCode="BTC")
    gone(books.client.delete(f"{books.assets}/{former.id}"))
    again = books.add("BTC")
    books.world.clock.now += HOUR
    books.add("BRL")
    (asset,) = verify_ledger(books.world, books.ref)["assets"]
    assert (asset["asset_id"], asset["accounts"]) == (again.id, 0)


def test_money_that_was_made_is_named_with_its_asset(inspector: Inspector) -> None:
    """Be it in an entry that is not what was sealed: what it says counts all the same."""
    key, item = next(
        (key, item)
        for key, item in inspector.items.items()
        if "@alice#" in key.pk and keys.entry(key.pk, int(key.sk) + 1) not in inspector.items
    )
    available = Decimal(item["available"]["S"]) + 1
    run = inspector.whole({key: {**item, "available": {"S": str(available)}}})
    (asset_id,) = (asset_id for asset_id, tally in run.tallies.items() if tally.difference)
    assert run.tallies[asset_id].difference == 1
    asset = keys.asset(inspector.books.ref, asset_id)
    assert Finding(asset, "sum of all chains", "is 1: 201 inside, -200 outside") in run.findings
