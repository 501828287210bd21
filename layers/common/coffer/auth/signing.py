"""RS256 with a private key that never leaves KMS. Needs no cryptography."""

from typing import Literal, NoReturn, Protocol, TypedDict

from jwt import PyJWS
from jwt.algorithms import Algorithm

from coffer.auth.jwk import ALGORITHM


class SignResponse(TypedDict):
    """What is used of KMS's answer."""

    Signature: bytes


class Kms(Protocol):
    """The one call of botocore's KMS client that signing makes."""

    def sign(
        self,
        *,
        KeyId: str,  # noqa: N803 - the names are KMS's
        Message: bytes,  # noqa: N803
        MessageType: Literal["RAW"],  # noqa: N803
        SigningAlgorithm: Literal["RSASSA_PKCS1_V1_5_SHA_256"],  # noqa: N803
    ) -> SignResponse:
        """KMS `Sign`."""
        ...


class KmsRs256(Algorithm):
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3), signed by KMS; the key of a call is a KMS key's ARN.

    It signs and does nothing else: verification is local, in `coffer.auth.verification`.
    """

    def __init__(self, kms: Kms) -> None:
        self._kms = kms

    def prepare_key(self, key: str) -> str:
        """The ARN as it is."""
        return key

    def sign(self, msg: bytes, key: str) -> bytes:
        """The signature of a JWS's signing input; the KMS client's errors pass through.

        The message goes out whole, for KMS to hash: at most 4,096 bytes, of which our tokens take a third.
        """
        return self._kms.sign(KeyId=key, Message=msg, MessageType="RAW", SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256")[
            "Signature"
        ]

    def verify(self, msg: bytes, key: str, sig: bytes) -> NoReturn:
        """Not here."""
        raise NotImplementedError

    @staticmethod
    def to_jwk(key_obj: object, as_dict: bool = False) -> NoReturn:
        """Not here."""
        raise NotImplementedError

    @staticmethod
    def from_jwk(jwk: object) -> NoReturn:
        """Not here."""
        raise NotImplementedError


def sign_jws(payload: bytes, *, typ: str, kid: str, kms_arn: str, kms: Kms) -> str:
    """A JWS in compact form (RFC 7515 §7.1) with `alg`, `kid` and `typ` in its header and nothing else."""
    jws = PyJWS(algorithms=[])  # knows none but the one that is registered next, whatever is installed
    jws.register_algorithm(ALGORITHM, KmsRs256(kms))
    return jws.encode(payload, kms_arn, algorithm=ALGORITHM, headers={"typ": typ, "kid": kid})
