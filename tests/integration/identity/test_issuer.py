"""Whose tokens are ours: of the issuer that is configured, or else of the address that was called."""

from collections.abc import Sequence
from copy import replace

import jwt
import pytest

from tests.integration.identity.office import Office

HERE, THERE = "a1b2c3.execute-api.eu-central-1.amazonaws.com", "ledger.example.org"


@pytest.fixture
def nameless(empty_office: Office, arns: Sequence[str]) -> Office:
    """A stack that was deployed without an issuer."""
    empty_office.world.runtime = replace(empty_office.world.runtime, issuer="")
    empty_office.sign_with(arns[0])
    return empty_office


def _issuer(token: str) -> str:
    return str(jwt.decode(token, options={"verify_signature": False})["iss"])


@pytest.mark.parametrize("domain", [HERE, THERE])
def test_without_an_issuer_it_is_the_address_that_was_called(nameless: Office, domain: str) -> None:
    token = nameless.token(domain=domain)
    assert _issuer(token) == f"https://{domain}"
    assert nameless.authorize(f"Bearer {token}", domain=domain)["verdict"] == "ok"


def test_a_token_got_by_one_address_is_good_by_that_address_alone(nameless: Office) -> None:
    token = nameless.token(domain=HERE)
    assert nameless.authorize(f"Bearer {token}", domain=HERE)["verdict"] == "ok"
    assert nameless.authorize(f"Bearer {token}", domain=THERE) == {"verdict": "invalid_token"}
    assert nameless.authorize(f"Bearer {token}", domain=HERE.upper()) == {"verdict": "invalid_token"}


@pytest.mark.parametrize("domain", [HERE, THERE])
def test_the_metadata_speak_of_the_address_that_was_called(nameless: Office, domain: str) -> None:
    metadata = nameless.open("/.well-known/oauth-authorization-server", domain=domain).json
    assert metadata["issuer"] == f"https://{domain}"
    assert metadata["token_endpoint"] == f"https://{domain}/api/v1/auth/token"
    assert metadata["jwks_uri"] == f"https://{domain}/.well-known/jwks.json"


def test_with_an_issuer_every_address_gives_and_takes_the_same_tokens(office: Office) -> None:
    token = office.token(domain=HERE)
    assert _issuer(token) == "https://coffer.example"
    assert office.authorize(f"Bearer {token}", domain=THERE)["verdict"] == "ok"
    for domain in (HERE, THERE):
        metadata = office.open("/.well-known/oauth-authorization-server", domain=domain).json
        assert metadata["issuer"] == "https://coffer.example"


def test_the_issuer_of_the_metadata_is_the_one_in_the_tokens(nameless: Office) -> None:
    metadata = nameless.open("/.well-known/oauth-authorization-server", domain=THERE).json
    assert metadata["issuer"] == _issuer(nameless.token(domain=THERE))
