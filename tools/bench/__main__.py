"""Prints what Coffer takes and costs, each figure as a ratio to a floor that is measured beside it.

python -m tools.bench                    everything
python -m tools.bench cold [--only transactions/] [--rounds 5]
"""

import argparse
import sys

from local.problem import Problem
from tools.bench import cold, warm

PARTS = ("cold", "warm")


def main(arguments: list[str]) -> int:
    """Print the parts that are asked for, by default all."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="What Coffer takes and costs.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--only", default="", help="of cold starts: the functions whose names begin so")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    asked = parser.parse_args(arguments)
    try:
        for part in asked.parts or PARTS:
            print(f"\n== {part}\n")
            match part:
                case "cold":
                    print(cold.main(asked.only, asked.rounds))
                case "warm":
                    print(warm.main(asked.rounds))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
