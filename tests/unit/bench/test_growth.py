"""How costs grow: what the bench prints of lists."""

import pytest

from tests.support.many import WALLET_LISTS
from tools.bench.growth import of_page


@pytest.mark.parametrize("what", WALLET_LISTS)
def test_a_page_costs_more_while_rows_are_counted_and_then_no_more(what: str) -> None:
    ten, many, more = (of_page(what, rows) for rows in (10, 2_500, 3_000))
    assert ten.calls < many.calls
    assert many == more
    assert many.write_units == 0
