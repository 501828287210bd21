"""Bodies that are bad for every resource."""

import json
from base64 import b64encode

import pytest

from tests.integration.ledger_api.bad import Bad, cases, check
from tests.integration.ledger_api.books import ASSET, Books, refused
from tests.integration.ledger_api.shelves import Shelf, of_every_resource
from tests.integration.stores import Everything
from tests.support.world import Answer, Client

KIB = 1024
MAX = 256 * KIB


def metadata(text: str) -> str:
    """A member with one value of metadata."""
    return f'"metadata":{{"a":{text}}}'


# --------------------------------------------------------------------------------------- members of a body that is good

MEMBERS = {
    "an unknown field": Bad('"more":1', "0053", "more", "Leave out"),
    "an unknown field in an object": Bad('"status":{"code":"1","more":1}', "0053", "status.more", "Leave out"),
    "a python name": Bad('"created_at":1', "0053", "created_at", "Leave out"),
    "a key twice": Bad('"metadata":{},"metadata":{}', "0094", "metadata", "Leave one of them out"),
    "a key twice in an object": Bad('"metadata":{"a":1,"a":1}', "0094", "a", "Leave one of them out"),
    "a key twice, escaped": Bad('"metadata":{},"metad\\u0061ta":{}', "0094", "metadata", "Leave one of them out"),
    "a key with half a surrogate pair twice": Bad(
        '"\\ud800":1,"\\ud800":1', "0094", "\\ud800", "Leave one of them out"
    ),
    "a status that is text": Bad('"status":"ACTIVE"', "0047", "status", "must be an object"),
    "a status that is null": Bad('"status":null', "0047", "status", "must be an object"),
    "a status without a code": Bad('"status":{}', "0009", "status.code", "is required"),
    "a status with an empty code": Bad('"status":{"code":""}', "0047", "status.code", "at least 1"),
    "a status with a long code": Bad(f'"status":{{"code":"{"x" * 101}"}}', "0047", "status.code", "at most 100"),
    "a status with a number": Bad('"status":{"code":1}', "0047", "status.code", "must be a string"),
    "a long description": Bad(
        f'"status":{{"code":"1","description":"{"x" * 257}"}}', "0047", "status.description", "at most 256"
    ),
    "metadata that is null": Bad('"metadata":null', "0051", "metadata", "must be an object"),
    "metadata that is a list": Bad('"metadata":[]', "0051", "metadata", "must be an object"),
    "a value that is null": Bad(metadata("null"), "0051", "metadata", "neither a string nor a number nor a boolean"),
    "a value that is an object": Bad(metadata("{}"), "0067", "metadata", "is nested"),
    "a value that is a list": Bad(metadata("[1]"), "0067", "metadata", "is nested"),
    "a value of 2,001 characters": Bad(metadata(f'"{"x" * 2001}"'), "0051", "metadata", "at most 2000"),
    "an empty key": Bad('"metadata":{"":1}', "0050", "metadata", "1 to 100"),
    "a key of 101 characters": Bad(f'"metadata":{{"{"k" * 101}":1}}', "0050", "metadata", "1 to 100"),
    "101 keys": Bad(
        f'"metadata":{json.dumps(dict.fromkeys(map(str, range(101)), 1))}', "0050", "metadata", "at most 100"
    ),
    "more than 16 KiB of metadata": Bad(
        f'"metadata":{json.dumps(dict.fromkeys(map(str, range(9)), "x" * 1900))}', "0051", "metadata", "at most 16384"
    ),
    "NaN": Bad(metadata("NaN"), "0094", "metadata.a", "neither NaN nor Infinity"),
    "Infinity": Bad(metadata("Infinity"), "0094", "metadata.a", "neither NaN nor Infinity"),
    "minus Infinity": Bad(metadata("-Infinity"), "0094", "metadata.a", "neither NaN nor Infinity"),
    "an exponent beyond a double": Bad(metadata("1e400"), "0051", "metadata", "send it as text"),
    "an exponent below a double": Bad(metadata("1e-400"), "0051", "metadata", "send it as text"),
    "an exponent of 200,000 digits": Bad(metadata(f"1e{'9' * 200_000}"), "0051", "metadata", "send it as text"),
    "an integer that no double is": Bad(metadata("1234567890123456789"), "0051", "metadata", "send it as text"),
    "a fraction that no double is": Bad(metadata("0.1234567890123456789"), "0051", "metadata", "send it as text"),
    "an integer of 200,000 digits": Bad(metadata("9" * 200_000), "0051", "metadata", "send it as text"),
    "a fraction of 200,000 digits": Bad(metadata(f"0.{'9' * 200_000}"), "0051", "metadata", "send it as text"),
    "an escaped NUL": Bad(metadata('"\\u0000"'), "0047", "metadata.a", "NUL"),
    "an escaped NUL in a key": Bad('"metadata":{"\\u0000":1}', "0047", "metadata", "NUL"),
    "half a surrogate pair": Bad(metadata('"\\ud800"'), "0047", "metadata.a", "surrogate"),
    "the other half": Bad(metadata('"\\udfff x"'), "0047", "metadata.a", "surrogate"),
    "half a surrogate pair as a field": Bad('"\\ud800":1', "0047", "body", "surrogate"),
    "eleven levels": Bad(metadata("[" * 9 + "]" * 9), "0047", "metadata", "10 levels"),
    "eleven levels of objects": Bad(metadata('{"b":' * 9 + "1" + "}" * 9), "0047", "metadata", "10 levels"),
    "100,000 levels": Bad(metadata("[" * 100_000 + "]" * 100_000), "0047", "metadata", "10 levels"),
}
"""Members that make a good body a bad one."""


def with_member(shelf: Shelf, method: str, member: str) -> tuple[str, str]:
    """A path, and a body for it that would be good but for one member."""
    if method == "POST":
        return shelf.path, f"{json.dumps(shelf.body(2))[:-1]},{member}}}"
    return shelf.one(1), f'{{"{shelf.name}":"Renamed",{member}}}'


@of_every_resource
@pytest.mark.parametrize("method", ["POST", "PATCH"])
@cases(MEMBERS)
def test_a_bad_member_of_a_good_body(shelf: Shelf, everything: Everything, method: str, bad: Bad) -> None:
    path, body = with_member(shelf, method, bad.text)
    before = everything()
    check(shelf.client.send(method, path, body, {}), bad)
    assert everything() == before


# --------------------------------------------------------------------------------------------------------- whole bodies

ONE_OBJECT = "Send one JSON object in UTF-8."

BODIES = {
    "nothing": Bad("", "0094", None, ONE_OBJECT),
    "white space": Bad(" \n", "0094", None, ONE_OBJECT),
    "an array": Bad("[]", "0094", None, ONE_OBJECT),
    "a string": Bad('"{}"', "0094", None, ONE_OBJECT),
    "a number": Bad("1", "0094", None, ONE_OBJECT),
    "null": Bad("null", "0094", None, ONE_OBJECT),
    "NaN": Bad("NaN", "0094", None, ONE_OBJECT),
    "two objects": Bad("{}{}", "0094", None, ONE_OBJECT),
    "half an object": Bad('{"metadata":', "0094", None, ONE_OBJECT),
    "single quotes": Bad("{'metadata':{}}", "0094", None, ONE_OBJECT),
    "a trailing comma": Bad('{"metadata":{},}', "0094", None, ONE_OBJECT),
    "a comment": Bad('{"metadata":{} // none\n}', "0094", None, ONE_OBJECT),
    "a leading zero": Bad('{"metadata":{"a":01}}', "0094", None, ONE_OBJECT),
    "a NUL byte": Bad('{"metadata":{"a":"\0"}}', "0094", None, ONE_OBJECT),
    "a NUL byte behind it": Bad("{}\0", "0094", None, ONE_OBJECT),
    "a line break in a string": Bad('{"metadata":{"a":"\n"}}', "0094", None, ONE_OBJECT),
    "a byte order mark": Bad("\ufeff{}", "0094", None, ONE_OBJECT),
    "form data": Bad("name=Bitcoin&code=BTC", "0094", None, ONE_OBJECT),
    "an unterminated string": Bad('{"a":"' + "x" * (MAX - 6), "0094", None, ONE_OBJECT),
    "an unterminated string of backslashes": Bad('{"a":"' + "\\" * (MAX - 6), "0094", None, ONE_OBJECT),
    "brackets that never close": Bad('{"a":[' + "[]," * (MAX // 3 - 2), "0094", None, ONE_OBJECT),
    "levels that never end": Bad("[" * MAX, "0047", None, "10 levels"),
    "levels of objects that never end": Bad('{"a":' * (MAX // 5), "0047", "a", "10 levels"),
    "256 KiB of white space": Bad(" " * MAX, "0094", None, ONE_OBJECT),
}
"""Bodies that are bad as a whole."""


@of_every_resource
@pytest.mark.parametrize("method", ["POST", "PATCH"])
@cases(BODIES)
def test_a_bad_body(shelf: Shelf, everything: Everything, method: str, bad: Bad) -> None:
    path = shelf.path if method == "POST" else shelf.one(1)
    before = everything()
    check(shelf.client.send(method, path, bad.text, {}), bad)
    assert everything() == before


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(
    "text", [" " * MAX + "{}", '{"a":"' + "x" * MAX, "é" * (MAX // 2 + 1)], ids=["padded", "cut", "é"]
)
def test_a_body_of_more_than_256_kib_is_413(books: Books, everything: Everything, method: str, text: str) -> None:
    path = books.assets if method == "POST" else books.ledger
    before = everything()
    assert str(MAX) in refused(books.client.send(method, path, text, {}), 413, "0143")
    assert everything() == before


def test_a_good_body_of_256_kib_is_good(books: Books) -> None:
    assert books.client.post(books.assets, json.dumps(ASSET).ljust(MAX)).status == 201


# ------------------------------------------------------------------------------------------------------ base64 bodies


def encoded(client: Client, method: str, path: str, body: bytes) -> Answer:
    """The answer to a body that the gateway handed over in base64."""
    endpoint, event = client.event(method, path, None, {})
    return client.world.call({**event, "body": b64encode(body).decode(), "isBase64Encoded": True}, endpoint)


def test_a_good_body_in_base64_is_a_good_one(books: Books) -> None:
    assert encoded(books.client, "POST", books.assets, json.dumps(ASSET).encode()).json["code"] == "BTC"


@cases(BODIES | MEMBERS)
def test_a_bad_body_in_base64_is_as_bad(books: Books, everything: Everything, bad: Bad) -> None:
    body = bad.text if bad in BODIES.values() else f"{json.dumps(ASSET)[:-1]},{bad.text}}}"
    before = everything()
    check(encoded(books.client, "POST", books.assets, body.encode()), bad)
    assert everything() == before


NOT_UTF_8 = {
    "a stray byte": b'{"name":"\xff"}',
    "half a character": b'{"name":"\xc3"}',
    "a surrogate": b'{"name":"\xed\xa0\x80"}',
    "NUL in two bytes": b'{"name":"\xc0\x80"}',
    "Latin-1": '{"name":"é"}'.encode("latin-1"),
    "UTF-16": json.dumps(ASSET).encode("utf-16"),
    "nothing but noise": bytes(range(256)),
}


@pytest.mark.parametrize("body", NOT_UTF_8.values(), ids=NOT_UTF_8)
def test_a_body_that_is_not_utf_8(books: Books, everything: Everything, body: bytes) -> None:
    before = everything()
    check(encoded(books.client, "POST", books.assets, body), Bad("", "0094", None, ONE_OBJECT))
    assert everything() == before


def test_256_kib_are_counted_behind_the_base64(books: Books, everything: Everything) -> None:
    before = everything()
    refused(encoded(books.client, "POST", books.assets, b" " * (MAX + 1)), 413, "0143")
    assert everything() == before
    assert encoded(books.client, "POST", books.assets, json.dumps(ASSET).encode().ljust(MAX)).status == 201
