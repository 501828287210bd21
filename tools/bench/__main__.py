"""Prints what Coffer takes and costs, what is measured as a ratio to a floor that is measured beside it.

python -m tools.bench [cold] [warm] [contention] [prices] [growth] [--only transactions/] [--rounds 5]
"""

import argparse
import sys
from collections.abc import Callable

from local.problem import Problem
from tools.bench import cold, contention, growth, prices, warm

PARTS = ("cold", "warm", "contention", "prices", "growth")


def parse(arguments: list[str]) -> argparse.Namespace:
    """What is asked for; `parts` are all, if none is named."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="What Coffer takes and costs.")
    parser.add_argument("parts", nargs="*", choices=PARTS)
    parser.add_argument("--only", default="", help="of cold starts: the functions whose names begin so")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    asked = parser.parse_args(arguments)
    asked.parts = asked.parts or PARTS
    return asked


def main(arguments: list[str]) -> int:
    """Print the parts that are asked for."""
    asked = parse(arguments)
    reports: dict[str, Callable[[], str]] = {
        "cold": lambda: cold.main(asked.only, asked.rounds),
        "warm": lambda: warm.main(asked.rounds),
        "contention": contention.main,
        "prices": lambda: prices.main(asked.rounds),
        "growth": growth.main,
    }
    try:
        for part in asked.parts:
            print(f"\n== {part}\n\n{reports[part]()}", flush=True)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
