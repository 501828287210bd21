"""A refusal that depends on what others do is told only when this very request has not been done."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.store.acts import Act, asset_again, run
from tests.support.audit import problems
from tests.support.dynamodb.errors import Reason, cancelled, client_error, reason
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults, Operation
from tests.support.template import table_definition
from tests.support.world import Answer, World
from tools.scenarios import ASSET, KEY, LEDGER, PORTFOLIO, SCENARIOS, SEGMENT, Scene

WRITE: Operation = "transact_write_items"
READ: Operation = "transact_get_items"

ALL = {
    "send": {
        "asset": "BRL",
        "value": "1000.00",
        "source": {"from": [{"accountAlias": "@alice", "remaining": "remaining"}]},
        "distribute": {"to": [{"accountAlias": "@bob", "remaining": "remaining"}]},
    }
}
"""A payment that leaves its payer nothing to pay it with again."""
TOGETHER = {"transactions": [ALL], "atomic": True}
EACH = {"transactions": [ALL]}

ANOTHERS = reason("ConditionalCheckFailed", item={"owner": {"S": "another"}, "attempt": {"S": "another"}})
"""What somebody else has stands in the way."""

TAKEN: dict[str, tuple[Act, int]] = {
    "assets.create, code": (SCENARIOS["assets.create"][1], 2),
    "assets.create, name": (SCENARIOS["assets.create"][1], 3),
    "assets.create, chain": (SCENARIOS["assets.create"][1], 7),
    "assets.create with a key, code": (SCENARIOS["assets.create, with a key"][1], 2),
    "assets.create with a key, chain": (SCENARIOS["assets.create, with a key"][1], 7),
    "ledgers.create, name": (SCENARIOS["ledgers.create"][1], 2),
    "segments.create, name": (SCENARIOS["segments.create"][1], 2),
    "segments.create with a key, name": (SCENARIOS["segments.create, with a key"][1], 2),
    "assets.delete, chain": (SCENARIOS["assets.delete"][1], 0),
    "assets.delete, asset": (SCENARIOS["assets.delete"][1], 18),
    "portfolios.delete, portfolio": (SCENARIOS["portfolios.delete"][1], 0),
    "segments.delete, segment": (SCENARIOS["segments.delete"][1], 0),
    "segments.delete, name": (SCENARIOS["segments.delete"][1], 1),
    "accounts.create, alias": (SCENARIOS["accounts.create"][1], 1),
    "accounts.create with a key, alias": (SCENARIOS["accounts.create, with a key"][1], 1),
    "accounts.delete, chain": (SCENARIOS["accounts.delete"][1], 0),
    "accounts.delete, account": (SCENARIOS["accounts.delete"][1], 1),
    "accounts.delete, balance": (SCENARIOS["accounts.delete"][1], 2),
    "balances.create, account": (SCENARIOS["balances.create"][1], 0),
    "balances.create, chain": (SCENARIOS["balances.create"][1], 2),
    "balances.update, chain": (SCENARIOS["balances.update"][1], 0),
    "balances.delete, chain": (SCENARIOS["balances.delete"][1], 0),
    "balances.delete, account": (SCENARIOS["balances.delete"][1], 1),
    "transactions.create_json, payer": (lambda at: at.post("json", ALL), 1),
    "transactions.create_json, payee": (lambda at: at.post("json", ALL), 2),
    "transactions.create_json with a key, payer": (lambda at: at.post("json", ALL, KEY), 1),
    "transactions.create_batch together, payer": (lambda at: at.post("batch", TOGETHER), 1),
    "transactions.create_batch together with a key, payer": (lambda at: at.post("batch", TOGETHER, KEY), 1),
    "transactions.create_batch each, payer": (lambda at: at.post("batch", EACH), 1),
    "transactions.commit, record": (SCENARIOS["transactions.commit"][1], 0),
    "transactions.commit, payee": (SCENARIOS["transactions.commit"][1], 2),
    "transactions.commit with a key, record": (SCENARIOS["transactions.commit, with a key"][1], 0),
    "transactions.cancel, record": (SCENARIOS["transactions.cancel"][1], 0),
    "transactions.cancel, payer": (SCENARIOS["transactions.cancel"][1], 1),
    "transactions.revert, original": (SCENARIOS["transactions.revert"][1], 1),
    "transactions.revert, payee": (SCENARIOS["transactions.revert"][1], 2),
    "ledgers.delete, ledger": (SCENARIOS["ledgers.delete"][1], 0),
    "organizations.delete": (SCENARIOS["organizations.delete"][1], 0),
}
"""What the first try has caused, and which action of the second one it stands in the way of."""


class Rival:
    """A table on which somebody else acts at a moment that a test chooses."""

    def __init__(self) -> None:
        self.fake = FakeDynamoDB(table_definition())
        self.faults = Faults(self.fake)
        self.world = World(self.faults, fake=self.fake)
        self.at = Scene(self.world, self.world.client())

    def meanwhile(self, act: Callable[[], object], *, nth: int = 1, applied: bool = False) -> None:
        """The `nth` write from now ends in a server error, and then somebody else acts."""

        def error(operation: str, _: object) -> ClientError:
            act()
            return client_error(operation, "InternalServerError")

        self.faults.plan(error, WRITE, applied=applied, nth=nth)

    def operations(self, seen: int) -> list[str]:
        """The calls since `seen` of them were made."""
        return [call.operation for call in self.world.recorder.calls[seen:]]

    @property
    def seen(self) -> int:
        """How many calls were made."""
        return len(self.world.recorder.calls)


@pytest.fixture
def rival() -> Rival:
    """A table, and somebody who interferes."""
    return Rival()


@pytest.mark.parametrize(("act", "action"), TAKEN.values(), ids=TAKEN)
def test_who_is_refused_for_what_its_own_first_try_has_done_is_not_refused(act: Act, action: int) -> None:
    def strike(faults: Faults) -> None:
        faults.lose_answer(WRITE)
        faults.cancel(*[None] * action, ANOTHERS, nth=2)

    calm = run(act)
    shaken = run(act, strike)
    assert (shaken.outcome, shaken.after) == (calm.outcome, calm.after)
    assert shaken.reads.count(READ) == 1


def test_without_a_key_and_without_doubt_a_refusal_costs_no_further_call() -> None:
    refused = run(asset_again)
    assert (refused.outcome.status, refused.outcome.json["code"]) == (409, "0003")
    assert [call.operation for call in refused.calls] == [WRITE]
    assert refused.after == refused.before


def test_with_a_key_a_refusal_is_told_once_no_record_of_the_request_is_found() -> None:
    refused = run(lambda at: partial(asset_again(at), **KEY))
    assert (refused.outcome.status, refused.outcome.json["code"]) == (409, "0003")
    assert [call.operation for call in refused.calls] == [WRITE, READ]
    assert refused.after == refused.before


def test_the_record_is_looked_for_until_it_is_known_whether_it_is_there() -> None:
    def strike(faults: Faults) -> None:
        faults.cancel("TransactionConflict", operation="transact_get_items", nth=range(1, 4))
        faults.fail(READ, "ThrottlingException", nth=4)
        faults.refuse_connection(READ, nth=5)
        faults.lose_answer(READ, nth=6)

    refused = run(lambda at: partial(asset_again(at), **KEY), strike)
    assert refused.outcome.status == 409
    assert refused.reads == [READ] * 7


def test_a_refused_request_does_not_use_up_its_key(rival: Rival) -> None:
    path = rival.at.asset()
    assets = path.rpartition("/")[0]
    assert rival.at.client.post(assets, ASSET, **KEY).status == 409
    assert rival.at.client.delete(path).status == 204
    assert rival.at.client.post(assets, ASSET, **KEY).status == 201


@pytest.mark.parametrize("key", [{}, KEY], ids=["without a key", "with a key"])
def test_in_doubt_a_refusal_is_told_when_somebody_else_was_faster(rival: Rival, key: dict[str, str]) -> None:
    path = rival.at.assets()
    rival.meanwhile(partial(rival.at.client.post, path, ASSET))
    answer = rival.at.client.post(path, ASSET, **key)
    assert (answer.status, answer.json["code"]) == (409, "0003")
    assert rival.world.recorder.calls[-1].operation == READ
    assert len(rival.at.client.get(path).json) == 1
    assert problems(rival.fake.snapshot()) == []


def test_of_two_requests_with_one_key_the_slower_gets_the_answer_of_the_faster(rival: Rival) -> None:
    path = rival.at.assets()
    request = partial(rival.at.client.post, path, ASSET, **KEY)
    first: list[Answer] = []
    rival.meanwhile(lambda: first.append(request()))
    second = request()
    assert (second.status, second.body) == (201, first[0].body)
    assert second.headers["X-Idempotency-Replayed"] == "true"
    assert len(rival.at.client.get(path).json) == 1


def test_a_plan_that_is_refused_because_the_same_request_was_faster_gets_its_answer(rival: Rival) -> None:
    request = rival.at.post("json", ALL, KEY)
    first: list[Answer] = []

    def error(operation: str, of: Any) -> ClientError:  # noqa: ANN401
        first.append(request())
        return _cancelled(operation, of, ["TransactionConflict"])

    rival.faults.plan(error, WRITE)
    seen = rival.seen
    second = request()
    assert (second.status, second.body) == (201, first[0].body)
    assert second.headers["X-Idempotency-Replayed"] == "true"
    assert rival.operations(seen)[-1] == READ


def test_one_key_for_two_bodies_is_refused_even_when_the_second_was_sent_first(rival: Rival) -> None:
    path = rival.at.assets()
    rival.meanwhile(partial(rival.at.client.post, path, ASSET, **KEY))
    other = rival.at.client.post(path, {**ASSET, "code": "XBT", "name": "Another"}, **KEY)
    assert (other.status, other.json["code"]) == (422, "0084")
    assert [asset["code"] for asset in rival.at.client.get(path).json] == ["BTC"]


def test_one_key_for_two_bodies_is_refused_as_such_also_where_the_plan_is_refused(rival: Rival) -> None:
    path = f"{rival.at.books()}/transactions/json"
    assert rival.at.client.post(path, ALL, **KEY).status == 201
    before = rival.fake.snapshot()
    other = rival.at.client.post(path, {**ALL, "description": "Another"}, **KEY)
    assert (other.status, other.json["code"]) == (422, "0084")
    assert rival.fake.snapshot() == before


def test_a_change_that_was_overtaken_is_made_to_what_stands_there_now(rival: Rival) -> None:
    path = rival.at.asset()
    rival.meanwhile(partial(rival.at.client.patch, path, {"metadata": {"by": "the rival"}}))
    answer = rival.at.client.patch(path, {"name": "Renamed"})
    assert answer.status == 200
    found = rival.at.client.get(path).json
    assert (found["name"], found["metadata"]) == ("Renamed", {"by": "the rival"})
    assert _version(rival.fake) == 3


@pytest.mark.parametrize("what", ["asset", "ledger", "segment"])
def test_a_renaming_to_the_name_that_somebody_else_has_just_given_it_is_no_conflict(rival: Rival, what: str) -> None:
    path = getattr(rival.at, what)()
    rival.meanwhile(partial(rival.at.client.patch, path, {"name": "Renamed", "metadata": {"by": "the rival"}}))
    answer = rival.at.client.patch(path, {"name": "Renamed"})
    assert (answer.status, answer.json["metadata"]) == (200, {"by": "the rival"})
    assert problems(rival.fake.snapshot()) == []


@pytest.mark.parametrize("then", ["nothing", "a collision"])
def test_what_somebody_else_has_changed_since_our_lost_answer_is_not_overwritten(rival: Rival, then: str) -> None:
    path = rival.at.asset()
    rival.meanwhile(partial(rival.at.client.patch, path, {"metadata": {"by": "the rival"}}), applied=True)
    if then == "a collision":
        rival.faults.cancel("TransactionConflict", nth=3)  # the rival's write was the second one
    answer = rival.at.client.patch(path, {"metadata": {"by": "us"}})
    assert (answer.status, answer.json["metadata"]) == (200, {"by": "us"})
    assert rival.at.client.get(path).json["metadata"] == {"by": "the rival"}
    assert _version(rival.fake) == 3


def test_a_deletion_that_somebody_else_was_faster_with_finds_nothing(rival: Rival) -> None:
    path = rival.at.asset()
    rival.meanwhile(partial(rival.at.client.delete, path))
    assert rival.at.client.delete(path).status == 404
    assert problems(rival.fake.snapshot()) == []


@pytest.mark.parametrize(("children", "body"), [("assets", ASSET), ("portfolios", PORTFOLIO), ("segments", SEGMENT)])
def test_a_parent_that_was_deleted_meanwhile_gets_no_child(rival: Rival, children: str, body: object) -> None:
    ledger = rival.at.ledger()
    rival.meanwhile(partial(rival.at.client.delete, ledger))
    answer = rival.at.client.post(f"{ledger}/{children}", body)
    assert (answer.status, answer.json["code"]) == (404, "0037")
    assert not any(f"#{children.upper()}" in str(pk) for pk, _ in rival.fake.snapshot())
    assert problems(rival.fake.snapshot()) == []


def test_a_parent_that_got_a_child_meanwhile_is_not_deleted(rival: Rival) -> None:
    ledger = rival.at.ledger()
    rival.meanwhile(partial(rival.at.client.post, f"{ledger}/assets", ASSET))
    answer = rival.at.client.delete(ledger)
    assert (answer.status, answer.json["code"]) == (409, "9001")
    assert problems(rival.fake.snapshot()) == []


REASONS: dict[str, tuple[list[str | Reason | None], int]] = {
    "a taken name": ([None, None, ANOTHERS], 409),
    "a name in whose way nothing is told to be": ([None, None, "ConditionalCheckFailed"], 201),
    "a parent that is gone": (["ConditionalCheckFailed"], 404),
    "both: the first action's refusal": (["ConditionalCheckFailed", None, ANOTHERS], 404),
    "a taken name beside a collision": (["TransactionConflict", None, ANOTHERS], 409),
    "a taken name beside throttling": (["ThrottlingError", None, ANOTHERS], 409),
    "an item that is there already": ([None, "ConditionalCheckFailed"], 201),
    "an item that is there already beside a collision": (["TransactionConflict", "ConditionalCheckFailed"], 201),
    "an item that is there already beside throttling": (["ThrottlingError", "ConditionalCheckFailed"], 201),
    "a collision": (["TransactionConflict"], 201),
    "a duplicate": ([None, "DuplicateItem"], 201),
    "throttling": (["ThrottlingError", "ProvisionedThroughputExceeded"], 201),
    "a collision and throttling": (["TransactionConflict", "ThrottlingError"], 201),
    "no cause at all": ([], 201),
    "what is invalid": ([None, "ValidationError"], 500),
    "what is invalid beside a collision": (["TransactionConflict", "ValidationError"], 500),
    "what is forbidden beside throttling": (["ThrottlingError", "AccessDenied"], 500),
    "what nobody knows": (["NeverHeardOf"], 500),
}
"""Reasons of a ledger's creation (its organization, itself, its name), and the status that follows."""


@pytest.mark.parametrize(("reasons", "status"), REASONS.values(), ids=REASONS)
def test_a_cancelled_write_means_what_its_reasons_say_together(
    rival: Rival, reasons: list[str | Reason | None], status: int
) -> None:
    path = rival.at.ledgers()
    rival.faults.plan(lambda operation, request: _cancelled(operation, request, reasons), WRITE)
    assert rival.at.client.post(path, LEDGER).status == status
    assert problems(rival.fake.snapshot()) == []


def _cancelled(operation: str, request: Any, reasons: list[str | Reason | None]) -> ClientError:  # noqa: ANN401
    padded = [*reasons, *[None] * (len(request["TransactItems"]) - len(reasons))]
    return cancelled(operation, [each if isinstance(each, dict) else {"Code": each or "None"} for each in padded])


def _version(fake: FakeDynamoDB) -> int:
    (asset,) = [item for (_, sk), item in fake.snapshot().items() if str(sk).startswith("ASSET#")]
    return int(asset["version"]["N"])


def test_who_renames_what_was_deleted_meanwhile_is_told_so_though_the_name_was_taken_meanwhile_too() -> None:
    world = World()
    at = Scene(world, world.client())
    path = at.segment()

    def on_call(operation: str, _: object) -> None:
        if operation == "transact_write_items":
            world.fake.on_call = None
            assert at.client.delete(path).status == 204
            assert at.client.post(path.rpartition("/")[0], {"name": "New"}).status == 201

    world.fake.on_call = on_call
    answer = at.client.patch(path, {"name": "New"})
    assert (answer.status, answer.json["code"]) == (404, "0036")


def test_who_makes_something_in_a_ledger_that_is_gone_is_told_so_though_the_name_was_taken_there() -> None:
    world = World()
    at = Scene(world, world.client())
    path = at.segments()

    def on_call(operation: str, _: object) -> None:
        if operation == "transact_write_items":
            world.fake.on_call = None
            assert at.client.post(path, SEGMENT).status == 201
            assert at.client.delete(path.rpartition("/")[0]).status == 204

    world.fake.on_call = on_call
    answer = at.client.post(path, SEGMENT)
    assert (answer.status, answer.json["code"]) == (404, "0037")


def test_a_name_that_somebody_else_has_had_meanwhile_is_taken_from_that_one() -> None:
    world = World()
    at = Scene(world, world.client())
    path = at.segments()

    def come_and_go() -> None:
        assert at.client.delete(f"{path}/{at.client.post(path, SEGMENT).id}").status == 204

    come_and_go()
    writes: list[object] = []

    def on_call(operation: str, request: object) -> None:
        if operation == "transact_write_items":
            writes.append(request)
            if len(writes) == 2:  # the first one took the name for new, this one takes it from who had it first
                world.fake.on_call = None
                come_and_go()
                world.fake.on_call = on_call

    world.fake.on_call = on_call
    assert at.client.post(path, SEGMENT).status == 201
    assert len(writes) == 3
    assert problems(world.fake.snapshot()) == []
