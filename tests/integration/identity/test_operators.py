"""What operators do: clients, API keys and who may use them."""

import json
from collections.abc import Callable
from hashlib import sha256

import pytest

from coffer.auth.scopes import Scope
from coffer.auth.secrets import ApiKeyId
from coffer.ids import is_prefixed, pack, unpack
from coffer.ledger.refusal import Reason, Refusal
from tests.integration.identity.office import Office

UNKNOWN_CLIENT = "cli_01KF0KV801E8KBCF2TPY8VEP2A"
UNKNOWN_KEY = str(ApiKeyId(client=unpack(pack(UNKNOWN_CLIENT)), key="01976a3e-9000-7fff-bfff-ffffffffffff"))


def test_a_client_is_made_active_under_its_name(office: Office) -> None:
    made = office.operate("create_client", client_name="Acme Ltd")
    assert is_prefixed(made["client_id"], "cli")
    assert made == {"client_id": made["client_id"], "client_name": "Acme Ltd", "status": "ACTIVE"}


def test_two_clients_of_one_name_are_two_clients(office: Office) -> None:
    assert office.client("Acme") != office.client("Acme")


def test_a_key_holds_every_scope_but_the_settlement_s_unless_some_are_named(office: Office) -> None:
    client = office.client()
    usual = office.operate("create_api_key", client_id=client)
    assert (usual["scopes"], usual["networks"]) == (sorted({*Scope} - {"settlement:write"}), [])
    every = office.operate("create_api_key", client_id=client, scopes=list(Scope))
    assert every["scopes"] == sorted(Scope)
    some = office.operate("create_api_key", client_id=client, scopes=["ledgers:read", "assets:read"])
    assert some["scopes"] == ["assets:read", "ledgers:read"]
    assert len({each["api_key"] for each in (usual, every, some)}) == 3
    assert len({each["api_secret"] for each in (usual, every, some)}) == 3


def test_nobody_reports_a_deposit_with_a_key_for_which_it_was_not_named(office: Office) -> None:
    client = office.client()
    usual, settlement = office.key(client), office.key(client, scopes=["settlement:write"])
    assert "settlement:write" not in office.ask(usual).json["scope"].split()
    asked = {"grant_type": "client_credentials", "scope": "settlement:write"}
    refused = office.form(asked, authorization=usual.basic)
    assert (refused.status, refused.json["error"]) == (400, "invalid_scope")
    assert office.form(asked, authorization=settlement.basic).json["scope"] == "settlement:write"


def test_a_key_can_be_bound_to_networks(office: Office) -> None:
    networks = ["198.51.100.0/24", "2001:db8::/32", "203.0.113.7"]
    assert office.operate("create_api_key", client_id=office.client(), networks=networks)["networks"] == networks


def test_a_secret_is_shown_once_and_stored_as_its_hash_only(office: Office) -> None:
    key = office.key()
    assert key.secret.startswith("cfs_")
    stored = json.dumps(list(office.world.fake.snapshot().values()))
    assert key.secret not in stored
    assert key.secret.removeprefix("cfs_") not in stored
    assert sha256(key.secret.encode()).hexdigest() in stored
    revoked = office.operate("revoke_api_key", api_key=key.key)
    assert revoked == {"api_key": key.key, "revoked": True}


def test_a_revoked_key_gets_no_token_and_its_neighbour_does(office: Office) -> None:
    client = office.client()
    one, other = office.key(client), office.key(client)
    office.operate("revoke_api_key", api_key=one.key)
    office.operate("revoke_api_key", api_key=one.key)
    assert (office.ask(one).status, office.ask(other).status) == (401, 200)


def test_a_disabled_client_gets_no_token_until_it_is_let_in_again(office: Office) -> None:
    key = office.key()
    changed = office.operate("set_client_status", client_id=key.client_id, status="DISABLED")
    assert changed == {"client_id": key.client_id, "client_name": "Acme", "status": "DISABLED"}
    assert office.ask(key).status == 403
    assert office.operate("set_client_status", client_id=key.client_id, status="ACTIVE")["status"] == "ACTIVE"
    assert office.ask(key).status == 200


def test_a_status_concerns_one_client_alone(office: Office) -> None:
    one, other = office.key(), office.key()
    office.operate("set_client_status", client_id=one.client_id, status="DISABLED")
    assert office.ask(other).status == 200


WRONG: dict[str, tuple[str, object, str, Reason]] = {
    "no name": ("create_client", {}, "client_name", Reason.FIELDS_MISSING),
    "an empty name": ("create_client", {"client_name": ""}, "client_name", Reason.BAD_REQUEST),
    "a blank name": ("create_client", {"client_name": " \t"}, "client_name", Reason.BAD_REQUEST),
    "a long name": ("create_client", {"client_name": "x" * 257}, "client_name", Reason.BAD_REQUEST),
    "a number for a name": ("create_client", {"client_name": 1}, "client_name", Reason.BAD_REQUEST),
    "half a character": ("create_client", {"client_name": "\ud800"}, "client_name", Reason.BAD_REQUEST),
    "something else": ("create_client", {"client_name": "Acme", "id": "x"}, "id", Reason.FIELDS_UNEXPECTED),
    "no object": ("create_client", ["Acme"], "body", Reason.BAD_REQUEST),
    "no client": ("create_api_key", {}, "client_id", Reason.FIELDS_MISSING),
    "no client's id": ("create_api_key", {"client_id": "acme"}, "client_id", Reason.BAD_REQUEST),
    "an unknown client": ("create_api_key", {"client_id": UNKNOWN_CLIENT}, "client_id", Reason.ENTITY_NOT_FOUND),
    "an unknown scope": (
        "create_api_key",
        {"client_id": UNKNOWN_CLIENT, "scopes": ["assets:read", "assets:eat"]},
        "scopes",
        Reason.BAD_REQUEST,
    ),
    "no scope at all": ("create_api_key", {"client_id": UNKNOWN_CLIENT, "scopes": []}, "scopes", Reason.BAD_REQUEST),
    "an empty scope": ("create_api_key", {"client_id": UNKNOWN_CLIENT, "scopes": [""]}, "scopes", Reason.BAD_REQUEST),
    "a text of scopes": (
        "create_api_key",
        {"client_id": UNKNOWN_CLIENT, "scopes": "assets:read"},
        "scopes",
        Reason.BAD_REQUEST,
    ),
    "no network": (
        "create_api_key",
        {"client_id": UNKNOWN_CLIENT, "networks": ["10.0.0.0/33"]},
        "networks",
        Reason.BAD_REQUEST,
    ),
    "a network with an address in it": (
        "create_api_key",
        {"client_id": UNKNOWN_CLIENT, "networks": ["10.0.0.1/8"]},
        "networks",
        Reason.BAD_REQUEST,
    ),
    "no key": ("revoke_api_key", {"api_key": "cfk_x"}, "api_key", Reason.BAD_REQUEST),
    "an unknown key": ("revoke_api_key", {"api_key": UNKNOWN_KEY}, "api_key", Reason.ENTITY_NOT_FOUND),
    "an unknown status": (
        "set_client_status",
        {"client_id": UNKNOWN_CLIENT, "status": "ASLEEP"},
        "status",
        Reason.TYPE_INVALID,
    ),
    "a status for nobody": (
        "set_client_status",
        {"client_id": UNKNOWN_CLIENT, "status": "DISABLED"},
        "client_id",
        Reason.ENTITY_NOT_FOUND,
    ),
    "a key that is not in the keyring": ("switch_signing_key", {"kid": "x"}, "kid", Reason.BAD_REQUEST),
    "a key that is not there to be removed": ("retire_signing_key", {"kid": "x"}, "kid", Reason.BAD_REQUEST),
}


@pytest.mark.parametrize(("module", "event", "field", "reason"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_refused_with_its_field(
    office: Office, module: str, event: object, field: str, reason: Reason
) -> None:
    before = office.world.fake.snapshot()
    with pytest.raises(Refusal) as refused:
        office.operate(module, event)
    assert refused.value.reason is reason
    assert field in refused.value.fields or any(name.startswith(f"{field}.") for name in refused.value.fields)
    assert field in str(refused.value)  # all that an operator sees of it is the exception's text
    assert office.world.fake.snapshot() == before


@pytest.mark.parametrize(
    "again",
    [
        lambda office, key: office.operate("set_client_status", client_id=key.client_id, status="ACTIVE"),
        lambda office, key: office.operate("create_api_key", client_id=key.client_id),
    ],
    ids=["let in again", "given a new key"],
)
def test_a_revoked_key_stays_revoked(office: Office, again: Callable[[Office, object], object]) -> None:
    key = office.key()
    office.operate("revoke_api_key", api_key=key.key)
    again(office, key)
    assert office.ask(key).status == 401
