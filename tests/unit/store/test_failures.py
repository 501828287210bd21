"""Every error that a call to the table can end in has a meaning that somebody gave it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.exceptions
import botocore.httpsession
import botocore.response
import botocore.retryhandler
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader
from botocore.model import ServiceModel

from coffer.store.failures import CANCELLATIONS, CODES, CONNECTION, Failure, causes, classify
from tests.support.dynamodb.errors import client_error

OPERATIONS = ("GetItem", "Query", "Scan", "TransactGetItems", "TransactWriteItems")

GUIDE = """
    AccessDeniedException ConditionalCheckFailedException IncompleteSignatureException
    ItemCollectionSizeLimitExceededException LimitExceededException MissingAuthenticationTokenException
    ProvisionedThroughputExceededException ReplicatedWriteConflictException RequestLimitExceeded ResourceInUseException
    ResourceNotFoundException ThrottlingException UnrecognizedClientException ValidationException
    InternalServerError ServiceUnavailable
"""
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html"""

COMMON = """
    AccessDeniedException ExpiredTokenException IncompleteSignature InternalFailure MalformedHttpRequestException
    NotAuthorized OptInRequired RequestAbortedException RequestEntityTooLargeException RequestExpired
    RequestTimeoutException ServiceUnavailable ThrottlingException UnrecognizedClientException UnknownOperationException
    ValidationError
"""
"""https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html"""

REASONS = """
    ConditionalCheckFailed ItemCollectionSizeLimitExceeded TransactionConflict ProvisionedThroughputExceeded
    ThrottlingError ValidationError AccessDenied DuplicateItem
"""
"""https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html"""

ANYTHING = {
    "endpoint_url": "https://dynamodb.eu-central-1.amazonaws.com/",
    "proxy_url": "http://proxy.example",
    "error": "broken",
    "actual_bytes": 20,
    "expected_bytes": 40,
    "checksum_type": "crc32",
    "expected_checksum": 1,
    "actual_checksum": 2,
    "provider": "env",
    "error_msg": "broken",
    "cred_var": "AWS_SECRET_ACCESS_KEY",
    "report": "broken",
    "stream_object": "broken",
}
"""What the messages of botocore's errors are made of."""


def _modelled() -> Iterator[str]:
    model = ServiceModel(Loader().load_service_model("dynamodb", "service-2"), "dynamodb")
    for operation in OPERATIONS:
        yield from (shape.name for shape in model.operation_model(operation).error_shapes)


def _raised_by(module: str) -> Iterator[type[BotoCoreError]]:
    """The classes of botocore's own errors that a module of it names where it raises."""
    for node in ast.walk(ast.parse(Path(module).read_text())):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
            kind = getattr(botocore.exceptions, node.exc.func.id, None)
            if kind is not None:
                assert issubclass(kind, BotoCoreError)
                yield kind


def _error(kind: type[BotoCoreError]) -> BotoCoreError:
    return kind(**ANYTHING)


@pytest.mark.parametrize("code", sorted({*_modelled(), *GUIDE.split(), *COMMON.split()}))
def test_every_error_code_of_the_service_has_a_meaning(code: str) -> None:
    assert classify(client_error("transact_write_items", code)) is CODES[code]


@pytest.mark.parametrize("code", REASONS.split())
def test_every_reason_of_a_cancellation_has_a_meaning(code: str) -> None:
    assert causes([{"Code": "None"}, {"Code": code}]) == {CANCELLATIONS[code]}


@pytest.mark.parametrize(
    "module",
    [
        botocore.httpsession.__file__,
        botocore.response.__file__,
        botocore.retryhandler.__file__,
        str(Path(botocore.__file__).with_name("awsrequest.py")),
    ],
    ids=lambda path: Path(path).stem,
)
def test_every_error_that_the_http_client_raises_has_a_meaning_of_its_own(module: str) -> None:
    kinds = set(_raised_by(module))
    assert kinds
    assert kinds <= CONNECTION.keys()


@pytest.mark.parametrize("kind", CONNECTION, ids=lambda kind: kind.__name__)
def test_an_error_means_what_its_own_class_says_and_not_what_a_base_of_it_does(kind: type[BotoCoreError]) -> None:
    assert classify(_error(kind)) is CONNECTION[kind]


def test_an_error_without_a_meaning_of_its_own_means_what_its_nearest_base_does() -> None:
    class Cut(botocore.exceptions.ConnectionClosedError):
        pass

    class Refused(botocore.exceptions.EndpointConnectionError):
        pass

    assert classify(_error(Cut)) is Failure.AMBIGUOUS
    assert classify(_error(Refused)) is Failure.BUSY


@pytest.mark.parametrize(
    "kind",
    [
        botocore.exceptions.ConnectTimeoutError,
        botocore.exceptions.EndpointConnectionError,
        botocore.exceptions.ProxyConnectionError,
    ],
)
def test_what_was_never_sent_was_not_done(kind: type[BotoCoreError]) -> None:
    assert classify(_error(kind)) is Failure.BUSY


@pytest.mark.parametrize(
    "kind",
    [
        botocore.exceptions.ReadTimeoutError,
        botocore.exceptions.ConnectionClosedError,
        botocore.exceptions.SSLError,
        botocore.exceptions.ChecksumError,
        botocore.exceptions.HTTPClientError,
        botocore.exceptions.ResponseStreamingError,
        botocore.exceptions.IncompleteReadError,
    ],
)
def test_what_broke_off_may_have_been_done(kind: type[BotoCoreError]) -> None:
    assert classify(_error(kind)) is Failure.AMBIGUOUS


@pytest.mark.parametrize("code", ["TransactionInProgressException", "InternalServerError", "RequestTimeoutException"])
def test_what_the_service_has_not_finished_or_lost_sight_of_may_have_been_done(code: str) -> None:
    assert classify(client_error("transact_write_items", code)) is Failure.AMBIGUOUS


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_in_words_that_nobody_knows_may_have_been_done(status: int) -> None:
    response: Any = {"Error": {"Code": str(status)}, "ResponseMetadata": {"HTTPStatusCode": status}}
    assert classify(ClientError(response, "TransactWriteItems")) is Failure.AMBIGUOUS


def test_what_nobody_has_thought_of_is_a_bug() -> None:
    unknown = client_error("query", "NeverHeardOfException")
    assert classify(unknown) is Failure.BUG
    assert classify(ClientError({}, "Query")) is Failure.BUG
    assert classify(BotoCoreError()) is Failure.BUG
    assert causes([{"Code": "NeverHeardOf"}]) == {Failure.BUG}


def test_an_action_that_was_no_cause_means_nothing() -> None:
    assert causes([{"Code": "None"}, {"Code": "None"}]) == set()
    assert causes([{"Code": "ThrottlingError"}, {"Code": "None"}, {"Code": "TransactionConflict"}]) == {
        Failure.BUSY,
        Failure.CONFLICT,
    }
