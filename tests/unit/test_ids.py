"""Ids: one number of 128 bits, its three texts, and their order."""

from uuid import RFC_4122, UUID

import pytest

from coffer.ids import created_at, first_id, is_prefixed, is_uuid, new_id, pack, prefixed, unpack

NOW = 1_768_473_600_123
ID = "019bc13d-a07b-7abc-8def-0123456789ab"
ULID = "cli_01KF0KV83VFAY8VVR14D2PF2DB"


def test_a_new_id_is_a_uuid_of_version_7() -> None:
    made = UUID(new_id(NOW))
    assert (made.version, made.variant) == (7, RFC_4122)


def test_an_id_begins_with_the_millisecond_in_which_it_was_made() -> None:
    assert created_at(new_id(NOW)) == NOW
    assert created_at(ID) == NOW


def test_ids_of_one_millisecond_differ() -> None:
    assert len({new_id(NOW) for _ in range(1000)}) == 1000


def test_ids_sort_in_the_order_of_their_creation_in_each_of_their_texts() -> None:
    made = [new_id(moment) for moment in (0, 1, 255, 256, NOW - 1, NOW, NOW + 1, NOW * 2, 2**48 - 1)]
    assert made == sorted(made)
    assert [pack(each) for each in made] == sorted(map(pack, made))
    assert [prefixed("acc", each) for each in made] == sorted(prefixed("acc", each) for each in made)


def test_the_first_id_of_a_moment_comes_before_every_id_of_it_and_after_every_earlier_one() -> None:
    assert new_id(NOW - 1) < first_id(NOW) < new_id(NOW)


@pytest.mark.parametrize("moment", [0, -1, -2_208_988_800_000, -62_135_596_800_000])
def test_before_1970_there_are_no_ids_so_the_first_one_is_the_first_of_all(moment: int) -> None:
    assert first_id(moment) == "00000000-0000-0000-0000-000000000000"


def test_a_packed_id_is_22_characters_that_cannot_separate_the_parts_of_a_key() -> None:
    packed = pack(ID)
    assert len(packed) == 22
    assert "#" not in packed
    assert unpack(packed) == ID


def test_the_wallet_faces_form_of_an_id_is_a_prefix_and_a_ulid_of_the_same_bits() -> None:
    assert prefixed("cli", ID) == ULID
    assert len(ULID) == 30
    assert pack(ULID) == pack(ID)
    assert created_at(ULID) == NOW


@pytest.mark.parametrize("text", [ID, "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"])
def test_a_uuid_is_recognised(text: str) -> None:
    assert is_uuid(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        ID.upper(),
        ID.replace("-", ""),
        f"{{{ID}}}",
        f"urn:uuid:{ID}",
        f"{ID}\n",
        f" {ID}",
        ID[:-1],
        ID + "0",
        ID.replace("a", "g"),
        ID.replace("0", "\u0660"),
        ULID,
    ],
)
def test_what_is_not_a_uuid_as_coffer_writes_it_is_told(text: str) -> None:
    assert not is_uuid(text)


def test_an_id_of_the_wallet_face_is_recognised_by_its_prefix() -> None:
    assert is_prefixed(ULID, "cli")
    assert not is_prefixed(ULID, "wal")


@pytest.mark.parametrize(
    "text",
    [
        ULID[:-1],
        ULID + "0",
        ULID + "\n",
        ULID.lower(),
        ULID.replace("K", "U"),  # U is not in Crockford's alphabet
        "cli_8" + ULID[5:],  # 130 bits
        "cli-" + ULID[4:],
        ULID[4:],
        ID,
    ],
)
def test_what_is_not_an_id_of_the_wallet_face_is_told(text: str) -> None:
    assert not is_prefixed(text, "cli")
