"""What each endpoint has to load: `cryptography` is packed with few functions, and cold starts pay for every import."""

import subprocess
import sys
from pathlib import Path

import pytest

from coffer.auth.keyring import SigningKey
from coffer.auth.verification import verify
from tests.unit.auth.local_kms import LocalKms

ROOT = Path(__file__).parents[3]
# A name that stands for None in sys.modules can't be imported: as if the package were not installed.
WITHOUT = "import sys; sys.modules.update(dict.fromkeys({missing!r}))\n"


def _run(program: str, missing: list[str]) -> str:
    """What a fresh interpreter prints that runs `program` with some packages missing."""
    command = [sys.executable, "-W", "error", "-c", WITHOUT.format(missing=missing) + program]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


@pytest.mark.parametrize("module", ["scopes", "secrets", "addresses", "jwk", "keyring", "metadata", "errors"])
def test_what_every_endpoint_may_import_needs_the_standard_library_alone(module: str) -> None:
    _run(f"import coffer.auth.{module}", missing=["cryptography", "jwt", "boto3", "botocore", "pydantic"])


def test_verification_needs_no_aws() -> None:
    _run("import coffer.auth.verification, coffer.auth.public_key", missing=["boto3", "botocore", "pydantic"])


MINT = """
from coffer.auth.jwk import public_jwk
from coffer.auth.keyring import SigningKey
from coffer.auth.scopes import Scope
from coffer.auth.tokens import mint
from tests.unit.auth.local_kms import LocalKms

print(mint(
    issuer="https://ledger.example", audience="coffer", client_id="cli", key_id="key", now=1_768_473_600_000,
    scopes=frozenset({{Scope.ASSETS_READ}}), signing_key=SigningKey({kms.arn!r}, {jwk!r}), kms={kms!r},
))
"""


def test_a_token_is_minted_where_cryptography_is_missing(kms: LocalKms, signing_key: SigningKey) -> None:
    program = MINT.format(kms=kms, jwk=signing_key.jwk)
    token = _run(program, missing=["cryptography", "boto3", "botocore", "pydantic"]).strip()
    keys = {signing_key.kid: signing_key.jwk}
    verified = verify(token, keys, issuer="https://ledger.example", audience="coffer", now=1_768_473_600_000)
    assert verified.client_id == "cli"
