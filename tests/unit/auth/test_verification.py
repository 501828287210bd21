"""Which tokens are let in: RFC 8725's rules and RFC 9068 §4, each broken in turn."""

import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given
from hypothesis import strategies as st
from jwt import InvalidKeyError
from jwt.utils import base64url_encode

from coffer.auth.errors import TokenExpired, TokenInvalid
from coffer.auth.jwk import PublicJwk
from coffer.auth.keyring import SigningKey
from coffer.auth.scopes import Scope
from coffer.auth.tokens import mint
from coffer.auth.verification import MAX_LENGTH, VerifiedToken, verify
from tests.unit.auth.forge import Forge, hs256, unsigned
from tests.unit.auth.local_kms import LocalKms

ISSUER = "https://ledger.example"
AUDIENCE = "coffer"
CLIENT = "cli_01JHKQ3M5N6P7Q8R9STVWXYZ01"
KEY = "01976a3e-9000-7fff-bfff-ffffffffffff"
ISSUED = 1_768_473_600  # seconds, like every time in a token
NOW = (ISSUED + 60) * 1000

VERIFIED = VerifiedToken(
    client_id=CLIENT,
    key_id=KEY,
    scopes=frozenset({Scope.ASSETS_READ, Scope.LEDGERS_WRITE}),
    exp=ISSUED + 900,
)


@pytest.fixture(scope="session")
def forge(private_key: RSAPrivateKey, foreign_key: RSAPrivateKey, signing_key: SigningKey) -> Forge:
    return Forge(
        header={"alg": "RS256", "typ": "at+jwt", "kid": signing_key.kid},
        claims={
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": CLIENT,
            "client_id": CLIENT,
            "key_id": KEY,
            "scope": "assets:read ledgers:write",
            "jti": "01976a3e-9999-7fff-bfff-ffffffffffff",
            "iat": ISSUED,
            "exp": VERIFIED.exp,
        },
        jwk=signing_key.jwk,
        ours=private_key,
        theirs=foreign_key,
    )


def _verify(forge: Forge, token: str, now: int = NOW) -> VerifiedToken:
    return verify(token, {forge.jwk["kid"]: forge.jwk}, issuer=ISSUER, audience=AUDIENCE, now=now)


def test_what_is_minted_is_let_in(kms: LocalKms, signing_key: SigningKey) -> None:
    scopes = frozenset({Scope.ASSETS_READ, Scope.LEDGERS_WRITE})
    token = mint(
        issuer=ISSUER,
        audience=AUDIENCE,
        client_id=CLIENT,
        key_id=KEY,
        scopes=scopes,
        now=NOW,
        signing_key=signing_key,
        kms=kms,
    )
    verified = verify(token, {signing_key.kid: signing_key.jwk}, issuer=ISSUER, audience=AUDIENCE, now=NOW)
    assert (verified.client_id, verified.key_id, verified.scopes) == (CLIENT, KEY, scopes)
    assert verified.exp * 1000 == NOW + 900_000


GENUINE: dict[str, Callable[[Forge], str]] = {
    "as we mint it": lambda forge: forge.token(),
    "typ in full": lambda forge: forge.with_header(typ="application/at+jwt"),
    "typ in capitals": lambda forge: forge.with_header(typ="AT+JWT"),
    "a claim of a later version": lambda forge: forge.with_claims(tenant={"name": "x"}),
    "a scope of a later version": lambda forge: forge.with_claims(scope="assets:read ledgers:write vaults:open"),
    "nbf in the past": lambda forge: forge.with_claims(nbf=ISSUED),
}


@pytest.mark.parametrize("write", GENUINE.values(), ids=GENUINE.keys())
def test_a_genuine_token_is_let_in(forge: Forge, write: Callable[[Forge], str]) -> None:
    assert _verify(forge, write(forge)) == VERIFIED


HEADER = "not an access token's header"
SIGNATURE = "Signature verification failed"
ALGORITHM = "The specified alg value is not allowed"
COMPACT = "not a JWS in compact form"
JSON = "not JSON with unique names"
CLAIM = "a claim is missing or of another type"


def _swapped(token: str, part: int, replacement: bytes) -> str:
    parts = token.split(".")
    parts[part] = base64url_encode(replacement).decode()
    return ".".join(parts)


def _claims(forge: Forge, *, without: str) -> dict[str, object]:
    return {name: value for name, value in forge.claims.items() if name != without}


REFUSED: dict[str, tuple[Callable[[Forge], str], str]] = {
    # RFC 8725 §3.1, §3.2: the algorithm is ours to choose
    "alg none": (lambda f: f.token({**f.header, "alg": "none"}, sign=unsigned), COMPACT),
    "alg none, with a signature": (lambda f: f.token({**f.header, "alg": "none"}), ALGORITHM),
    "alg NONE": (lambda f: f.token({**f.header, "alg": "NONE"}), ALGORITHM),
    "alg missing": (lambda f: f.token({name: f.header[name] for name in ("typ", "kid")}), HEADER),
    "alg empty": (lambda f: f.with_header(alg=""), ALGORITHM),
    "alg null": (lambda f: f.with_header(alg=None), ALGORITHM),
    "alg a list": (lambda f: f.with_header(alg=["RS256"]), ALGORITHM),
    "alg in lower case": (lambda f: f.with_header(alg="rs256"), ALGORITHM),
    "HS256 with our PEM": (lambda f: f.token({**f.header, "alg": "HS256"}, sign=hs256(f.public_pem())), ALGORITHM),
    "HS256 with our JWK": (
        lambda f: f.token({**f.header, "alg": "HS256"}, sign=hs256(json.dumps(f.jwk).encode())),
        ALGORITHM,
    ),
    "HS256 with our modulus": (
        lambda f: f.token({**f.header, "alg": "HS256"}, sign=hs256(f.jwk["n"].encode())),
        ALGORITHM,
    ),
    "HS256 with the empty key": (lambda f: f.token({**f.header, "alg": "HS256"}, sign=hs256(b"")), ALGORITHM),
    "HS256 named RS256": (lambda f: f.token(sign=hs256(f.public_pem())), SIGNATURE),
    "RS384 by our key": (lambda f: f.token({**f.header, "alg": "RS384"}, sign=f.rs384), ALGORITHM),
    "RS384 named RS256": (lambda f: f.token(sign=f.rs384), SIGNATURE),
    "PS256 by our key": (lambda f: f.token({**f.header, "alg": "PS256"}, sign=f.ps256), ALGORITHM),
    "PS256 named RS256": (lambda f: f.token(sign=f.ps256), SIGNATURE),
    # §3.3: every signature is checked
    "another's key": (lambda f: f.token(sign=f.foreign), SIGNATURE),
    "tampered header": (
        lambda f: _swapped(f.token(), 0, json.dumps({**f.header, "typ": "AT+JWT"}).encode()),
        SIGNATURE,
    ),
    "tampered claims": (
        lambda f: _swapped(f.token(), 1, json.dumps({**f.claims, "scope": "settlement:write"}).encode()),
        SIGNATURE,
    ),
    "tampered signature": (lambda f: _swapped(f.token(), 2, bytes(256)), SIGNATURE),
    "signature of another token": (
        lambda f: f.token().rpartition(".")[0] + "." + f.with_claims(jti="other").rpartition(".")[2],
        SIGNATURE,
    ),
    "signature cut off": (lambda f: f.token(sign=lambda data: f.rs256(data)[:-1]), SIGNATURE),
    "signature longer": (lambda f: f.token(sign=lambda data: f.rs256(data) + b"\x00"), SIGNATURE),
    "signature of another spelling": (lambda f: f.token()[:-1] + _next_letter(f.token()[-1]), "Invalid crypto padding"),
    "signature missing": (lambda f: f.token(sign=unsigned), COMPACT),
    # §3.8: issuer and subject
    "another issuer": (lambda f: f.with_claims(iss="https://evil.example"), "another issuer's"),
    "issuer with a slash": (lambda f: f.with_claims(iss=ISSUER + "/"), "another issuer's"),
    "issuer in capitals": (lambda f: f.with_claims(iss=ISSUER.upper()), "another issuer's"),
    "issuers": (lambda f: f.with_claims(iss=[ISSUER]), CLAIM),
    "subject is not the client": (lambda f: f.with_claims(sub="cli_other"), "the subject is not the client"),
    "client is not the subject": (lambda f: f.with_claims(client_id="cli_other"), "the subject is not the client"),
    # §3.9: audience
    "another audience": (lambda f: f.with_claims(aud="other"), "for another audience"),
    "audience empty": (lambda f: f.with_claims(aud=""), "for another audience"),
    "several audiences, ours among them": (lambda f: f.with_claims(aud=[AUDIENCE, "other"]), CLAIM),
    # §3.10: nothing that the token claims about keys is believed
    "kid unknown": (lambda f: f.with_header(kid="NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"), "unknown kid"),
    "kid a path": (lambda f: f.with_header(kid="../../../../dev/null"), "unknown kid"),
    "kid a URL": (lambda f: f.with_header(kid="https://evil.example/jwks.json"), "unknown kid"),
    "kid a query": (lambda f: f.with_header(kid="' OR '1'='1"), "unknown kid"),
    "kid empty": (lambda f: f.with_header(kid=""), "unknown kid"),
    "kid missing": (lambda f: f.token({"alg": "RS256", "typ": "at+jwt"}), HEADER),
    "kid null": (lambda f: f.with_header(kid=None), HEADER),
    "kid a list": (lambda f: f.with_header(kid=[f.jwk["kid"]]), HEADER),
    "jwk of the signer": (lambda f: f.token({**f.header, "jwk": f.foreign_jwk()}, sign=f.foreign), HEADER),
    "jwk of ours": (lambda f: f.with_header(jwk=f.jwk), HEADER),
    "jku": (lambda f: f.with_header(jku="https://evil.example/jwks.json"), HEADER),
    "x5u": (lambda f: f.with_header(x5u="https://evil.example/cert.pem"), HEADER),
    "x5c": (lambda f: f.with_header(x5c=["MIIB"]), HEADER),
    "crit": (lambda f: f.with_header(crit=["exp"], exp=1), HEADER),
    "crit empty": (lambda f: f.with_header(crit=[]), HEADER),
    "payload not encoded (RFC 7797)": (lambda f: f.with_header(b64=False, crit=["b64"]), HEADER),
    "payload encoded, and critical": (lambda f: f.with_header(b64=True, crit=["b64"]), HEADER),
    "compressed": (lambda f: f.with_header(zip="DEF"), HEADER),
    # §3.11, §3.12: no other kind of token
    "typ JWT": (lambda f: f.with_header(typ="JWT"), HEADER),
    "typ of a logout token": (lambda f: f.with_header(typ="logout+jwt"), HEADER),
    "typ null": (lambda f: f.with_header(typ=None), HEADER),
    "typ missing": (lambda f: f.token({"alg": "RS256", "kid": f.jwk["kid"]}), HEADER),
    # RFC 7519 §4.1.5, §4.1.6: time
    "nbf in the future": (lambda f: f.with_claims(nbf=NOW // 1000 + 6), "not valid yet"),
    "nbf no number": (lambda f: f.with_claims(nbf=str(ISSUED)), "nbf is not a whole number"),
    "nbf null": (lambda f: f.with_claims(nbf=None), "nbf is not a whole number"),
    "iat in the future": (lambda f: f.with_claims(iat=NOW // 1000 + 6), "not valid yet"),
    "iat in the future, nbf in the past": (lambda f: f.with_claims(iat=NOW // 1000 + 6, nbf=ISSUED), "not valid yet"),
    # Types: PyJWT's own checks would take these for numbers
    "exp text": (lambda f: f.with_claims(exp=str(ISSUED + 900)), CLAIM),
    "exp a fraction": (lambda f: f.with_claims(exp=ISSUED + 900.5), CLAIM),
    "exp beyond every number": (lambda f: f.token(claims=_text(f).replace(b'"exp": ', b'"exp": 1e999, "x": ')), CLAIM),
    "exp not a number": (lambda f: f.token(claims=_text(f).replace(b'"exp": ', b'"exp": NaN, "x": ')), CLAIM),
    "exp of 5,000 digits": (lambda f: f.token(claims=_text(f).replace(b'"exp": ', b'"exp": ' + b"9" * 5000)), JSON),
    "iat text": (lambda f: f.with_claims(iat=str(ISSUED)), CLAIM),
    "scope a list": (lambda f: f.with_claims(scope=["assets:read"]), CLAIM),
    "client_id null": (lambda f: f.with_claims(client_id=None), CLAIM),
    "sub a number": (lambda f: f.with_claims(sub=1), CLAIM),
    "jti a number": (lambda f: f.with_claims(jti=1), CLAIM),
    "key_id a number": (lambda f: f.with_claims(key_id=1), CLAIM),
    # RFC 7519 §4: a name stands once
    "two scopes": (lambda f: f.token(claims=_text(f).replace(b"{", b'{"scope": "wallets:read", ', 1)), JSON),
    "two names further in": (lambda f: f.token(claims=_text(f).replace(b"{", b'{"x": {"y": 1, "y": 1}, ', 1)), JSON),
    "two kids": (
        lambda f: f.token(header=json.dumps(dict(f.header)).encode().replace(b"{", b'{"kid": "other", ', 1)),
        JSON,
    ),
    "two algorithms": (
        lambda f: f.token(header=json.dumps(dict(f.header)).encode().replace(b"{", b'{"alg": "none", ', 1)),
        JSON,
    ),
    # Not JSON objects in UTF-8
    "header garbage": (lambda f: f.token(header=b"\x00\xff"), JSON),
    "header a list": (lambda f: f.token(header=b"[]"), "not a JSON object"),
    "header text": (lambda f: f.token(header=b'"RS256"'), "not a JSON object"),
    "header in UTF-16": (lambda f: f.token(header=json.dumps(dict(f.header)).encode("utf-16")), JSON),
    "header of five letters": (lambda f: "eyJhb." + f.token().partition(".")[2], "not base64url"),
    "header nested deeply": (lambda f: f.token(header=b"[" * 5000), JSON),
    "claims garbage": (lambda f: f.token(claims=b"\x00\xff"), JSON),
    "claims a list": (lambda f: f.token(claims=b"[]"), "not a JSON object"),
    "claims null": (lambda f: f.token(claims=b"null"), "not a JSON object"),
    "claims in UTF-16": (lambda f: f.token(claims=_text(f).decode().encode("utf-16")), JSON),
    "claims nested deeply": (lambda f: f.token(claims=b"[" * 2600 + b"]" * 2600), "not a JSON object"),
    # Not a compact JWS
    "empty": (lambda _: "", COMPACT),
    "dots": (lambda _: "..", COMPACT),
    "an API key": (lambda _: "cfk_-OSeEcw-TfmCvk3YGLT8ek-OSeEd--Uzyzzzzzzzzzzk", COMPACT),
    "two parts": (lambda f: f.token().rpartition(".")[0], COMPACT),
    "four parts": (lambda f: f.token() + ".e30", COMPACT),
    "five parts, a JWE": (lambda f: f.token() + ".e30.e30", COMPACT),
    "JSON serialization": (lambda f: json.dumps({"payload": f.token()}), COMPACT),
    "with its scheme": (lambda f: "Bearer " + f.token(), COMPACT),
    "padded": (lambda f: f.token() + "==", COMPACT),
    "line break at the end": (lambda f: f.token() + "\n", COMPACT),
    "space within": (lambda f: f.token().replace(".", ". ", 1), COMPACT),
    "NUL at the end": (lambda f: f.token() + "\x00", COMPACT),
    "letters beyond ASCII": (lambda f: "é" + f.token(), COMPACT),
    "digits beyond ASCII": (lambda f: "٣" + f.token(), COMPACT),
    "lone surrogate": (lambda f: "\ud800" + f.token(), COMPACT),
    "standard base64": (lambda f: "+/" + f.token(), COMPACT),
    "too long": (lambda f: f.with_claims(padding="x" * MAX_LENGTH), COMPACT),
}


def _text(forge: Forge) -> bytes:
    return json.dumps(dict(forge.claims)).encode()


def _next_letter(letter: str) -> str:
    """A last letter that differs in bits that base64url does not use here (256 bytes leave four of them)."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return alphabet[alphabet.index(letter) + 1]


@pytest.mark.parametrize(("write", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_no_other_token_is_let_in(forge: Forge, write: Callable[[Forge], str], reason: str) -> None:
    with pytest.raises(TokenInvalid) as refused:
        _verify(forge, write(forge))
    assert str(refused.value) == reason


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "client_id", "key_id", "scope", "jti", "iat", "exp"])
def test_a_token_without_one_of_its_claims_is_refused(forge: Forge, claim: str) -> None:
    with pytest.raises(TokenInvalid, match=CLAIM):
        _verify(forge, forge.token(claims=_claims(forge, without=claim)))


def test_a_token_with_any_one_character_changed_is_refused(forge: Forge) -> None:
    token = forge.token()
    for place, letter in enumerate(token):
        changed = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        with pytest.raises(TokenInvalid):
            _verify(forge, changed)


@given(st.one_of(st.text(), st.from_regex(r"[-\w]{0,60}\.[-\w]{0,60}\.[-\w]{0,60}", fullmatch=True)))
def test_whatever_comes_as_a_token_is_refused_and_nothing_breaks(text: str) -> None:
    with pytest.raises(TokenInvalid):
        verify(text, {}, issuer=ISSUER, audience=AUDIENCE, now=NOW)


def test_a_token_of_the_greatest_length_is_let_in(forge: Forge) -> None:
    room = (MAX_LENGTH - len(forge.with_claims(padding=""))) * 3 // 4
    tokens = [forge.with_claims(padding="x" * size) for size in range(room - 3, room + 4)]
    assert max(len(token) for token in tokens) > MAX_LENGTH
    longest = max((token for token in tokens if len(token) <= MAX_LENGTH), key=len)
    assert MAX_LENGTH - len(longest) < 3
    assert _verify(forge, longest) == VERIFIED


def test_a_token_lives_until_its_last_millisecond(forge: Forge) -> None:
    assert _verify(forge, forge.token(), now=VERIFIED.exp * 1000 - 1) == VERIFIED
    with pytest.raises(TokenExpired):
        _verify(forge, forge.token(), now=VERIFIED.exp * 1000)


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_clock_may_be_five_seconds_ahead(forge: Forge, claim: str) -> None:
    token = forge.with_claims(**{claim: ISSUED + 100})
    assert _verify(forge, token, now=(ISSUED + 95) * 1000).client_id == CLIENT
    with pytest.raises(TokenInvalid, match="not valid yet"):
        _verify(forge, token, now=(ISSUED + 95) * 1000 - 1)


EXPIRED_AND: dict[str, Callable[[Forge], str]] = {
    "signed by another's key": lambda forge: forge.token(sign=forge.foreign),
    "of another issuer": lambda forge: forge.with_claims(iss="https://evil.example"),
    "for another audience": lambda forge: forge.with_claims(aud="other"),
    "of another type": lambda forge: forge.with_header(typ="JWT"),
    "of an unknown key": lambda forge: forge.with_header(kid="other"),
    "without scope": lambda forge: forge.token(claims=_claims(forge, without="scope")),
    "of another subject": lambda forge: forge.with_claims(sub="cli_other"),
    "not valid yet": lambda forge: forge.with_claims(iat=ISSUED + 10_000),
}


@pytest.mark.parametrize("write", EXPIRED_AND.values(), ids=EXPIRED_AND.keys())
def test_an_expired_token_that_was_never_valid_is_not_called_expired(
    forge: Forge, write: Callable[[Forge], str]
) -> None:
    with pytest.raises(TokenInvalid):
        _verify(forge, write(forge), now=(VERIFIED.exp + 1) * 1000)


def test_each_of_several_keys_verifies_its_own_tokens(forge: Forge) -> None:
    theirs = PublicJwk(kty="RSA", use="sig", alg="RS256", kid="theirs", n=forge.foreign_jwk()["n"], e="AQAB")
    keys = {forge.jwk["kid"]: forge.jwk, "theirs": theirs}
    for token in (forge.token(), forge.token({**forge.header, "kid": "theirs"}, sign=forge.foreign)):
        assert verify(token, keys, issuer=ISSUER, audience=AUDIENCE, now=NOW) == VERIFIED
    with pytest.raises(TokenInvalid, match=SIGNATURE):
        verify(forge.with_header(kid="theirs"), keys, issuer=ISSUER, audience=AUDIENCE, now=NOW)


@pytest.mark.parametrize("modulus", [b"\xff" * 128, b"\x01\x00\x01", b""], ids=["1,024 bits", "17 bits", "empty"])
def test_a_bad_key_of_ours_is_not_blamed_on_the_token(forge: Forge, modulus: bytes) -> None:
    n = base64url_encode(modulus).decode()
    broken = PublicJwk(kty="RSA", use="sig", alg="RS256", kid=forge.jwk["kid"], n=n, e="AQAB")
    with pytest.raises(InvalidKeyError):
        verify(forge.token(), {broken["kid"]: broken}, issuer=ISSUER, audience=AUDIENCE, now=NOW)
