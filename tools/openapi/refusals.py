"""Which refusals an endpoint can answer, read from the source: every `Reason` that its use or its models can reach.

A name stands for what it is defined as, in its own module or the one it is imported from, and so on from there. Methods
of values are not followed, for their types are not known here; what those refuse is the same for every endpoint, and
`tools.openapi` knows it. The answer is never too small by a name, and may be too large: a path that is there may not be
open to this one endpoint.
"""

import ast
import inspect
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from coffer.ledger.refusal import Reason


@dataclass(frozen=True, slots=True)
class Place:
    """Something that a module defines."""

    module: str
    name: str


def reachable(start: Place, *, within: str, without: Collection[str] = ()) -> frozenset[Reason]:
    """The reasons that can be reached from a definition through others `within` a package and `without` parts of it.

    The modules must have been imported.
    """
    seen: set[Place] = set()
    found: set[Reason] = set()
    waiting = [start]
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        for used in _used(place):
            if used.module == Reason.__module__ and used.name in Reason.__members__:
                found.add(Reason[used.name])
            elif _is_in(used.module, within) and not any(_is_in(used.module, part) for part in without):
                waiting.append(used)
    return frozenset(found)


def _is_in(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


def _used(place: Place) -> Iterator[Place]:
    """What the definition of a place names; a member of `Reason` as one of the module that defines it."""
    module = _read(place.module)
    if place.name in module.imports:  # a package's face: it is defined elsewhere
        package, _, member = module.imports[place.name].rpartition(".")
        yield Place(package, member)
    for part in ast.walk(module.definitions.get(place.name, ast.Pass())):
        match part:
            case ast.Attribute(ast.Name("Reason"), member) if "Reason" in module.imports:
                yield Place(Reason.__module__, member)
            case ast.Attribute(ast.Name(name), member) if module.imports.get(name) in sys.modules:
                yield Place(module.imports[name], member)
            case ast.Name(name) if name in module.definitions:
                yield Place(place.module, name)
            case ast.Name(name) if name in module.imports:
                package, _, member = module.imports[name].rpartition(".")
                yield Place(package, member)


@dataclass(frozen=True, slots=True)
class _Module:
    """A module's own definitions, and the full names of what it imports, by the names they have here."""

    definitions: Mapping[str, ast.AST]
    imports: Mapping[str, str]


@cache
def _read(name: str) -> _Module:
    statements = ast.parse(inspect.getsource(sys.modules[name])).body
    return _Module(
        definitions={name: statement for statement in statements for name in _defined(statement)},
        imports={
            alias.asname or alias.name: f"{statement.module}.{alias.name}"
            for statement in statements
            if isinstance(statement, ast.ImportFrom)
            for alias in statement.names
        },
    )


def _defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.TypeAlias(name=ast.Name(name)):
            return [name]
        case ast.AnnAssign(target=ast.Name(name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
    return []
