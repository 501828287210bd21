"""Tokens as nobody should write them: any header, any claims, any signature."""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.utils import base64url_encode

from coffer.auth.jwk import PublicJwk

type Signer = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Forge:
    """Writes tokens like the genuine one of `header` and `claims`, but for what a case changes."""

    header: Mapping[str, object]
    claims: Mapping[str, object]
    jwk: PublicJwk
    ours: RSAPrivateKey
    theirs: RSAPrivateKey

    def token(
        self,
        header: Mapping[str, object] | bytes | None = None,
        claims: Mapping[str, object] | bytes | None = None,
        sign: Signer | None = None,
    ) -> str:
        """A token of these parts, JSON or the bytes to stand in its place, signed by us unless said otherwise."""
        signing_input = f"{_segment(header, self.header)}.{_segment(claims, self.claims)}".encode()
        signature = (sign or self.rs256)(signing_input)
        return f"{signing_input.decode()}.{base64url_encode(signature).decode()}"

    def with_header(self, **changes: object) -> str:
        """With other or further header parameters, signed by us."""
        return self.token(header={**self.header, **changes})

    def with_claims(self, **changes: object) -> str:
        """With other or further claims, signed by us."""
        return self.token(claims={**self.claims, **changes})

    def rs256(self, signing_input: bytes) -> bytes:
        """Our key's signature."""
        return self.ours.sign(signing_input, PKCS1v15(), SHA256())

    def rs384(self, signing_input: bytes) -> bytes:
        """Our key's signature with another hash."""
        return self.ours.sign(signing_input, PKCS1v15(), SHA384())

    def ps256(self, signing_input: bytes) -> bytes:
        """Our key's signature with another padding."""
        sha: HashAlgorithm = SHA256()
        return self.ours.sign(signing_input, PSS(MGF1(sha), salt_length=PSS.DIGEST_LENGTH), sha)

    def foreign(self, signing_input: bytes) -> bytes:
        """The signature of somebody else's key."""
        return self.theirs.sign(signing_input, PKCS1v15(), SHA256())

    def public_pem(self) -> bytes:
        """Our public key, as anybody can have it."""
        return self.ours.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def foreign_jwk(self) -> dict[str, str]:
        """The other key, under our key's name."""
        numbers = self.theirs.public_key().public_numbers()
        n = base64url_encode(numbers.n.to_bytes(256)).decode()
        return {"kty": "RSA", "kid": self.jwk["kid"], "alg": "RS256", "n": n, "e": "AQAB"}


def hs256(secret: bytes) -> Signer:
    """HMAC with SHA-256, keyed with `secret`."""
    return lambda signing_input: hmac.digest(secret, signing_input, sha256)


def unsigned(_: bytes) -> bytes:
    """No signature."""
    return b""


def _segment(part: Mapping[str, object] | bytes | None, genuine: Mapping[str, object]) -> str:
    data = part if isinstance(part, bytes) else json.dumps(genuine if part is None else part).encode()
    return base64url_encode(data).decode()
