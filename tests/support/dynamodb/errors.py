"""The service's errors as botocore raises them: real classes, shaped as its parser shapes them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypedDict, cast

from botocore.errorfactory import BaseClientExceptions, ClientExceptionsFactory
from botocore.exceptions import ClientError, ParamValidationError
from botocore.loaders import Loader
from botocore.model import ServiceModel

_THROUGHPUT = (
    "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or "
    "index so please try again shortly. If exceptions persist, check if you have a hot key: "
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html."
)
_PROVISIONED = (
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning "
    "level with the UpdateTable API."
)

MESSAGES = {
    "ConditionalCheckFailedException": "The conditional request failed",
    "IdempotentParameterMismatchException": "The token was already used with other parameters",
    "InternalServerError": "The server encountered an internal error trying to fulfill the request.",
    "ProvisionedThroughputExceededException": _PROVISIONED,
    "RequestLimitExceeded": "Throughput exceeds the current throughput quota for your account.",
    "ResourceNotFoundException": "Requested resource not found",
    "ServiceUnavailable": "The service is currently unavailable or busy.",
    "ThrottlingException": _THROUGHPUT,
    "TransactionConflictException": "Transaction is ongoing for the item",
    "TransactionInProgressException": "The transaction with the given request token is already in progress.",
}
"""What the service says with each error code, where it always says the same (of a token's reuse, in our words).

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

REASONS = {
    "None": "",
    "ConditionalCheckFailed": "The conditional request failed",
    "DuplicateItem": "There was an attempt to insert an item with the same primary key as an existing item.",
    "ItemCollectionSizeLimitExceeded": "Collection size exceeded.",
    "ProvisionedThroughputExceeded": _PROVISIONED,
    "ThrottlingError": _THROUGHPUT,
    "TransactionConflict": "Transaction is ongoing for the item",
    "ValidationError": "One or more parameter values were invalid.",
}
"""The codes of the reasons for which a transaction is cancelled, each with its message.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

_STATUSES = {"InternalFailure": 500, "InternalServerError": 500, "ServiceUnavailable": 503}


class Invalid(Exception):  # noqa: N818 -- not an error of the fake, but what the service says of a request
    """The service refuses the request with a `ValidationException` of this message."""


class Mismatch(Invalid):
    """A key is not of the table's form; in a transaction that is the reason `ValidationError` of its action."""


class NotFaked(NotImplementedError):  # noqa: N818 -- what is missing, not what went wrong
    """The service can do it; this fake can't, and rather says so than answers wrongly."""


class Reason(TypedDict, total=False):
    """Why one action of a transaction is a cause of its cancellation; the code `None` says that it is none."""

    Code: str
    Message: str
    Item: Mapping[str, Any]


def reason(code: str, message: str | None = None, item: Mapping[str, Any] | None = None) -> Reason:
    """One action's reason; the service's usual message unless another is given, and the old item if one is."""
    told: Reason = {"Code": code}
    if text := REASONS[code] if message is None else message:
        told["Message"] = text
    if item is not None:
        told["Item"] = item
    return told


def client_error(operation: str, code: str, message: str | None = None, **more: Any) -> ClientError:  # noqa: ANN401
    """A `ClientError` of the class that a client would raise for `code`.

    `operation` is the client's method (`put_item`); `more` stands beside `Error` in the response, as the service's own
    members do. Without a message it carries the service's usual one.
    """
    text = MESSAGES.get(code, code) if message is None else message
    response = {
        "Error": {"Code": code, "Message": text},
        "ResponseMetadata": metadata(_STATUSES.get(code, 400)),
        **more,
    }
    kind = cast("type[ClientError]", exceptions().from_code(code))
    return kind(cast("Any", response), operation_name(operation))


def cancelled(operation: str, reasons: Sequence[Reason]) -> ClientError:
    """The cancellation of a transaction, with one reason per action, in their order."""
    codes = ", ".join(each["Code"] for each in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return client_error(
        operation, "TransactionCanceledException", message, Message=message, CancellationReasons=list(reasons)
    )


def misuse(report: str) -> ParamValidationError:
    """What botocore itself raises for parameters that are not of the operation's form: nothing is sent."""
    return ParamValidationError(report=report)


def metadata(status: int = 200) -> dict[str, Any]:
    """The `ResponseMetadata` of an answer."""
    return {"RequestId": "FAKE", "HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0}


def operation_name(method: str) -> str:
    """`put_item` → `PutItem`."""
    return "".join(word.capitalize() for word in method.split("_"))


@cache
def exceptions() -> BaseClientExceptions:
    """The classes that a DynamoDB client has as `client.exceptions`, made by botocore from its model of the service."""
    model = ServiceModel(Loader().load_service_model("dynamodb", "service-2"), "dynamodb")
    return ClientExceptionsFactory().create_client_exceptions(model)
