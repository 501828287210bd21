"""Queries: cursors lead where they were made for, and whatever is asked is read or refused."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coffer.api import queries
from coffer.ids import pack
from coffer.ledger.refusal import Refusal
from coffer.models.assets import AssetFilters

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=15)
positions = st.uuids().map(lambda each: pack(str(each)))
selections = st.fixed_dictionaries(
    {},
    optional={
        "sort_order": st.sampled_from(["asc", "desc"]),
        "start_date": st.dates().map(str),
        "type": st.sampled_from(["crypto", "currency", "commodity", "others"]),
        "code": texts,
        "status": texts,
        "metadata.a": texts,
        "metadata.é b": texts,
    },
)


def read(parameters: dict[str, Any], place: str = "cli_1 /v1/organizations") -> queries.Query:
    """A query of parameters."""
    return queries.read(queries.pairs_of(urlencode(parameters)), AssetFilters, place=place, bare=False)


@given(selections, positions, st.integers(1, 100), st.booleans())
def test_a_cursor_leads_to_its_row_in_the_same_selection(
    selection: dict[str, Any], position: str, limit: int, backwards: bool
) -> None:
    query = read(selection)
    following = read({**selection, "limit": limit, "cursor": query.cursor(position, backwards=backwards)})
    assert (following.listing.position, following.listing.backwards) == (position, backwards)
    assert (following.listing.limit, following.listing.skip) == (limit, 0)
    assert (following.listing.filters, following.listing.metadata) == (query.listing.filters, query.listing.metadata)


@given(selections, selections, positions)
def test_a_cursor_leads_nowhere_in_any_other(one: dict[str, Any], other: dict[str, Any], position: str) -> None:
    if {"sort_order": "asc", **one} == {"sort_order": "asc", **other}:
        return
    cursor = read(one).cursor(position)
    with pytest.raises(Refusal) as refused:
        read({**other, "cursor": cursor})
    assert list(refused.value.fields) == ["cursor"]


@given(st.text(max_size=80) | texts.map(lambda text: f"cursor={text}") | texts.map(lambda text: f"start_date={text}"))
def test_whatever_is_asked_is_read_or_refused_and_nothing_else(raw: str) -> None:
    with suppress(Refusal):
        queries.read(queries.pairs_of(raw), AssetFilters, place="", bare=True)
