"""The idempotency key that comes with a POST, in either of two headers."""

import pytest

from coffer.api.idempotency import key_of
from coffer.ledger.refusal import Reason, Refusal


def test_without_a_header_there_is_no_key() -> None:
    assert key_of({"content-type": "application/json"}) is None


@pytest.mark.parametrize("name", ["x-idempotency", "idempotency-key"])
@pytest.mark.parametrize("key", ["1", "order 42", "~" * 255, '"quoted"', "a,b"])
def test_a_key_is_1_to_255_printable_characters_in_either_header(name: str, key: str) -> None:
    assert key_of({name: key}) == key


def test_the_same_key_may_stand_in_both() -> None:
    assert key_of({"x-idempotency": "1", "idempotency-key": "1"}) == "1"


@pytest.mark.parametrize(
    "headers",
    [
        {"x-idempotency": ""},
        {"idempotency-key": "x" * 256},
        {"idempotency-key": "a\tb"},
        {"idempotency-key": "a\n"},
        {"idempotency-key": "é"},
        {"idempotency-key": "\x7f"},
        {"x-idempotency": "1", "idempotency-key": "2"},
        {"x-idempotency": "a", "idempotency-key": "A"},
        {"x-idempotency": "1", "idempotency-key": ""},
    ],
)
def test_any_other_key_and_two_that_differ_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        key_of(headers)
    assert refused.value.reason is Reason.BAD_REQUEST
    assert list(refused.value.fields) == ["Idempotency-Key"]
