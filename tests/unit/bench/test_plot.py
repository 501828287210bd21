"""The plot: legible, and the same for the same figures."""

from xml.etree import ElementTree as ET

import pytest

from tools.bench.plot import Series, apart, plot, steps

SVG = "{http://www.w3.org/2000/svg}"


def test_each_series_is_a_line_with_a_point_at_every_mark_and_its_name() -> None:
    drawn = plot(
        title="Postings <a second>",
        across="shards",
        marks=["1", "2", "4"],
        series=[Series("one by one", [10, 20, 40]), Series("batches", [100, 150, 200])],
    )
    picture = ET.fromstring(drawn)  # noqa: S314 -- it is our own
    lines = picture.findall(f"{SVG}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [3, 3]
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert {"Postings <a second>", "shards", "one by one", "batches", "1", "2", "4", "200"} <= set(texts)


def test_what_is_ten_times_as_much_is_one_step_higher_wherever_it_is() -> None:
    drawn = plot(title="", across="", marks=["1", "2", "3"], series=[Series("a", [1, 10, 100])])
    (line,) = ET.fromstring(drawn).findall(f"{SVG}polyline")  # noqa: S314 -- it is our own
    low, middle, high = (float(point.split(",")[1]) for point in line.attrib["points"].split())
    bottom, top = 344, 48
    assert low == bottom
    assert high == top
    assert middle == pytest.approx((bottom + top) / 2)


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [(25, 1146, [20, 50, 100, 200, 500, 1_000, 2_000]), (1, 10, [1, 2, 5, 10]), (0.3, 0.4, [0.2, 0.5])],
)
def test_the_scale_is_of_round_numbers_around_all_that_is_drawn(
    least: float, most: float, expected: list[float]
) -> None:
    assert steps(least, most) == pytest.approx(expected)


def test_names_that_would_lie_on_each_other_are_set_apart() -> None:
    assert apart([100, 50, 55], distance=16) == [100, 50, 66]
