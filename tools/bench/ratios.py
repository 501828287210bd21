"""Figures as they are printed: medians, each beside the floor that was measured in turns with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Goal:
    """What a ratio should not exceed."""

    most: float
    what: str

    def verdict(self, ratios: Mapping[str, float]) -> str:
        """One line: how many meet it, and the names of those that don't, worst first."""
        beyond = sorted((name for name in ratios if ratios[name] > self.most), key=lambda name: -ratios[name])
        met = f"{self.what} at most {self.most:g}: met by {len(ratios) - len(beyond)} of {len(ratios)}"
        return met if not beyond else f"{met}; not by {', '.join(beyond)}"


def ratio(measured: Sequence[float], floor: Sequence[float]) -> float:
    """The median of what was measured, as a multiple of the median of its floor."""
    return median(measured) / median(floor)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns under a head: the first to the left, all others to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return "\n".join(
        "  ".join(
            [cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]
        ).rstrip()
        for cells in [head, *rows]
    )
