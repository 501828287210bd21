"""Limits: what is at one is served, what is beyond it is refused by its name, before anything is stored.

What reading costs is counted: who gets to see a number of a million digits, how many calls are made, and how much
memory there is at most. What happens within one call, of a regular expression above all, is timed, by the processor's
time and with a wide bound: who looks at each character again for every other one needs minutes for what fills a body.
"""

from __future__ import annotations

import json
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from time import process_time
from typing import Any

import pytest
from pydantic import BaseModel

from coffer.api import bodies
from coffer.api.idempotency import HEADERS
from coffer.ledger import amounts
from coffer.ledger.refusal import Refusal
from coffer.models.batches import NewBatch
from coffer.models.new_transactions import NewInflow, NewTransaction
from coffer.models.organizations import NewOrganization
from tests.integration.ledger_api.bank import OUTSIDE, SHOP, Bank, leg, send
from tests.integration.ledger_api.books import ORGANIZATION, refused
from tests.integration.stores import Everything
from tests.support.samples import invoke, sample_event, sample_world
from tests.support.world import World
from tools.endpoints import endpoints

# -------------------------------------------------------------------------------------------------------- at and beyond

ORGANIZATIONS = "/v1/organizations"
WALLETS = "/api/v1/wallets"
TRANSACTIONS = "{ledger}/transactions"
METADATA_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Limit:
    """Two bodies of a POST: one at the limit and one beyond it; the code of the refusal, and the field it names."""

    path: str
    at: object
    beyond: object
    status: int
    code: str
    field: str


def organization(**fields: object) -> dict[str, Any]:
    """A good body for an organization, with other fields."""
    return {**ORGANIZATION, **fields}


def noted(**metadata: object) -> dict[str, Any]:
    """A good body for an organization that has this metadata."""
    return organization(metadata=metadata)


def noted_keys(count: int) -> dict[str, Any]:
    """A good body with so many keys of metadata."""
    return noted(**{f"k{number}": 1 for number in range(count)})


def noted_bytes(size: int) -> dict[str, Any]:
    """A good body with metadata that takes so many bytes as JSON."""
    values = {f"k{number}": "x" * 1_990 for number in range(8)}
    rest = size - len(json.dumps({**values, "k": ""}, separators=(",", ":")))
    return noted(**values, k="x" * rest)


def inflow(value: str, legs: int = 1) -> dict[str, Any]:
    """So much money that comes in, in so many legs."""
    return {"send": send(value, to=[*[leg(SHOP, "0.01")] * (legs - 1), leg(SHOP)])}


def batch(size: int) -> dict[str, Any]:
    """A batch of so many payments."""
    return {"transactions": [{"send": send("1", [leg(OUTSIDE)], [leg(SHOP)])}] * size}


BODIES = {
    "a name of 256 characters": Limit(
        ORGANIZATIONS, organization(legalName="é" * 256), organization(legalName="é" * 257), 400, "0047", "legalName"
    ),
    "100 keys of metadata": Limit(ORGANIZATIONS, noted_keys(100), noted_keys(101), 400, "0050", "metadata"),
    "a key of 100 characters": Limit(
        ORGANIZATIONS, noted(**{"é" * 100: 1}), noted(**{"é" * 101: 1}), 400, "0050", "metadata"
    ),
    "a value of 2,000 characters": Limit(
        ORGANIZATIONS, noted(k="é" * 2_000), noted(k="é" * 2_001), 400, "0051", "metadata"
    ),
    "16 KiB of metadata": Limit(
        ORGANIZATIONS, noted_bytes(METADATA_BYTES), noted_bytes(METADATA_BYTES + 1), 400, "0051", "metadata"
    ),
    "an integer of 18 digits in metadata": Limit(
        ORGANIZATIONS, noted(k=10**18 - 1), noted(k=10**18 + 1), 400, "0051", "metadata"
    ),
    "a batch of 100": Limit(f"{TRANSACTIONS}/batch", batch(100), batch(101), 400, "0047", "transactions"),
    "60 digits before the point": Limit(
        f"{TRANSACTIONS}/inflow", inflow("9" * 60), inflow(f"1{'0' * 60}"), 400, "0047", "send.value"
    ),
    "98 postings": Limit(f"{TRANSACTIONS}/inflow", inflow("1", 97), inflow("1", 99), 413, "0143", "send.distribute.to"),
    "a wallet's name of 100 characters": Limit(
        WALLETS, {"wallet_name": "é" * 100}, {"wallet_name": "é" * 101}, 400, "invalid_parameter", "wallet_name"
    ),
}


@pytest.mark.parametrize("limit", BODIES.values(), ids=BODIES)
def test_a_body_at_a_limit_is_good_and_one_beyond_it_is_refused_by_its_name(
    bank: Bank, everything: Everything, limit: Limit
) -> None:
    path = limit.path.format(ledger=bank.books.ledger)
    before, calls = everything(), len(bank.world.recorder.calls)
    bad = bank.client.post(path, limit.beyond)
    assert (bad.status, bad.json["code"]) == (limit.status, limit.code), bad
    assert limit.field in bad.json.get("fields", bad.json["message"])
    assert (everything(), len(bank.world.recorder.calls)) == (before, calls)
    good = bank.client.post(path, limit.at)
    assert good.status in {200, 201}, good


QUERIES = {
    "100 rows": ("limit=100", "limit=101", "0080", "limit"),
    "4,900 rows to skip": ("limit=100&page=50", "limit=100&page=51", "0082", "page"),
    "50 parameters": (
        "&".join(f"metadata.k{number}=1" for number in range(50)),
        "&".join(f"metadata.k{number}=1" for number in range(51)),
        "0082",
        None,
    ),
}


@pytest.mark.parametrize(("at", "beyond", "code", "field"), QUERIES.values(), ids=QUERIES)
def test_a_query_at_a_limit_is_good_and_one_beyond_it_is_refused_by_its_name(
    bank: Bank, at: str, beyond: str, code: str, field: str | None
) -> None:
    assert bank.client.get(f"{ORGANIZATIONS}?{at}").status == 200
    calls = len(bank.world.recorder.calls)
    refused(bank.client.get(f"{ORGANIZATIONS}?{beyond}"), 400, code, *([field] if field else []))
    assert len(bank.world.recorder.calls) == calls


# ------------------------------------------------------------------------------------------------------- every endpoint

MUCH = 100_000
"""Characters that fit a body, with the rest of it."""

LEVELS = "50,000 levels"
"""Too deep for the body as a whole: the field of it is named, and not the one in which they are."""

VALUES: Mapping[str, str] = {
    "a number of 100,000 digits": "9" * MUCH,
    "a fraction of 100,000 digits": f"0.{'9' * MUCH}",
    "an exponent of 100,000 digits": f"1e{'9' * MUCH}",
    "a number whose exponent takes it back": f"1{'0' * (MUCH // 2)}e-{MUCH // 2}",
    "100,000 digits as text": f'"{"9" * MUCH}"',
    "50,000 characters": f'"{"é" * (MUCH // 2)}"',
    "50,000 numbers": f"[{','.join('1' * (MUCH // 2))}]",
    "30,000 empty objects": f"[{','.join(['{}'] * (MUCH // 3))}]",
    LEVELS: "[" * (MUCH // 2) + "]" * (MUCH // 2),
}
"""JSON that no field takes."""

TAKES_A_BODY = {
    (folder, module): endpoint.declaration.body
    for folder, module, endpoint in endpoints()
    if endpoint.declaration.body is not None
}
of_every_body = pytest.mark.parametrize("place", TAKES_A_BODY, ids="/".join)


@pytest.fixture(scope="module")
def samples() -> World:
    """The world of the sample events; nothing here changes it."""
    return sample_world()


type Place = tuple[str | int, ...]
"""Where a field is: the names of fields, and 0 for what is in a list."""


def places(model: type[BaseModel]) -> Iterator[Place]:
    """Every field that a body can have, those of what is in it too."""
    schema = model.model_json_schema()

    def within(part: Mapping[str, Any], place: Place) -> Iterator[Place]:
        if "$ref" in part:
            part = schema["$defs"][part["$ref"].rpartition("/")[2]]
        for name, field in part.get("properties", {}).items():
            yield (*place, name)
            yield from within(field, (*place, name))
        for option in part.get("anyOf", ()):
            yield from within(option, place)
        if "items" in part:
            yield from within(part["items"], (*place, 0))

    return within(schema, ())


def with_value(good: object, place: Place, value: str) -> str:
    """The JSON of a good body with another value at one place."""

    def put(part: Any, rest: Place) -> object:  # noqa: ANN401
        if not rest:
            return "…"
        if rest[0] == 0:
            return [put(part[0] if part else {}, rest[1:])]
        return {**(part or {}), rest[0]: put((part or {}).get(rest[0]), rest[1:])}

    return json.dumps(put(good, place)).replace('"\\u2026"', value)


@of_every_body
def test_too_much_in_any_field_is_refused_by_its_name(samples: World, place: tuple[str, str]) -> None:
    event, before = sample_event(*place), samples.fake.snapshot()
    good = json.loads(event["body"])
    for field, (what, value) in product(places(TAKES_A_BODY[place]), VALUES.items()):
        answer = invoke(samples, *place, event | {"body": with_value(good, field, value)})
        assert answer["statusCode"] in {400, 413}, (field, what, answer)
        error = json.loads(answer["body"])
        name = ".".join(map(str, field[:1] if what == LEVELS else field))
        assert any(f"{each}.".startswith(f"{name}.") for each in error.get("fields", ())) or name in error["message"]
    assert samples.fake.snapshot() == before


@of_every_body
def test_a_million_digits_are_too_large_for_any_body(samples: World, place: tuple[str, str]) -> None:
    event, calls = sample_event(*place), len(samples.recorder.calls)
    answer = invoke(samples, *place, event | {"body": f'{{"metadata":{{"a":{"9" * 1_000_000}}}}}'})
    assert answer["statusCode"] == 413
    assert len(samples.recorder.calls) == calls


@pytest.mark.parametrize(
    "place", [(folder, module) for folder, module, each in endpoints() if each.declaration.scope], ids="/".join
)
def test_a_query_or_a_key_of_any_length_is_refused_before_anything_is_looked_up(
    samples: World, place: tuple[str, str]
) -> None:
    event, calls = sample_event(*place), len(samples.recorder.calls)
    long = "x" * 1_000_000
    queries = [f"{long}=1", f"cursor={long}", f"limit={'9' * 1_000_000}", "&".join(f"a{n}" for n in range(100_000))]
    for query in queries:
        answer = invoke(samples, *place, event | {"rawQueryString": query})
        assert answer["statusCode"] == 400, query[:20]
    if event["requestContext"]["http"]["method"] == "POST":
        for name in HEADERS:
            answer = invoke(samples, *place, event | {"headers": {**event["headers"], name: long}})
            assert (answer["statusCode"], "Idempotency-Key" in answer["body"] or name in answer["body"]) == (400, True)
    assert len(samples.recorder.calls) == calls


# -------------------------------------------------------------------------------------------------------------- counted


@contextmanager
def calls_to(seen: Callable[[object, object], None]) -> Iterator[None]:
    """Tells every call that Python code makes: what is called, and with which first argument."""
    events, tool = sys.monitoring.events, sys.monitoring.PROFILER_ID
    sys.monitoring.use_tool_id(tool, "limits")
    sys.monitoring.register_callback(tool, events.CALL, lambda _code, _offset, called, first: seen(called, first))
    sys.monitoring.set_events(tool, events.CALL)
    try:
        yield
    finally:
        sys.monitoring.set_events(tool, 0)
        sys.monitoring.register_callback(tool, events.CALL, None)
        sys.monitoring.free_tool_id(tool)


def read(model: type[BaseModel], body: bytes) -> BaseModel | Refusal:
    """What an endpoint makes of a body before it does anything."""
    try:
        return bodies.validate(model, bodies.parse(body))
    except Refusal as refusal:
        return refusal


NUMBERS = {
    "digits": "9" * 1_000_000,
    "a fraction": f"0.{'9' * 1_000_000}",
    "a negative number": f"-{'9' * 1_000_000}",
    "an exponent": f"1e{'9' * 1_000_000}",
    "digits and an exponent": f"{'9' * 1_000_000}E-1000000",
}


@pytest.mark.parametrize("quote", ["", '"'], ids=["as a number", "as text"])
@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_a_number_of_a_million_digits_is_refused_without_being_made_one(number: str, quote: str) -> None:
    """Also where the body's own limit does not come before it."""
    made = []

    def seen(called: object, first: object) -> None:
        if called in {int, float, Decimal} and isinstance(first, str) and len(first) > amounts.MAX_LENGTH:
            made.append(called)

    body = json.dumps(inflow("…")).replace('"\\u2026"', quote + number + quote)
    with calls_to(seen):
        refusal = read(NewInflow, body.encode())
    assert isinstance(refusal, Refusal)
    assert list(refusal.fields) == ["send.value"]
    assert made == []


def test_a_number_that_is_as_long_as_an_amount_can_be_is_made_one() -> None:
    """Or else what is not made above would prove nothing."""
    made = []
    longest = f"{'9' * 60}.{'9' * 36}"
    with calls_to(lambda called, first: made.append(first) if called is Decimal else None):
        read(NewInflow, json.dumps(inflow(longest)).encode())
    assert longest in made


def filled(head: str, each: str, tail: str) -> bytes:
    """A body of just 256 KiB, with as many of something in it as fit."""
    count = (bodies.MAX_BYTES - len(head) - len(tail) + 1) // (len(each) + 1)
    return (head + ",".join([each] * count) + tail).encode().ljust(bodies.MAX_BYTES)


def many_members(head: str, tail: str) -> bytes:
    """A body of just 256 KiB, with as many different members in it as fit."""
    members = ",".join(f'"{number:x}":1' for number in range(100_000))
    room = bodies.MAX_BYTES - len(head) - len(tail)
    return (head + members[: members.rindex(",", 0, room)] + tail).encode().ljust(bodies.MAX_BYTES)


def good_batch() -> bytes:
    """The largest good body that there is: a hundred payments, and as many numbers that are noted of them as fit."""
    metadata = {f"{number:x}": 1 for number in range(100)}
    payee = leg(SHOP, metadata=metadata, description="")
    payments = [{"send": send("1", [leg(OUTSIDE, metadata=metadata)], [payee]), "metadata": metadata}] * 100
    return json.dumps({"transactions": payments}, separators=(",", ":")).encode().ljust(bodies.MAX_BYTES)


SEND = '{"send":{"asset":"BRL","value":"1","distribute":{"to":[{"accountAlias":"@a","remaining":"remaining"}]},'
HOSTILE: Mapping[str, tuple[type[BaseModel], bytes]] = {
    "a list of numbers for legs": (NewTransaction, filled(f'{SEND}"source":{{"from":[', "1", "]}}}")),
    "a list of empty legs": (NewTransaction, filled(f'{SEND}"source":{{"from":[', "{}", "]}}}")),
    "a list of numbers for a batch": (NewBatch, filled('{"transactions":[', "1", "]}")),
    "a list of empty transactions": (NewBatch, filled('{"transactions":[', "{}", "]}")),
    "legs of nothing in a whole batch": (
        NewBatch,
        json.dumps({"transactions": [{"send": send("1", [{}] * 98, [{}] * 98)}] * 100}).encode(),
    ),
    "members that nobody knows": (NewOrganization, many_members("{", "}")),
    "keys of metadata": (NewOrganization, many_members('{"metadata":{', "}}")),
    "lists in metadata": (NewOrganization, filled('{"metadata":{"a":[', "[]", "]}}")),
    "strings with a NUL": (NewOrganization, filled('{"metadata":{"a":[', '"\\u0000"', "]}}")),
    "a key that stands twice, thousands of times": (NewOrganization, filled("{", '"a":1', "}")),
    "escapes": (NewOrganization, filled('{"legalName":"', "\\\\", '"}')),
    "brackets that never close": (NewOrganization, filled('{"a":[', "[]", "")),
    "levels": (NewOrganization, b"[" * bodies.MAX_BYTES),
}


MOST_CALLS = 2
"""Calls for each byte."""
MOST_BYTES = 80
"""Bytes of memory for each one that a body may have."""


def cost(model: type[BaseModel], body: bytes) -> tuple[int, int]:
    """How many calls are made to read a body, and how many bytes of memory it takes at most."""
    calls = 0

    def seen(_called: object, _first: object) -> None:
        nonlocal calls
        calls += 1

    with calls_to(seen):
        read(model, body)
    tracemalloc.start()
    read(model, body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return calls, peak


@pytest.mark.parametrize(("model", "body"), HOSTILE.values(), ids=HOSTILE)
def test_reading_a_hostile_body_takes_little_for_each_byte_of_it(model: type[BaseModel], body: bytes) -> None:
    calls, peak = cost(model, body)
    assert isinstance(read(model, body), Refusal)
    assert calls <= MOST_CALLS * len(body)
    assert peak <= MOST_BYTES * bodies.MAX_BYTES


LONG = {
    "letters": "a",
    "digits": "1",
    "blanks": " ",
    "letters with a hyphen, or without": "a-aa-",
    "digits with a point, or without": "1.11.",
    "what an alias begins with": "@a/",
    "accents that have to be put in order": "\u0301\u0316",
    "escapes": "\\u0000",
}
"""What a text consists of that fills a body."""

MOST_SECONDS = 0.25
"""Of the processor: more than ten times what any of them takes."""


def seconds_to_read(model: type[BaseModel], body: bytes) -> float:
    """How long it takes at least: again if it seems too long, for the machine may be at something else."""
    best = MOST_SECONDS * 2
    for _ in range(3):
        began = process_time()
        read(model, body)
        best = min(best, process_time() - began)
        if best <= MOST_SECONDS:
            break
    return best


@of_every_body
def test_a_long_text_in_any_field_is_read_in_no_time(place: tuple[str, str]) -> None:
    good, model = json.loads(sample_event(*place)["body"]), TAKES_A_BODY[place]
    for field, (what, part) in product(places(model), LONG.items()):
        rest = len(with_value(good, field, '"!"'))
        text = part * ((bodies.MAX_BYTES - rest) // len(part.encode()))
        body = with_value(good, field, f'"{text}!"').encode()
        assert bodies.MAX_BYTES - 100 < len(body) <= bodies.MAX_BYTES
        assert seconds_to_read(model, body) <= MOST_SECONDS, (field, what)


def test_a_good_body_takes_a_quarter_of_that_at_least() -> None:
    """Or else the bounds above would be too wide to say much."""
    calls, _ = cost(NewBatch, good_batch())
    assert not isinstance(read(NewBatch, good_batch()), Refusal)
    assert calls >= MOST_CALLS / 4 * len(good_batch())
