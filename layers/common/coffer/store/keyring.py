"""The keyring in the table: one item, so that a switch from one signing key to the next is one write."""

from collections.abc import Callable

from coffer.auth.jwk import public_jwk
from coffer.auth.keyring import Keyring, KeyState, SigningKey
from coffer.store import keys
from coffer.store.commit import Met, Plan, commit
from coffer.store.table import Table
from coffer.store.values import Item, Value, number
from coffer.store.writes import ABSENT, Put

FORMAT = 1


def read(item: Item | None) -> Keyring:
    """The keyring in its item; an empty one when there is none yet."""
    stored = item["keys"] if item else []
    if not isinstance(stored, list):
        raise ValueError(keys.KEYRING)  # noqa: TRY004 -- of the item, not the argument
    return Keyring(tuple(map(_key, stored)))


def get(table: Table) -> Keyring:
    """The keyring as it stands."""
    return read(table.get(keys.KEYRING))


def change(table: Table, step: Callable[[Keyring], Keyring]) -> Keyring:
    """Takes one step with the keyring; raises what the step raises."""

    def plan(_met: Met) -> Plan[Keyring]:
        item = table.get(keys.KEYRING)
        version = number(item, "version") if item else 0
        keyring = step(read(item))
        changed: Item = {
            "pk": keys.KEYRING.pk,
            "sk": keys.KEYRING.sk,
            "v": FORMAT,
            "version": version + 1,
            "keys": [_stored(key) for key in keyring.keys],
        }
        when = "#version = :version" if item else ABSENT
        return Plan([Put(item=changed, when=when, values={"version": version} if item else {})], keyring)

    return commit(table, plan, proof=keys.KEYRING)


def _stored(key: SigningKey) -> Value:
    return {"kms_arn": key.kms_arn, "n": key.jwk["n"], "e": key.jwk["e"], "state": key.state.value}


def _key(stored: Value) -> SigningKey:
    match stored:
        case {"kms_arn": str(kms_arn), "n": str(n), "e": str(e), "state": str(state)}:
            return SigningKey(kms_arn, public_jwk(n, e), KeyState(state))
    raise ValueError(keys.KEYRING)
