"""The life of signing keys, as operators lead it and callers feel it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import jwt
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from coffer.auth.tokens import LIFETIME
from coffer.ledger.refusal import Reason, Refusal
from tests.integration.identity.kms import FaultyKms, kms_error
from tests.integration.identity.office import Office
from tests.support.world import World

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient
    from types_boto3_kms.literals import KeySpecType, KeyUsageTypeType

JWKS = "/.well-known/jwks.json"


def _kids(office: Office) -> list[str]:
    answer = office.open(JWKS)
    assert answer.status == 200
    return [key["kid"] for key in answer.json["keys"]]


def _pass(office: Office, time: timedelta) -> None:
    office.world.clock.now += int(time.total_seconds() * 1000)


def test_before_any_key_is_published_the_key_set_is_empty(empty_office: Office) -> None:
    assert empty_office.open(JWKS).json == {"keys": []}


@pytest.mark.parametrize("published", [False, True])
def test_before_a_key_signs_there_is_no_token_and_the_answer_says_what_to_do(
    empty_office: Office, arns: Sequence[str], *, published: bool
) -> None:
    if published:
        empty_office.publish(arns[0])
    key = empty_office.key()
    answer = empty_office.ask(key)
    assert (answer.status, answer.json["code"]) == (503, "service_unavailable")
    assert "publish_signing_key" in answer.json["message"]
    assert "switch_signing_key" in answer.json["message"]
    assert answer.headers["Retry-After"]
    form = empty_office.form({"grant_type": "client_credentials"}, authorization=key.basic)
    assert (form.status, form.json["error"]) == (503, "temporarily_unavailable")
    assert form.headers["Retry-After"]
    wrong = empty_office.post(headers={**key.headers, "X-API-Secret": "cfs_wrong"})
    assert wrong.status == 401


def test_a_published_key_is_in_the_key_set_at_once_and_signs_after_the_switch(
    office: Office, arns: Sequence[str]
) -> None:
    (first,) = _kids(office)
    published = office.operate("publish_signing_key", kms_arn=arns[1])
    assert published == {"kid": published["kid"], "state": "PUBLISHED"}
    assert _kids(office) == [first, published["kid"]]
    assert _header(office.token())["kid"] == first
    assert office.operate("switch_signing_key", kid=published["kid"])["state"] == "ACTIVE"
    assert _header(office.token())["kid"] == published["kid"]
    assert _kids(office) == [first, published["kid"]]


def test_the_key_set_holds_public_keys_and_nothing_else(office: Office) -> None:
    answer = office.open(JWKS)
    (key,) = answer.json["keys"]
    assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_tokens_of_the_former_key_are_good_until_it_is_retired(office: Office, arns: Sequence[str]) -> None:
    (first,) = _kids(office)
    before = office.token()
    second = office.sign_with(arns[1])
    after = office.token()
    for token in (before, after):
        assert office.visit(token).status == 200
    assert office.operate("retire_signing_key", kid=first) == {"kid": first, "state": "RETIRED"}
    assert _kids(office) == [second]
    assert office.visit(before).status == 401
    assert office.visit(after).status == 200


def test_a_chain_of_keys_keeps_every_token_good_for_its_time(office: Office, arns: Sequence[str]) -> None:
    (first,) = _kids(office)
    key = office.key()
    tokens = [office.token(key)]
    for arn in arns[1:]:
        office.sign_with(arn)
        tokens.append(office.token(key))
    assert len({_header(token)["kid"] for token in tokens}) == 3
    assert [office.visit(token).status for token in tokens] == [200, 200, 200]
    _pass(office, timedelta(seconds=LIFETIME))
    assert [office.authorize(f"Bearer {token}")["verdict"] for token in tokens] == ["token_expired"] * 3
    office.operate("retire_signing_key", kid=first)
    assert office.authorize(f"Bearer {tokens[0]}")["verdict"] == "invalid_token"


def test_the_key_that_signs_cannot_be_retired(office: Office) -> None:
    (first,) = _kids(office)
    with pytest.raises(Refusal, match="switch to another one first") as refused:
        office.operate("retire_signing_key", kid=first)
    assert "kid" in refused.value.fields
    assert _kids(office) == [first]


def test_a_switch_can_be_taken_back_while_the_former_key_is_there(office: Office, arns: Sequence[str]) -> None:
    (first,) = _kids(office)
    second = office.sign_with(arns[1])
    token = office.token()
    assert office.operate("switch_signing_key", kid=first) == {"kid": first, "state": "ACTIVE"}
    assert _header(office.token())["kid"] == first
    assert office.visit(token).status == 200
    office.operate("retire_signing_key", kid=second)
    assert _kids(office) == [first]


def test_a_retired_key_can_be_published_again_and_does_not_sign_by_that(office: Office, arns: Sequence[str]) -> None:
    (first,) = _kids(office)
    office.sign_with(arns[1])
    office.operate("retire_signing_key", kid=first)
    assert office.operate("publish_signing_key", kms_arn=arns[0]) == {"kid": first, "state": "PUBLISHED"}


@pytest.mark.parametrize("step", ["publish_signing_key", "switch_signing_key"])
def test_each_step_may_be_taken_again(office: Office, arns: Sequence[str], step: str) -> None:
    (first,) = _kids(office)
    fields = {"kms_arn": arns[0]} if step == "publish_signing_key" else {"kid": first}
    for _ in range(2):
        assert office.operate(step, **fields) == {"kid": first, "state": "ACTIVE"}
    assert _kids(office) == [first]


def test_the_stacks_own_key_is_published_when_none_is_named(
    empty_office: Office, arns: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNING_KEY_ARN", arns[2])
    kid = empty_office.operate("publish_signing_key")["kid"]
    assert kid == empty_office.operate("publish_signing_key", kms_arn=arns[2])["kid"]
    assert _kids(empty_office) == [kid]


@pytest.mark.parametrize(
    ("spec", "usage", "what"),
    [
        ("ECC_NIST_P256", "SIGN_VERIFY", "RSA"),
        ("RSA_2048", "ENCRYPT_DECRYPT", "ENCRYPT_DECRYPT"),
    ],
)
def test_a_key_that_cannot_sign_tokens_is_not_published(
    office: Office, kms: "KMSClient", spec: "KeySpecType", usage: "KeyUsageTypeType", what: str
) -> None:
    arn = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"]
    before = office.world.fake.snapshot()
    with pytest.raises(Refusal) as refused:
        office.publish(arn)
    assert refused.value.reason is Reason.BAD_REQUEST
    assert what in refused.value.fields["kms_arn"]
    assert office.world.fake.snapshot() == before


@pytest.mark.parametrize(
    "arn", ["nonsense", "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-0000000"]
)
def test_a_key_that_kms_does_not_know_is_not_published(office: Office, arn: str) -> None:
    with pytest.raises(Refusal) as refused:
        office.publish(arn)
    assert "kms_arn" in refused.value.fields


def test_an_alias_stands_for_the_key_that_it_means_now(office: Office, kms: "KMSClient", arns: Sequence[str]) -> None:
    kms.create_alias(AliasName="alias/signing", TargetKeyId=arns[1])
    kid = office.sign_with("alias/signing")
    kms.update_alias(AliasName="alias/signing", TargetKeyId=arns[2])
    token = office.token()
    assert _header(token)["kid"] == kid
    assert office.visit(token).status == 200


PASSING: dict[str, Callable[[], Exception]] = {
    "no connection": lambda: EndpointConnectionError(endpoint_url="https://kms.eu-central-1.amazonaws.com/"),
    "throttled": lambda: kms_error("ThrottlingException", 400),
    "an internal error": lambda: kms_error("KMSInternalException", 500),
    "a key that is not available": lambda: kms_error("KeyUnavailableException", 500),
    "a time-out inside": lambda: kms_error("DependencyTimeoutException", 503),
}

by_error = pytest.mark.parametrize("error", PASSING.values(), ids=PASSING)


@by_error
def test_what_passes_at_kms_is_waited_for(
    kms: "KMSClient", arns: Sequence[str], error: Callable[[], Exception]
) -> None:
    faulty = FaultyKms(kms)
    office = Office(World(kms=faulty.client))
    faulty.fail(error, times=2)
    office.sign_with(arns[0])
    key = office.key()
    faulty.fail(error, times=2)
    assert office.ask(key).status == 200
    assert faulty.failed == 4
    assert len(office.world.pauses) == 4


@by_error
def test_what_does_not_pass_at_kms_in_time_is_a_503_in_the_dialect_that_was_spoken(
    kms: "KMSClient", arns: Sequence[str], error: Callable[[], Exception]
) -> None:
    faulty = FaultyKms(kms)
    office = Office(World(kms=faulty.client))
    office.sign_with(arns[0])
    key = office.key()
    faulty.fail(error, times=1_000)
    headers = office.ask(key)
    assert (headers.status, headers.json["code"], headers.json["type"]) == (503, "service_unavailable", "api_error")
    form = office.form({"grant_type": "client_credentials"}, authorization=key.basic)
    assert (form.status, form.json["error"]) == (503, "temporarily_unavailable")
    for answer in (headers, form):
        assert answer.headers["Retry-After"] == "1"
    with pytest.raises(Refusal) as refused:
        office.publish(arns[1])
    assert refused.value.reason is Reason.UNAVAILABLE


@pytest.mark.parametrize(
    ("code", "status"),
    [("DisabledException", 409), ("AccessDeniedException", 400)],
    ids=["the key is disabled", "access is denied"],
)
def test_a_mistake_at_kms_is_a_500_and_tried_once(
    kms: "KMSClient", arns: Sequence[str], code: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    faulty = FaultyKms(kms)
    office = Office(World(kms=faulty.client))
    office.sign_with(arns[0])
    key = office.key()
    faulty.fail(lambda: kms_error(code, status), times=1_000)
    answer = office.ask(key)
    assert (answer.status, answer.json["code"]) == (500, "internal_error")
    assert code not in answer.json["message"]
    assert faulty.failed == 1
    (mistake,) = [record for record in caplog.records if record.getMessage() == "mistake"]
    assert mistake.exc_info
    assert isinstance(mistake.exc_info[1], ClientError)
    assert key.secret not in caplog.text


def _header(token: str) -> dict[str, str]:
    header: dict[str, str] = jwt.get_unverified_header(token)
    return header
