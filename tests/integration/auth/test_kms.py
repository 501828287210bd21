"""The life of a signing key in KMS: made, published, signing, followed by another, retired."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from coffer.auth.errors import KeyringError, TokenInvalid
from coffer.auth.keyring import Keyring
from coffer.auth.public_key import jwk_from_der
from coffer.auth.scopes import Scope
from coffer.auth.tokens import mint
from coffer.auth.verification import VerifiedToken, verify

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient
    from types_boto3_kms.literals import KeySpecType

NOW = 1_768_473_600_000


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator["KMSClient"]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield boto3.client("kms", region_name="eu-west-1")


def _publish(kms: "KMSClient", keyring: Keyring, spec: "KeySpecType" = "RSA_2048") -> tuple[Keyring, str]:
    arn = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    jwk = jwk_from_der(kms.get_public_key(KeyId=arn)["PublicKey"])
    return keyring.publish(arn, jwk), jwk["kid"]


def _mint(kms: "KMSClient", keyring: Keyring) -> str:
    return mint(
        issuer="https://ledger.example",
        audience="coffer",
        client_id="cli_01JHKQ3M5N6P7Q8R9STVWXYZ01",
        key_id="01976a3e-9000-7fff-bfff-ffffffffffff",
        scopes=frozenset(Scope),
        now=NOW,
        signing_key=keyring.signing_key,
        kms=kms,
    )


def _verify(token: str, keyring: Keyring) -> VerifiedToken:
    published = {jwk["kid"]: jwk for jwk in keyring.jwks()["keys"]}
    return verify(token, published, issuer="https://ledger.example", audience="coffer", now=NOW)


@pytest.mark.parametrize("spec", ["RSA_2048", "RSA_4096"])
def test_what_kms_signs_the_published_key_verifies(kms: "KMSClient", spec: "KeySpecType") -> None:
    keyring, kid = _publish(kms, Keyring(), spec)
    keyring = keyring.switch(kid)
    assert _verify(_mint(kms, keyring), keyring).scopes == frozenset(Scope)


def test_no_token_is_refused_while_one_key_follows_another(kms: "KMSClient") -> None:
    keyring, first = _publish(kms, Keyring())
    keyring = keyring.switch(first)
    before = _mint(kms, keyring)

    published, second = _publish(kms, keyring)
    switched = published.switch(second)
    after = _mint(kms, switched)
    for token in (before, after):
        for stage in (published, switched):
            assert _verify(token, stage).client_id == "cli_01JHKQ3M5N6P7Q8R9STVWXYZ01"

    retired = switched.retire(first)
    assert _verify(after, retired).client_id == "cli_01JHKQ3M5N6P7Q8R9STVWXYZ01"
    with pytest.raises(TokenInvalid, match="unknown kid"):
        _verify(before, retired)


def test_a_key_of_another_kind_is_not_published(kms: "KMSClient") -> None:
    with pytest.raises(KeyringError):
        _publish(kms, Keyring(), "ECC_NIST_P256")
