"""An error that repeating cannot help is ours: raised as it came, told as a 500, logged, never tried again."""

import logging
from collections.abc import Callable
from functools import partial

import pytest
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError

from coffer.api.log import MISTAKE, logger
from coffer.store.failures import CANCELLATIONS, CODES, Failure
from tests.integration.store.acts import Act, account_again, run
from tests.support.dynamodb.errors import cancelled, client_error
from tests.support.faults import Faults, Operation
from tests.support.world import Answer
from tools.scenarios import KEY, SCENARIOS, Scene

CODES_OF_BUGS = sorted(code for code, failure in CODES.items() if failure is Failure.BUG)
REASONS_OF_BUGS = sorted(code for code, failure in CANCELLATIONS.items() if failure is Failure.BUG)

CALLS: dict[Operation, Act] = {
    "transact_write_items": SCENARIOS["assets.create"][1],
    "get_item": SCENARIOS["assets.get"][1],
    "batch_get_item": SCENARIOS["balances.list_of_external"][1],
    "query": SCENARIOS["assets.list"][1],
    "transact_get_items": lambda at: partial(account_again(at), **KEY),
}
"""A request whose first call of an operation fails."""

WORDS = {
    "ResourceNotFoundException": "the table is missing",
    "AccessDeniedException": "access is denied",
}
CLIENT_ERRORS = {
    "credentials are missing": NoCredentialsError(),
    "a request without sense": ParamValidationError(report="broken"),
    "an error that nobody knows": BotoCoreError(),
}

by_call = pytest.mark.parametrize(("operation", "act"), CALLS.items(), ids=CALLS)


def _is_ours(operation: Operation, act: Act, error: ClientError | BotoCoreError, log: list[logging.LogRecord]) -> None:
    planned = run(act, lambda faults: faults.plan(lambda *_: error, operation, nth=range(1, 100)))
    assert planned.outcome.status == 500
    assert planned.outcome.json["code"] == "0046"
    assert "gateway-request" in planned.outcome.json["message"]
    assert str(error) not in planned.outcome.body
    assert planned.after == planned.before
    assert [call.operation for call in planned.calls].count(operation) == 1
    assert not planned.world.pauses
    (record,) = [record for record in log if record.getMessage() == "mistake"]
    assert record.exc_info
    assert record.exc_info[1] is error


@by_call
@pytest.mark.parametrize("code", [*CODES_OF_BUGS, "NeverHeardOfException"], ids=lambda code: WORDS.get(code, code))
def test_an_error_code_that_means_a_mistake_is_a_500(
    operation: Operation, act: Act, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    _is_ours(operation, act, client_error(operation, code), caplog.records)


@by_call
@pytest.mark.parametrize("error", CLIENT_ERRORS.values(), ids=CLIENT_ERRORS)
def test_an_error_of_our_own_client_is_a_500(
    operation: Operation, act: Act, error: BotoCoreError, caplog: pytest.LogCaptureFixture
) -> None:
    _is_ours(operation, act, error, caplog.records)


@pytest.mark.parametrize("operation", ["transact_write_items", "transact_get_items"])
@pytest.mark.parametrize("code", REASONS_OF_BUGS)
def test_a_reason_of_a_cancellation_that_means_a_mistake_is_a_500(
    operation: Operation, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    act = CALLS[operation]
    _is_ours(operation, act, cancelled(operation, [{"Code": code}] * _actions(operation, act)), caplog.records)


def _actions(operation: Operation, act: Act) -> int:
    """How many actions the transaction has that the request makes."""
    (call,) = [call for call in run(act).calls if call.operation == operation]
    return len(call.request["TransactItems"])


def test_a_mistake_after_a_lost_answer_is_no_refusal(caplog: pytest.LogCaptureFixture) -> None:
    def strike(faults: Faults) -> None:
        faults.lose_answer("transact_write_items")
        faults.fail("transact_write_items", "AccessDeniedException", nth=2)

    shaken = run(SCENARIOS["assets.create, with a key"][1], strike)
    assert shaken.outcome.status == 500
    assert "mistake" in caplog.messages
    replay = shaken.again()
    assert (replay.status, replay.headers["X-Idempotency-Replayed"]) == (201, "true")
    assert shaken.world.fake.snapshot() == shaken.after


def test_a_mistake_that_comes_upon_a_refusal_logs_nothing_of_what_that_says(caplog: pytest.LogCaptureFixture) -> None:
    def inflow(at: Scene) -> Callable[[], Answer]:
        to = [{"accountAlias": "@ada.lovelace", "remaining": "remaining"}]
        body = {"send": {"asset": "BRL", "value": "10", "distribute": {"to": to}}}
        return partial(at.client.post, f"{at.books()}/transactions/inflow", body)

    assert "@ada.lovelace" in run(inflow).outcome.json["message"]
    planned = run(inflow, lambda faults: faults.fail("get_item", "AccessDeniedException"))
    assert planned.outcome.status == 500
    (mistake,) = [record for record in caplog.records if record.getMessage() == MISTAKE]
    told = logger.registered_formatter.format(mistake)
    assert "AccessDeniedException" in told
    assert "@ada.lovelace" not in told
