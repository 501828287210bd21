"""A hold that expires: nobody commits it any more from that moment on, and by the schedule it is canceled."""

from collections.abc import Callable, Mapping
from copy import replace
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

import pytest

from coffer.api.expiry import MOST_LOGGED, HoldsKept
from coffer.ledger.refusal import Refusal
from coffer.store import keys
from coffer.store.expiry import AT_ONCE, PATIENCE
from coffer.store.keys import Key
from coffer.store.table import LONGEST_PAUSE
from coffer.times import parse, rfc3339
from tests.integration.ledger_api.bank import ALICE, BOB, SHOP, Bank, leg, open_bank, payment, send
from tests.integration.ledger_api.books import made, refused, replayed
from tests.integration.stores import Everything, on_every_store
from tests.support.audit import problems
from tests.support.crowd import CrowdedWorld
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults, Plan
from tests.support.pool import Pool
from tests.support.template import table_definition
from tests.support.world import JANUARY, World

MINUTE = 60_000


def later(bank: Bank, milliseconds: int = MINUTE) -> str:
    """A moment from now, as it is sent."""
    return rfc3339(bank.world.clock.now + milliseconds)


def pass_time(bank: Bank, milliseconds: int = MINUTE) -> None:
    """Lets time pass."""
    bank.world.clock.now += milliseconds


# ----------------------------------------------------------------------------------------------------------- the sweep


@on_every_store
def test_what_has_expired_is_canceled_by_the_schedule(bank: Bank) -> None:
    expires_at = later(bank)
    held = bank.hold(ALICE, SHOP, "60", expiresAt=expires_at)
    assert bank.get(held)["expiresAt"] == expires_at
    assert bank.expire() == 0
    assert bank.stands(ALICE) == ("40", "60")
    pass_time(bank)
    assert bank.expire() == 1
    transaction = bank.get(held)
    assert (transaction["status"]["code"], transaction["expiresAt"]) == ("CANCELED", expires_at)
    assert [each["type"] for each in transaction["operations"]] == ["ON_HOLD", "RELEASE"]
    assert bank.stands(ALICE) == ("100", "0")
    assert bank.expire() == 0


def test_it_expires_at_its_moment_and_not_a_millisecond_before(bank: Bank) -> None:
    moment = bank.world.clock.now + MINUTE
    held = bank.hold(ALICE, SHOP, "60", expiresAt=rfc3339(moment))
    bank.world.clock.now = moment - 2  # the next look at the clock is one before it
    assert bank.expire() == 0
    assert bank.expire() == 1
    assert bank.status(held) == "CANCELED"


def test_only_what_is_due_is_canceled(bank: Bank, everything: Everything) -> None:
    due = [bank.hold(ALICE, SHOP, "1", expiresAt=later(bank, number * 1000)) for number in range(1, 4)]
    committed = bank.hold(ALICE, SHOP, "10", expiresAt=later(bank))
    canceled = bank.hold(ALICE, SHOP, "10", expiresAt=later(bank))
    made(bank.settle(committed, "commit"))
    made(bank.settle(canceled, "cancel"))
    others = [
        committed,
        canceled,
        bank.hold(ALICE, SHOP, "1"),
        bank.hold(ALICE, SHOP, "1", expiresAt=later(bank, MINUTE * 2)),
        made(bank.pay(ALICE, SHOP, "1")).id,
    ]
    before = [bank.get(each) for each in others]
    pass_time(bank)
    assert bank.expire() == 3
    assert [bank.status(each) for each in due] == ["CANCELED"] * 3
    assert [bank.get(each) for each in others] == before
    assert problems(everything()) == []


@pytest.mark.parametrize("year", ["2285", "2286", "2287", "2500", "9999"])
def test_what_expires_in_a_far_future_is_not_due(bank: Bank, year: str) -> None:
    held = bank.hold(ALICE, SHOP, "60", expiresAt=f"{year}-12-31T23:59:59.999Z")
    assert bank.expire() == 0
    made(bank.settle(held, "commit"))


def test_holds_of_all_clients_and_ledgers_are_canceled(bank: Bank) -> None:
    banks = [bank, open_bank(bank.client), open_bank(bank.world.client())]
    for each in banks:
        each.hold(ALICE, SHOP, "60", expiresAt=later(bank))
    pass_time(bank)
    assert bank.expire() == 3
    assert [each.stands(ALICE) for each in banks] == [("100", "0")] * 3


def test_a_blocked_sources_hold_expires_too(bank: Bank) -> None:
    bank.hold(ALICE, SHOP, "60", expiresAt=later(bank))
    bank.block(ALICE)
    pass_time(bank)
    assert bank.expire() == 1
    assert bank.stands(ALICE) == ("100", "0")


def test_a_sweep_without_time_to_look_fails_and_the_next_one_does_it(bank: Bank) -> None:
    for _ in range(3):
        bank.hold(ALICE, SHOP, "1", expiresAt=later(bank))
    pass_time(bank)
    bank.world.time_left = 0
    with pytest.raises(Refusal):
        bank.expire()
    bank.world.time_left = 10
    assert bank.expire() == 3


def test_an_index_that_trails_shows_what_someone_has_settled_already_and_it_is_passed_over() -> None:
    fake = FakeDynamoDB(table_definition(), lag=Random(1))  # noqa: S311 -- it must be repeatable
    bank = open_bank(World(fake, fake=fake).client())
    held = [bank.hold(ALICE, SHOP, "1", expiresAt=later(bank)) for _ in range(8)]
    fake.settle()
    for each in held[::2]:
        made(bank.settle(each, "commit"))
    pass_time(bank)
    assert sum(bank.expire() for _ in range(20)) == 4
    assert [bank.status(each) for each in held] == ["APPROVED", "CANCELED"] * 4


@pytest.mark.parametrize("seed", range(4))
def test_the_schedule_against_commits_and_cancels_settles_each_hold_once(seed: int) -> None:
    world = CrowdedWorld(seed)
    bank = open_bank(world.client())
    world.time_left = 60
    expires_at = later(bank, 300)
    held = [bank.hold(ALICE, SHOP, "10", expiresAt=expires_at) for _ in range(4)]
    pass_time(bank, 200)
    steps: list[Callable[[], object]] = [
        partial(bank.settle, each, step) for each in held for step in ("commit", "cancel")
    ]
    sweeps: list[Callable[[], object]] = [bank.expire] * 3
    world.together([*steps, *sweeps, *steps, *sweeps], in_flight=6)
    pass_time(bank)
    bank.expire()
    settled = [bank.status(each) for each in held]
    assert set(settled) <= {"APPROVED", "CANCELED"}
    assert bank.stands(SHOP) == (str(10 * settled.count("APPROVED")), "0")
    assert bank.stands(ALICE) == (str(100 - 10 * settled.count("APPROVED")), "0")
    assert problems(world.fake.snapshot()) == []


# ------------------------------------------------------------------------------------------ what is wrong with one hold


@dataclass(frozen=True, slots=True)
class Street:
    """Banks of one world, whose payers can be made busy."""

    faults: Faults
    world: World

    def bank(self) -> Bank:
        """A further bank, of a client of its own."""
        return open_bank(self.world.client())

    def keep_busy(self, bank: Bank, alias: str) -> Plan:
        """Lets another write always be at an account's balance first."""
        chain = bank.chain(alias)

        def concerns(request: Mapping[str, Any]) -> bool:
            return any(chain in str(action) for action in request["TransactItems"])

        return self.faults.cancel("TransactionConflict", when=concerns, probability=1.0)


CALL = 20
"""Milliseconds of each call."""
MANY = 10
"""Holds which take longer, together, than what is left of the time when the next pause is too long for it."""


@pytest.fixture
def street() -> Street:
    """A world in which calls can fail, and take some time."""
    fake = FakeDynamoDB(table_definition())
    faults = Faults(fake)
    world = World(faults, fake=fake)

    def on_call(*_: object) -> None:
        world.clock.now += CALL

    fake.on_call = on_call
    return Street(faults, world)


def test_many_are_so_many() -> None:
    calls = 3  # the record, its payer's head, and the write
    assert MANY * calls * CALL > LONGEST_PAUSE * 1000


def told(canceled: int, *, wrong: int = 0, waiting: int = 0) -> str:
    """What the invocation fails with."""
    return rf"{canceled} were canceled, {wrong} could not be,.* and {waiting} wait for the next sweep"


def test_a_payer_who_is_always_busy_keeps_no_other_hold_from_being_canceled(street: Street) -> None:
    bank = street.bank()
    bank.open("@carol", "100")
    busy = bank.hold(ALICE, SHOP, "60", expiresAt=later(bank))
    others = [bank.hold("@carol", SHOP, "1", expiresAt=later(bank)) for _ in range(MANY)]
    pass_time(bank, 2 * MINUTE)
    traffic = street.keep_busy(bank, ALICE)
    with pytest.raises(HoldsKept, match=told(MANY, waiting=1)):
        bank.expire()
    assert (bank.status(busy), {bank.status(each) for each in others}) == ("PENDING", {"CANCELED"})
    assert traffic.struck > 1
    street.faults.plans.clear()
    assert bank.expire() == 1
    assert problems(street.world.fake.snapshot()) == []


def test_a_hold_of_which_it_is_not_known_whether_it_was_canceled_is_no_mistake(street: Street) -> None:
    bank = street.bank()
    held = bank.hold(ALICE, SHOP, "60", expiresAt=later(bank))
    pass_time(bank, 2 * MINUTE)
    street.faults.lose_answer("transact_write_items", nth=range(1, 1_000))
    with pytest.raises(HoldsKept, match=told(0, waiting=1)):
        bank.expire()
    street.faults.plans.clear()
    assert (bank.expire(), bank.status(held), bank.stands(ALICE)) == (0, "CANCELED", ("100", "0"))


def test_no_ledger_waits_for_all_that_another_one_has(street: Street) -> None:
    busy, other = street.bank(), street.bank()
    for _ in range(2 * MANY):  # each of them takes its two seconds, and there are two for half of them
        busy.hold(ALICE, SHOP, "1", expiresAt=later(busy))
    held = [other.hold(ALICE, SHOP, "1", expiresAt=later(busy, 2 * MINUTE)) for _ in range(MANY)]
    pass_time(busy, 3 * MINUTE)
    busy.world.time_left = MANY * PATIENCE + 1
    street.keep_busy(busy, ALICE)
    with pytest.raises(HoldsKept, match=told(MANY, waiting=2 * MANY)):
        busy.expire()
    assert {other.status(each) for each in held} == {"CANCELED"}


def test_what_is_written_bears_the_moment_at_which_its_own_hold_s_turn_came(street: Street) -> None:
    """However long the sweep: a verification counts on it that nothing is written long after the moment it bears."""
    busy, other = street.bank(), street.bank()
    busy.hold(ALICE, SHOP, "1", expiresAt=later(busy))
    held = other.hold(ALICE, SHOP, "60", expiresAt=later(busy, 2 * MINUTE))
    pass_time(busy, 3 * MINUTE)
    street.keep_busy(busy, ALICE)
    begin = busy.world.clock.now
    with pytest.raises(HoldsKept):
        busy.expire()
    waited = parse(other.get(held)["operations"][-1]["createdAt"]) - begin
    assert waited > (PATIENCE - LONGEST_PAUSE) * 1000


def test_each_hold_is_an_attempt_of_its_own(bank: Bank) -> None:
    """Else one would take another's entry on the same chain for its own, after a lost answer."""
    held = [bank.hold(ALICE, SHOP, "1", expiresAt=later(bank)) for _ in range(3)]
    pass_time(bank)
    assert bank.expire() == 3
    assert len({bank.record(each)["attempt"] for each in held}) == 3


WRONG: Mapping[str, tuple[str, dict[str, Any]]] = {
    "a record whose sources are a text": ("source", {"S": "~"}),
    "a record with a status that there is not": ("status", {"S": "SETTLED"}),
    "a record with an attribute that is never stored": ("note", {"B": b"~"}),
}


def spoil(bank: Bank, key: Key, name: str, value: dict[str, Any]) -> None:
    """Changes an item behind Coffer's back."""
    bank.world.fake.update_item(
        TableName=bank.world.fake.table,
        Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}},
        UpdateExpression="SET #name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": value},
    )


@pytest.mark.parametrize("wrong", WRONG)
def test_a_hold_that_cannot_be_read_is_named_in_the_log_and_all_others_are_canceled(
    bank: Bank, caplog: pytest.LogCaptureFixture, wrong: str
) -> None:
    spoiled, *held = [bank.hold(ALICE, SHOP, "1", expiresAt=later(bank, number * 1000)) for number in range(1, 4)]
    spoil(bank, keys.transaction(bank.books.ref, spoiled), *WRONG[wrong])
    pass_time(bank)
    with pytest.raises(HoldsKept, match=told(2, wrong=1)):
        bank.expire()
    assert [bank.status(each) for each in held] == ["CANCELED"] * 2
    (line,) = (line for line in caplog.records if line.levelname == "ERROR")
    assert (line.message, line.__dict__["transaction"]) == ("mistake", spoiled)
    assert line.__dict__["client"] == bank.client.client_id


def test_what_stands_in_the_index_by_mistake_is_a_mistake_that_hinders_nobody(bank: Bank) -> None:
    key = keys.asset(bank.books.ref, made(bank.books.add("GOLD", type="commodity")).id)
    spoil(bank, key, "gsi2pk", {"S": keys.partitions(keys.HOLDS)[0]})
    spoil(bank, key, "gsi2sk", {"S": keys.moment(1)})
    bank.hold(ALICE, SHOP, "1", expiresAt=later(bank))
    pass_time(bank)
    with pytest.raises(HoldsKept, match=told(1, wrong=1)):
        bank.expire()


def test_a_mistake_of_the_deployment_is_told_of_so_many_holds_and_counted_of_all(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    bank = street.bank()
    for _ in range(MOST_LOGGED + 2):
        bank.hold(ALICE, SHOP, "1", expiresAt=later(bank))
    pass_time(bank)
    street.faults.fail("transact_write_items", "AccessDeniedException", probability=1.0)
    with pytest.raises(HoldsKept, match=told(0, wrong=MOST_LOGGED + 2)):
        bank.expire()
    assert len([line for line in caplog.records if line.levelname == "ERROR"]) == MOST_LOGGED


def test_holds_are_canceled_in_the_pool_and_none_waits_there_for_another() -> None:
    world, pool = World(), Pool()
    bank = open_bank(world.client())
    bank.open("@carol", "100")
    legs = [leg(ALICE, "1"), leg("@carol", "1")]  # two balances, which are read in parallel where there is a pool
    for _ in range(3):
        body = {"send": send("2", legs, [leg(SHOP, "2")]), "pending": True, "expiresAt": later(bank)}
        made(bank.post("json", body))
    pass_time(bank)
    world.runtime = replace(world.runtime, connection=replace(world.runtime.connection, pool=pool))
    assert bank.expire() == 3
    assert pool.mapped == [keys.LISTING_PARTITIONS - 1, AT_ONCE]  # one of what is read at once is read outside of it


# --------------------------------------------------------------------------------------------------- too late to commit


def test_a_commit_after_expiry_is_refused_even_when_the_sweep_has_not_run(bank: Bank, everything: Everything) -> None:
    held = bank.hold(ALICE, SHOP, "60", expiresAt=later(bank))
    pass_time(bank)
    before = everything()
    assert "has expired" in refused(bank.settle(held, "commit"), 409, "0099")
    assert everything() == before
    assert (bank.status(held), bank.stands(ALICE)) == ("PENDING", ("40", "60"))
    assert bank.expire() == 1


def test_a_commit_before_it_is_not(bank: Bank) -> None:
    moment = bank.world.clock.now + MINUTE
    held = bank.hold(ALICE, SHOP, "60", expiresAt=rfc3339(moment))
    bank.world.clock.now = moment - 2
    assert made(bank.settle(held, "commit")).json["status"]["code"] == "APPROVED"
    pass_time(bank)
    assert bank.expire() == 0


def test_what_has_expired_can_be_canceled_by_hand(bank: Bank) -> None:
    held = bank.hold(ALICE, SHOP, "60", expiresAt=later(bank))
    pass_time(bank)
    made(bank.settle(held, "cancel"))
    assert bank.stands(ALICE) == ("100", "0")


@pytest.mark.parametrize("busy", [ALICE, SHOP])
def test_a_clock_that_is_behind_does_not_commit_what_another_has_seen_expire(
    bank: Bank, everything: Everything, busy: str
) -> None:
    """Something has already happened to one of the balances after the hold had expired, by another clock."""
    held = bank.hold(ALICE, SHOP, "60", expiresAt=later(bank))
    pass_time(bank, 2 * MINUTE)
    made(bank.inflow(busy, "1"))
    pass_time(bank, -2 * MINUTE)
    before = everything()
    assert "has expired" in refused(bank.settle(held, "commit"), 409, "0099")
    assert everything() == before


def test_a_clock_that_is_behind_leaves_the_hold_to_one_that_is_right(bank: Bank) -> None:
    held = bank.hold(ALICE, SHOP, "60", expiresAt=later(bank))
    pass_time(bank, -MINUTE)
    assert bank.expire() == 0
    pass_time(bank, 2 * MINUTE)
    assert bank.expire() == 1
    assert bank.status(held) == "CANCELED"


# --------------------------------------------------------------------------------------------------------- bad expiries


@pytest.mark.parametrize("ago", [0, 1, MINUTE, JANUARY])
def test_what_would_have_expired_already_is_refused(bank: Bank, everything: Everything, ago: int) -> None:
    before = everything()
    moment = rfc3339(bank.world.clock.now - ago)
    refused(bank.pay(ALICE, SHOP, "1", pending=True, expiresAt=moment), 400, "0083", "expiresAt")
    assert everything() == before


@pytest.mark.parametrize("pending", [{}, {"pending": False}])
def test_what_is_not_pending_cannot_expire(bank: Bank, everything: Everything, pending: dict[str, bool]) -> None:
    before = everything()
    expiry = {"expiresAt": later(bank), **pending}
    said = refused(bank.post("json", {**payment(ALICE, SHOP, "1"), **expiry}), 400, "0047", "expiresAt")
    assert "Only what is pending can expire" in said
    outflow = {"send": {key: value for key, value in payment(ALICE, SHOP, "1")["send"].items() if key != "distribute"}}
    refused(bank.post("outflow", {**outflow, **expiry}), 400, "0047", "expiresAt")
    assert everything() == before


@pytest.mark.parametrize("form", ["inflow", "annotation"])
def test_an_inflow_and_an_annotation_know_no_expiry(bank: Bank, everything: Everything, form: str) -> None:
    before = everything()
    body = payment(ALICE, SHOP, "1", expiresAt=later(bank))
    if form == "inflow":
        del body["send"]["source"]
    refused(bank.post(form, body), 400, "0053", "expiresAt")
    assert everything() == before


def test_a_replay_is_given_after_expiry_too(bank: Bank) -> None:
    expires_at = later(bank)
    first = made(bank.pay(ALICE, BOB, "60", "one", pending=True, expiresAt=expires_at))
    pass_time(bank)
    replayed(bank.pay(ALICE, BOB, "60", "one", pending=True, expiresAt=expires_at), first)
    assert bank.expire() == 1
    replayed(bank.pay(ALICE, BOB, "60", "one", pending=True, expiresAt=expires_at), first)
