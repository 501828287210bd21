"""Query strings of lists: which rows, in which order, from where; and the cursors that lead on from a page."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError

from coffer.api.problems import describe
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Filters, Listing
from coffer.times import DAY, is_date, parse, parse_day

DEFAULT_LIMIT = 10
MAX_LIMIT = 100
BARE_LIMIT = 1_000
"""Rows of a bare array, which has no limit of its own."""
MAX_SKIP = 4_900
"""Rows that a page number may skip: with its own it is among those that a list looks at. Cursors have no such bound."""

MAX_PARAMETERS = 50

_ARRAY = 0
"""In a cursor, instead of a page's number: what it leads to is a bare array, as what it comes from."""

_METADATA = "metadata."
_POSITION = re.compile(r"[-0-9A-Z_a-z#]{1,100}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_LONGEST_CURSOR = 300
"""Characters; ours have some 80, and 190 with the longest position that is looked at."""

type Pairs = Sequence[tuple[str, str]]


class Query(NamedTuple):
    """A list's query: the listing it asks for, and what its cursors need."""

    listing: Listing
    page: int
    binding: str
    pairs: Pairs
    bare: bool

    def cursor(self, position: str | None, *, backwards: bool = False) -> str | None:
        """The cursor to the page that begins after a row, or, backwards, to the one that ends before it."""
        if position is None:
            return None
        page = _ARRAY if self.bare else max(1, self.page - 1) if backwards else self.page + 1
        text = json.dumps([self.binding, int(backwards), page, position], separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def following(self, position: str) -> str:
        """The relative URL at which a bare array goes on."""
        kept = [(name, value) for name, value in self.pairs if name not in {"limit", "page", "cursor"}]
        return "?" + urlencode([*kept, ("cursor", self.cursor(position) or "")])


def pairs_of(raw: str) -> Pairs:
    """The parameters of a query string, in order; `Refusal(QUERY_INVALID)` when a name stands twice."""
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError:
        raise Refusal(
            Reason.QUERY_INVALID, f"The query is not UTF-8, or has more than {MAX_PARAMETERS} parameters."
        ) from None
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise _invalid(name, "stands twice")
    return pairs


def require(pairs: Pairs, names: Collection[str] = ()) -> Mapping[str, str]:
    """The parameters that an endpoint asks for, and no others: one that it does not know is a mistake."""
    values = dict(pairs)
    for name in values.keys() - names:
        raise _invalid(name, "is not known here")
    for name in names:
        if name not in values:
            raise _invalid(name, "is required")
    return values


def read(pairs: Pairs, filters: type[Filters], *, place: str, bare: bool) -> Query:
    """What a list is asked for. `place` is the list itself: a cursor from another one is refused.

    `bare` says that without `limit`, `page` and `cursor` the answer is a bare array of up to 1,000 rows, and so is what
    its own cursor leads to.
    """
    values = dict(pairs)
    paged = values.keys() & {"limit", "page"}
    limit = _limit(values.pop("limit", None))
    ascending = _ascending(values.pop("sort_order", "asc"))
    first = _moment("start_date", values.pop("start_date", None))
    last = _moment("end_date", values.pop("end_date", None), until=True)
    if first is not None and last is not None and last < first:
        raise Refusal(
            Reason.DATES_REVERSED, "The list would end before it begins.", {"end_date": "lies before start_date"}
        )
    page, cursor = values.pop("page", None), values.pop("cursor", None)
    if page is not None and cursor is not None:
        raise _invalid("page", "cannot be given together with cursor")
    named = [name for name in values if name.startswith(_METADATA)]
    metadata = tuple((name.removeprefix(_METADATA), values.pop(name)) for name in named)
    chosen = _filters(values, filters)
    selection = json.dumps([place, ascending, first, last, sorted(metadata), sorted(chosen.items())])
    binding = sha256(selection.encode()).hexdigest()[:16]
    number, backwards, position = _page(page, limit), False, None
    if cursor is not None:
        number, backwards, position = _cursor(cursor, binding, least=_ARRAY if bare else 1)
    bare = bare and not paged and (cursor is None or number == _ARRAY)
    listing = Listing(
        limit=BARE_LIMIT if bare else limit,
        ascending=ascending,
        first=first,
        last=last,
        skip=0 if position else (number - 1) * limit,
        position=position,
        backwards=backwards,
        filters=chosen,
        metadata=metadata,
    )
    return Query(listing, max(1, number), binding, pairs, bare)


def read_wallet(pairs: Pairs, filters: type[Filters], *, place: str) -> Query:
    """What a list of the wallet API is asked for: `page` and `page_size`, or `cursor`, and filters."""
    values = dict(pairs)
    limit = _page_size(values.pop("page_size", None))
    page, cursor = values.pop("page", None), values.pop("cursor", None)
    if page is not None and cursor is not None:
        raise _invalid("page", "and cursor cannot be given together")
    chosen = _filters(values, filters)
    binding = sha256(json.dumps([place, sorted(chosen.items())]).encode()).hexdigest()[:16]
    number, backwards, position = (_page(page, limit), False, None) if cursor is None else _cursor(cursor, binding)
    listing = Listing(
        limit=limit,
        skip=0 if position else (number - 1) * limit,
        position=position,
        backwards=backwards,
        filters=chosen,
    )
    return Query(listing, number, binding, pairs, bare=False)


def _page_size(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= MAX_LIMIT:
        raise _invalid("page_size", f"is not 1 to {MAX_LIMIT}")
    return int(text)


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= MAX_LIMIT:
        raise Refusal(
            Reason.LIMIT_INVALID, f"The limit must be 1 to {MAX_LIMIT}.", {"limit": f"is not 1 to {MAX_LIMIT}"}
        )
    return int(text)


def _ascending(text: str) -> bool:
    if text not in {"asc", "desc"}:
        raise Refusal(
            Reason.SORT_ORDER_INVALID, "The sort order must be asc or desc.", {"sort_order": "is neither asc nor desc"}
        )
    return text == "asc"


def _moment(name: str, text: str | None, *, until: bool = False) -> int | None:
    return None if text is None else moment(name, text, until=until)


def moment(name: str, text: str, *, until: bool = False) -> int:
    """A moment, or a day: its first millisecond, or with `until` its last; else `Refusal(DATE_INVALID)`."""
    try:
        if is_date(text):
            return parse_day(text) + (DAY - 1 if until else 0)
        return parse(text)
    except ValueError:
        message = "is neither a day like 2026-01-15 nor a time like 2026-01-15T10:40:00.000Z"
        raise Refusal(Reason.DATE_INVALID, f"The {name} cannot be read.", {name: message}) from None


def _filters(values: Mapping[str, str], filters: type[Filters]) -> dict[str, str]:
    try:
        return filters.model_validate(values).model_dump()
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise _invalid(str(problem["loc"][0]), describe(problem)) from None


def _page(text: str | None, limit: int) -> int:
    if text is None:
        return 1
    if not _NUMBER.fullmatch(text) or int(text) < 1:
        raise _invalid("page", "is not a number from 1 up")
    if (int(text) - 1) * limit > MAX_SKIP:
        raise _invalid("page", f"lies behind more than {MAX_SKIP} rows: go on from page to page with cursor")
    return int(text)


def _cursor(text: str, binding: str, *, least: int = 1) -> tuple[int, bool, str]:
    try:
        decoded = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4))) if len(text) <= _LONGEST_CURSOR else None
    except ValueError:
        decoded = None
    match decoded:
        case [str(bound), 0 | 1 as backwards, int(page), str(position)] if (
            bound == binding and not isinstance(page, bool) and page >= least and _POSITION.fullmatch(position)
        ):
            return page, bool(backwards), position
    raise _invalid("cursor", "is not one of this list with these parameters: begin again without it")


def _invalid(name: str, what: str) -> Refusal:
    return Refusal(Reason.QUERY_INVALID, f"The query parameter {name} cannot be accepted: it {what}.", {name: what})
