"""Accounts of several shards: money comes to any of them, and all of them together pay."""

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from itertools import count

import pytest

from coffer.ids import pack
from coffer.ledger.entries import EXTERNAL_SHARDS
from coffer.times import parse, rfc3339
from tests.integration.ledger_api.bank import (
    ALICE,
    BOB,
    OUTSIDE,
    SHOP,
    Bank,
    before_the_look_at,
    leg,
    looked_at,
    moves,
    open_bank,
    payment,
    send,
    whenever_looked_at,
)
from tests.integration.ledger_api.books import done, gone, made, refused
from tests.integration.stores import Everything
from tests.support.audit import problems
from tests.support.crowd import CrowdedWorld
from tests.support.world import Answer, World

SPLIT = "@split"
"""The alias of the account of several shards."""
WRITE = "transact_write_items"

type Part = tuple[int, str]
"""A shard, and an amount."""


def split(bank: Bank, *amounts: str) -> str:
    """Opens an account with so much on each of its shards; its path."""
    path = bank.open(SPLIT, shards=len(amounts))
    bank.fund(SPLIT, *amounts)
    return path


def on_shards(bank: Bank, shards: int, what: str = "available", alias: str = SPLIT) -> list[str]:
    """What stands on each shard of an account."""
    return [str(bank.entries(alias, shard)[-1][what]) for shard in range(shards)]


def prefer(bank: Bank, shard: int, shards: int, kind: str = "json") -> str:
    """An idempotency key of a POST that prefers a shard."""
    return bank.key_for(kind, {shards: shard})


def parts(bank: Bank, answer: Answer, shards: int, alias: str = SPLIT) -> list[Part]:
    """Which shards a transaction has entries on, and of how much, in its operations' order."""
    found = [
        (int(str(entry["operation"])), (shard, str(entry["amount"])))
        for shard in range(shards)
        for entry in bank.entries(alias, shard)
        if entry.get("transaction_id") == pack(answer.id)
    ]
    return [part for _, part in sorted(found)]


# ------------------------------------------------------------------------------------------------- what comes, and goes


def test_money_that_comes_goes_to_one_shard(bank: Bank) -> None:
    bank.open(SPLIT, shards=4)
    answer = made(bank.pay(ALICE, SPLIT, "10", prefer(bank, 2, 4)))
    assert parts(bank, answer, 4) == [(2, "10")]
    assert bank.stands(SPLIT) == ("10", "0")


def test_and_is_spread_over_all_of_them(bank: Bank) -> None:
    bank.open(SPLIT, shards=4)
    for _ in range(40):
        made(bank.inflow(SPLIT, "1"))
    assert min(Decimal(each) for each in on_shards(bank, 4)) > 0
    assert bank.stands(SPLIT) == ("40", "0")


PAYERS: Mapping[str, tuple[list[str], int, str, list[Part]]] = {
    "the one that is tried first, if it has it": (["9", "9", "5", "9"], 2, "5", [(2, "5")]),
    "else the next one that has it": (["9", "9", "4", "9"], 2, "5", [(3, "5")]),
    "round to the first": (["9", "9", "4", "4"], 2, "5", [(0, "5")]),
    "however much the others have": (["3", "5", "100", "0"], 0, "5", [(1, "5")]),
    "if none has it, those that have most": (["3", "4", "5", "6"], 0, "11", [(3, "6"), (2, "5")]),
    "as few as can": (["3", "4", "5", "6"], 0, "7", [(3, "6"), (2, "1")]),
    "of equal ones the one that is tried first": (["3", "3", "3", "3"], 2, "7", [(2, "3"), (3, "3"), (0, "1")]),
    "all of them": (["3", "4", "5", "6"], 1, "18", [(3, "6"), (2, "5"), (1, "4"), (0, "3")]),
    "but none that has nothing": (["0", "0", "2", "2"], 0, "4", [(2, "2"), (3, "2")]),
    "to the last cent": (
        ["0.01", "0.02", "0.03", "0.04"],
        0,
        "0.1",
        [(3, "0.04"), (2, "0.03"), (1, "0.02"), (0, "0.01")],
    ),
}
"""What the shards have, which one is tried first, what is paid, and who pays it."""


@pytest.mark.parametrize(("funds", "first", "value", "paid"), PAYERS.values(), ids=PAYERS)
def test_money_that_goes_is_paid_by(bank: Bank, funds: list[str], first: int, value: str, paid: list[Part]) -> None:
    split(bank, *funds)
    answer = made(bank.pay(SPLIT, SHOP, value, prefer(bank, first, 4)))
    assert parts(bank, answer, 4) == paid
    assert moves(answer) == [*(("DEBIT", SPLIT, part) for _, part in paid), ("CREDIT", SHOP, value)]
    left = [Decimal(each) - Decimal(dict(paid).get(shard, "0")) for shard, each in enumerate(funds)]
    assert [Decimal(each) for each in on_shards(bank, 4)] == left
    assert Decimal(bank.stands(SPLIT)[0]) == sum(left)


def test_an_operation_says_what_stands_on_its_shard_and_the_balance_what_stands_on_all(bank: Bank) -> None:
    split(bank, "3", "4")
    answer = made(bank.pay(SPLIT, SHOP, "6", prefer(bank, 0, 2)))
    first, second, _ = answer.json["operations"]
    assert [each["balance"]["available"] for each in (first, second)] == ["4", "3"]
    assert [each["balanceAfter"]["available"] for each in (first, second)] == ["0", "1"]
    assert {each["balanceId"] for each in (first, second)} == {bank.balance(SPLIT)["id"]}
    assert bank.balance(SPLIT)["available"] == "1"
    assert bank.balance(SPLIT)["version"] == 2 * 3


def test_what_all_of_them_together_have_not_is_refused(bank: Bank, everything: Everything) -> None:
    split(bank, "3", "4", "5", "6")
    before = everything()
    assert "has 18 BRL available, and 18.01 would" in refused(bank.pay(SPLIT, SHOP, "18.01"), 422, "0018")
    assert everything() == before


def test_each_leg_is_paid_from_what_those_before_it_have_left(bank: Bank) -> None:
    split(bank, "5", "5")
    legs = [leg(SPLIT, "6", description="rent"), leg(SPLIT, description="food")]
    answer = made(bank.post("json", {"send": send("10", legs, [leg(SHOP)])}, prefer(bank, 0, 2)))
    assert parts(bank, answer, 2) == [(0, "5"), (1, "1"), (1, "4")]
    assert [each["description"] for each in answer.json["operations"]] == ["rent", "rent", "food", None]
    assert on_shards(bank, 2) == ["0", "0"]


def test_legs_together_may_not_take_more_than_there_is(bank: Bank, everything: Everything) -> None:
    split(bank, "5", "5")
    before = everything()
    body = {"send": send("10.01", [leg(SPLIT, "6"), leg(SPLIT)], [leg(SHOP)])}
    assert "has 4 BRL" in refused(bank.post("json", body), 422, "0018")
    assert everything() == before


def test_16_shards_pay_in_one_write(bank: Bank) -> None:
    split(bank, *["1"] * 16)
    seen = len(bank.world.recorder.calls)
    answer = made(bank.pay(SPLIT, SHOP, "16"))
    (write,) = (call for call in bank.world.recorder.calls[seen:] if call.operation == WRITE)
    assert len(write.request["TransactItems"]) == 1 + 16 + 1
    assert len(moves(answer)) == 16 + 1
    assert bank.stands(SPLIT) == ("0", "0")
    made(bank.settle(answer.id, "revert"))
    assert on_shards(bank, 16) == ["1"] * 16


def test_a_further_balance_pays_from_its_own_shards(bank: Bank, everything: Everything) -> None:
    path = split(bank, "5", "5")
    made(bank.client.post(f"{path}/balances", {"key": "savings"}))
    body = {"send": send("1", [leg(SPLIT, balanceKey="savings")], [leg(SHOP)])}
    before = everything()
    assert "'savings' of the account @split has 0 BRL" in refused(bank.post("json", body), 422, "0018")
    assert everything() == before
    there = {"send": send("8", [leg(SPLIT)], [leg(SPLIT, balanceKey="savings")])}
    made(bank.post("json", there))
    assert (bank.stands(SPLIT), bank.stands(SPLIT, "savings")) == (("2", "0"), ("8", "0"))
    made(bank.post("json", body))


def test_between_two_accounts_of_several_shards_the_sums_are_exact(bank: Bank) -> None:
    split(bank, "3", "4", "5")
    bank.open("@other", shards=5)
    for value in ("6.5", "0.25", "5.25"):
        made(bank.pay(SPLIT, "@other", value))
    assert (bank.stands(SPLIT), bank.stands("@other")) == (("0", "0"), ("12", "0"))
    refused(bank.pay(SPLIT, "@other", "0.01"), 422, "0018")
    made(bank.pay("@other", SPLIT, "12"))
    assert bank.stands(SPLIT) == ("12", "0")
    assert bank.sum() == 0


def test_who_may_not_send_sends_from_no_shard_and_who_may_not_receive_gets_on_none(
    bank: Bank, everything: Everything
) -> None:
    split(bank, "3", "4", "5", "6")
    bank.allow(SPLIT, allowSending=False, allowReceiving=False)
    before = everything()
    for shard in range(4):
        refused(bank.pay(SPLIT, SHOP, "1", prefer(bank, shard, 4)), 422, "0024")
        refused(bank.pay(ALICE, SPLIT, "1", prefer(bank, shard, 4)), 422, "0024")
    assert everything() == before


# --------------------------------------------------------------------------------------------------------------- holds


def test_a_hold_is_on_the_shards_that_have_the_money(bank: Bank) -> None:
    split(bank, "3", "4", "5", "6")
    answer = made(bank.post("json", payment(SPLIT, SHOP, "13", pending=True), prefer(bank, 0, 4)))
    assert moves(answer) == [("ON_HOLD", SPLIT, "6"), ("ON_HOLD", SPLIT, "5"), ("ON_HOLD", SPLIT, "2")]
    assert on_shards(bank, 4, "on_hold") == ["0", "2", "5", "6"]
    assert bank.stands(SPLIT) == ("5", "13")


def test_a_commit_spends_it_there_whatever_the_others_have_by_then(bank: Bank) -> None:
    split(bank, "3", "4", "5", "6")
    held = bank.hold(SPLIT, SHOP, "18")
    made(bank.inflow(SPLIT, "100", bank.key_for("inflow", {4: 0}, 1)))
    committed = made(bank.settle(held, "commit"))
    assert Counter(kind for kind, *_ in moves(committed)) == {"ON_HOLD": 4, "DEBIT": 4, "CREDIT": 1}
    assert (on_shards(bank, 4), on_shards(bank, 4, "on_hold")) == (["100", "0", "0", "0"], ["0"] * 4)
    assert bank.stands(SHOP) == ("18", "0")


def test_a_cancel_gives_it_back_there(bank: Bank) -> None:
    split(bank, "3", "4", "5", "6")
    held = bank.hold(SPLIT, SHOP, "18")
    canceled = made(bank.settle(held, "cancel"))
    assert Counter(kind for kind, *_ in moves(canceled)) == {"ON_HOLD": 4, "RELEASE": 4}
    assert (on_shards(bank, 4), bank.stands(SPLIT)) == (["3", "4", "5", "6"], ("18", "0"))


def test_what_is_held_on_all_shards_is_not_there_for_others(bank: Bank, everything: Everything) -> None:
    split(bank, "3", "4", "5", "6")
    bank.hold(SPLIT, SHOP, "10")
    before = everything()
    assert "has 8 BRL" in refused(bank.pay(SPLIT, SHOP, "8.01"), 422, "0018")
    assert everything() == before
    made(bank.pay(SPLIT, SHOP, "8"))


def test_a_commit_delivers_to_one_shard_as_a_payment_does(bank: Bank) -> None:
    bank.open(SPLIT, shards=4)
    held = made(bank.post("json", payment(ALICE, SPLIT, "10", pending=True), prefer(bank, 3, 4)))
    made(bank.settle(held.id, "commit"))
    assert on_shards(bank, 4) == ["0", "0", "0", "10"]
    made(bank.settle(held.id, "revert"))
    assert (bank.stands(SPLIT), bank.stands(ALICE)) == (("0", "0"), ("100", "0"))


# ----------------------------------------------------------------------------------------------- the external account


def test_an_external_account_has_16_shards_and_any_one_of_them_will_do(bank: Bank) -> None:
    for _ in range(60):
        made(bank.inflow(ALICE, "1"))
        made(bank.outflow(ALICE, "0.5"))
    there = [Decimal(each) for each in on_shards(bank, EXTERNAL_SHARDS, alias=OUTSIDE)]
    assert sum(each != 0 for each in there) > EXTERNAL_SHARDS / 2
    assert sum(there) == -130
    (row,) = done(bank.client.get(f"{bank.accounts}/external/BRL/balances"))["items"]
    assert (row["available"], row["onHold"]) == ("-130", "0")
    assert bank.stands(ALICE) == ("130", "0")


@pytest.mark.parametrize("shard", range(EXTERNAL_SHARDS))
def test_what_goes_out_may_come_to_a_shard_that_nothing_came_from(bank: Bank, shard: int) -> None:
    made(bank.outflow(ALICE, "100", bank.key_for("outflow", {EXTERNAL_SHARDS: shard})))
    assert bank.entries(OUTSIDE, shard)[-1]["amount"] == "100"
    assert bank.sum() == 0


def test_a_revert_goes_back_to_the_external_shard_that_it_came_from(bank: Bank) -> None:
    paid = made(bank.inflow(BOB, "5", bank.key_for("inflow", {EXTERNAL_SHARDS: 7})))
    made(bank.settle(paid.id, "revert"))
    assert [entry["type"] for entry in bank.entries(OUTSIDE, 7)][-2:] == ["DEBIT", "CREDIT"]


# ---------------------------------------------------------------------------------------------- statement and history


def test_all_that_one_payment_took_is_in_the_statement(bank: Bank) -> None:
    path = split(bank, "3", "4", "5", "6")
    answer = made(bank.pay(SPLIT, SHOP, "18"))
    listed = done(bank.client.get(f"{path}/operations?limit=100"))["items"]
    assert len(listed) == 4 + 4
    assert Counter(each["id"] for each in listed[4:]) == Counter(
        each["id"] for each in answer.json["operations"] if each["accountAlias"] == SPLIT
    )
    debits = done(bank.client.get(f"{path}/operations?type=DEBIT"))["items"]
    assert sum(Decimal(each["amount"]["value"]) for each in debits) == 18
    assert [done(bank.client.get(f"{path}/operations/{each['id']}")) for each in debits] == debits


def test_the_balance_at_a_moment_is_that_of_all_shards_and_a_payment_is_in_it_whole_or_not_at_all(bank: Bank) -> None:
    split(bank, "3", "4", "5", "6")
    balance = bank.balance(SPLIT)
    answer = made(bank.pay(SPLIT, SHOP, "18"))
    made(bank.inflow(SPLIT, "2"))
    moment = parse(answer.json["createdAt"])

    def stood(at: int) -> tuple[str, int]:
        path = f"{bank.books.ledger}/balances/{balance['id']}/history?date={rfc3339(at)}"
        then = done(bank.client.get(path))
        return then["available"], then["version"]

    assert stood(moment - 1) == ("18", 4 + 4)
    assert stood(moment) == ("0", 4 + 4 + 4)
    assert stood(bank.world.clock.now) == ("2", 4 + 4 + 4 + 1)


# ------------------------------------------------------------------------------------------------------------ deletion


@pytest.mark.parametrize("shard", [0, 7, 15])
@pytest.mark.parametrize("held", [False, True], ids=["there", "on hold"])
def test_with_money_left_on_any_shard_the_account_stays(
    bank: Bank, everything: Everything, shard: int, *, held: bool
) -> None:
    path = bank.open(SPLIT, shards=16)
    made(bank.inflow(SPLIT, "0.01", prefer(bank, shard, 16, "inflow")))
    body = payment(SPLIT, SHOP, "0.01", pending=held)
    pending = made(bank.post("json", body)).id if held else None
    before = everything()
    refused(bank.client.delete(path), 400, "0012")
    assert everything() == before
    made(bank.settle(pending, "commit") if pending else bank.post("json", body))
    gone(bank.client.delete(path))
    assert {bank.entries(SPLIT, each)[-1]["closed"] for each in range(16)} == {True}
    refused(bank.inflow(SPLIT, "1"), 422, "0019")


# ------------------------------------------------------------------------------------------------------------- batches


def test_in_a_batch_each_spends_on_the_shard_to_which_the_one_before_has_brought_it(bank: Bank) -> None:
    bank.open(SPLIT, shards=16)
    batch = {"transactions": [payment(OUTSIDE, SPLIT, "10"), payment(SPLIT, SHOP, "10")] * 5}
    listed = made(bank.post("batch", batch)).json["transactions"]
    assert [each["status"] for each in listed] == [201] * 10
    assert [len(each["transaction"]["operations"]) for each in listed] == [2] * 10
    assert sorted(len(bank.entries(SPLIT, shard)) for shard in range(16)) == [1] * 15 + [1 + 10]


@pytest.mark.parametrize("atomic", [False, True])
def test_in_a_batch_they_take_from_all_shards_until_nothing_is_left(bank: Bank, *, atomic: bool) -> None:
    split(bank, "3", "4", "5", "6")
    batch = {"transactions": [payment(SPLIT, SHOP, "4.5")] * 5, "atomic": atomic}
    answer = bank.post("batch", batch)
    if atomic:
        assert "has 0 BRL" in refused(answer, 422, "0018", "transactions.4")
        assert bank.stands(SPLIT) == ("18", "0")
        batch["transactions"] = [payment(SPLIT, SHOP, "4.5")] * 4
        answer = bank.post("batch", batch)
    assert [each["status"] for each in made(answer).json["transactions"]][:4] == [201] * 4
    assert (bank.stands(SPLIT), bank.stands(SHOP)) == (("0", "0"), ("18", "0"))
    assert bank.sum() == 0


# ---------------------------------------------------------------------------- shards that never stood as they were read

PAID = payment(SPLIT, SHOP, "10")


def _reverting(bank: Bank) -> Callable[[], Answer]:
    """The revert of a payment to the second shard, which has spent it."""
    paid = made(bank.pay(ALICE, SPLIT, "10", prefer(bank, 1, 2)))
    made(bank.outflow(SPLIT, "10", prefer(bank, 1, 2, "outflow")))
    return partial(bank.settle, paid.id, "revert")


WAYS: Mapping[str, Callable[[Bank], Callable[[], Answer]]] = {
    "a payment": lambda bank: partial(bank.post, "json", PAID),
    "a payment with a key": lambda bank: partial(bank.post, "json", PAID, "one"),
    "a hold": lambda bank: partial(bank.post, "json", {**PAID, "pending": True}),
    "a batch": lambda bank: partial(bank.post, "batch", {"transactions": [payment(ALICE, BOB, "1"), PAID]}),
    "a batch with a key": lambda bank: partial(bank.post, "batch", {"transactions": [PAID]}, "one"),
    "a batch whose payments belong together": lambda bank: partial(
        bank.post, "batch", {"transactions": [payment(ALICE, BOB, "1"), PAID], "atomic": True}
    ),
    "a batch whose payments belong together, with a key": lambda bank: partial(
        bank.post, "batch", {"transactions": [PAID], "atomic": True}, "one"
    ),
    "a revert": _reverting,
}
"""Whatever takes 10 from the account of two shards."""

in_every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def _passes_on(bank: Bank, giver: int) -> None:
    """One shard gets 10, and then the other one gives 10 away: there is never less than that."""
    made(bank.inflow(SPLIT, "10", bank.key_for("inflow", {2: 1 - giver}, 1)))
    made(bank.outflow(SPLIT, "10", bank.key_for("outflow", {2: giver}, 1)))


def _succeeded(answer: Answer) -> bool:
    listed = made(answer).json.get("transactions", [])
    return all(each["status"] == 201 for each in listed)


@in_every_way
@pytest.mark.parametrize("giver", [0, 1])
def test_who_always_had_the_money_is_not_refused(
    bank: Bank, way: Callable[[Bank], Callable[[], Answer]], giver: int
) -> None:
    bank.open(SPLIT, shards=2)
    request = way(bank)
    bank.fund(SPLIT, *(["10", "0"] if giver == 0 else ["0", "10"]))
    before_the_look_at(bank.chain(SPLIT, giver), bank.world, partial(_passes_on, bank, giver))
    assert _succeeded(request())
    assert bank.world.fake.on_call is None
    assert bank.stands(SPLIT)[0] == "0"
    assert bank.sum() == 0
    assert problems(bank.world.fake.snapshot()) == []


@in_every_way
def test_who_has_it_when_the_shards_stand_still_is_paid_though_they_moved_long(
    bank: Bank, way: Callable[[Bank], Callable[[], Answer]]
) -> None:
    bank.open(SPLIT, shards=2)
    request = way(bank)
    whenever_looked_at(bank.chain(SPLIT, 0), bank.world, _brings(bank, 0, "1"))
    assert _succeeded(request())


@in_every_way
def test_who_has_it_not_is_refused_by_shards_that_stood_together(
    bank: Bank, way: Callable[[Bank], Callable[[], Answer]]
) -> None:
    bank.open(SPLIT, shards=2)
    request = way(bank)
    bank.fund(SPLIT, "4.99", "5")
    answer, looks = _looks(bank.world, request)
    said = answer.body or ""
    assert "0018" in said
    assert "has 9.99 BRL" in said
    assert [looks[bank.chain(SPLIT, shard)] for shard in range(2)] == [2, 2]
    assert max(count for chain, count in looks.items() if SPLIT not in chain) == 1


def test_what_others_do_on_the_other_side_does_not_matter(bank: Bank) -> None:
    split(bank, "4.99", "5")
    bank.open("@payee", shards=2)
    whenever_looked_at(bank.chain(SPLIT, 1), bank.world, lambda: made(bank.pay(ALICE, "@payee", "1")))
    batch = {"transactions": [payment(SPLIT, "@payee", "10")] * 3}
    for request in (partial(bank.post, "json", payment(SPLIT, "@payee", "10")), partial(bank.post, "batch", batch)):
        answer, looks = _looks(bank.world, request)
        assert "has 9.99 BRL" in (answer.body or "")
        assert looks[bank.chain(SPLIT, 1)] == 2


def test_a_refusal_of_an_account_of_one_shard_reads_it_once(bank: Bank) -> None:
    answer, looks = _looks(bank.world, partial(bank.pay, ALICE, SHOP, "101"))
    refused(answer, 422, "0018")
    assert looks == {bank.chain(ALICE): 1, bank.chain(SHOP): 1}


def test_what_never_stands_still_is_not_refused_but_comes_to_no_end_in_time(bank: Bank, everything: Everything) -> None:
    split(bank, "1", "1")
    before = set(everything())
    whenever_looked_at(bank.chain(SPLIT, 1), bank.world, _brings(bank, 1, "0.01"))
    refused(bank.pay(SPLIT, SHOP, "100", "one"), 503, "9004")
    bank.world.fake.on_call = None
    assert not any("@shop" in str(pk) for pk, _ in set(everything()) - before)
    refused(bank.pay(SPLIT, SHOP, "100", "one"), 422, "0018")


@pytest.mark.parametrize("atomic", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_whoever_always_has_it_can_always_pay_it_however_many_move_it_between_the_shards(
    seed: int, *, atomic: bool
) -> None:
    """Each batch takes all that is there, and brings it back in the same write, to whichever shard."""
    world = CrowdedWorld(seed)
    bank = open_bank(world.client())
    split(bank, "6", "7", "8", "9")
    world.time_left = 60.0
    body = {"transactions": [payment(SPLIT, SHOP, "30"), payment(SHOP, SPLIT, "30")], "atomic": atomic}
    answers = world.together([partial(bank.post, "batch", body)] * 12, in_flight=6)
    assert all(map(_succeeded, answers))
    assert (bank.stands(SPLIT), bank.stands(SHOP)) == (("30", "0"), ("0", "0"))
    assert problems(world.fake.snapshot()) == []


def _brings(bank: Bank, shard: int, value: str) -> Callable[[], object]:
    """Brings money to a shard, as often as it is asked to."""
    numbers = count(1)
    return lambda: made(bank.inflow(SPLIT, value, bank.key_for("inflow", {2: shard}, next(numbers))))


def _looks(world: World, request: Callable[[], Answer]) -> tuple[Answer, Counter[str]]:
    """An answer, and how often it was looked for it how far each chain has come."""
    seen = len(world.recorder.calls)
    answer = request()
    calls = world.recorder.calls[seen:]
    return answer, Counter(chain for call in calls for chain in looked_at(call.operation, call.request))
