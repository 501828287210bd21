"""The rich ledger, made once: whoever changes anything in it puts it back."""

import pytest

from tests.integration.verification.inspector import Inspector
from tests.integration.verification.rich import rich_books
from tests.support.world import World


@pytest.fixture(scope="session")
def inspector() -> Inspector:
    """The rich ledger, under inspection."""
    return Inspector(rich_books(World()))
