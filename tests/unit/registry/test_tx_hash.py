"""A transaction's hash has one form, however it was typed."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coffer.ledger.refusal import Reason, Refusal
from coffer.registry import CHAINS, canonical_tx_hash
from tests.unit.registry import encoders

# The first payment on bitcoin (block 170), and ethereum's oldest transaction (block 46,147).
BITCOIN: Final = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
ETHEREUM: Final = "0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060"
SIGNATURE: Final = encoders.base58(bytes(range(192, 256)))


def refused(chain: str, text: str) -> str:
    with pytest.raises(Refusal) as refusal:
        canonical_tx_hash(CHAINS[chain], text)
    assert refusal.value.reason is Reason.BAD_REQUEST
    assert list(refusal.value.fields) == ["tx_hash"]
    return refusal.value.message


@pytest.mark.parametrize(
    ("chain", "typed", "canonical"),
    [
        ("ethereum", ETHEREUM, ETHEREUM),
        ("ethereum", ETHEREUM.removeprefix("0x"), ETHEREUM),
        ("bsc", "0x" + ETHEREUM.removeprefix("0x").upper(), ETHEREUM),
        ("tron", ETHEREUM, ETHEREUM.removeprefix("0x")),
        ("tron", ETHEREUM.removeprefix("0x").upper(), ETHEREUM.removeprefix("0x")),
        ("bitcoin", BITCOIN, BITCOIN),
        ("bitcoin", BITCOIN.upper(), BITCOIN),
        ("solana", SIGNATURE, SIGNATURE),
        ("solana", "1" * 64, "1" * 64),
    ],
)
def test_a_hash_takes_its_chains_form(chain: str, typed: str, canonical: str) -> None:
    assert canonical_tx_hash(CHAINS[chain], typed) == canonical
    assert canonical_tx_hash(CHAINS[chain], canonical) == canonical


@pytest.mark.parametrize("chain", [name for name in CHAINS if name != "solana"])
@pytest.mark.parametrize(
    "text", ["", "0x", BITCOIN[:-1], BITCOIN + "0", BITCOIN[:-1] + "g", BITCOIN + "\n", f" {BITCOIN}", f"0x0x{BITCOIN}"]
)
def test_what_is_not_64_hexadecimal_digits_is_refused(chain: str, text: str) -> None:
    assert f"tx_hash is not a transaction hash on {chain}: it is not 64 hexadecimal digits" in refused(chain, text)


def test_bitcoin_writes_no_0x() -> None:
    refused("bitcoin", f"0x{BITCOIN}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (encoders.base58(bytes(range(193, 256))), "holds 63 bytes, not 64"),
        ("1" * 65, "holds 65 bytes, not 64"),
        (BITCOIN, "has '0' as character"),
        ("z" * 89, "is longer than 88 characters"),
        ("z" * 10_000_000, "is longer than 88 characters"),
    ],
)
def test_what_is_not_a_signature_is_refused_on_solana(text: str, why: str) -> None:
    assert why in refused("solana", text)


@given(st.binary(min_size=64, max_size=64))
def test_solana_takes_every_signature_as_it_is(raw: bytes) -> None:
    text = encoders.base58(raw)
    assert canonical_tx_hash(CHAINS["solana"], text) == text
