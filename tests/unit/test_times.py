"""Moments: whole milliseconds since 1970 inside, RFC 3339 in UTC outside."""

import pytest

from coffer.times import DAY, is_date, parse, parse_day, rfc3339

NOW = 1_768_473_600_000


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW, "2026-01-15T10:40:00.000Z"),
        (NOW + 7, "2026-01-15T10:40:00.007Z"),
        (NOW + 999, "2026-01-15T10:40:00.999Z"),
        (0, "1970-01-01T00:00:00.000Z"),
        (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_a_moment_is_written_in_utc_with_milliseconds(moment: int, text: str) -> None:
    assert rfc3339(moment) == text
    assert parse(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-15T10:40:00Z",
        "2026-01-15T10:40:00.0Z",
        "2026-01-15T10:40:00.000999999Z",
        "2026-01-15t10:40:00z",
        "2026-01-15T07:40:00-03:00",
        "2026-01-15T16:10:00.000+05:30",
        "2026-01-15T10:40:00-00:00",
    ],
)
def test_a_moment_is_read_in_every_form_of_rfc_3339_and_cut_to_the_millisecond(text: str) -> None:
    assert parse(text) == NOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-15",
        "2026-01-15T10:40Z",
        "2026-01-15T10:40:00",
        "2026-01-15 10:40:00Z",
        "2026-01-15T10:40:00.Z",
        "2026-01-15T10:40:00,5Z",
        "2026-01-15T10:40:00+0300",
        "2026-01-15T10:40:00+03",
        "2026-01-15T10:40:00+24:00",
        "2026-02-30T10:40:00Z",
        "2026-01-15T25:40:00Z",
        "2026-01-15T10:60:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:59-12:00",
        "2026-W03-4T10:40:00Z",
        "20260115T104000Z",
        "2026-01-15T10:40:00Z\n",
        "\u0662\u0660\u0662\u0666-01-15T10:40:00Z",
        "1768473600000",
    ],
)
def test_anything_else_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse(text)


def test_a_day_begins_at_midnight_in_utc() -> None:
    assert is_date("2026-01-15")
    assert rfc3339(parse_day("2026-01-15")) == "2026-01-15T00:00:00.000Z"
    assert parse_day("2026-01-16") - parse_day("2026-01-15") == DAY


@pytest.mark.parametrize("text", ["2026-1-15", "2026-01-15T", "20260115", "15.01.2026", "2026-01-15\n", ""])
def test_what_has_not_the_form_of_a_day_is_told(text: str) -> None:
    assert not is_date(text)


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "\u0662\u0660\u0662\u0666-01-15"]
)
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_day(text)
