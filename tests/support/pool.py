"""A pool for reads, that tells what was done in it."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor


class Pool(Executor):
    """A pool with as few threads as can be: what waits in it for something else in it, waits for good."""

    def __init__(self) -> None:
        self.mapped: list[int] = []
        self.inside = False

    def map[Of, Found](self, fn: Callable[[Of], Found], *of: Iterable[Of], **_: object) -> Iterator[Found]:
        """Does all of it, and AssertionError if any of it comes back for more."""
        assert not self.inside
        self.inside = True
        done = [fn(*each) for each in zip(*of, strict=True)]
        self.inside = False
        self.mapped.append(len(done))
        return iter(done)
