"""The audit of a table finds what is wrong with it, also where every seal is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from coffer.store.sealing import sealed
from coffer.store.values import Item, Value, decode_item, encode_item
from tests.integration.ledger_api.bank import ALICE, BOB, open_bank
from tests.support.audit import problems
from tests.support.world import World

type Table = dict[tuple[str, str], Item]

SHARDED = "@sharded"


@pytest.fixture(scope="module")
def wires() -> Mapping[tuple[Any, Any], Any]:
    """A ledger in which money came, is held, was held and delivered or given back, and moved to and fro."""
    bank = open_bank(World().client())
    bank.hold(ALICE, BOB, "20")
    bank.settle(bank.hold(ALICE, BOB, "5"), "commit")
    bank.settle(bank.hold(BOB, ALICE, "5"), "cancel")
    bank.settle(bank.pay(ALICE, BOB, "1").id, "revert")
    bank.open(SHARDED, "7", shards=2)
    return bank.world.fake.snapshot()


@pytest.fixture
def table(wires: Mapping[tuple[Any, Any], Any]) -> Table:
    """The same, to be changed."""
    return {key: decode_item(wire) for key, wire in wires.items()}


def audited(table: Table) -> list[str]:
    """What is wrong with a table."""
    return problems({key: encode_item(item) for key, item in table.items()})


def one(table: Table, kind: str, **attributes: Value) -> tuple[str, str]:
    """The key of the last item of a kind that has some attributes."""
    return max(key for key, item in table.items() if f"#{kind}" in key[0] and attributes.items() <= item.items())


def change(table: Table, key: tuple[str, str], /, **attributes: Value) -> None:
    """Changes an item, and seals it."""
    after = {**table[key], **attributes}
    table[key] = sealed({name: value for name, value in after.items() if value is not None})


HEAD = f"BALANCE#{ALICE}"

WRONG: Mapping[str, tuple[Callable[[Table], object], str]] = {
    "something is not what was sealed": (
        lambda table: table[one(table, "ACCOUNT#", alias=ALICE)].update(type="other"),
        "is not what was sealed",
    ),
    "something has no seal": (lambda table: table[one(table, "ALIAS#")].pop("hash"), "has no seal"),
    "the last entry is gone": (lambda table: table.pop(one(table, HEAD)), "of its entry is None"),
    "an entry is gone": (lambda table: table.pop(one(table, HEAD, sk=f"{2:012}")), "and should have"),
    "an entry is linked to another one": (
        lambda table: change(table, one(table, HEAD), previous="other"),
        "does not follow the entry before it",
    ),
    "a balance is more than its entries come to": (
        lambda table: change(table, one(table, HEAD), available="1000"),
        "has 1000 available",
    ),
    "a balance is below zero": (lambda table: change(table, one(table, HEAD), available="-1"), "has -1 available"),
    "money is made": (
        lambda table: change(table, one(table, HEAD, type="CREDIT"), amount="1000"),
        "comes to",
    ),
    "time runs backwards": (lambda table: change(table, one(table, HEAD), created_at=1), "is older than"),
    "an entry becomes another account's": (
        lambda table: change(table, one(table, HEAD), account_id="other"),
        "has another account_id than the entry before it",
    ),
    "a flag changes by itself": (
        lambda table: change(table, one(table, HEAD), allow_sending=False),
        "has another allow_sending than the entry before it",
    ),
    "a record is gone": (
        lambda table: table.pop(one(table, "TRANSACTION#", status="APPROVED")),
        "is of no transaction's making",
    ),
    "a record says another amount": (
        lambda table: change(table, one(table, "TRANSACTION#", status="APPROVED"), value="1000"),
        "and 1000 is due",
    ),
    "a hold has no transaction": (
        lambda table: change(table, one(table, "TRANSACTION#", status="PENDING"), status="NOTED"),
        "and pending transactions hold 0",
    ),
    "a transaction is settled and says not how": (
        lambda table: change(table, one(table, "TRANSACTION#", status="PENDING"), status="CANCELED"),
        "is settled and says not how",
    ),
    "a transaction is not listed": (
        lambda table: change(table, one(table, "TRANSACTION#"), gsi1pk=None),
        "is not in its indexes",
    ),
    "a revert is forgotten": (
        lambda table: change(
            table,
            next(key for key, item in table.items() if "reverted_by" in item),
            reverted_by=None,
        ),
        "which does not name it",
    ),
    "an account is gone": (lambda table: table.pop(one(table, "ACCOUNT#", alias=ALICE)), "lacks the balance"),
    "an account has a balance less": (
        lambda table: change(table, one(table, "ACCOUNT#", alias=ALICE), balances={}),
        "lacks the balance",
    ),
    "an account is blocked, and its chains are not": (
        lambda table: change(table, one(table, "ACCOUNT#", alias=ALICE), blocked=True),
        "has another blocked than",
    ),
    "shards have different flags": (
        lambda table: change(table, one(table, f"BALANCE#{SHARDED}"), allow_receiving=False),
        "have different flags",
    ),
    "an alias leads elsewhere": (
        lambda table: change(table, one(table, f"ALIAS#{ALICE}"), account_id="other"),
        "is not the account that",
    ),
    "a balance's id is gone": (
        lambda table: table.pop(one(table, "BALANCE_ID#", alias=ALICE)),
        "under an id that does not stand for it",
    ),
    "a balance's id stands for another one": (
        lambda table: change(table, one(table, "BALANCE_ID#", alias=ALICE), key="other"),
        "stands for a balance that its account lacks",
    ),
}


def test_nothing_is_wrong_with_what_was_written_as_it_should_be(table: Table) -> None:
    assert audited(table) == []


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_named(what: str, table: Table) -> None:
    spoil, named = WRONG[what]
    spoil(table)
    assert any(named in problem for problem in audited(table)), audited(table)
