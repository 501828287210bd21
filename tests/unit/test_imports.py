"""Imports run one way, and no endpoint loads what it does not need."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from tools.endpoints import ROOT, modules

DIRECTIONS: Mapping[str, set[str]] = {
    "functions": {
        "coffer",
        "coffer.api",
        "coffer.auth.metadata",
        "coffer.auth.scopes",
        "coffer.models",
        "coffer.store",
    },
    "coffer.api": {
        "coffer",
        "coffer.api",
        "coffer.auth",
        "coffer.ids",
        "coffer.ledger",
        "coffer.models",
        "coffer.registry",
        "coffer.store",
        "coffer.times",
    },
    "coffer.store": {
        "coffer.auth.jwk",
        "coffer.auth.keyring",
        "coffer.auth.secrets",
        "coffer.ids",
        "coffer.ledger",
        "coffer.models",
        "coffer.store",
        "coffer.times",
    },
    "coffer.models": {
        "coffer.ids",
        "coffer.ledger",
        "coffer.models",
        "coffer.times",
    },
    "coffer.auth": {"coffer.auth", "coffer.ids"},
    "coffer.ledger": {"coffer.ledger", "coffer.registry.model"},
    "coffer.registry": {"coffer.registry", "coffer.ledger.refusal"},
    "coffer.ids": set(),
    "coffer.times": set(),
    "coffer": set(),
}
"""What of ours the modules of a package may import. Of each other, the ledger and the registry know plain types."""

PACKAGES: Mapping[str, set[str]] = {
    "coffer.api": {"pydantic", "pydantic_core"},
    "coffer.api.administration": {"botocore"},  # KMS's errors, told to an operator
    "coffer.api.log": {"aws_lambda_powertools"},
    "coffer.api.runtime": {"botocore"},  # makes the clients
    "coffer.auth.public_key": {"cryptography", "jwt"},
    "coffer.auth.signing": {"jwt"},
    "coffer.auth.verification": {"jwt"},
    "coffer.models": {"pydantic", "pydantic_core"},
    "coffer.store": {"botocore"},
}
"""Which packages of others the modules of a package, or a module, may import; none but these."""

OF_COFFER_ITSELF = {"coffer.__version__", "coffer.IN_LAMBDA"}

KEY_NAMES = re.compile(r"\b(?:pk|sk|gsi[12][ps]k)\b")


@dataclass(frozen=True, slots=True)
class Module:
    """A module of ours, by its source: nothing is imported here."""

    name: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The part of the house that it belongs to: `coffer.store`, `functions`, or itself."""
        parts = self.name.split(".")
        return parts[0] if parts[0] == "functions" else ".".join(parts[:2])

    @property
    def imports(self) -> Iterator[tuple[str, bool]]:
        """The full names of what it imports, wherever that stands, and whether only for annotations."""
        hidden = {
            id(inner)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for inner in ast.walk(node)
        }
        for node in ast.walk(self.tree):
            match node:
                case ast.ImportFrom(module=module, names=names, level=level):
                    origin = "." * level + (module or "")  # relative ones are nobody's package, and so not allowed
                    yield from ((f"{origin}.{alias.name}", id(node) in hidden) for alias in names)
                case ast.Import(names=names):
                    yield from ((alias.name, id(node) in hidden) for alias in names)

    @property
    def texts(self) -> Iterator[str]:
        """Its strings, but for those that only explain."""
        explaining = {
            id(node.value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining:
                yield node.value


def ours() -> Iterator[Module]:
    """Every module of the package and every function."""
    for root in (ROOT / "layers" / "common", ROOT):
        for path in sorted((root / ("coffer" if root != ROOT else "functions")).rglob("*.py")):
            name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            yield Module(name, ast.parse(path.read_text()))


MODULES = list(ours())
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)


def is_in(name: str, package: str) -> bool:
    """Whether a full name is a package's, or of something in it."""
    return f"{name}.".startswith(f"{package}.")


@every_module
def test_imports_run_one_way(module: Module) -> None:
    allowed = DIRECTIONS[module.package]
    for name, _ in module.imports:
        if is_in(name, "coffer"):
            # Of `coffer` itself only what stands there: else it would stand for everything below it.
            known = any(is_in(name, package) for package in allowed - {"coffer"})
            assert known or ("coffer" in allowed and name in OF_COFFER_ITSELF), f"{module.name} imports {name}"


@every_module
def test_other_people_s_packages_stand_where_they_belong(module: Module) -> None:
    allowed = set().union(*(names for place, names in PACKAGES.items() if is_in(module.name, place)))
    for name, for_annotations in module.imports:
        package = name.partition(".")[0]
        if package in sys.stdlib_module_names | {"coffer"} or (for_annotations and package.startswith("types_")):
            continue
        assert package in allowed, f"{module.name} imports {name}"


@pytest.mark.parametrize(
    "module", [each for each in MODULES if each.package != "coffer.store"], ids=lambda module: module.name
)
def test_only_the_store_names_the_table_s_keys(module: Module) -> None:
    assert [text for text in module.texts if KEY_NAMES.search(text)] == []


def test_the_rules_are_about_modules_that_are_there() -> None:
    packages = {module.package for module in MODULES}
    assert packages == DIRECTIONS.keys()
    for place, names in PACKAGES.items():
        used = {name.partition(".")[0] for each in MODULES if is_in(each.name, place) for name, _ in each.imports}
        assert names <= used, f"{place} no longer imports all of {names}"


HEAVY = ("boto3", "jwt", "cryptography", "aws_lambda_powertools.event_handler")
"""What most endpoints must not load: a cold start pays for every module."""

MAY_LOAD: Mapping[tuple[str, str], set[str]] = {
    ("auth", "authorizer"): {"jwt", "cryptography"},
    ("auth", "access_token"): {"jwt"},
}

WITHOUT = {("auth", "access_token"): ["cryptography"]}
"""What is not there on Lambda: jwt takes it along where it finds it, and works without."""

LOADED = """
import json, os, sys
import aws_lambda_powertools.logging, botocore.session, pydantic.main  # a second of each: here it is spent once
for function, missing in json.loads(sys.argv[1]):
    if os.fork() == 0:
        sys.modules.update(dict.fromkeys(missing))  # as if they were not installed
        __import__(function)
        print(json.dumps([name for name, module in sys.modules.items() if module]), flush=True)
        os._exit(0)
    if os.wait()[1]:
        sys.exit(f"{function} cannot be imported")
"""


@pytest.fixture(scope="module")
def loaded() -> Mapping[tuple[str, str], list[str]]:
    """What is loaded once a function's module is, each in a process of its own."""
    places = list(modules())
    asked = [(f"functions.{'.'.join(place)}", WITHOUT.get(place, [])) for place in places]
    command = [sys.executable, "-W", "error", "-c", LOADED, json.dumps(asked)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return dict(zip(places, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("place", list(modules()), ids="/".join)
def test_a_function_loads_nothing_heavy_that_it_does_not_need(
    place: tuple[str, str], loaded: Mapping[tuple[str, str], list[str]]
) -> None:
    heavy = {package for package in HEAVY for name in loaded[place] if is_in(name, package)}
    assert heavy == MAY_LOAD.get(place, set())


def test_each_process_sees_its_own_function_and_no_other(loaded: Mapping[tuple[str, str], list[str]]) -> None:
    for place, names in loaded.items():
        own = [name for name in names if name.startswith("functions.") and name.count(".") == 2]
        assert own == [f"functions.{'.'.join(place)}"]
