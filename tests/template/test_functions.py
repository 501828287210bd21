"""Every module below `functions/` is one Lambda, with the route that its docstring names."""

import sys

import pytest

from coffer.api.endpoint import Endpoint
from coffer.api.runtime import RESERVE
from coffer.store.expiry import PATIENCE
from coffer.store.verification.walk import SETTLED
from tests.support.functions import DEFAULT_ROUTE, Function, Route, functions
from tests.support.template import template
from tools.endpoints import handler, modules

VERIFICATION = "operators/verify_ledger"
AUTHORIZER = "auth/authorizer"
SWEEP = "transactions/expire"
GATEWAY_WAITS_FOR_A_VERDICT = 10
"""Seconds: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""
NEEDS_CRYPTOGRAPHY = {AUTHORIZER, "operators/publish_signing_key"}

every_function = pytest.mark.parametrize("function", functions(), ids=lambda function: function.logical_id)


def test_every_module_is_one_function_and_every_function_a_module() -> None:
    places = [(function.folder, function.module) for function in functions()]
    assert sorted(places) == list(modules())


@every_function
def test_a_function_is_its_folder_and_its_module_s_handler(function: Function) -> None:
    assert function.properties["CodeUri"] == f"functions/{function.folder}"
    assert function.properties["Handler"] == f"{function.module}.handler"
    assert callable(handler(function.folder, function.module))


@every_function
def test_a_function_has_the_route_that_it_declares_and_asks_for_a_token_where_it_checks_a_scope(
    function: Function,
) -> None:
    endpoint = handler(function.folder, function.module)
    if isinstance(endpoint, Endpoint):
        declaration = endpoint.declaration
        expected = [Route(declaration.method, declaration.path, authorized=declaration.scope is not None)]
    else:
        expected = []
    assert function.routes == expected


def test_no_two_functions_have_one_route() -> None:
    routes = [(route.method, route.path) for function in functions() for route in function.routes]
    assert len(set(routes)) == len(routes)
    assert ("ANY", DEFAULT_ROUTE) in routes


@every_function
def test_no_function_hides_a_module_of_the_standard_library(function: Function) -> None:
    """Its folder, /var/task, comes first on Lambda's path: a `token.py` there would break `tokenize`."""
    assert function.module not in sys.stdlib_module_names


@every_function
def test_only_who_needs_cryptography_carries_it(function: Function) -> None:
    layers = [{"Ref": "CryptoLayer"}] if function.name in NEEDS_CRYPTOGRAPHY else None
    assert function.properties.get("Layers") == layers


def test_all_functions_share_what_is_not_their_own() -> None:
    """Runtime, memory, time and log group stand once; nothing of a function's own overrides them."""
    shared = template()["Globals"]["Function"]
    assert shared["Runtime"] == "python3.13"
    assert shared["Layers"] == [{"Ref": "CommonLayer"}]
    assert shared["LoggingConfig"]["LogGroup"] == {"Ref": "LogGroup"}
    assert set(shared["Environment"]["Variables"]) >= {"TABLE_NAME", "ISSUER", "AUDIENCE"}
    own = {name for function in functions() for name in function.properties}
    assert own <= {
        *("CodeUri", "Handler", "Events", "Policies", "Layers"),
        *("Environment", "Timeout", "EventInvokeConfig"),
    }


def test_what_is_not_a_request_has_a_time_of_its_own() -> None:
    """A verification counts on it that what was begun long before it has ended by then.

    So requests are ended long before that, and a sweep writes under moments of its own.
    """
    times = {
        function.name: function.properties["Timeout"] for function in functions() if "Timeout" in function.properties
    }
    assert times.keys() == {VERIFICATION, AUTHORIZER, SWEEP}
    assert template()["Globals"]["Function"]["Timeout"] * 1000 < SETTLED / 2
    assert (PATIENCE + RESERVE) * 1000 < SETTLED / 2


def test_the_authorizer_stops_before_the_gateway_stops_waiting_for_it() -> None:
    """A verdict that comes later is one that nobody hears, and calls that nobody asked for any more."""
    (authorizer,) = (function for function in functions() if function.name == AUTHORIZER)
    assert RESERVE < authorizer.properties["Timeout"] < GATEWAY_WAITS_FOR_A_VERDICT


def test_a_sweep_has_ended_when_the_next_one_begins_and_is_not_begun_again() -> None:
    (sweep,) = (function for function in functions() if function.schedules)
    assert (sweep.name, sweep.schedules) == (SWEEP, ["rate(1 minute)"])
    assert sweep.properties["Timeout"] < 60
    assert sweep.properties["EventInvokeConfig"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
