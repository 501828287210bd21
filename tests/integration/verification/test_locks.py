"""Nothing is on hold without an owner: a verification lists what is, and for whom."""

from decimal import Decimal

import pytest

from coffer.store import keys, wallet_ledger
from coffer.store.keys import Key
from coffer.store.values import decode_item
from tests.integration.ledger_api.books import Books, done, made, open_books
from tests.integration.verification.inspector import Inspector
from tests.integration.verification.operator import verify_ledger
from tests.integration.verification.rich import HOUR, open_account, post
from tests.integration.verification.tampering import resealed
from tests.integration.wallet_api.till import OURS, Till, open_till
from tests.support.world import World


def on_hold(books: Books) -> list[dict[str, str]]:
    """What a verification lists, of a ledger in which nothing is wrong."""
    books.world.clock.now += HOUR
    answer = verify_ledger(books.world, books.ref)
    assert (answer["state"], answer["found"], answer["locked"]) == ("DONE", 0, len(answer["locks"]))
    return [dict(each) for each in answer["locks"]]


def test_what_is_on_hold_is_listed_with_its_transaction_until_that_is_settled() -> None:
    books = open_books(World().client())
    books.add("BRL")
    for alias in ("@alice", "@bob"):
        open_account(books, alias, shards=2)
    post(books, "100", "@external/BRL", "@alice")
    assert on_hold(books) == []
    kept, spent, freed = (
        post(books, value, "@alice", "@bob", pending=True, code=f"order {value}").id for value in ("1.50", "2", "3")
    )
    assert sorted(on_hold(books), key=lambda lock: lock["value"]) == [
        {"transaction_id": each, "code": f"order {code}", "asset_code": "BRL", "value": value}
        for each, code, value in ((kept, "1.50", "1.5"), (spent, "2", "2"), (freed, "3", "3"))
    ]
    made(books.client.post(f"{books.ledger}/transactions/{spent}/commit", None))
    made(books.client.post(f"{books.ledger}/transactions/{freed}/cancel", None))
    assert [lock["transaction_id"] for lock in on_hold(books)] == [kept]


def test_what_was_settled_after_the_moment_of_the_sums_was_still_on_hold_then() -> None:
    books = open_books(World().client())
    books.add("BRL")
    open_account(books, "@alice")
    post(books, "100", "@external/BRL", "@alice")
    settled = post(books, "1", "@alice", "@external/BRL", pending=True).id
    books.world.clock.now += HOUR
    made(books.client.post(f"{books.ledger}/transactions/{settled}/commit", None))
    post(books, "2", "@alice", "@external/BRL", pending=True)
    answer = verify_ledger(books.world, books.ref)
    assert (answer["found"], [lock["value"] for lock in answer["locks"]]) == (0, ["2"])


def test_money_on_hold_for_nobody_is_named_with_its_asset(inspector: Inspector) -> None:
    """Even if it is made from what was available, under a new seal, so that all sums are as they were."""
    key, item = next(
        (key, item)
        for key, item in inspector.items.items()
        if "@alice#" in key.pk and keys.entry(key.pk, int(key.sk) + 1) not in inspector.items
    )
    entry = decode_item(item)
    available, held = (Decimal(str(entry[name])) for name in ("available", "on_hold"))
    changed = resealed({**item, "available": {"S": str(available - 1)}, "on_hold": {"S": str(held + 1)}})
    run = inspector.whole({key: changed})
    (asset_id,) = (asset_id for asset_id, tally in run.tallies.items() if tally.ownerless)
    found = {(each.key, each.what): each.message for each in run.findings}
    assert found[keys.asset(inspector.books.ref, asset_id), "sum on hold"] == "is 4, and pending transactions hold 3"


# -------------------------------------------------------------------------------------------------------------- wallets


@pytest.fixture
def till() -> Till:
    """Two accounts of a client, one of them with money."""
    till = open_till(World().client())
    done(till.deposit("100"))
    return till


def test_a_lock_is_listed_with_the_withdrawal_that_owns_it(till: Till) -> None:
    first, second = till.withdraw("10"), till.withdraw("2.5")
    for status in ("SIGNED", "BROADCAST"):
        done(till.report(second, status))
    assert owners(till) == {first: "10", second: "2.5"}
    done(till.report(first, "FAILED"))
    assert owners(till) == {second: "2.5"}
    done(till.report(second, "CONFIRMED"))
    assert owners(till) == {}


def owners(till: Till) -> dict[str, str]:
    """What is locked for which withdrawal, in a ledger in which nothing is wrong."""
    found, locks = verified(till)
    assert found == {}
    return locks


def verified(till: Till) -> tuple[dict[str, str], dict[str, str]]:
    """What is found in the ledger beneath, and what is locked for which withdrawal."""
    till.client.world.clock.now += HOUR
    answer = verify_ledger(till.client.world, wallet_ledger.ledger(till.client.client_id))
    assert answer["state"] == "DONE"
    return (
        {each["what"]: each["message"] for each in answer["findings"]},
        {each["code"]: each["value"] for each in answer["locks"]},
    )


@pytest.mark.parametrize(
    ("status", "change", "what", "message"),
    [
        (None, {"status": "CONFIRMED"}, "status", "is PENDING, and the wallet transaction is CONFIRMED"),
        ("SIGNED", {"status": "FAILED"}, "status", "is PENDING, and the wallet transaction is FAILED"),
        ("CONFIRMED", {"status": "BROADCAST"}, "status", "is APPROVED, and the wallet transaction is BROADCAST"),
        ("CANCELLED", {"status": "CONFIRMED"}, "status", "is CANCELED, and the wallet transaction is CONFIRMED"),
        (None, {"amount": "11"}, "wallet transaction: amount", "is 11, and 10 is due"),
    ],
)
def test_a_withdrawal_that_disagrees_with_its_lock_is_found(
    till: Till, status: str | None, change: dict[str, str], what: str, message: str
) -> None:
    tx_id = till.withdraw("10")
    if status:
        done(till.report(tx_id, status))
    fake, key = till.client.world.fake, stored(till, tx_id)
    item = fake.snapshot()[key.pk, key.sk]
    fake.put_item(TableName=fake.table, Item=resealed({**item, **{name: {"S": to} for name, to in change.items()}}))
    assert verified(till)[0] == {what: message}


def test_a_lock_whose_withdrawal_is_gone_is_found(till: Till) -> None:
    tx_id = till.withdraw("10")
    fake, key = till.client.world.fake, stored(till, tx_id)
    fake.delete_item(TableName=fake.table, Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}})
    assert verified(till) == ({"code": "is that of no wallet transaction"}, {tx_id: "10"})


def test_a_withdrawal_that_is_not_what_was_sealed_is_found(till: Till) -> None:
    tx_id = till.withdraw("10")
    fake, key = till.client.world.fake, stored(till, tx_id)
    item = fake.snapshot()[key.pk, key.sk]
    fake.put_item(TableName=fake.table, Item={**item, "to_address": {"S": OURS}})
    assert verified(till) == ({"hash": "is not the seal of what is stored"}, {tx_id: "10"})


@pytest.mark.parametrize(
    ("named", "what", "message"),
    [
        ("-----------nobody-----", "transaction_id", "is that of no transaction"),
        ("another's", "transaction: code", "is {owner}, and {tx_id} is due"),
    ],
)
def test_a_withdrawal_of_which_the_ledger_knows_nothing_is_found(
    till: Till, named: str, what: str, message: str
) -> None:
    """A second one, made up beside one that is there."""
    owner, tx_id = till.withdraw("10"), "txn_01KF0KV801FP1B10JK5DH9YVXY"
    fake, key, made_up = till.client.world.fake, stored(till, owner), stored(till, tx_id)
    item = fake.snapshot()[key.pk, key.sk]
    transaction = item["transaction_id"]["S"] if named == "another's" else named
    changes = {"pk": made_up.pk, "sk": made_up.sk, "transaction_id": transaction}
    forged = resealed({**item, **{name: {"S": value} for name, value in changes.items()}})
    fake.put_item(TableName=fake.table, Item=forged)
    assert verified(till)[0] == {what: message.format(owner=owner, tx_id=tx_id)}


def stored(till: Till, tx_id: str) -> Key:
    """Where a withdrawal lies."""
    return keys.wallet_transaction(till.client.client_id, tx_id)
