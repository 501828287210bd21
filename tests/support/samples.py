"""The world that the sample events in `events/` are about, and the functions that get them."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from coffer.api.authorizer import authorize
from coffer.api.endpoint import Endpoint
from coffer.api.operators import Operator
from coffer.auth.jwk import public_jwk
from coffer.store import keyring
from local.samples import store_samples
from tests.support.world import Recorder, World, listeners
from tests.unit.auth.local_kms import LocalKms
from tests.unit.auth.vectors import RFC_7515_A2_D, RFC_7515_A2_N, RFC_7638_N
from tools.endpoints import handler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_kms import KMSClient

    from tests.support.fake_dynamodb import FakeDynamoDB

EVENTS = Path(__file__).parents[2] / "events"

SIGNING_KEY_ARN = "arn:aws:kms:eu-central-1:123456789012:key/0f5a3b1c-3d5e-4b8f-9a64-7d0c5e2b1a01"
RETIRING_KEY_ARN = "arn:aws:kms:eu-central-1:123456789012:key/0f5a3b1c-3d5e-4b8f-9a64-7d0c5e2b1a02"
EXPONENT = "AQAB"


class SampleKms(LocalKms):
    """A KMS with one key, the one that RFC 7515 publishes in its appendix A.2."""

    def get_public_key(self, *, KeyId: str) -> dict[str, object]:  # noqa: N803 -- KMS's name
        """KMS `GetPublicKey`."""
        if KeyId != self.arn:
            raise ValueError(KeyId)
        public = RSAPublicNumbers(_number(EXPONENT), self.modulus).public_key()
        return {
            "KeyId": self.arn,
            "PublicKey": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            "KeySpec": "RSA_2048",
            "KeyUsage": "SIGN_VERIFY",
            "SigningAlgorithms": ["RSASSA_PKCS1_V1_5_SHA_256"],
        }


def sample_kms() -> Recorder:
    """A KMS that signs, and the record of its calls."""
    return Recorder(SampleKms(SIGNING_KEY_ARN, _number(RFC_7515_A2_N), _number(RFC_7515_A2_D)))


def sample_world(client: object | None = None, *, fake: FakeDynamoDB | None = None) -> World:
    """What `make up` stores for the samples, and a keyring: a key that signs and one that has signed before it."""
    world = World(client, fake=fake, kms=cast("KMSClient", sample_kms()))
    store_samples(world.runtime.connection)
    former, active = public_jwk(RFC_7638_N, EXPONENT), public_jwk(RFC_7515_A2_N, EXPONENT)
    keyring.change(world.table(), lambda ring: ring.publish(RETIRING_KEY_ARN, former).switch(former["kid"]))
    keyring.change(world.table(), lambda ring: ring.publish(SIGNING_KEY_ARN, active).switch(active["kid"]))
    world.recorder.calls.clear()
    return world


def sample_event(folder: str, module: str) -> dict[str, Any]:
    """A function's sample event."""
    event: dict[str, Any] = json.loads((EVENTS / folder / f"{module}.json").read_text())
    return event


def invoke(world: World, folder: str, module: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a function of any kind returns for an event; raises what an operator's function raises."""
    function = handler(folder, module)
    for listener in listeners:
        listener(event)
    if isinstance(function, Endpoint | Operator):
        return function.serve(event, world.runtime, world.countdown())
    assert (folder, module) == ("auth", "authorizer"), function
    return authorize(event, world.runtime, world.countdown())


def _number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(f"{text}=="))
