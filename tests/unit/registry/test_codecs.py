"""Keccak-256, base58 and bech32 are what the standards say."""

from hashlib import sha3_256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coffer.registry import base58, bech32, keccak
from coffer.registry.bech32 import Encoding
from coffer.registry.malformed import MalformedError
from tests.unit.registry import encoders, vectors


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        # The Keccak team's known answers (ShortMsgKAT_256, lengths 0 and 8), and Ethereum's hash of a Transfer event.
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"\xcc", "eead6dbfc7340a56caedc044696a168870549a6a7f6f56961e84a54bd9970b8a"),
        (
            b"Transfer(address,address,uint256)",
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        ),
    ],
)
def test_keccak_256_gives_the_published_digests(data: bytes, digest: str) -> None:
    assert keccak.keccak_256(data).hex() == digest


@given(st.binary(max_size=600))
def test_with_the_padding_of_fips_202_the_sponge_is_sha3_256(data: bytes) -> None:
    assert keccak._sponge(data, 0x06) == sha3_256(data).digest()


@pytest.mark.parametrize("size", [134, 135, 136, 137, 271, 272, 273])
def test_the_sponge_is_sha3_256_around_the_ends_of_its_blocks(size: int) -> None:
    assert keccak._sponge(b"c" * size, 0x06) == sha3_256(b"c" * size).digest()


@pytest.mark.parametrize(("raw", "text"), vectors.BASE58)
def test_base58_reads_the_published_vectors(raw: str, text: str) -> None:
    assert base58.decode(text) == bytes.fromhex(raw)


@given(st.binary(max_size=80))
def test_base58_reads_back_what_was_written(raw: bytes) -> None:
    assert base58.decode(encoders.base58(raw)) == raw


@given(st.text(encoders.BASE58, max_size=90))
def test_every_base58_text_is_the_only_one_for_its_bytes(text: str) -> None:
    assert encoders.base58(base58.decode(text)) == text


@given(st.characters(exclude_characters=encoders.BASE58), st.text(encoders.BASE58, max_size=10))
def test_base58_names_a_character_that_it_does_not_use(character: str, rest: str) -> None:
    with pytest.raises(MalformedError, match=f"character {len(rest) + 1}, which base58 does not use"):
        base58.decode(rest + character + rest)


@given(st.integers(0, 255), st.binary(max_size=40))
def test_base58check_reads_back_what_was_written(version: int, payload: bytes) -> None:
    assert base58.decode_check(encoders.base58check(version, payload)) == (version, payload)


@pytest.mark.parametrize("text", ["", "1", "1111", "3QJmnh"])
def test_base58check_refuses_what_holds_no_more_than_a_checksum(text: str) -> None:
    with pytest.raises(MalformedError, match="too short"):
        base58.decode_check(text)


@pytest.mark.parametrize("text", vectors.VALID_BECH32)
def test_bech32_takes_the_valid_vectors(text: str) -> None:
    assert bech32.decode(text)[2] is Encoding.BECH32


@pytest.mark.parametrize("text", vectors.VALID_BECH32M)
def test_bech32m_takes_the_valid_vectors(text: str) -> None:
    assert bech32.decode(text)[2] is Encoding.BECH32M


@pytest.mark.parametrize("text", [*vectors.INVALID_BECH32, *vectors.INVALID_BECH32M])
def test_bech32_refuses_the_invalid_vectors(text: str) -> None:
    with pytest.raises(MalformedError):
        bech32.decode(text)


@pytest.mark.parametrize(("address", "script"), vectors.VALID_WITNESS_ADDRESSES)
def test_a_witness_address_holds_the_published_program(address: str, script: str) -> None:
    prefix, data, _ = bech32.decode(address)
    opcode = 0x50 + data[0] if data[0] else 0
    program = bech32.to_bytes(data[1:])
    assert prefix == address[:2].lower()
    assert bytes([opcode, len(program)]) + program == bytes.fromhex(script)


@pytest.mark.parametrize(
    "address",
    [
        # BIP-173 and BIP-350: more than four bits of padding, and padding that is not zero
        "bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du",
        "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3pjxtptv",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
        "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j",
    ],
)
def test_a_witness_program_has_no_more_padding_than_it_needs_and_that_is_zero(address: str) -> None:
    _, data, _ = bech32.decode(address)
    with pytest.raises(MalformedError, match="wrong padding"):
        bech32.to_bytes(data[1:])


def test_bech32_refuses_a_letter_outside_ascii_whose_lower_case_is_inside() -> None:
    kelvin = vectors.VALID_WITNESS_ADDRESSES[0][0].replace("K", "\N{KELVIN SIGN}")
    with pytest.raises(MalformedError, match="outside ASCII"):
        bech32.decode(kelvin)
