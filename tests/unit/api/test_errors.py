"""Refusals as answers, in the shape of the face that was called."""

import json
from collections import Counter

import pytest

from coffer.api.errors import LEDGER, WALLET, Face, face_of, internal, render
from coffer.ledger.refusal import Reason, Refusal

PUBLISHED = {
    "0001": 409,
    "0002": 409,
    "0003": 409,
    "0004": 400,
    "0005": 400,
    "0007": 404,
    "0009": 400,
    "0012": 400,
    "0015": 409,
    "0016": 422,
    "0018": 422,
    "0019": 422,
    "0020": 409,
    "0024": 422,
    "0029": 400,
    "0030": 422,
    "0032": 400,
    "0033": 400,
    "0034": 404,
    "0035": 404,
    "0036": 404,
    "0037": 404,
    "0038": 404,
    "0040": 400,
    "0041": 401,
    "0042": 401,
    "0043": 403,
    "0046": 500,
    "0047": 400,
    "0050": 400,
    "0051": 400,
    "0053": 400,
    "0065": 400,
    "0067": 400,
    "0072": 400,
    "0073": 422,
    "0074": 400,
    "0077": 400,
    "0078": 400,
    "0080": 400,
    "0081": 400,
    "0082": 400,
    "0083": 400,
    "0084": 422,
    "0087": 409,
    "0088": 409,
    "0089": 422,
    "0090": 422,
    "0093": 400,
    "0094": 400,
    "0096": 400,
    "0098": 422,
    "0099": 409,
    "0121": 422,
    "0124": 400,
    "0125": 422,
    "0143": 413,
    "9001": 409,
    "9002": 409,
}
"""The codes of the contract that what is built so far needs, with their statuses."""


@pytest.mark.parametrize(
    ("path", "face"),
    [
        ("/v1/organizations", Face.LEDGER),
        ("/api/v1/wallets", Face.WALLET),
        ("/api", Face.WALLET),
        ("/api/", Face.WALLET),
        ("/apis", Face.LEDGER),
        ("/", Face.LEDGER),
        ("/health", Face.LEDGER),
    ],
)
def test_a_path_belongs_to_a_face(path: str, face: Face) -> None:
    assert face_of(path) is face


def test_the_ledger_faces_codes_are_those_of_the_contract_with_their_statuses() -> None:
    assert {error.code: error.status for error in LEDGER.values()}.items() >= PUBLISHED.items()


def test_a_code_stands_for_one_reason_and_has_a_title() -> None:
    shared = {"0043"}  # a scope that is missing, and a wallet ledger, which no scope lets anyone write
    codes = Counter(error.code for error in LEDGER.values())
    assert {code for code, reasons in codes.items() if reasons > 1} == shared
    assert all(error.title for error in LEDGER.values())


def test_what_the_contract_does_not_name_has_codes_from_9000_up() -> None:
    own = {error.code for error in LEDGER.values()} - PUBLISHED.keys()
    assert all(9000 < int(code) <= 9999 for code in own)


def test_the_ledger_face_says_code_title_message_and_the_fields_that_are_wrong() -> None:
    response = render(Refusal(Reason.FIELDS_MISSING, "Add it.", {"name": "is required"}), Face.LEDGER)
    assert response.status == 400
    assert json.loads(response.body or "") == {
        "code": "0009",
        "title": "Missing Fields in Request",
        "message": "Add it.",
        "fields": {"name": "is required"},
    }


def test_without_a_wrong_field_there_are_no_fields() -> None:
    response = render(Refusal(Reason.LEDGER_NOT_FOUND, "There is none."), Face.LEDGER)
    assert json.loads(response.body or "").keys() == {"code", "title", "message"}


def test_the_wallet_face_says_code_type_and_message() -> None:
    response = render(Refusal(Reason.FIELDS_MISSING, "Add it.", {"symbol": "is required"}), Face.WALLET)
    assert response.status == 400
    assert json.loads(response.body or "") == {
        "code": "invalid_parameter",
        "type": "invalid_request_error",
        "message": "Add it. (symbol: is required)",
    }


@pytest.mark.parametrize("reason", WALLET)
def test_every_wallet_error_has_one_of_the_contracts_types(reason: Reason) -> None:
    assert json.loads(render(Refusal(reason, "…"), Face.WALLET).body or "")["type"] in {
        "invalid_request_error",
        "authentication_error",
        "permission_error",
        "not_found_error",
        "conflict_error",
        "rate_limit_error",
        "business_error",
        "api_error",
    }


@pytest.mark.parametrize("face", Face)
def test_work_that_could_not_be_settled_in_time_says_when_to_come_back(face: Face) -> None:
    response = render(Refusal(Reason.UNAVAILABLE, "…"), face)
    assert response.status == 503
    assert int(response.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("face", Face)
def test_what_may_have_been_done_does_not_say_when_to_come_back(face: Face) -> None:
    unavailable, in_doubt = (render(Refusal(each, "…"), face) for each in (Reason.UNAVAILABLE, Reason.IN_DOUBT))
    assert in_doubt.status == 503
    assert "Retry-After" not in in_doubt.headers
    assert json.loads(in_doubt.body or "")["code"] != json.loads(unavailable.body or "")["code"]


@pytest.mark.parametrize("face", Face)
@pytest.mark.parametrize(
    ("reason", "challenge"),
    [
        (Reason.TOKEN_MISSING, "Bearer"),
        (Reason.TOKEN_INVALID, 'Bearer error="invalid_token"'),
        (Reason.TOKEN_EXPIRED, 'Bearer error="invalid_token", error_description="token_expired"'),
        (Reason.SCOPE_MISSING, 'Bearer error="insufficient_scope"'),
    ],
)
def test_who_is_not_let_in_gets_the_challenge_of_rfc_6750(face: Face, reason: Reason, challenge: str) -> None:
    assert render(Refusal(reason, "…"), face).headers["WWW-Authenticate"] == challenge


def test_a_mistake_of_ours_tells_the_request_id_and_nothing_else() -> None:
    response = render(internal("request-1"), Face.LEDGER)
    assert response.status == 500
    assert "request-1" in (response.body or "")
