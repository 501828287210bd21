"""What is minted: RFC 9068's header and claims, and nothing else."""

import json
from typing import cast

from jwt.utils import base64url_decode

from coffer.auth.keyring import SigningKey
from coffer.auth.scopes import Scope
from coffer.auth.tokens import mint
from coffer.ids import created_at, is_uuid
from tests.unit.auth.local_kms import LocalKms

NOW = 1_768_473_600_999


def _mint(kms: LocalKms, signing_key: SigningKey, issuer: str = "https://ledger.example") -> str:
    return mint(
        issuer=issuer,
        audience="coffer",
        client_id="cli_01JHKQ3M5N6P7Q8R9STVWXYZ01",
        key_id="01976a3e-9000-7fff-bfff-ffffffffffff",
        scopes=frozenset(Scope),
        now=NOW,
        signing_key=signing_key,
        kms=kms,
    )


def _decoded(segment: str) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(base64url_decode(segment)))


def test_the_header_names_algorithm_type_and_key_and_nothing_else(kms: LocalKms, signing_key: SigningKey) -> None:
    assert _decoded(_mint(kms, signing_key).split(".")[0]) == {
        "alg": "RS256",
        "typ": "at+jwt",
        "kid": signing_key.jwk["kid"],
    }


def test_the_claims_are_rfc_9068s_and_the_api_keys_id(kms: LocalKms, signing_key: SigningKey) -> None:
    claims = _decoded(_mint(kms, signing_key).split(".")[1])
    token_id = claims.pop("jti")
    assert isinstance(token_id, str)
    assert is_uuid(token_id)
    assert created_at(token_id) == NOW
    assert claims == {
        "iss": "https://ledger.example",
        "aud": "coffer",
        "sub": "cli_01JHKQ3M5N6P7Q8R9STVWXYZ01",
        "client_id": "cli_01JHKQ3M5N6P7Q8R9STVWXYZ01",
        "key_id": "01976a3e-9000-7fff-bfff-ffffffffffff",
        "scope": " ".join(sorted(Scope)),
        "iat": 1_768_473_600,
        "exp": 1_768_474_500,
    }


def test_two_tokens_of_one_moment_differ_in_their_id(kms: LocalKms, signing_key: SigningKey) -> None:
    first, second = (_decoded(_mint(kms, signing_key).split(".")[1]) for _ in range(2))
    assert first.pop("jti") != second.pop("jti")
    assert first == second


def test_the_longest_token_fits_what_kms_signs_and_what_the_gateway_takes(
    kms: LocalKms, signing_key: SigningKey
) -> None:
    longest_domain_name = "https://" + "d" * 253
    token = _mint(kms, signing_key, issuer=longest_domain_name)
    assert len(token.rpartition(".")[0]) < 4096
    assert len(token) < 2048
