"""A plot of a few lines, as SVG that reads well on a light and on a dark page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, log, log10

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 200, 48, 56
COLOURS = ("#0b7285", "#e8590c", "#5f3dc4", "#2b8a3e")
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, and a value at each mark."""

    name: str
    values: Sequence[float]


def plot(*, title: str, across: str, marks: Sequence[str], series: Sequence[Series]) -> str:
    """The lines over equally distant marks, on a logarithmic scale."""
    values = [value for each in series for value in each.values]
    scale = steps(min(values), max(values))
    bottom, top = log(scale[0]), log(scale[-1])
    xs = [LEFT + (WIDTH - LEFT - RIGHT) * position / (len(marks) - 1) for position in range(len(marks))]

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (log(value) - bottom) / (top - bottom)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _text(LEFT, 24, title, size=15),
    ]
    for value in scale:
        parts.append(f'<path d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}" stroke="#dee2e6"/>')
        parts.append(_text(LEFT - 8, y(value) + 4, f"{value:g}", anchor="end"))
    for x, mark in zip(xs, marks, strict=True):
        parts.append(_text(x, HEIGHT - BOTTOM + 20, mark, anchor="middle"))
    parts.append(_text((xs[0] + xs[-1]) / 2, HEIGHT - 14, across, anchor="middle"))
    ends = apart([y(each.values[-1]) for each in series])
    for colour, each, end in zip(COLOURS, series, ends, strict=False):
        points = " ".join(f"{x:.1f},{y(value):.1f}" for x, value in zip(xs, each.values, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x:.1f}" cy="{y(value):.1f}" r="3.5" fill="{colour}"/>'
            for x, value in zip(xs, each.values, strict=True)
        ]
        parts.append(_text(xs[-1] + 12, end + 4, each.name, colour=colour))
    return "\n".join([*parts, "</svg>", ""])


def steps(least: float, most: float) -> list[float]:
    """Of 1, 2, 5, 10, 20 …, those from the last that is not above `least` to the first that is not below `most`."""
    all_of_them = [step * 10.0**power for power in range(floor(log10(least)), ceil(log10(most)) + 1) for step in STEPS]
    first = max(step for step in all_of_them if step <= least)
    last = min(step for step in all_of_them if step >= most)
    return [step for step in all_of_them if first <= step <= last]


def apart(heights: Sequence[float], distance: float = 16) -> list[float]:
    """Heights for labels near those given, in the same order, so that none lies on another."""
    moved = list(heights)
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + distance)
    return moved


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 13, colour: str = "#343a40") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(text)}</text>'
    )
