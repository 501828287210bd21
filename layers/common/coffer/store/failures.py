"""What every error of a call to the table means for the request that made it.

botocore is told to repeat nothing by itself: what may be repeated, and what a failed call may have done, is decided
here. An error that is not in these tables is a bug, and is raised as it came.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum, auto
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ChecksumError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    InvalidProxiesConfigError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
    UnseekableStreamError,
)


class Failure(StrEnum):
    """What a failed call means."""

    BUSY = auto()
    """Not done: throttled, or never sent. The same call again, after a pause."""
    AMBIGUOUS = auto()
    """Done or not: the answer was lost. The same call again, byte for byte, until the answer is definite."""
    CONFLICT = auto()
    """Not done: another write was at the same item. Read again, plan again."""
    CANCELLED = auto()
    """Not done: the reasons say which action failed and why."""
    BUG = auto()
    """Not done, and would not be by repeating: a mistake of ours or of the deployment."""


CODES: dict[str, Failure] = {
    "InternalServerError": Failure.AMBIGUOUS,
    "InternalServerErrorException": Failure.AMBIGUOUS,
    "InternalFailure": Failure.AMBIGUOUS,
    "RequestAbortedException": Failure.AMBIGUOUS,
    "RequestTimeoutException": Failure.AMBIGUOUS,
    "ServiceUnavailable": Failure.AMBIGUOUS,
    "ServiceUnavailableException": Failure.AMBIGUOUS,
    "TransactionInProgressException": Failure.AMBIGUOUS,
    "LimitExceededException": Failure.BUSY,
    "ProvisionedThroughputExceededException": Failure.BUSY,
    "ReplicatedWriteConflictException": Failure.BUSY,
    "RequestLimitExceeded": Failure.BUSY,
    "ThrottlingException": Failure.BUSY,
    "TransactionConflictException": Failure.CONFLICT,
    "TransactionCanceledException": Failure.CANCELLED,
    "AccessDeniedException": Failure.BUG,
    "ConditionalCheckFailedException": Failure.BUG,
    "ExpiredTokenException": Failure.BUG,
    "IdempotentParameterMismatchException": Failure.BUG,
    "IncompleteSignature": Failure.BUG,
    "IncompleteSignatureException": Failure.BUG,
    "InvalidEndpointException": Failure.BUG,
    "InvalidSignatureException": Failure.BUG,
    "ItemCollectionSizeLimitExceededException": Failure.BUG,
    "MalformedHttpRequestException": Failure.BUG,
    "MissingAuthenticationTokenException": Failure.BUG,
    "NotAuthorized": Failure.BUG,
    "OptInRequired": Failure.BUG,
    "PolicyNotFoundException": Failure.BUG,
    "RequestEntityTooLargeException": Failure.BUG,
    "RequestExpired": Failure.BUG,
    "ResourceInUseException": Failure.BUG,
    "ResourceNotFoundException": Failure.BUG,
    "SerializationException": Failure.BUG,
    "UnknownOperationException": Failure.BUG,
    "UnrecognizedClientException": Failure.BUG,
    "ValidationError": Failure.BUG,
    "ValidationException": Failure.BUG,
}
"""Error codes of the service: of its model, of its guide, and those that all services have in common.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
"""

CANCELLATIONS: dict[str, Failure] = {
    "ConditionalCheckFailed": Failure.CANCELLED,
    "TransactionConflict": Failure.CONFLICT,
    "DuplicateItem": Failure.CONFLICT,
    "ProvisionedThroughputExceeded": Failure.BUSY,
    "ThrottlingError": Failure.BUSY,
    "AccessDenied": Failure.BUG,
    "ItemCollectionSizeLimitExceeded": Failure.BUG,
    "ValidationError": Failure.BUG,
}
"""Codes of a cancelled transaction's reasons, but `None`, which says that the action was not the cause.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

CONNECTION: dict[type[BotoCoreError], Failure] = {
    ConnectTimeoutError: Failure.BUSY,
    EndpointConnectionError: Failure.BUSY,
    ProxyConnectionError: Failure.BUSY,
    ChecksumError: Failure.AMBIGUOUS,
    ConnectionClosedError: Failure.AMBIGUOUS,
    HTTPClientError: Failure.AMBIGUOUS,
    IncompleteReadError: Failure.AMBIGUOUS,
    ReadTimeoutError: Failure.AMBIGUOUS,
    ResponseStreamingError: Failure.AMBIGUOUS,
    SSLError: Failure.AMBIGUOUS,  # of the handshake, or of a connection that broke off in the middle of an answer
    CredentialRetrievalError: Failure.BUG,
    InvalidProxiesConfigError: Failure.BUG,
    NoCredentialsError: Failure.BUG,
    ParamValidationError: Failure.BUG,
    PartialCredentialsError: Failure.BUG,
    UnseekableStreamError: Failure.BUG,
}
"""Errors of botocore itself, most of them of its HTTP client; a class that is missing means what its nearest base does.

https://github.com/boto/botocore/blob/develop/botocore/httpsession.py
"""

_SERVER_ERROR = 500


def classify(error: ClientError | BotoCoreError) -> Failure:
    """What the error of a call means; `Failure.BUG` also for what nobody has thought of."""
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        if code in CODES:
            return CODES[code]
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return Failure.AMBIGUOUS if status >= _SERVER_ERROR else Failure.BUG
    return next((CONNECTION[kind] for kind in type(error).__mro__ if kind in CONNECTION), Failure.BUG)


def causes(reasons: Iterable[Mapping[str, Any]]) -> set[Failure]:
    """What the reasons of a cancelled transaction mean, but for those of actions that were not the cause."""
    return {CANCELLATIONS.get(reason["Code"], Failure.BUG) for reason in reasons if reason["Code"] != "None"}
