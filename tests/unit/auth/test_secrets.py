"""API keys and secrets: their texts, what is stored, and that a wrong one costs what a right one does."""

import sys
from collections import Counter
from types import FrameType

import pytest

from coffer.auth.secrets import ApiKeyId, hash_secret, is_secret, new_secret, parse_api_key
from coffer.ids import new_id

KEY_ID = ApiKeyId(client="01976a3e-8f00-7abc-8def-0123456789ab", key="01976a3e-9000-7fff-bfff-ffffffffffff")
API_KEY = str(KEY_ID)


def test_an_api_key_says_whose_it_is_and_which() -> None:
    assert parse_api_key(API_KEY) == KEY_ID


def test_an_api_keys_text_never_changes() -> None:
    assert API_KEY == "cfk_-OSeEcw-TfmCvk3YGLT8ek-OSeEd--Uzyzzzzzzzzzzk"


def test_any_two_ids_make_a_key_that_needs_no_escaping() -> None:
    for now in range(1_700_000_000_000, 1_700_000_000_200):
        key_id = ApiKeyId(new_id(now), new_id(now))
        assert parse_api_key(str(key_id)) == key_id
        assert len(str(key_id)) == 48
        assert str(key_id).replace("_", "").replace("-", "").isalnum()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cfk_",
        API_KEY[:-1],
        API_KEY + "-",
        API_KEY + "\n",
        " " + API_KEY,
        API_KEY.upper(),
        API_KEY.replace("cfk_", "cfs_"),
        API_KEY.replace("cfk_", ""),
        API_KEY[:10] + "+" + API_KEY[11:],
        API_KEY[:10] + "é" + API_KEY[11:],
        API_KEY[:10] + "\ud800" + API_KEY[11:],
        API_KEY[:25] + "l" + API_KEY[26:],
        API_KEY[:-1] + "z",
    ],
)
def test_no_other_text_is_an_api_key(text: str) -> None:
    assert parse_api_key(text) is None


def test_one_key_has_one_text() -> None:
    alphabet = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
    variants = {API_KEY[:25] + client_end + API_KEY[26:-1] + key_end for client_end in alphabet for key_end in alphabet}
    named = [key_id for key_id in map(parse_api_key, variants) if key_id is not None]
    assert len(named) == len(set(named)) == 16


def test_a_secret_is_256_fresh_bits_behind_a_prefix() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(secret.startswith("cfs_") and len(secret) == 47 for secret in secrets)


def test_only_a_hash_of_the_secret_is_stored() -> None:
    # FIPS 180-2's example "abc", for what is stored has to be found again by every later version.
    assert hash_secret("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_right_secret_is_right() -> None:
    secret = new_secret()
    assert is_secret(secret, hash_secret(secret))


@pytest.mark.parametrize("presented", ["", "cfs_", "\x00", "é", "\ud800", "0" * 64, "cfs_" + "A" * 43, "A" * 100_000])
def test_any_other_secret_is_wrong(presented: str) -> None:
    assert not is_secret(presented, hash_secret(new_secret()))


@pytest.mark.parametrize("presented", ["", "0" * 64, "cfs_" + "A" * 43])
def test_an_unknown_key_has_no_right_secret(presented: str) -> None:
    assert not is_secret(presented, None)


def test_the_hash_is_not_the_secret() -> None:
    stored = hash_secret(new_secret())
    assert not is_secret(stored, stored)


def _calls(presented: str, stored_hash: str | None) -> Counter[str]:
    """How often each function is called while a secret is checked, those written in C included."""
    calls: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            calls[frame.f_code.co_qualname] += 1
        elif event == "c_call":
            calls[getattr(argument, "__qualname__", repr(argument))] += 1

    sys.setprofile(count)
    try:
        is_secret(presented, stored_hash)
    finally:
        sys.setprofile(None)
    del calls["setprofile"]
    return calls


def test_an_unknown_key_costs_what_a_known_one_does() -> None:
    secret = new_secret()
    known = _calls(secret, hash_secret(secret))
    assert known["openssl_sha256"] == known["compare_digest"] == 1
    assert _calls(secret, hash_secret(new_secret())) == known
    assert _calls(secret, None) == known
