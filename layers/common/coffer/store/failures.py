"""What every error of a call to the table means for the request that made it.

boto3 is told to repeat nothing by itself: what may be repeated, and what a failed call may have done, is decided here.
An error that is not in these tables is a bug, and is raised as it came.
"""

from enum import StrEnum, auto

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
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
    "ServiceUnavailable": Failure.AMBIGUOUS,
    "ServiceUnavailableException": Failure.AMBIGUOUS,
    "LimitExceededException": Failure.BUSY,
    "ProvisionedThroughputExceededException": Failure.BUSY,
    "ReplicatedWriteConflictException": Failure.BUSY,
    "RequestLimitExceeded": Failure.BUSY,
    "ThrottlingException": Failure.BUSY,
    "TransactionInProgressException": Failure.BUSY,
    "TransactionConflictException": Failure.CONFLICT,
    "TransactionCanceledException": Failure.CANCELLED,
    "AccessDeniedException": Failure.BUG,
    "ConditionalCheckFailedException": Failure.BUG,
    "ExpiredTokenException": Failure.BUG,
    "IdempotentParameterMismatchException": Failure.BUG,
    "IncompleteSignatureException": Failure.BUG,
    "InvalidEndpointException": Failure.BUG,
    "InvalidSignatureException": Failure.BUG,
    "ItemCollectionSizeLimitExceededException": Failure.BUG,
    "MissingAuthenticationTokenException": Failure.BUG,
    "PolicyNotFoundException": Failure.BUG,
    "ResourceNotFoundException": Failure.BUG,
    "SerializationException": Failure.BUG,
    "UnrecognizedClientException": Failure.BUG,
    "ValidationException": Failure.BUG,
}
"""Error codes of the service, from its model and its list of common errors.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
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
    SSLError: Failure.BUSY,
    ConnectionClosedError: Failure.AMBIGUOUS,
    IncompleteReadError: Failure.AMBIGUOUS,
    ReadTimeoutError: Failure.AMBIGUOUS,
    ResponseStreamingError: Failure.AMBIGUOUS,
    HTTPClientError: Failure.AMBIGUOUS,
}
"""Errors of the HTTP client, the more particular first: a class stands before the class that it derives from."""

_SERVER_ERROR = 500


def classify(error: ClientError | BotoCoreError) -> Failure:
    """What the error of a call means; `Failure.BUG` also for what nobody has thought of."""
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        if code in CODES:
            return CODES[code]
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return Failure.AMBIGUOUS if status >= _SERVER_ERROR else Failure.BUG
    for kind, failure in CONNECTION.items():
        if isinstance(error, kind):
            return failure
    return Failure.BUG
