"""Bodies: bounded and unambiguous JSON, then the endpoint's model; and the fingerprint by which one is known again."""

import json
import subprocess
import sys
import tracemalloc
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import cache
from math import isnan
from typing import Any

import pytest

from coffer.api import bodies
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.assets import AssetChange, NewAsset
from coffer.models.organizations import NewOrganization

MAX = bodies.MAX_BYTES


def refusal(function: Callable[[], object]) -> Refusal:
    """What a function refuses with."""
    with pytest.raises(Refusal) as refused:
        function()
    return refused.value


def parsed(text: str) -> dict[str, Any]:
    """The object in a body."""
    return bodies.parse(text.encode())


def shortened(text: str) -> str:
    """The beginning of a text, to name a case by."""
    return text[:30]


# ------------------------------------------------------------------------------------------------------------- reading


def test_a_body_is_read_as_the_gateway_gives_it_as_text_or_base64() -> None:
    text = '{"name":"ação"}'
    assert bodies.read({"body": text, "isBase64Encoded": False}) == text.encode()
    assert bodies.read({"body": b64encode(text.encode()).decode(), "isBase64Encoded": True}) == text.encode()


@pytest.mark.parametrize("event", [{}, {"body": None}, {"body": ""}])
def test_no_body_is_an_empty_one(event: dict[str, Any]) -> None:
    assert bodies.read(event) == b""


def test_256_kib_are_read_and_not_a_byte_more() -> None:
    assert len(bodies.read({"body": "x" * MAX})) == MAX
    assert refusal(lambda: bodies.read({"body": "x" * (MAX + 1)})).reason is Reason.TOO_LARGE


def test_bytes_are_counted_not_characters_and_not_their_base64() -> None:
    assert refusal(lambda: bodies.read({"body": "é" * (MAX // 2 + 1)})).reason is Reason.TOO_LARGE
    encoded = b64encode(b"x" * MAX).decode()
    assert len(bodies.read({"body": encoded, "isBase64Encoded": True})) == MAX


# ------------------------------------------------------------------------------------------------------------- parsing


def test_an_object_is_parsed_with_its_numbers_exact() -> None:
    assert parsed('{"a":1,"b":-12.50,"c":[true,null,"x"],"d":123456789012345678}') == {
        "a": 1,
        "b": Decimal("-12.50"),
        "c": [True, None, "x"],
        "d": 123_456_789_012_345_678,
    }


@pytest.mark.parametrize("digits", ["9" * 18, "-" + "9" * 18])
def test_integers_of_18_digits_are_integers(digits: str) -> None:
    number = parsed(f'{{"n":{digits}}}')["n"]
    assert type(number) is int
    assert number == int(digits)


@pytest.mark.parametrize(
    "digits",
    ["9" * 19, "-" + "9" * 19, "1" + "0" * 60, "0." + "0" * 35 + "1", f"-{'7' * 60}.{'7' * 36}"],
    ids=shortened,
)
def test_longer_numbers_and_those_with_a_point_are_decimals_as_written(digits: str) -> None:
    number = parsed(f'{{"n":{digits}}}')["n"]
    assert type(number) is Decimal
    assert format(number, "f") == digits


@pytest.mark.parametrize("digits", ["7" * 200_000, "-0." + "7" * 200_000, "1e" + "7" * 200_000], ids=shortened)
def test_of_what_is_longer_than_any_amount_no_digit_is_kept(digits: str) -> None:
    assert str(parsed(f'{{"n":{digits}}}')["n"]).lower() == "nan"


@pytest.mark.parametrize("written", ["1e5", "1E5", "1.5e-3", "-2e+2", "0e0"])
def test_a_number_with_an_exponent_is_a_float_so_that_no_amount_is_one(written: str) -> None:
    assert parsed(f'{{"n":{written}}}')["n"] == float(written)
    assert type(parsed(f'{{"n":{written}}}')["n"]) is float


@pytest.mark.parametrize(
    "written",
    [
        "1e400",
        "-1e400",
        "1e-400",
        "1.2345678901234567890123e1",
        "1e999999999999999999999",
        "1e-999999999999999999999",
        "1e-" + "9" * 200_000,
    ],
    ids=shortened,
)
def test_an_exponential_that_a_float_would_have_to_round_is_not_a_number(written: str) -> None:
    assert isnan(parsed(f'{{"n":{written}}}')["n"])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"x",
        b"{",
        b"{}x",
        b"{} {}",
        b"{'a':1}",
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":.5}',
        b'{"a":1.}',
        b'{"a":1,}',
        b'{"a" 1}',
        b'{"a":"\n"}',
        b'{"a":"\0"}',
        b"\0",
        b'{"a":"x',
        b'{"a":"\\x"}',
        b'{"a":"\\u12"}',
        b'{"a":1_000}',
        b'{"a":0x1}',
        b'{"a":/**/1}',
        b"\xef\xbb\xbf{}",
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',  # a surrogate in UTF-8's manner
        b'{"a":"\xc0\x80"}',  # NUL in two bytes
        '{"a":1}'.encode("utf-16"),
        b"[]",
        b'"text"',
        b"1",
        b"null",
        b"true",
        b"NaN",
    ],
)
def test_what_is_not_exactly_one_json_object_in_utf_8_is_refused_with_the_way_out(raw: bytes) -> None:
    refused = refusal(lambda: bodies.parse(raw))
    assert refused.reason is Reason.JSON_MALFORMED
    assert refused.message.endswith("Send one JSON object in UTF-8.")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"a":1,"a":1}', "a"),
        ('{"a":1,"b":2,"a":3}', "a"),
        ('{"a":{"b":1,"c":{},"b":2}}', "b"),
        ('{"a":[{"b":1},{"b":1,"b":2}]}', "b"),
        ('{"a":1,"\\u0061":2}', "a"),
        ('{"":1,"":2}', ""),
        ('{"\\ud800":1,"\\ud800":2}', "\\ud800"),
    ],
)
def test_a_key_that_stands_twice_in_an_object_is_named(text: str, field: str) -> None:
    refused = refusal(lambda: parsed(text))
    assert refused.reason is Reason.JSON_MALFORMED
    assert list(refused.fields) == [field]


def test_a_key_may_stand_in_several_objects() -> None:
    assert parsed('{"a":{"a":[{"a":1},{"a":2}]}}') == {"a": {"a": [{"a": 1}, {"a": 2}]}}


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize(("text", "field"), [('{"a":%s}', "a"), ('{"b":1,"a":{"c":[0,%s]}}', "a.c.1")])
def test_the_field_of_a_constant_that_json_has_not_is_named(constant: str, text: str, field: str) -> None:
    refused = refusal(lambda: parsed(text % constant))
    assert refused.reason is Reason.JSON_MALFORMED
    assert list(refused.fields) == [field]


def test_in_a_string_the_names_of_these_constants_are_only_text() -> None:
    assert parsed('{"a":"NaN","Infinity":"-Infinity","b":1e400}').keys() == {"a", "Infinity", "b"}


@pytest.mark.parametrize("character", ["\\u0000", "\\ud800", "\\uDFFF", "\\udc00\\ud800", "\\ud83d x"])
@pytest.mark.parametrize(
    ("text", "field"), [('{"a":"x%s"}', "a"), ('{"b":"","a":{"c":["",["%s"]]}}', "a.c.1.0"), ('{"%s":1}', "body")]
)
def test_the_field_of_a_nul_or_of_half_a_surrogate_pair_is_named(character: str, text: str, field: str) -> None:
    refused = refusal(lambda: parsed(text % character))
    assert refused.reason is Reason.BAD_REQUEST
    assert list(refused.fields) == [field]


def test_whole_surrogate_pairs_and_escaped_backslashes_are_text_as_any_other() -> None:
    assert parsed('{"a":"\\ud83d\\ude00","b":"\\\\u0000","c":"\\u0001"}') == {"a": "😀", "b": "\\u0000", "c": "\x01"}


# --------------------------------------------------------------------------------------------------------------- depth


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"b":', "}")])
def test_ten_levels_are_read_and_not_one_more(opening: str, closing: str) -> None:
    def nested(levels: int) -> str:
        return f'{{"a":{opening * (levels - 1)}1{closing * (levels - 1)}}}'

    assert parsed(nested(bodies.MAX_DEPTH))
    refused = refusal(lambda: parsed(nested(bodies.MAX_DEPTH + 1)))
    assert refused.reason is Reason.BAD_REQUEST
    assert refused.fields == {"a": "is nested deeper than 10 levels"}


def test_brackets_in_strings_are_no_levels() -> None:
    assert parsed('{"a":"' + "[{" * 100 + '","b":"\\"[[[[[[[[[[[[","c":"\\\\"}')["c"] == "\\"


def test_many_shallow_levels_are_not_deep() -> None:
    assert len(parsed('{"a":[' + ",".join(["[{}]"] * 1000) + "]}")["a"]) == 1000


def test_the_field_that_is_too_deep_is_named_not_one_before_it() -> None:
    text = '{"first":{"x":"y"},"second":"[","third":' + "[" * 10 + "]" * 10 + "}"
    assert list(refusal(lambda: parsed(text)).fields) == ["third"]


# ------------------------------------------------------------------------------------------------------ time and memory


def _filled(begin: str, repeated: str, end: str = "") -> bytes:
    return (begin + repeated * ((MAX - len(begin) - len(end)) // len(repeated)) + end).encode()


GOOD = _filled('{"a":[{}', ',{"alias":"@alice","n":[1]}', "]}")
BAD = {
    "arrays opened": _filled("", "["),
    "objects opened": _filled("", '{"a":'),
    "brackets that never close": _filled('{"a":[', "[],"),
    "an unterminated string": _filled('{"a":"', "x"),
    "an unterminated string of backslashes": _filled('{"a":"', "\\"),
    "an unterminated string of escaped quotes": _filled('{"a":"', '\\"'),
    "strings that never close": _filled('{"a":[[[[[[[[[[[', '"'),
    "an integer": _filled('{"a":', "9", "}"),
    "decimals": _filled('{"a":0.', "9", "}"),
    "an exponent": _filled('{"a":1e', "9", "}"),
    "a negative exponent": _filled('{"a":1e-', "9", "}"),
    "unknown fields": ("{" + ",".join(f'"{n:06}":1' for n in range(23_800)) + "}").encode().ljust(MAX),
    "the same key": _filled("{", '"a":1,', '"a":1}'),
    "white space": _filled("", " "),
    "surrogates": _filled('{"a":["', "\\ud83d\\ude00", '\\ud800"]}'),
    "constants": _filled('{"a":[0', ",1e1", ",NaN]}"),
    "not UTF-8 at the end": _filled("", " ")[:-1] + b"\xff",
}


REFUSES = """
import resource, sys, time

from coffer.api import bodies
from coffer.ledger.refusal import Refusal
from coffer.models.organizations import NewOrganization

raw = sys.stdin.buffer.read()
seconds = int(time.process_time()) + 2
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
try:
    bodies.validate(NewOrganization, bodies.parse(raw))
except Refusal:
    print("refused")
"""
"""The system ends it after one or two seconds of a processor's time. A body takes it hundredths of one; what grew with
the square of the size would take minutes."""


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_body_of_256_kib_keeps_no_process_busy(bad: str) -> None:
    assert MAX - 30 < len(BAD[bad]) <= MAX
    ran = subprocess.run([sys.executable, "-c", REFUSES], input=BAD[bad], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, b"refused\n"), ran.stderr


@cache
def _most_memory(raw: bytes) -> int:
    """The most bytes that were in use at once."""
    tracemalloc.start()
    try:
        with suppress(Refusal):
            bodies.validate(NewOrganization, bodies.parse(raw))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_body_of_256_kib_takes_no_more_memory_than_a_well_formed_one_of_its_size(bad: str) -> None:
    """A few times as much is what pydantic takes to say of each of 24,000 fields that it is not known."""
    assert _most_memory(BAD[bad]) < 8 * _most_memory(GOOD)


# ----------------------------------------------------------------------------------------------------------- the model


def test_a_good_body_becomes_its_model() -> None:
    asset = bodies.validate(NewAsset, {"name": "Bitcoin", "type": "crypto", "code": "BTC", "decimals": 8})
    assert (asset.name, asset.type, asset.code, asset.decimals) == ("Bitcoin", "crypto", "BTC", 8)


def test_what_is_missing_is_said_first_and_everything_that_is_wrong_is_named() -> None:
    refused = refusal(lambda: bodies.validate(NewAsset, {"code": "btc", "type": "x", "more": 1}))
    assert refused.reason is Reason.FIELDS_MISSING
    assert refused.fields == {
        "name": "is required",
        "type": "must be 'crypto', 'currency', 'commodity' or 'others'",
        "code": "must be upper case: BTC",
        "more": "is not known here",
    }


def test_of_thousands_that_are_wrong_fifty_are_named_and_what_is_worst_among_them() -> None:
    refused = refusal(lambda: bodies.validate(NewAsset, {str(number): 1 for number in range(5_000)}))
    assert refused.reason is Reason.FIELDS_MISSING
    assert len(refused.fields) == 50
    assert {"name", "type", "code"} <= refused.fields.keys()


def test_what_is_unknown_is_said_before_what_is_wrong() -> None:
    refused = refusal(lambda: bodies.validate(AssetChange, {"name": 5, "code": "X"}))
    assert refused.reason is Reason.FIELDS_UNEXPECTED
    assert refused.fields.keys() == {"name", "code"}


def test_a_particular_reason_is_said_before_a_general_one() -> None:
    refused = refusal(lambda: bodies.validate(NewAsset, {"name": 5, "type": "crypto", "code": "btc"}))
    assert refused.reason is Reason.CODE_NOT_UPPER_CASE


def test_a_field_is_named_by_its_path_as_the_caller_spells_it() -> None:
    body = {"legalName": 5, "legalDocument": "1", "address": {"zipCode": 1, "country": "XX"}, "status": {"code": ""}}
    refused = refusal(lambda: bodies.validate(NewOrganization, body))
    assert refused.fields.keys() == {"legalName", "address.zipCode", "address.country", "status.code"}


def test_a_python_name_is_not_a_name_of_the_api() -> None:
    refused = refusal(lambda: bodies.validate(NewOrganization, {"legal_name": "A", "legalDocument": "1"}))
    assert refused.fields.keys() == {"legalName", "legal_name"}


# --------------------------------------------------------------------------------------------------------- fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a":1,"b":[2,{"c":3,"d":4}]}', ' { "b" : [ 2 , { "d":4, "c":3 } ] ,\n"a":1 } '),
        ('{"a":"\\u00e9"}', '{"a":"é"}'),
        ('{"a":"\\/"}', '{"a":"/"}'),
        ('{"a":1}', '{"a":1.0}'),
        ('{"a":100}', '{"a":1e2}'),
        ('{"a":12.5}', '{"a":12.50}'),
        ('{"a":0}', '{"a":-0}'),
        ('{"a":1000000000000000000000}', '{"a":1000000000000000000000.0}'),
    ],
)
def test_the_same_json_has_the_same_fingerprint(one: str, other: str) -> None:
    assert bodies.fingerprint(parsed(one)) == bodies.fingerprint(parsed(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a":1}', '{"a":"1"}'),
        ('{"a":1.5}', '{"a":"1.5"}'),
        ('{"a":1.5}', '{"a":{"":"1.5"}}'),
        ('{"a":1}', '{"a":true}'),
        ('{"a":0}', '{"a":false}'),
        ('{"a":null}', "{}"),
        ('{"a":null}', '{"a":"null"}'),
        ('{"a":[1,2]}', '{"a":[2,1]}'),
        ('{"a":"x"}', '{"a":"X"}'),
        ('{"a":"e\\u0301"}', '{"a":"\\u00e9"}'),
        ('{"a":1,"b":2}', '{"a":2,"b":1}'),
        ('{"a":1000000000000000000001}', '{"a":1000000000000000000002}'),
        ('{"a":0.1234567890123456789012345678901}', '{"a":0.1234567890123456789012345678902}'),
        ('{"a":%s.1}' % ("9" * 60), '{"a":%s.2}' % ("9" * 60)),
    ],
)
def test_another_body_has_another_fingerprint(one: str, other: str) -> None:
    assert bodies.fingerprint(parsed(one)) != bodies.fingerprint(parsed(other))


def test_a_fingerprint_tells_nothing_and_has_one_length() -> None:
    assert len(bodies.fingerprint({})) == len(bodies.fingerprint(json.loads('{"secret":"x"}'))) == 22
