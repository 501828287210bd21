"""The table of routes that `$default` answers 405 from: `coffer.api.routes`."""

from collections.abc import Mapping

from tools.openapi.operations import Operation

MAX_WIDTH = 120
"""Characters of a line; what is made here is formatted like all other code."""

_HEADER = '''\
"""The methods of every path. Made by `make openapi` of what the endpoints declare: do not edit."""

from collections.abc import Mapping, Sequence

ROUTES: Mapping[str, Sequence[str]] = {
'''


def routes(operations: list[Operation]) -> Mapping[str, list[str]]:
    """The methods of every path; fixed parts of a path come before parameters."""
    methods: dict[str, list[str]] = {}
    for each in operations:
        methods.setdefault(each.declaration.path, []).append(each.declaration.method)
    return methods


def source(operations: list[Operation]) -> str:
    """The table as the text of its module."""
    lines = (_line(path, methods) for path, methods in routes(operations).items())
    return f"{_HEADER}{''.join(lines)}}}\n"


def _line(path: str, methods: list[str]) -> str:
    quoted = ", ".join(f'"{method}"' for method in methods)
    line = f'    "{path}": [{quoted}],\n'
    if len(line.rstrip()) <= MAX_WIDTH:
        return line
    return f'    "{path}": [\n        {quoted}\n    ],\n'
