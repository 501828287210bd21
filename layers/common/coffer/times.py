"""Moments: whole milliseconds since 1970 inside, RFC 3339 UTC text outside."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

DAY = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


@lru_cache(64)  # the moments of an answer are few, and stand in it a dozen times
def rfc3339(moment: int) -> str:
    """`1768473600000` → `2026-01-15T10:40:00.000Z`."""
    return (_EPOCH + moment * _MILLISECOND).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> int:
    """The moment of an RFC 3339 date-time with its offset, cut to the millisecond; ValueError otherwise.

    Also for one that its offset takes beyond the years 1 to 9999, which could not be written in UTC.
    """
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    try:
        moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None
    return (moment - _EPOCH) // _MILLISECOND


def is_date(text: str) -> bool:
    """Whether `text` has the form of a day, `2026-01-15`."""
    return _DATE.fullmatch(text) is not None


def parse_day(text: str) -> int:
    """The first moment of a day `2026-01-15` in UTC; ValueError when there is no such day."""
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
