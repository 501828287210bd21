"""Requests that overlap: whatever their order, the outcome is that of one after the other.

Each test goes through many orders, each of which follows from a seed; one that fails names it, and
`CrowdedWorld(seed)` makes it happen again.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from coffer.auth.jwk import public_jwk
from coffer.store import keyring
from tests.support.audit import problems
from tests.support.crowd import CrowdedWorld
from tests.support.world import Answer
from tools.scenarios import ASSET, KEY, LEDGER, SEGMENT, Scene

CREATES = 50
IN_FLIGHT = 16

type Setting = Callable[[CrowdedWorld], object]


def _quiet(_: CrowdedWorld) -> None:
    """Nothing fails."""


def _rough(world: CrowdedWorld) -> None:
    """Of a hundred calls some twenty fail, in every way."""
    faults = world.faults
    faults.lose_answer(probability=0.04)
    faults.refuse_connection(probability=0.04)
    faults.fail(None, "InternalServerError", probability=0.02)
    faults.fail(None, "ServiceUnavailable", applied=True, probability=0.02)
    faults.fail(None, "ThrottlingException", probability=0.02)
    faults.cancel("TransactionConflict", probability=0.05)
    faults.cancel("ThrottlingError", probability=0.02)
    faults.cancel("TransactionConflict", operation="transact_get_items", probability=0.05)


WEATHER: dict[str, tuple[Setting, range]] = {"calm": (_quiet, range(6)), "rough": (_rough, range(6))}

in_any_weather = pytest.mark.parametrize(("weather", "seeds"), WEATHER.values(), ids=WEATHER)


@contextmanager
def _named(seed: int) -> Iterator[None]:
    """Whatever fails inside names the seed."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"seed {seed}")
        raise


def _worlds(seeds: range) -> Iterator[tuple[int, CrowdedWorld, Scene]]:
    for seed in seeds:
        world = CrowdedWorld(seed)
        yield seed, world, Scene(world, world.client())


def _settled(world: CrowdedWorld, request: Callable[[], Answer]) -> Callable[[], Answer]:
    """The request, sent again as long as it is answered 503: as a client does that wants to know."""

    def send() -> Answer:
        while (answer := request()).status == 503:
            world.scheduler.pause(float(answer.headers["Retry-After"]))
        return answer

    return send


@in_any_weather
def test_of_many_creates_of_one_code_one_succeeds(weather: Setting, seeds: range) -> None:
    for seed, world, at in _worlds(seeds):
        with _named(seed):
            path = at.assets()
            weather(world)
            answers = world.together([partial(at.client.post, path, ASSET)] * CREATES, in_flight=IN_FLIGHT)
            assert Counter(answer.status for answer in answers) == {201: 1, 409: CREATES - 1}
            assert {answer.json["code"] for answer in answers if answer.status == 409} == {"0003"}
            world.faults.plans.clear()
            (asset,) = at.client.get(path).json
            assert asset["id"] == next(answer.id for answer in answers if answer.status == 201)
            assert problems(world.fake.snapshot()) == []


@in_any_weather
def test_with_one_idempotency_key_all_get_the_same_answer(weather: Setting, seeds: range) -> None:
    for seed, world, at in _worlds(seeds):
        with _named(seed):
            path = at.assets()
            weather(world)
            request = _settled(world, partial(at.client.post, path, ASSET, **KEY))
            answers = world.together([request] * CREATES, in_flight=IN_FLIGHT)
            assert {answer.status for answer in answers} == {201}
            assert len({answer.body for answer in answers}) == 1
            replays = Counter("X-Idempotency-Replayed" in answer.headers for answer in answers)
            assert replays[False] <= 1
            world.faults.plans.clear()
            assert len(at.client.get(path).json) == 1
            assert problems(world.fake.snapshot()) == []


@in_any_weather
def test_with_one_key_for_two_bodies_one_body_wins_and_the_other_is_told_so(weather: Setting, seeds: range) -> None:
    for seed, world, at in _worlds(seeds):
        with _named(seed):
            path = at.assets()
            weather(world)
            bodies = [ASSET, {**ASSET, "code": "XBT", "name": "Other"}]
            requests = [_settled(world, partial(at.client.post, path, bodies[n % 2], **KEY)) for n in range(20)]
            answers = world.together(requests, in_flight=IN_FLIGHT)
            assert Counter(answer.status for answer in answers) == {201: 10, 422: 10}
            assert len({answer.status for answer in answers[::2]}) == 1
            world.faults.plans.clear()
            assert len(at.client.get(path).json) == 1
            assert problems(world.fake.snapshot()) == []


@in_any_weather
def test_an_asset_that_is_made_and_deleted_by_many_is_there_or_not(weather: Setting, seeds: range) -> None:
    for seed, world, at in _worlds(seeds):
        with _named(seed):
            path = at.assets()
            weather(world)

            def life() -> list[int]:
                made = _settled(world, partial(at.client.post, path, ASSET))()  # noqa: B023 -- it runs in this turn
                if made.status != 201:
                    return [made.status]
                gone = _settled(world, partial(at.client.delete, f"{path}/{made.id}"))()  # noqa: B023
                return [made.status, gone.status]

            lives = world.together([life] * 12, in_flight=6)
            assert {status for statuses in lives for status in statuses} <= {201, 204, 404, 409}
            assert sum(statuses[0] == 201 for statuses in lives) >= 1
            world.faults.plans.clear()
            assert problems(world.fake.snapshot()) == []


@in_any_weather
def test_a_ledger_is_deleted_or_gets_an_asset_and_never_both(weather: Setting, seeds: range) -> None:
    outcomes = Counter[tuple[int, int]]()
    for seed, world, at in _worlds(range(len(seeds) * 4)):
        with _named(seed):
            ledger = at.ledger()
            weather(world)
            create = _settled(world, partial(at.client.post, f"{ledger}/assets", ASSET, **KEY))
            delete = _settled(world, partial(at.client.delete, ledger))
            created, deleted = world.together([create, delete], in_flight=2)
            outcomes[created.status, deleted.status] += 1
            assert problems(world.fake.snapshot()) == []
    assert set(outcomes) == {(201, 409), (404, 204)}


@in_any_weather
def test_changes_of_different_fields_by_many_are_all_made(weather: Setting, seeds: range) -> None:
    for seed, world, at in _worlds(seeds):
        with _named(seed):
            path = at.asset()
            weather(world)
            fields = [{"name": "Renamed"}, {"metadata": {"by": "us"}}, {"status": {"code": "SLEEPING"}}]
            requests = [_settled(world, partial(at.client.patch, path, body)) for body in fields]
            assert {answer.status for answer in world.together(requests, in_flight=3)} == {200}
            world.faults.plans.clear()
            asset = at.client.get(path).json
            assert (asset["name"], asset["metadata"], asset["status"]["code"]) == ("Renamed", {"by": "us"}, "SLEEPING")
            assert problems(world.fake.snapshot()) == []


@in_any_weather
def test_a_ledgers_name_is_given_once(weather: Setting, seeds: range) -> None:
    for seed, world, at in _worlds(seeds):
        with _named(seed):
            path = at.ledgers()
            others = [f"{path}/{at.client.post(path, {'name': f'Ledger {n}'}).id}" for n in range(5)]
            weather(world)
            creates = [partial(at.client.post, path, LEDGER) for _ in range(5)]
            renames = [partial(at.client.patch, other, LEDGER) for other in others]
            answers = world.together([*creates, *renames], in_flight=10)
            done = [answer.status for answer in answers if answer.status < 400]
            assert len(done) <= 1
            assert {answer.status for answer in answers} <= {200, 201, 409, 503}
            world.faults.plans.clear()
            named = [ledger for ledger in at.client.get(path).json["items"] if ledger["name"] == LEDGER["name"]]
            assert len(named) <= 1
            assert problems(world.fake.snapshot()) == []


@in_any_weather
def test_a_segments_name_is_given_once(weather: Setting, seeds: range) -> None:
    for seed, world, at in _worlds(seeds):
        with _named(seed):
            path = at.segments()
            others = [f"{path}/{at.client.post(path, {'name': f'Segment {n}'}).id}" for n in range(5)]
            weather(world)
            creates = [_settled(world, partial(at.client.post, path, SEGMENT)) for _ in range(5)]
            renames = [_settled(world, partial(at.client.patch, other, {"name": SEGMENT["name"]})) for other in others]
            answers = world.together([*creates, *renames], in_flight=10)
            assert {answer.json["code"] for answer in answers if answer.status not in {200, 201}} == {"0015"}
            world.faults.plans.clear()
            assert [row["name"] for row in at.client.get(path).json["items"]].count(SEGMENT["name"]) == 1
            assert problems(world.fake.snapshot()) == []


@in_any_weather
def test_segments_that_are_made_renamed_and_deleted_by_many_leave_no_name_behind(
    weather: Setting, seeds: range
) -> None:
    for seed, world, at in _worlds(seeds):
        with _named(seed):
            path = at.segments()
            weather(world)

            def life(n: int) -> list[int]:
                key = {"Idempotency_Key": f"life {n}"}
                made = _settled(world, partial(at.client.post, path, SEGMENT, **key))()  # noqa: B023 -- in this turn
                if made.status != 201:
                    return [made.status]
                own = f"{path}/{made.id}"  # noqa: B023
                renamed = _settled(world, partial(at.client.patch, own, {"name": f"Name {n % 2}"}))()  # noqa: B023
                gone = _settled(world, partial(at.client.delete, own))()  # noqa: B023
                return [made.status, renamed.status, gone.status]

            lives = world.together([partial(life, n) for n in range(12)], in_flight=6)
            assert {each[0] for each in lives} == {201, 409}
            assert {status for each in lives for status in each[1:2]} <= {200, 409}
            assert {status for each in lives for status in each[2:]} <= {204, 404}
            world.faults.plans.clear()
            assert at.client.get(path).json["items"] == []
            assert at.client.post(path, SEGMENT).status == 201
            assert problems(world.fake.snapshot()) == []


@in_any_weather
def test_changes_of_a_portfolio_by_many_are_all_made(weather: Setting, seeds: range) -> None:
    for seed, world, at in _worlds(seeds):
        with _named(seed):
            path = at.portfolio()
            weather(world)
            fields = [{"name": "Renamed"}, {"metadata": {"by": "us"}}, {"entityId": None}]
            requests = [_settled(world, partial(at.client.patch, path, body)) for body in fields]
            assert {answer.status for answer in world.together(requests, in_flight=3)} == {200}
            world.faults.plans.clear()
            found = at.client.get(path).json
            assert (found["name"], found["metadata"], found["entityId"]) == ("Renamed", {"by": "us"}, None)
            assert problems(world.fake.snapshot()) == []


@in_any_weather
def test_operators_who_publish_at_once_lose_no_key(weather: Setting, seeds: range) -> None:
    for seed, world, _ in _worlds(seeds):
        with _named(seed):
            weather(world)
            jwks = [public_jwk(f"key{n}", "AQAB") for n in range(6)]

            def publish(n: int) -> None:
                world.time_left = 60  # noqa: B023 -- it runs in this turn
                keyring.change(world.table(), lambda ring: ring.publish(f"arn:{n}", jwks[n]))  # noqa: B023

            world.together([partial(publish, n) for n in range(6)], in_flight=6)
            world.faults.plans.clear()
            assert set(keyring.get(world.table()).public_keys) == {jwk["kid"] for jwk in jwks}


def test_requests_did_collide_and_fail_on_the_way() -> None:
    world = CrowdedWorld(0)
    at = Scene(world, world.client())
    path = at.assets()
    _rough(world)
    world.together([partial(at.client.post, path, ASSET)] * CREATES, in_flight=IN_FLIGHT)
    assert world.traffic.collisions > 10
    assert world.faults.struck > 10
