"""Two RSA keys, made once: ours, and somebody else's."""

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from coffer.auth.keyring import KeyState, SigningKey
from coffer.auth.public_key import jwk_from_der
from tests.unit.auth.local_kms import LocalKms

ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture(scope="session")
def private_key() -> RSAPrivateKey:
    """The key that signs our tokens."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def foreign_key() -> RSAPrivateKey:
    """A key of somebody who would like to sign our tokens."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def kms(private_key: RSAPrivateKey) -> LocalKms:
    """A KMS that holds our key."""
    numbers = private_key.private_numbers()
    return LocalKms(arn=ARN, modulus=numbers.public_numbers.n, private_exponent=numbers.d)


@pytest.fixture(scope="session")
def signing_key(private_key: RSAPrivateKey) -> SigningKey:
    """Our key as the key ring has it."""
    der = private_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(kms_arn=ARN, jwk=jwk_from_der(der), state=KeyState.ACTIVE)
