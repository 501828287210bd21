"""A KMS, an office, and a look at everything that was logged: no secret and no token may be in it."""

import logging
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from coffer.api.log import logger
from tests.integration.identity.office import Office
from tests.support.world import World

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient


@pytest.fixture(scope="module")
def kms() -> Iterator["KMSClient"]:
    """moto's KMS."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        with mock_aws():
            yield boto3.client("kms", region_name="eu-central-1")


@pytest.fixture(scope="module")
def arns(kms: "KMSClient") -> Sequence[str]:
    """Three keys that can sign."""
    keys = [kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY") for _ in range(3)]
    return [key["KeyMetadata"]["Arn"] for key in keys]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that is logged, as it is written in Lambda."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logger.registered_formatter)
    inner = logging.getLogger(logger.name)
    inner.addHandler(handler)
    yield written
    inner.removeHandler(handler)


@pytest.fixture
def empty_office(kms: "KMSClient", log: StringIO) -> Iterator[Office]:
    """An office in which nothing has been done yet."""
    office = Office(World(kms=kms))
    yield office
    for secret in office.seen:
        assert secret not in log.getvalue()
        assert secret[-20:] not in log.getvalue()


@pytest.fixture
def office(empty_office: Office, arns: Sequence[str]) -> Office:
    """An office whose first key signs."""
    empty_office.sign_with(arns[0])
    return empty_office
