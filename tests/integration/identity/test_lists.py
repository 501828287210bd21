"""What operators can look up: clients, and the API keys of one, to find what is to be disabled or revoked."""

import json
from hashlib import sha256
from typing import Any

import pytest

from coffer.api.operators import MOST_LISTED
from coffer.ledger.refusal import Reason, Refusal
from coffer.times import parse
from tests.integration.identity.office import Office
from tests.integration.identity.test_operators import UNKNOWN_CLIENT, UNKNOWN_KEY


def pages(office: Office, module: str, rows: str, **event: object) -> list[list[Any]]:
    """All pages of a list, each asked for by the last one's `next`."""
    answers = [office.operate(module, event)]
    while answers[-1]["next"]:
        answers.append(office.operate(module, answers[-1]["next"]))
    return [answer[rows] for answer in answers]


def without_moments(rows: list[dict[str, Any]], *, since: int) -> list[dict[str, Any]]:
    """Rows without the moments at which they were made, which follow each other."""
    moments = [parse(row["created_at"]) for row in rows]
    assert since <= moments[0]
    assert moments == sorted(moments)
    return [{name: value for name, value in row.items() if name != "created_at"} for row in rows]


def test_clients_are_listed_oldest_first_with_what_there_is_to_know_of_them(office: Office) -> None:
    before = office.world.clock.now
    one, other = office.client("Acme"), office.client("Globex")
    office.operate("set_client_status", client_id=one, status="DISABLED")
    answer = office.operate("list_clients", {})
    assert without_moments(answer["clients"], since=before) == [
        {"client_id": one, "client_name": "Acme", "status": "DISABLED"},
        {"client_id": other, "client_name": "Globex", "status": "ACTIVE"},
    ]
    assert answer == {"clients": answer["clients"], "next": None}


def test_nobody_is_listed_where_nobody_is(office: Office) -> None:
    assert office.operate("list_clients", {}) == {"clients": [], "next": None}


@pytest.mark.parametrize("many", [MOST_LISTED - 1, MOST_LISTED, MOST_LISTED + 1, 2 * MOST_LISTED + 1])
def test_many_clients_are_on_several_pages_each_of_them_on_one(office: Office, many: int) -> None:
    made = sorted(office.client() for _ in range(many))
    found = pages(office, "list_clients", "clients")
    assert [client["client_id"] for page in found for client in page] == made
    assert [len(page) for page in found] == [MOST_LISTED] * ((many - 1) // MOST_LISTED) + [(many - 1) % MOST_LISTED + 1]


def test_a_client_s_keys_are_listed_with_all_that_is_kept_but_their_secrets(office: Office) -> None:
    client, before = office.client(), office.world.clock.now
    revoked = office.key(client, scopes=["ledgers:read", "assets:read"])
    bound = office.key(client, scopes=["settlement:write"], networks=["192.0.2.0/24"])
    office.key()  # another client's
    office.operate("revoke_api_key", api_key=revoked.key)
    answer = office.operate("list_api_keys", client_id=client)
    assert without_moments(answer["api_keys"], since=before) == [
        {"api_key": revoked.key, "scopes": ["assets:read", "ledgers:read"], "networks": [], "revoked": True},
        {"api_key": bound.key, "scopes": ["settlement:write"], "networks": ["192.0.2.0/24"], "revoked": False},
    ]
    assert answer == {"client_id": client, "api_keys": answer["api_keys"], "next": None}
    for key in (revoked, bound):
        assert key.secret not in json.dumps(answer)
        assert sha256(key.secret.encode()).hexdigest() not in json.dumps(answer)


def test_a_key_of_which_nobody_has_kept_the_text_is_found_and_revoked(office: Office) -> None:
    lost = office.key()
    (client,) = office.operate("list_clients", {})["clients"]
    (found,) = office.operate("list_api_keys", client_id=client["client_id"])["api_keys"]
    office.operate("revoke_api_key", api_key=found["api_key"])
    assert office.ask(lost).status == 401
    (found,) = office.operate("list_api_keys", client_id=client["client_id"])["api_keys"]
    assert found["revoked"] is True


def test_many_keys_are_on_several_pages_each_of_them_on_one(office: Office) -> None:
    client = office.client()
    made = sorted(office.key(client).key for _ in range(MOST_LISTED + 1))
    found = pages(office, "list_api_keys", "api_keys", client_id=client)
    assert [key["api_key"] for page in found for key in page] == made
    assert [len(page) for page in found] == [MOST_LISTED, 1]


WRONG: dict[str, tuple[str, dict[str, object], str, Reason]] = {
    "after what is no client": ("list_clients", {"after": "acme"}, "after", Reason.BAD_REQUEST),
    "no client's id": ("list_api_keys", {"client_id": "acme"}, "client_id", Reason.BAD_REQUEST),
    "no client": ("list_api_keys", {}, "client_id", Reason.FIELDS_MISSING),
    "an unknown client": ("list_api_keys", {"client_id": UNKNOWN_CLIENT}, "client_id", Reason.ENTITY_NOT_FOUND),
    "after what is no key": (
        "list_api_keys",
        {"client_id": UNKNOWN_CLIENT, "after": "cfk_x"},
        "after",
        Reason.BAD_REQUEST,
    ),
    "an unknown client's ledgers": (
        "list_ledgers_to_verify",
        {"client_id": UNKNOWN_CLIENT},
        "client_id",
        Reason.ENTITY_NOT_FOUND,
    ),
    "ledgers of no client": ("list_ledgers_to_verify", {"client_id": "acme"}, "client_id", Reason.BAD_REQUEST),
}


@pytest.mark.parametrize(("module", "event", "field", "reason"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_refused_with_its_field(
    office: Office, module: str, event: dict[str, object], field: str, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        office.operate(module, event)
    assert refused.value.reason is reason
    assert field in refused.value.fields


def test_a_page_does_not_begin_after_another_client_s_key(office: Office) -> None:
    with pytest.raises(Refusal, match="after") as refused:
        office.operate("list_api_keys", client_id=office.client(), after=UNKNOWN_KEY)
    assert refused.value.reason is Reason.BAD_REQUEST
