"""The signing keys, and how one follows another without a token being refused.

A new key is published first, so that whoever caches the key set has it before the first token that needs it. A switch
makes it the one that signs; the former key stays published until its last token has expired, and is then retired.

    publish → PUBLISHED → switch → ACTIVE → switch to another → RETIRING → retire → gone
"""

from collections.abc import Mapping
from copy import replace
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from coffer.auth.errors import KeyringError
from coffer.auth.jwk import JwkSet, PublicJwk


class KeyState(StrEnum):
    """Keys of every state verify tokens; the one that is ACTIVE also signs them."""

    PUBLISHED = "PUBLISHED"
    ACTIVE = "ACTIVE"
    RETIRING = "RETIRING"


class SigningKey(NamedTuple):
    """A KMS key that signs tokens, known to the world by `kid`, the thumbprint of its public half."""

    kms_arn: str
    jwk: PublicJwk
    state: KeyState = KeyState.PUBLISHED

    @property
    def kid(self) -> str:
        """The `kid` of the tokens that this key has signed."""
        return self.jwk["kid"]


@dataclass(frozen=True, slots=True)
class Keyring:
    """All signing keys, oldest first. Each step returns a keyring of its own and leaves this one as it is."""

    keys: tuple[SigningKey, ...] = ()

    def __post_init__(self) -> None:
        if len({key.kid for key in self.keys}) != len(self.keys):
            raise KeyringError("two signing keys have one kid")
        if sum(key.state is KeyState.ACTIVE for key in self.keys) > 1:
            raise KeyringError("more than one signing key is active")

    def publish(self, kms_arn: str, jwk: PublicJwk) -> "Keyring":
        """Add a key that may sign later. A key that is here already stays as it is, whatever its state."""
        if any(key.kid == jwk["kid"] for key in self.keys):
            return self
        return Keyring((*self.keys, SigningKey(kms_arn, jwk)))

    def switch(self, kid: str) -> "Keyring":
        """Let `kid` sign from now on, and the key that signed so far retire. A retiring key may be switched back to."""
        chosen = self._key(kid)
        return Keyring(tuple(_after_switch(key, chosen) for key in self.keys))

    def retire(self, kid: str) -> "Keyring":
        """Remove a key: every token that it has signed is invalid from now on. The key that signs can't be removed."""
        retired = self._key(kid)
        if retired.state is KeyState.ACTIVE:
            raise KeyringError(f"{kid} is the key that signs: switch to another one first")
        return Keyring(tuple(key for key in self.keys if key is not retired))

    @property
    def signing_key(self) -> SigningKey:
        """The key that signs. Raises KeyringError while there is none."""
        for key in self.keys:
            if key.state is KeyState.ACTIVE:
                return key
        raise KeyringError("no signing key is active")

    @property
    def public_keys(self) -> Mapping[str, PublicJwk]:
        """The keys that verify tokens, by `kid`."""
        return {key.kid: key.jwk for key in self.keys}

    def jwks(self) -> JwkSet:
        """The key set to publish."""
        return {"keys": [key.jwk for key in self.keys]}

    def _key(self, kid: str) -> SigningKey:
        for key in self.keys:
            if key.kid == kid:
                return key
        raise KeyringError(f"no signing key {kid}")


def _after_switch(key: SigningKey, chosen: SigningKey) -> SigningKey:
    if key is chosen:
        return replace(key, state=KeyState.ACTIVE)
    if key.state is KeyState.ACTIVE:
        return replace(key, state=KeyState.RETIRING)
    return key
