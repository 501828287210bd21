"""How long to look for what breaks: in every run of the tests a little, and as long as one likes (`EFFORT=10`)."""

import os


def examples(number: int) -> int:
    """So many examples, or `EFFORT` times as many."""
    return number * int(os.environ.get("EFFORT", "1"))
