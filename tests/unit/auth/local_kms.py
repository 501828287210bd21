"""A KMS that signs on this machine, in plain Python: so that signing can be tried where `cryptography` is missing."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from coffer.auth.signing import SignResponse

_SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017 §9.2, note 1


@dataclass(frozen=True, slots=True)
class LocalKms:
    """One RSA key, `modulus` and `private_exponent`, at one ARN. Refuses what KMS would."""

    arn: str
    modulus: int
    private_exponent: int

    def sign(
        self,
        *,
        KeyId: str,  # noqa: N803
        Message: bytes,  # noqa: N803
        MessageType: Literal["RAW"],  # noqa: N803
        SigningAlgorithm: Literal["RSASSA_PKCS1_V1_5_SHA_256"],  # noqa: N803
    ) -> SignResponse:
        """RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017 §8.2.1."""
        if (KeyId, MessageType, SigningAlgorithm) != (self.arn, "RAW", "RSASSA_PKCS1_V1_5_SHA_256"):
            raise ValueError((KeyId, MessageType, SigningAlgorithm))
        if not 1 <= len(Message) <= 4096:
            raise ValueError(f"a message of {len(Message)} bytes")
        size = (self.modulus.bit_length() + 7) // 8
        digest_info = _SHA256_DIGEST_INFO + sha256(Message).digest()
        padded = b"\x00\x01" + b"\xff" * (size - len(digest_info) - 3) + b"\x00" + digest_info
        signature = pow(int.from_bytes(padded), self.private_exponent, self.modulus)
        return {"Signature": signature.to_bytes(size)}
