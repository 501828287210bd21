"""Signing by KMS gives the signatures that RFC 7515 prints."""

from jwt.utils import base64url_encode, from_base64url_uint

from coffer.auth.signing import KmsRs256
from tests.unit.auth.local_kms import LocalKms
from tests.unit.auth.vectors import RFC_7515_A2_D, RFC_7515_A2_N, RFC_7515_A2_SIGNATURE, RFC_7515_A2_SIGNING_INPUT


def test_rfc_7515_appendix_a2() -> None:
    kms = LocalKms("arn:a2", from_base64url_uint(RFC_7515_A2_N), from_base64url_uint(RFC_7515_A2_D))
    signature = KmsRs256(kms).sign(RFC_7515_A2_SIGNING_INPUT, "arn:a2")
    assert base64url_encode(signature).decode() == RFC_7515_A2_SIGNATURE
