"""No endpoint answers without a verdict: refused by default, before anything is read."""

import pytest

from coffer.api.caller import Verdict
from tests.support.documented import check_answer
from tests.support.samples import invoke, sample_event, sample_world
from tests.support.world import JANUARY
from tools.endpoints import endpoints

ASKING = {
    (folder, module): endpoint.declaration
    for folder, module, endpoint in endpoints()
    if endpoint.declaration.scope is not None
}
COMPLETE = sample_event("assets", "get")["requestContext"]["authorizer"]["lambda"] | {
    "scope": " ".join(sorted({str(declaration.scope) for declaration in ASKING.values()}))
}
NO_VERDICT: dict[str, object] = {
    "no authorizer": None,
    "an empty one": {},
    "another kind of authorizer": {"jwt": {"claims": {"sub": "somebody"}, "scopes": ["assets:read"]}},
    "nothing in the verdict": {"lambda": None},
    "an empty verdict": {"lambda": {}},
    "a verdict that is not known": {"lambda": COMPLETE | {"verdict": "fine"}},
    "a verdict that is not a text": {"lambda": COMPLETE | {"verdict": True}},
    "a bad token": {"lambda": {"verdict": Verdict.INVALID}},
    "a bad token, whatever else is said": {"lambda": COMPLETE | {"verdict": Verdict.INVALID}},
    "an expired token": {"lambda": {"verdict": Verdict.EXPIRED}},
    "a token that has expired since": {"lambda": COMPLETE | {"exp": str(JANUARY // 1000)}},
    "an expiry that is no number": {"lambda": COMPLETE | {"exp": "soon"}},
    "an expiry that is not a text": {"lambda": COMPLETE | {"exp": 4_102_444_800}},
    **{f"no {name}": {"lambda": {each: COMPLETE[each] for each in COMPLETE if each != name}} for name in COMPLETE},
}


def test_the_complete_verdict_is_good() -> None:
    """Or else what is left out of it below would prove nothing."""
    for folder, module in ASKING:
        event = sample_event(folder, module)
        event["requestContext"]["authorizer"] = {"lambda": COMPLETE}
        assert invoke(sample_world(), folder, module, event)["statusCode"] < 300
    assert COMPLETE["verdict"] == Verdict.GOOD


@pytest.mark.parametrize("authorizer", NO_VERDICT.values(), ids=NO_VERDICT)
def test_without_a_good_verdict_there_is_no_service_anywhere(authorizer: object) -> None:
    world = sample_world()
    for place, declaration in ASKING.items():
        event = sample_event(*place)
        del event["requestContext"]["authorizer"]
        if authorizer is not None:
            event["requestContext"]["authorizer"] = authorizer
        for sent in (event, event | {"headers": {}}):
            payload = invoke(world, *place, sent)
            assert payload["statusCode"] == 401, place
            check_answer(declaration.method, declaration.path, payload)
    assert world.recorder.calls == []


@pytest.mark.parametrize("place", ASKING, ids="/".join)
def test_a_good_verdict_without_the_scope_is_no_service_either(place: tuple[str, str]) -> None:
    world, event = sample_world(), sample_event(*place)
    scopes = set(COMPLETE["scope"].split()) - {ASKING[place].scope}
    event["requestContext"]["authorizer"]["lambda"]["scope"] = " ".join(sorted(scopes))
    assert invoke(world, *place, event)["statusCode"] == 403
    assert world.recorder.calls == []
