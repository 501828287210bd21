"""A KMS that fails when it is told to."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient


def kms_error(code: str, status: int) -> ClientError:
    """An error of KMS, with its HTTP status."""
    response: Any = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "Sign")


class FaultyKms:
    """A KMS client in front of another."""

    def __init__(self, kms: "KMSClient") -> None:
        self._behind = kms
        self._error: Callable[[], Exception] | None = None
        self._times = 0
        self.failed = 0

    @property
    def client(self) -> "KMSClient":
        """This client, for code that is typed for boto3's."""
        return cast("KMSClient", self)

    def fail(self, error: Callable[[], Exception], *, times: int) -> None:
        """Let the next calls fail."""
        self._error, self._times = error, times

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: object) -> Any:  # noqa: ANN401 -- boto3's answer
            if self._error and self._times:
                self._times -= 1
                self.failed += 1
                raise self._error()
            return getattr(self._behind, operation)(**request)

        return call
