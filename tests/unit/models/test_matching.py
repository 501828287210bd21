"""What a metadata filter's text matches: a boolean, a number, or a string that is the text itself."""

import pytest

from coffer.models.listing import Scalar, matches


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("x", "x"),
        ("", ""),
        ("true", "true"),
        ("12.5", "12.5"),
        (True, "true"),
        (False, "false"),
        (12.5, "12.5"),
        (12.5, "12.50"),
        (12.5, "1.25e1"),
        (1, "1"),
        (1, "1.0"),
        (1.0, "1"),
        (0, "-0"),
        (-3, "-3"),
        (0.1, "0.1"),
        (1e300, "1e300"),
        (5e-324, "5e-324"),
        (5e-324, f"0.{'0' * 323}5"),
        (123_456_789_012_345_678, "123456789012345678"),
    ],
    ids=repr,
)
def test_it_matches(value: Scalar, wanted: str) -> None:
    assert matches(value, wanted)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, ""),
        (None, "None"),
        (None, "null"),
        ("x", "X"),
        ("x", "x "),
        ("\u00e9", "e\u0301"),
        (True, "True"),
        (True, "1"),
        (1, "true"),
        (0, "false"),
        (0, ""),
        (1, " 1"),
        (1, "+1"),
        (10, "1_0"),
        (1, "\u0661"),
        (0.1, "0.10000000000000001"),
        (123_456_789_012_345_678, "123456789012345677"),
        (1.0, "0x1"),
        (1.0, "NaN"),
        (1.0, "1e999999999999"),
        (1.0, f"1.{'0' * 100_000}"),
        ("12.5", "12.50"),
    ],
    ids=repr,
)
def test_it_does_not_match(value: Scalar | None, wanted: str) -> None:
    assert not matches(value, wanted)
