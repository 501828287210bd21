"""How figures are compared and printed."""

from tools.bench.ratios import Goal, ratio, table


def test_a_ratio_is_that_of_the_medians() -> None:
    assert ratio([3, 9, 6], [2, 1, 100]) == 3


def test_a_goal_names_who_does_not_meet_it_worst_first() -> None:
    goal = Goal(1.35, "first answer")
    assert goal.verdict({"a": 1.35, "b": 1.4, "c": 2}) == "first answer at most 1.35: met by 1 of 3; not by c, b"


def test_a_goal_that_all_meet_names_nobody() -> None:
    assert Goal(2, "it").verdict({"a": 1, "b": 2}) == "it at most 2: met by 2 of 2"


def test_columns_are_aligned_the_first_to_the_left() -> None:
    assert table(["name", "x"], [["a", "1.00"], ["longer", "12"]]) == "name       x\na       1.00\nlonger    12"
