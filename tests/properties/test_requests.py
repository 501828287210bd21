"""Requests: whatever is sent, it is done or refused; a refusal changes nothing, and nothing is answered with a 500."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.world import Client, World

texts = st.text(max_size=12) | st.sampled_from(["BTC", "btc", "crypto", "currency", "BR", "ACTIVE", "\0", "\ud800"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2))
bodies = st.fixed_dictionaries(
    {},
    optional={
        "name": texts | scalars,
        "legalName": texts | scalars,
        "legalDocument": texts | scalars,
        "doingBusinessAs": scalars,
        "address": st.dictionaries(st.sampled_from(["line1", "zipCode", "country", "x"]), scalars) | scalars,
        "parentOrganizationId": st.uuids().map(str) | scalars,
        "type": st.sampled_from(["crypto", "currency", "others"]) | scalars,
        "code": st.text("ABC1", max_size=4) | scalars,
        "decimals": st.integers(-1, 40) | scalars,
        "status": st.fixed_dictionaries({"code": scalars}, optional={"description": scalars}) | values,
        "metadata": st.dictionaries(texts, scalars, max_size=4) | values,
        "unknown": values,
    },
)
queries = st.dictionaries(
    st.sampled_from(
        ["limit", "page", "cursor", "sort_order", "start_date", "end_date", "type", "code", "metadata.a", "x"]
    ),
    st.integers(-1, 101).map(str)
    | st.sampled_from(["asc", "2026-01-15", "crypto", "%00", "%FF", "+"])
    | st.text("a1-:%&="),
    max_size=3,
)


@cache
def scene() -> tuple[Client, list[str], list[str]]:
    """A client, the paths of its lists and those of what is in them."""
    client = World().client()
    organization = f"/v1/organizations/{client.post('/v1/organizations', {'legalName': 'A', 'legalDocument': '1'}).id}"
    ledger = f"{organization}/ledgers/{client.post(f'{organization}/ledgers', {'name': 'Main'}).id}"
    asset = client.post(f"{ledger}/assets", {"name": "Bitcoin", "type": "crypto", "code": "BTC"}).id
    lists = ["/v1/organizations", f"{organization}/ledgers", f"{ledger}/assets"]
    return client, lists, [organization, ledger, f"{ledger}/assets/{asset}"]


def check(method: str, path: str, body: str | None) -> None:
    """A request is done, or refused without a trace, in words that can be sent."""
    client, _, _ = scene()
    before = client.world.fake.snapshot()
    answer = client.send(method, path, body, {})
    (answer.body or "").encode()
    assert answer.status < 500, answer
    assert answer.status < 400 or client.world.fake.snapshot() == before


@pytest.mark.parametrize("kind", range(3), ids=["organization", "ledger", "asset"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
@settings(max_examples=60)
@given(body=bodies)
def test_any_body_is_taken_or_refused(kind: int, method: str, body: dict[str, Any]) -> None:
    _, lists, rows = scene()
    check(method, (lists if method == "POST" else rows)[kind], json.dumps(body))


@pytest.mark.parametrize("kind", range(3), ids=["organizations", "ledgers", "assets"])
@settings(max_examples=60)
@given(query=queries)
def test_any_query_is_answered_or_refused(kind: int, query: dict[str, str]) -> None:
    _, lists, _ = scene()
    check("GET", f"{lists[kind]}?{'&'.join(f'{name}={value}' for name, value in query.items())}", None)
