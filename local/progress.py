"""Lines that say what takes its time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(text: str) -> Iterator[None]:
    """Print `text` at once and, when the work inside is done, the seconds that it took."""
    print(f"  {text} … ", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - start:.1f} s", flush=True)
