"""What is told of a balance of several shards stood there, as a whole, at some moment of the request that asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

import pytest

from coffer.ledger.entries import EXTERNAL_SHARDS
from coffer.store import entries
from coffer.store.values import decode_item, text
from tests.integration.ledger_api.bank import ALICE, OUTSIDE, Bank, before_the_look_at, open_bank, whenever_looked_at
from tests.integration.ledger_api.books import gone, made, refused
from tests.support.crowd import CrowdedWorld
from tests.support.dynamodb.service import Changes
from tests.support.effort import examples
from tests.support.world import Answer

SPLIT = "@split"
LATER = "2026-12-31"
"""A day that is still to come: what stands then is what stands now."""


@dataclass(frozen=True, slots=True)
class Held:
    """A balance, by all paths that it is read at."""

    bank: Bank
    account: str
    path: str
    of_name: str

    @classmethod
    def of(cls, bank: Bank, alias: str) -> Held:
        """The default balance of an account."""
        of_name = (
            f"{bank.accounts}/external/BRL/balances" if alias == OUTSIDE else f"{bank.accounts}/alias/{alias}/balances"
        )
        (found,) = bank.client.get(of_name).json["items"]
        return cls(
            bank, f"{bank.accounts}/{found['accountId']}", f"{bank.books.ledger}/balances/{found['id']}", of_name
        )

    def get(self, path: str) -> Decimal:
        """What is available in it, as the answer of a path has it."""
        return self.told(self.bank.client.get(path))

    def told(self, answer: Answer) -> Decimal:
        """What is available in it, as an answer has it."""
        assert answer.status == 200, answer.body
        listed = answer.json.get("items", [answer.json])
        (balance,) = (each for each in listed if self.path.endswith(each["id"]))
        return Decimal(balance["available"])


type Way = Callable[[Held], Decimal]
"""How one is asked what is available in a balance."""

EVERYBODYS: Mapping[str, Way] = {
    "in the ledger's list": lambda held: held.get(f"{held.bank.books.ledger}/balances?limit=100"),
    "by the account's name": lambda held: held.get(held.of_name),
    "of an account": lambda held: held.get(f"{held.account}/balances"),
    "by its id": lambda held: held.get(held.path),
    "by its id, of a day": lambda held: held.get(f"{held.path}/history?date={LATER}"),
    "of an account, of a day": lambda held: held.get(f"{held.account}/balances/history?date={LATER}"),
}
OWN: Mapping[str, Way] = {
    **EVERYBODYS,
    "by a change that is none": lambda held: held.told(held.bank.client.patch(held.path, {"allowSending": True})),
}


# --------------------------------------------------------------------------------------------------- once, at the worst


def _moves(bank: Bank, *, to: int, first: str) -> None:
    """Ten leave the one shard, and ten come to the other: in this order, or the other way round."""
    acts = {
        "out": lambda: made(bank.outflow(SPLIT, "10", bank.key_for("outflow", {2: 1 - to}, 1))),
        "in": lambda: made(bank.inflow(SPLIT, "10", bank.key_for("inflow", {2: to}, 1))),
    }
    for act in sorted(acts, key=lambda each: each != first):
        acts[act]()


@pytest.mark.parametrize("way", OWN.values(), ids=OWN)
@pytest.mark.parametrize("to", [0, 1])
@pytest.mark.parametrize("first", ["out", "in"])
@pytest.mark.parametrize("nth", [1, 2])
def test_money_that_changes_shards_is_counted_once(bank: Bank, way: Way, to: int, first: str, nth: int) -> None:
    bank.open(SPLIT, shards=2)
    held = Held.of(bank, SPLIT)
    bank.fund(SPLIT, *(["10", "0"] if to else ["0", "10"]))
    before_the_look_at(bank.chain(SPLIT, 1), bank.world, partial(_moves, bank, to=to, first=first), nth=nth)
    assert way(held) == 10
    assert bank.world.fake.on_call is None


def test_an_asset_of_which_nothing_is_left_is_deleted_though_money_passed_through_while_it_was_looked_at(
    bank: Bank,
) -> None:
    asset = next(each for each in bank.client.get(bank.books.assets).json if each["code"] == "BRL")["id"]
    made(bank.outflow(ALICE, "100"))

    def passes() -> None:
        made(bank.inflow(ALICE, "5", bank.key_for("inflow", {EXTERNAL_SHARDS: 3})))
        made(bank.outflow(ALICE, "5", bank.key_for("outflow", {EXTERNAL_SHARDS: 12})))

    before_the_look_at(bank.chain(OUTSIDE, 9), bank.world, passes)
    gone(bank.client.delete(f"{bank.books.assets}/{asset}"))


def test_an_asset_of_which_something_is_left_is_refused_all_the_same(bank: Bank) -> None:
    asset = next(each for each in bank.client.get(bank.books.assets).json if each["code"] == "BRL")["id"]
    refused(bank.client.delete(f"{bank.books.assets}/{asset}"), 422, "0016")


def test_while_only_some_shards_are_seen_to_be_closed_they_are_looked_at_again(bank: Bank) -> None:
    account = bank.open(SPLIT, shards=2)
    chains = [bank.chain(SPLIT, shard) for shard in range(2)]
    written: list[Any] = []
    bank.world.fake.on_write = written.extend
    gone(bank.client.delete(account))
    bank.world.fake.hide([change for change in written if change[1] and change[1]["pk"]["S"] == chains[1]])
    before_the_look_at(chains[1], bank.world, lambda: bank.world.fake.hide([]), nth=3)
    (heads,) = entries.together(bank.world.table(), [chains])
    assert [head.closed for head in heads] == [True, True]


def test_what_never_stands_still_is_a_503_in_time(bank: Bank) -> None:
    bank.open(SPLIT, shards=2)
    numbers = count()

    def act() -> None:
        bank.world.clock.now += 100
        made(bank.inflow(SPLIT, "1", bank.key_for("inflow", {2: 1}, next(numbers))))

    held = Held.of(bank, SPLIT)
    whenever_looked_at(bank.chain(SPLIT, 1), bank.world, act)
    refused(bank.client.get(held.path), 503, "9004")


# ------------------------------------------------------------------------------------------------------- by the dozen


@dataclass(slots=True)
class Past:
    """What has stood in a balance, write by write."""

    chains: frozenset[str]
    heads: dict[str, Decimal] = field(default_factory=dict)
    sums: list[Decimal] = field(default_factory=lambda: [Decimal(0)])

    def note(self, changes: Changes) -> None:
        """Sums up what stands after a write."""
        wires: list[Any] = [after for _, after in changes if after]
        for item in map(decode_item, wires):
            if item.get("pk") in self.chains:
                self.heads[text(item, "pk")] = Decimal(text(item, "available"))
        self.sums.append(sum(self.heads.values(), Decimal(0)))


@pytest.mark.parametrize("alias", [SPLIT, OUTSIDE])
@pytest.mark.parametrize("seed", range(examples(4)))
def test_every_answer_is_a_sum_that_stood_between_its_request_and_itself(seed: int, alias: str) -> None:
    world = CrowdedWorld(seed)
    bank = open_bank(world.client())
    bank.open(SPLIT, shards=4)
    shards = EXTERNAL_SHARDS if alias == OUTSIDE else 4
    past = Past(frozenset(bank.chain(alias, shard) for shard in range(shards)))
    bank.fund(SPLIT, "64", "64", "64", "64")
    world.fake.on_write = past.note
    for shard in range(shards):  # what stands on each of them is known from now on
        made(bank.inflow(SPLIT, "0.01", bank.key_for("inflow", {shards: shard}, 1)))
    held = Held.of(bank, alias)
    told: list[bool] = []

    def ask(way: Way) -> None:
        begun = len(past.sums) - 1
        told.append(way(held) in past.sums[begun:])

    def requests() -> Iterator[Callable[[], object]]:
        for number in range(24):
            value = f"{number + 1}.{number:02}"
            yield partial(bank.outflow, SPLIT, value)
            yield partial(ask, [*EVERYBODYS.values()][number % len(EVERYBODYS)])
            yield partial(bank.inflow, SPLIT, value)

    world.together(requests(), in_flight=6)
    assert len(told) == 24
    assert all(told)
    assert len(set(past.sums)) > 24
