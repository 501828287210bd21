"""Ids, moments and amounts: what is written can be read again, and sorts as what it stands for."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coffer.ids import created_at, first_id, is_prefixed, is_uuid, new_id, pack, prefixed, unpack
from coffer.ledger.amounts import add, text
from coffer.times import parse, rfc3339

ids = st.uuids().map(str)
id_moments = st.integers(0, 2**48 - 1)
moments = st.integers(-62_135_596_800_000, 253_402_300_799_999)
"""Milliseconds of the years 1 to 9999."""
amounts = st.integers(-(10**96) + 1, 10**96 - 1).map(lambda units: Decimal(f"{units}e-36"))
"""Up to 60 digits before the point and 36 behind it."""


@given(ids)
def test_a_packed_id_is_unpacked_to_itself(each: str) -> None:
    assert unpack(pack(each)) == each
    assert len(pack(each)) == 22


@given(ids, ids)
def test_packed_ids_and_ulids_sort_as_ids_do(one: str, other: str) -> None:
    assert (pack(one) < pack(other)) == (prefixed("cli", one) < prefixed("cli", other)) == (one < other)


@given(ids)
def test_the_wallet_faces_id_is_the_same_number(each: str) -> None:
    ulid = prefixed("cli", each)
    assert is_prefixed(ulid, "cli")
    assert unpack(pack(ulid)) == each
    assert created_at(ulid) == created_at(each)


@given(id_moments, id_moments)
def test_ids_sort_by_their_moments(earlier: int, later: int) -> None:
    if earlier < later:
        assert new_id(earlier) < first_id(later) < new_id(later)
    assert created_at(new_id(later)) == later


@given(st.text())
def test_what_is_taken_for_an_id_can_be_packed(written: str) -> None:
    assert not is_uuid(written) or unpack(pack(written)) == written == str(UUID(written))


@given(moments)
def test_a_moment_is_read_as_it_was_written(moment: int) -> None:
    assert parse(rfc3339(moment)) == moment


@given(moments, moments)
def test_written_moments_sort_as_moments_do(one: int, other: int) -> None:
    assert (rfc3339(one) < rfc3339(other)) == (one < other)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.timezones()))  # noqa: DTZ001 -- bounds
def test_any_moment_of_rfc_3339_is_the_millisecond_that_it_lies_in(moment: datetime) -> None:
    offset = moment.utcoffset()
    assert offset is not None
    if offset.total_seconds() % 60:
        return  # local mean times of the past have seconds, which RFC 3339 cannot write
    whole = moment.astimezone(UTC)
    assert rfc3339(parse(moment.isoformat())) == whole.isoformat(timespec="milliseconds").replace("+00:00", "Z")


edges = st.datetimes(max_value=datetime(1, 1, 3)) | st.datetimes(min_value=datetime(9999, 12, 30))  # noqa: DTZ001


@given(edges, st.integers(-1439, 1439))
def test_what_is_read_as_a_moment_can_be_written_in_utc(moment: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    try:
        read = parse(f"{moment.isoformat()}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}")
    except ValueError:
        with pytest.raises(OverflowError):
            moment - timedelta(minutes=minutes)
    else:
        whole = moment - timedelta(minutes=minutes)
        assert rfc3339(read) == f"{whole.isoformat(timespec='milliseconds')}Z"


@given(amounts)
def test_an_amount_is_read_as_it_was_written(amount: Decimal) -> None:
    written = text(amount)
    assert Decimal(written) == amount
    assert text(Decimal(written)) == written
    assert not written.endswith(".")
    assert "e" not in written.lower()


@given(st.lists(amounts, max_size=20))
def test_sums_are_exact_whatever_the_order(summands: list[Decimal]) -> None:
    assert Fraction(add(summands)) == sum(map(Fraction, summands))
    assert add(summands) == add(summands[::-1])
    assert add([*summands, add(summands).copy_negate()]) == 0
