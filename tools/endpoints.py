"""Every function of the project, found in its folder."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from coffer.api.endpoint import Endpoint

ROOT = Path(__file__).parent.parent


def modules() -> Iterator[tuple[str, str]]:
    """The folder and the name of every function's module, in order."""
    for path in sorted((ROOT / "functions").glob("*/*.py")):
        yield path.parent.name, path.stem


def handler(folder: str, module: str) -> object:
    """The handler in a function's module."""
    return import_module(f"functions.{folder}.{module}").handler


def endpoints() -> Iterator[tuple[str, str, Endpoint]]:
    """Folder, module and handler of every function that has a route."""
    for folder, module in modules():
        found = handler(folder, module)
        if isinstance(found, Endpoint):
            yield folder, module, found
