"""What a request costs is what it uses, at the prices that are named."""

import re
from dataclasses import astuple

import pytest

from local.home import PROJECT
from tests.support.world import Answer
from tools.bench.prices import MILLION, PAYMENT, Prices, Usage, access_line, bill, units
from tools.bench.service import CORE
from tools.costs import Cost, read_floor

USED = Usage(cost=Cost(calls=3, read_units=2, write_units=7), processor=2.0, waiting=40.0, logged=600, sent=1_000)


def test_units_are_paid_by_the_million() -> None:
    assert units(USED.cost) == pytest.approx(7 * 0.625 + 2 * 0.125)


def test_a_function_with_less_than_a_core_computes_longer_and_waits_as_long() -> None:
    assert USED.duration(CORE) == USED.duration(2 * CORE) == pytest.approx(42)
    assert USED.duration(CORE // 2) == pytest.approx(44, abs=0.01)


def test_a_bill_has_all_parts() -> None:
    seconds = USED.billed(1_024) / 1_000
    function = 0.2 + seconds * Prices().gigabyte_second * MILLION
    billed = bill(USED, 1_024)
    assert astuple(billed) == pytest.approx((units(USED.cost), 1.0, function, 0.3, 0.09))
    assert billed.total == pytest.approx(billed.table + billed.gateway + billed.function + billed.logs)


def test_half_the_memory_costs_less_than_all_of_it_for_what_waits() -> None:
    assert bill(USED, 512).function < bill(USED, 1_024).function


def test_the_gateway_s_line_has_the_request_in_it() -> None:
    event = {"routeKey": "GET /v1/x", "requestContext": {"http": {"sourceIp": "192.0.2.1"}}}
    form = '{"r":"$context.routeKey","status":"$context.status","b":"$context.responseLength","e":"$context.error"}'
    line = access_line(form, event, Answer(201, {}, "four"))
    assert line == '{"r":"GET /v1/x","status":"201","b":"4","e":"-"}'


def test_the_readme_says_what_a_payment_costs_by_the_committed_units() -> None:
    cost = read_floor()[PAYMENT]
    readme = (PROJECT / "README.md").read_text()
    assert f"{cost.calls} calls, {cost.read_units:g} read and {cost.write_units:g} write units" in readme
    parts = re.search(r"\$([\d.]+): table ([\d.]+), gateway ([\d.]+), function ([\d.]+), logs ([\d.]+) \(", readme)
    assert parts
    total, table, *others = map(float, parts.groups())
    assert table == pytest.approx(units(cost), abs=0.006)
    assert total == pytest.approx(table + sum(others), abs=0.02)
