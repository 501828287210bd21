"""Each chain takes its own addresses, in one canonical form, and refuses everything else."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coffer.ledger.refusal import Reason, Refusal
from coffer.registry import CHAINS, Address, AddressType, Family, check_address
from coffer.registry.keccak import keccak_256
from tests.unit.registry import encoders, vectors

EVM_CHAINS: Final = [name for name, chain in CHAINS.items() if chain.family is Family.EVM]

# One good address of each class.
SAMPLES: Final = {
    AddressType.EVM: ("ethereum", vectors.EIP_55[4]),
    AddressType.TRON: ("tron", vectors.TRON_ADDRESS),
    AddressType.SOLANA: ("solana", vectors.VALID_SOLANA[0]),
    AddressType.P2PKH: ("bitcoin", "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo"),
    AddressType.P2SH: ("bitcoin", "36j4NfKv6Akva9amjWrLG6MuSQym1GuEmm"),
    AddressType.P2WPKH: ("bitcoin", "bc1qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhv"),
    AddressType.P2WSH: ("bitcoin", "bc1qyucykdlhp62tezs0hagqury402qwhk589q80tqs5myh3rxq34nwqhkdhv7"),
    AddressType.P2TR: ("bitcoin", "bc1p83n3au0rjylefxq2nc2xh2y4jzz4pm6zxj4mw5pagdjjr2a9f36s6jjnnu"),
    AddressType.WITNESS_UNKNOWN: ("bitcoin", "bc1z2rksukkjr8"),
}


def refused(chain: str, text: str) -> str:
    with pytest.raises(Refusal) as refusal:
        check_address(CHAINS[chain], text)
    assert refusal.value.reason is Reason.ADDRESS_INVALID
    assert list(refusal.value.fields) == ["address"]
    return refusal.value.message


def script_type(script: str) -> AddressType:
    patterns = [
        ("76a914", 25, AddressType.P2PKH),
        ("a914", 23, AddressType.P2SH),
        ("0014", 22, AddressType.P2WPKH),
        ("0020", 34, AddressType.P2WSH),
        ("5120", 34, AddressType.P2TR),
    ]
    for prefix, size, address_type in patterns:
        if script.startswith(prefix) and len(script) == 2 * size:
            return address_type
    return AddressType.WITNESS_UNKNOWN


def main_network(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if not pair[0].startswith("tb")]


def elsewhere() -> list[tuple[str, str]]:
    return [
        (chain, text)
        for home, text in SAMPLES.values()
        for chain in CHAINS
        if CHAINS[chain].address_space != CHAINS[home].address_space
    ]


@pytest.mark.parametrize("chain", EVM_CHAINS)
@pytest.mark.parametrize("text", vectors.EIP_55)
def test_evm_takes_the_vectors_of_eip_55(chain: str, text: str) -> None:
    assert check_address(CHAINS[chain], text) == Address(text, AddressType.EVM)


@pytest.mark.parametrize("text", vectors.EIP_55)
def test_evm_gives_an_address_in_one_case_its_checksum(text: str) -> None:
    for written in (text.lower(), f"0x{text[2:].upper()}"):
        assert check_address(CHAINS["ethereum"], written).text == text


@pytest.mark.parametrize("text", vectors.EIP_55[4:])
def test_evm_refuses_letters_in_both_cases_that_do_not_match_the_checksum(text: str) -> None:
    for position in (place for place, letter in enumerate(text) if letter.isalpha() and place > 1):
        assert "checksum" in refused("ethereum", text[:position] + text[position].swapcase() + text[position + 1 :])


@given(st.binary(min_size=20, max_size=20))
def test_evm_canonical_form_is_stable(raw: bytes) -> None:
    canonical = check_address(CHAINS["ethereum"], f"0x{raw.hex()}").text
    assert check_address(CHAINS["ethereum"], canonical).text == canonical
    assert bytes.fromhex(canonical[2:]) == raw


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "does not start with 0x"),
        ("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "does not start with 0x"),
        ("0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "does not start with 0x"),
        (" 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "does not start with 0x"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\n", r"has '\n' as character 43, which is not a hexadecimal digit"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA d", "has ' ' as character 41, which is not a hexadecimal digit"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA\uff11d", r"has '\uff11' as character 41"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "has 39 hexadecimal digits, not 40"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0", "has 41 hexadecimal digits, not 40"),
        ("0x", "has 0 hexadecimal digits, not 40"),
        ("\ud800", "does not start with 0x"),
    ],
)
def test_evm_says_what_is_wrong(text: str, why: str) -> None:
    assert f"address is not an address on ethereum: it {why}" in refused("ethereum", text)


def test_tron_addresses_are_made_as_its_documentation_says() -> None:
    hashed = keccak_256(bytes.fromhex(vectors.TRON_PUBLIC_KEY)[1:])
    assert bytes.fromhex(vectors.TRON_BYTES) == b"\x41" + hashed[-20:]
    assert encoders.base58check(0x41, hashed[-20:]) == vectors.TRON_ADDRESS


@pytest.mark.parametrize("text", vectors.VALID_TRON)
def test_tron_takes_the_valid_vectors(text: str) -> None:
    assert check_address(CHAINS["tron"], text) == Address(text, AddressType.TRON)


@pytest.mark.parametrize("text", [*vectors.INVALID_TRON, vectors.TRON_BYTES, ""])
def test_tron_refuses_the_invalid_vectors(text: str) -> None:
    refused("tron", text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (encoders.base58check(0x41, bytes(19)), "it holds 19 bytes, not 20"),
        (encoders.base58check(0x41, bytes(21)), "it holds 21 bytes, not 20"),
        (encoders.base58check(0x00, bytes(20)), "it is a bitcoin P2PKH address"),
        (encoders.base58check(0x42, bytes(20)), "it is something else (version 0x42)"),
        (vectors.TRON_ADDRESS[:-1] + "F", "it has a checksum that does not match"),
        (vectors.TRON_ADDRESS[:-1] + "0", "it has '0' as character 34, which base58 does not use"),
    ],
)
def test_tron_says_what_is_wrong(text: str, why: str) -> None:
    assert why in refused("tron", text)


@pytest.mark.parametrize(("text", "script"), [*vectors.VALID_BITCOIN, *main_network(vectors.VALID_WITNESS_ADDRESSES)])
def test_bitcoin_takes_the_valid_vectors(text: str, script: str) -> None:
    canonical = text.lower() if text.lower().startswith("bc1") else text
    assert check_address(CHAINS["bitcoin"], text) == Address(canonical, script_type(script))


@pytest.mark.parametrize("text", [text for text, _ in vectors.VALID_BITCOIN if text.startswith("bc1")])
def test_bitcoin_takes_bech32_in_upper_case(text: str) -> None:
    assert check_address(CHAINS["bitcoin"], text.upper()).text == text


@pytest.mark.parametrize("text", vectors.INVALID_BITCOIN)
def test_bitcoin_refuses_the_invalid_vectors_of_bitcoin_core(text: str) -> None:
    refused("bitcoin", text)


@pytest.mark.parametrize("text", vectors.INVALID_WITNESS_ADDRESSES)
def test_bitcoin_refuses_the_invalid_vectors_of_bip_173_and_bip_350(text: str) -> None:
    refused("bitcoin", text)


@pytest.mark.parametrize(
    "text", [*vectors.VALID_ELSEWHERE, *(text for text, _ in vectors.VALID_WITNESS_ADDRESSES if text.startswith("tb"))]
)
def test_bitcoin_refuses_the_addresses_of_its_test_networks(text: str) -> None:
    assert "network" in refused("bitcoin", text)


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("text", vectors.PRIVATE_KEYS)
def test_a_private_key_is_refused_and_not_repeated(chain: str, text: str) -> None:
    message = refused(chain, text)
    assert text not in message
    if CHAINS[chain].family in (Family.UTXO, Family.TVM):
        assert "private key" in message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (encoders.base58check(0x00, bytes(19)), "it holds 19 bytes, not 20"),
        (encoders.base58check(0x05, bytes(32)), "it holds 32 bytes, not 20"),
        (encoders.base58check(0x30, bytes(20)), "it is something else (version 0x30)"),
        (encoders.witness_address(0, bytes(20), prefix="tb"), "it is of another network: tb, not bc"),
        (encoders.witness_address(0, bytes(21)), "it holds 21 bytes, not 20 or 32 as witness version 0 does"),
        (encoders.witness_address(1, bytes(41)), "it holds 41 bytes, not 2 to 40"),
        (encoders.witness_address(17, bytes(32)), "it has witness version 17: the latest is 16"),
        (encoders.witness_address(0, bytes(20), constant=0x2BC830A3), "has the checksum of bech32m"),
        (encoders.witness_address(1, bytes(32), constant=1), "has the checksum of bech32,"),
        ("bc1Qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhv", "it mixes upper and lower case"),
        ("bc1qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhb", "it has 'b' as character 42, which bech32 does not use"),
        ("bc1qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhw", "it has a checksum that does not match"),
        ("bc1", "it is too short"),
        ("bc1gmk9yu", "it is too short"),
    ],
)
def test_bitcoin_says_what_is_wrong(text: str, why: str) -> None:
    assert why in refused("bitcoin", text)


@given(st.integers(0, 16), st.binary(min_size=2, max_size=40))
def test_bitcoin_takes_every_witness_program_that_may_be(version: int, program: bytes) -> None:
    assume(version > 0 or len(program) in (20, 32))
    text = encoders.witness_address(version, program)
    assert check_address(CHAINS["bitcoin"], text).text == text


@given(st.data(), st.integers(1, 4))
def test_up_to_four_wrong_characters_in_a_witness_address_are_found(data: st.DataObject, count: int) -> None:
    text = SAMPLES[data.draw(st.sampled_from([AddressType.P2WPKH, AddressType.P2WSH, AddressType.P2TR]))][1]
    places = data.draw(st.lists(st.integers(3, len(text) - 1), min_size=count, max_size=count, unique=True))
    wrong = list(text)
    for place in places:
        wrong[place] = data.draw(st.sampled_from(encoders.BECH32.replace(text[place], "")))
    assert "checksum" in refused("bitcoin", "".join(wrong))


@given(st.data(), st.sampled_from([AddressType.TRON, AddressType.P2PKH, AddressType.P2SH]))
def test_a_wrong_character_in_a_base58check_address_is_found(data: st.DataObject, address_type: AddressType) -> None:
    chain, text = SAMPLES[address_type]  # (one in four thousand millions would not be)
    place = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.sampled_from(encoders.BASE58.replace(text[place], "")))
    assert "checksum" in refused(chain, text[:place] + wrong + text[place + 1 :])


@pytest.mark.parametrize("text", vectors.VALID_SOLANA)
def test_solana_takes_the_valid_vectors(text: str) -> None:
    assert check_address(CHAINS["solana"], text) == Address(text, AddressType.SOLANA)


@pytest.mark.parametrize("text", [*vectors.INVALID_SOLANA, "", "1" * 31, "1" * 33, encoders.base58(b"\xff" * 31)])
def test_solana_refuses_the_invalid_vectors(text: str) -> None:
    refused("solana", text)


@given(st.binary(max_size=60))
def test_solana_takes_32_bytes_and_nothing_else(raw: bytes) -> None:
    text = encoders.base58(raw)
    if len(raw) == 32:
        assert check_address(CHAINS["solana"], text).text == text
    else:
        assert f"it holds {len(raw)} bytes, not 32" in refused("solana", text)


@pytest.mark.parametrize("address_type", SAMPLES)
def test_the_samples_are_of_their_class(address_type: AddressType) -> None:
    chain, text = SAMPLES[address_type]
    assert check_address(CHAINS[chain], text) == Address(text, address_type)


def test_there_is_a_sample_of_every_class() -> None:
    assert set(SAMPLES) == set(AddressType)


@pytest.mark.parametrize(("chain", "text"), elsewhere())
def test_an_address_of_another_address_space_is_refused_and_named(chain: str, text: str) -> None:
    (address_type,) = (address_type for address_type, (_, sample) in SAMPLES.items() if sample == text)
    assert f"(it is an address of type {address_type})" in refused(chain, text)


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("character", ["1", "0", "a", "\n", "\N{KELVIN SIGN}"])
def test_an_absurdly_long_text_is_refused_unread(chain: str, character: str) -> None:
    for prefix in ("", "0x", "bc1q", "T"):
        assert "it is longer than 90 characters" in refused(chain, prefix + character * 10_000_000)


@given(st.sampled_from(sorted(CHAINS)), st.text(max_size=90))
def test_any_text_is_an_address_or_refused(chain: str, text: str) -> None:
    with suppress(Refusal):
        assert check_address(CHAINS[chain], text).text


def test_a_refusal_names_the_field_that_it_is_told() -> None:
    with pytest.raises(Refusal, match="to_address is not an address on tron") as refusal:
        check_address(CHAINS["tron"], "x", field="to_address")
    assert list(refusal.value.fields) == ["to_address"]
