"""The life of a signing key: no step may leave a token without its key, or two keys signing."""

import pytest

from coffer.auth.errors import KeyringError
from coffer.auth.jwk import public_jwk
from coffer.auth.keyring import Keyring, KeyState, SigningKey

OLD, NEW = public_jwk(n="old", e="AQAB"), public_jwk(n="new", e="AQAB")
STARTED = Keyring().publish("arn:old", OLD).switch(OLD["kid"])
BOTH = STARTED.publish("arn:new", NEW)


def _states(keyring: Keyring) -> dict[str, KeyState]:
    return {key.kms_arn: key.state for key in keyring.keys}


def test_a_published_key_verifies_and_does_not_sign_yet() -> None:
    assert _states(BOTH) == {"arn:old": KeyState.ACTIVE, "arn:new": KeyState.PUBLISHED}
    assert BOTH.signing_key.kms_arn == "arn:old"
    assert BOTH.public_keys == {OLD["kid"]: OLD, NEW["kid"]: NEW}


@pytest.mark.parametrize("keyring", [BOTH, BOTH.switch(NEW["kid"]), STARTED])
def test_publishing_a_key_again_changes_nothing(keyring: Keyring) -> None:
    assert keyring.publish("arn:old", OLD) == keyring


def test_a_switch_lets_the_former_key_retire() -> None:
    switched = BOTH.switch(NEW["kid"])
    assert _states(switched) == {"arn:old": KeyState.RETIRING, "arn:new": KeyState.ACTIVE}
    assert switched.signing_key.kms_arn == "arn:new"
    assert switched.public_keys == BOTH.public_keys


def test_a_switch_to_the_key_that_signs_changes_nothing() -> None:
    assert BOTH.switch(OLD["kid"]) == BOTH


def test_a_switch_can_go_back_while_the_former_key_is_still_published() -> None:
    assert _states(BOTH.switch(NEW["kid"]).switch(OLD["kid"])) == {
        "arn:old": KeyState.ACTIVE,
        "arn:new": KeyState.RETIRING,
    }


def test_a_step_leaves_the_keyring_it_started_from_as_it_was() -> None:
    before = _states(BOTH)
    BOTH.switch(NEW["kid"]).retire(OLD["kid"])
    assert _states(BOTH) == before


@pytest.mark.parametrize(
    ("keyring", "kid", "left"),
    [
        (BOTH.switch(NEW["kid"]), OLD["kid"], {"arn:new": KeyState.ACTIVE}),
        (BOTH, NEW["kid"], {"arn:old": KeyState.ACTIVE}),
    ],
    ids=["retiring", "never used"],
)
def test_a_retired_key_is_gone(keyring: Keyring, kid: str, left: dict[str, KeyState]) -> None:
    assert _states(keyring.retire(kid)) == left


def test_the_key_that_signs_cannot_be_retired() -> None:
    with pytest.raises(KeyringError, match="is the key that signs"):
        BOTH.retire(OLD["kid"])


def test_an_unknown_key_can_neither_sign_nor_be_retired() -> None:
    with pytest.raises(KeyringError, match="no signing key"):
        STARTED.switch(NEW["kid"])
    with pytest.raises(KeyringError, match="no signing key"):
        STARTED.retire(NEW["kid"])


@pytest.mark.parametrize("keyring", [Keyring(), Keyring().publish("arn:old", OLD)])
def test_nothing_signs_before_the_first_switch(keyring: Keyring) -> None:
    with pytest.raises(KeyringError, match="no signing key is active"):
        _ = keyring.signing_key


def test_the_key_set_publishes_every_key_and_nothing_but_its_public_half() -> None:
    assert BOTH.switch(NEW["kid"]).jwks() == {"keys": [OLD, NEW]}
    assert Keyring().jwks() == {"keys": []}


def test_a_keyring_holds_a_key_once_and_one_active_key() -> None:
    old, new = SigningKey("arn:old", OLD, KeyState.ACTIVE), SigningKey("arn:new", NEW, KeyState.ACTIVE)
    with pytest.raises(KeyringError, match="one kid"):
        Keyring((old, SigningKey("arn:copy", OLD)))
    with pytest.raises(KeyringError, match="more than one"):
        Keyring((old, new))
