"""Bodies: JSON is read exactly, known again however it is written, and refused in order whatever it is."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from coffer.api import bodies
from coffer.ledger.refusal import Refusal
from coffer.models.assets import AssetChange, NewAsset
from coffer.models.ledgers import NewLedger
from coffer.models.organizations import NewOrganization


def depth(value: object) -> int:
    """How many levels of objects and lists a JSON value has."""
    match value:
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
        case list():
            return 1 + max(map(depth, value), default=0)
    return 0


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
numbers = st.integers(1 - 10**18, 10**18 - 1) | st.floats(allow_nan=False, allow_infinity=False)
scalars = texts | st.booleans() | numbers
flat = st.dictionaries(texts.filter(bool), scalars, max_size=10)
trees = st.recursive(
    st.none() | scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
).filter(lambda tree: depth(tree) < bodies.MAX_DEPTH)
objects = st.dictionaries(texts, trees, max_size=5)
styles = st.fixed_dictionaries(
    {"indent": st.none() | st.integers(0, 4), "ensure_ascii": st.booleans(), "sort_keys": st.booleans()}
)


def shuffled(value: object) -> object:
    """The same JSON value with the keys of its objects in another order."""
    match value:
        case dict():
            return {key: shuffled(each) for key, each in reversed(list(value.items()))}
        case list():
            return [shuffled(each) for each in value]
    return value


def exact(value: object) -> object:
    """A value with numbers that can be told from others: 1 and 1.0 are one, 1 and true are not."""
    match value:
        case dict():
            return {key: exact(each) for key, each in value.items()}
        case list():
            return [exact(each) for each in value]
        case bool() | None | str():
            return (type(value).__name__, value)
    return ("number", float(str(value)) if not isinstance(value, int) else value)


@given(objects, styles)
def test_any_json_object_is_read_as_it_was_meant(value: dict[str, Any], style: dict[str, Any]) -> None:
    assert exact(bodies.parse(json.dumps(value, **style).encode())) == exact(value)


@given(objects, styles)
def test_however_it_is_written_its_fingerprint_is_the_same(value: dict[str, Any], style: dict[str, Any]) -> None:
    one = bodies.parse(json.dumps(value).encode())
    other = bodies.parse(json.dumps(shuffled(value), **style).encode())
    assert bodies.fingerprint(one) == bodies.fingerprint(other)


@given(objects, objects)
def test_different_objects_have_different_fingerprints(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (bodies.fingerprint(one) == bodies.fingerprint(other)) == (exact(one) == exact(other))


@given(flat)
def test_metadata_comes_back_as_it_was_sent(metadata: dict[str, Any]) -> None:
    body = json.dumps({"name": "Main", "metadata": metadata}).encode()
    ledger = bodies.validate(NewLedger, bodies.parse(body))
    answered = json.loads(ledger.model_dump_json(by_alias=True))["metadata"]
    assert exact(answered) == exact(metadata)


@given(st.binary(max_size=200) | texts.map(str.encode) | objects.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_sent_it_is_read_or_refused_in_words_that_can_be_sent(raw: bytes) -> None:
    for model in (NewOrganization, NewLedger, NewAsset, AssetChange):
        try:
            bodies.validate(model, bodies.parse(raw))
        except Refusal as refusal:
            json.dumps([refusal.message, dict(refusal.fields)], ensure_ascii=False).encode()


broken = st.text(alphabet='{}[]",:\\u0dD8a1e.-+NntrueI \n\0\ud800', max_size=60)


@given(broken)
def test_text_that_is_nearly_json_is_read_or_refused_in_words_that_can_be_sent(text: str) -> None:
    try:
        bodies.parse(text.encode(errors="surrogatepass"))
    except Refusal as refusal:
        json.dumps([refusal.message, dict(refusal.fields)], ensure_ascii=False).encode()
