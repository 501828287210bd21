"""Pages: while rows come and go, cursors lead past each that stays exactly once, in order, both ways."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.world import Client, World


class Ledgers:
    """An organization's ledgers, and which of them are there."""

    def __init__(self) -> None:
        self.client: Client = World().client()
        organization = self.client.post("/v1/organizations", {"legalName": "Acme", "legalDocument": "1"}).id
        self.path = f"/v1/organizations/{organization}/ledgers"
        self.ids: list[str] = []
        self.made = 0

    def create(self) -> None:
        """One more, the newest."""
        self.made += 1
        self.ids.append(self.client.post(self.path, {"name": str(self.made)}).id)

    def delete(self, number: int) -> None:
        """One less, if there is any."""
        if self.ids:
            each = self.ids.pop(number % len(self.ids))
            assert self.client.delete(f"{self.path}/{each}").status == 204

    def page(self, query: str) -> tuple[list[str], str | None, str | None]:
        """The ids on a page, and the cursors to the next one and the one before."""
        body = self.client.get(f"{self.path}?{query}").json
        return [row["id"] for row in body["items"]], body["next_cursor"], body["prev_cursor"]


changes = st.lists(st.integers(0, 50) | st.none(), max_size=4)
"""What happens between two pages: a number deletes one, None creates one."""


@settings(max_examples=40)
@given(
    st.integers(0, 12),
    st.integers(1, 5),
    st.sampled_from(["asc", "desc"]),
    st.booleans(),
    st.lists(changes, max_size=12),
)
def test_a_walk_sees_what_stays_exactly_once(
    count: int, limit: int, order: str, backwards: bool, between: list[list[int | None]]
) -> None:
    ledgers = Ledgers()
    for _ in range(count):
        ledgers.create()
    query = f"limit={limit}&sort_order={order}"
    if backwards:  # from behind the last row
        ids, _, cursor = ledgers.page(f"{query}&page={max(1, -(-count // limit))}")
        seen = ids[::-1]
    else:
        ids, cursor, _ = ledgers.page(query)
        seen = ids
    at_first = list(ledgers.ids)
    pending = list(between)
    while cursor:
        for change in pending.pop(0) if pending else []:
            if change is None:
                ledgers.create()
            else:
                ledgers.delete(change)
        ids, onwards, back = ledgers.page(f"{query}&cursor={cursor}")
        seen += ids[::-1] if backwards else ids
        cursor = back if backwards else onwards
    ascending = (order == "asc") != backwards
    assert seen == sorted(set(seen), reverse=not ascending)
    assert set(at_first) & set(ledgers.ids) <= set(seen)
