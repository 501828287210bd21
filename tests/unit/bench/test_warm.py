"""What is measured warm is the real request: served from kept answers, it is answered as it was the first time."""

import json

import pytest

from tools.bench import warm


@pytest.mark.parametrize(
    "scenario", ["transactions.create_json, repeated", "assets.get", "settlement.create_deposit, reported again"]
)
def test_a_request_is_served_from_kept_answers_any_number_of_times(scenario: str) -> None:
    request = warm.prepare(scenario)
    first, second = json.loads(request.serve()), json.loads(request.serve())
    assert first["statusCode"] in {200, 201}
    assert first == second
    for floor in request.floors().values():
        floor()


def test_the_floor_makes_the_calls_that_the_request_makes() -> None:
    request = warm.prepare(warm.OPERATIONS["two-leg transaction"])
    assert [call.operation for call in request.calls] == ["query", "query", "transact_write_items"]
