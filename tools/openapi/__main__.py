"""Writes what is made of the endpoints' declarations: `docs/openapi.json` and the table of routes.

python -m tools.openapi           writes both
python -m tools.openapi --check   names what is stale, and fails if anything is
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from coffer.api.log import logger
from tools.endpoints import ROOT
from tools.openapi.document import document, operations
from tools.openapi.routes import source

DOCUMENT = ROOT / "docs" / "openapi.json"
ROUTES = ROOT / "layers" / "common" / "coffer" / "api" / "routes.py"


def generated() -> Mapping[Path, str]:
    """The files and their texts, as they should be."""
    return {
        DOCUMENT: json.dumps(document(), indent=2, ensure_ascii=False) + "\n",
        ROUTES: source(operations()),
    }


def stale(texts: Mapping[Path, str]) -> list[Path]:
    """The files that are not there, or say something else."""
    return [path for path, text in texts.items() if not path.exists() or path.read_text() != text]


def check(texts: Mapping[Path, str]) -> int:
    """Names what is stale; 1 if anything is."""
    changed = stale(texts)
    for path in changed:
        print(f"{path.relative_to(ROOT, walk_up=True)} is stale: run `make openapi`", file=sys.stderr)
    return 1 if changed else 0


def write(texts: Mapping[Path, str]) -> int:
    """Writes what is stale."""
    for path in stale(texts):
        path.write_text(texts[path])
        print(f"wrote {path.relative_to(ROOT, walk_up=True)}")
    return 0


def main(arguments: list[str]) -> int:
    """Writes or checks, and says how it went as an exit code."""
    logger.setLevel("CRITICAL")  # the samples are served to get their answers
    return check(generated()) if arguments == ["--check"] else write(generated())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
