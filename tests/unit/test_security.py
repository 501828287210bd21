"""What `docs/security.md` says is there, and what it says of the source is so."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from coffer.auth.secrets import ApiKeyId
from local.samples import API_KEY, API_SECRET, CLIENT, PARTNER, PARTNER_API_KEY
from tests.unit.auth.test_secrets import API_KEY as KEY_OF_A_TEST
from tools.endpoints import ROOT

DOCUMENT = (ROOT / "docs" / "security.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT)
RISKS = [f"API{number}" for number in range(1, 11)]

SOURCES = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers" / "common" / "coffer").rglob("*.py")]
"""All that is deployed and ours."""
RUNTIME = ROOT / "layers" / "common" / "coffer" / "api" / "runtime.py"
"""Where clients of services are made."""

IMPORTED = {
    *("__future__", "base64", "collections", "contextlib", "copy", "dataclasses", "datetime", "decimal", "enum"),
    *("functools", "gc", "hashlib", "heapq", "hmac", "ipaddress", "itertools", "json", "logging", "math", "pathlib"),
    *("random", "re", "secrets", "time", "types", "typing", "unicodedata", "urllib.parse"),
    *("coffer", "pydantic", "pydantic_core", "types_boto3_dynamodb", "types_boto3_kms"),
    *("aws_lambda_powertools.logging.Logger", "botocore.config.Config", "botocore.exceptions", "cryptography"),
    *("concurrent.futures.Executor", "concurrent.futures.ThreadPoolExecutor", "http.HTTPStatus"),
    *("jwt.InvalidTokenError", "jwt.PyJWK", "jwt.PyJWS", "jwt.algorithms", "jwt.utils"),
    # What could do more is looked at below.
    *("botocore.session.get_session", "os"),
}
"""What is imported, or above it: nothing in it can open a connection, or start a process that could."""


def test_every_test_that_is_named_exists() -> None:
    missing = [f"{path}::{name}" for path, name in NAMED if name not in _functions(ROOT / path)]
    assert missing == []
    assert NAMED


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`((?:tests|docs|layers|functions|\.github)/[\w./-]+\.\w+)`", DOCUMENT)
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert named


@pytest.mark.parametrize("risk", RISKS)
def test_every_risk_has_a_control_and_a_test(risk: str) -> None:
    (section,) = re.findall(rf"^### {risk} .*?(?=^##)", DOCUMENT, re.MULTILINE | re.DOTALL)
    control, _, tests = section.partition("\n- ")
    assert len(control.splitlines()) > 2
    assert "::test_" in tests


def test_nothing_that_is_deployed_opens_a_connection_but_botocore() -> None:
    imported = {name: source for source in SOURCES for name in _imports(source.read_text())}
    others = {name: source for name, source in imported.items() if not _is_in(name, IMPORTED)}
    assert others == {}
    assert {known for known in IMPORTED if not any(_is_in(name, {known}) for name in imported)} == set()
    assert len(SOURCES) > 100


CONNECTING = [
    *("import socket", "import urllib.request", "from urllib import request", "from http import client"),
    *(
        "import http.client",
        "import asyncio",
        "import subprocess",
        "import xmlrpc.client",
        "import boto3",
        "import httpx",
    ),
    *("from jwt import PyJWKClient", "from jwt.jwks_client import PyJWKClient", "import importlib", "import botocore"),
    *("from botocore.httpsession import URLLib3Session", "from botocore import httpsession", "from http import *"),
    *(
        "from os import system",
        "import os as o",
        "from . import secrets",
        "from concurrent.futures import ProcessPoolExecutor",
        "import multiprocessing",
    ),
]


@pytest.mark.parametrize("line", CONNECTING)
def test_what_could_open_a_connection_may_not_be_imported(line: str) -> None:
    assert [name for name in _imports(line) if not _is_in(name, IMPORTED)] != []


def test_the_services_that_are_called_are_dynamodb_and_kms() -> None:
    assert [each.id for each in _nodes() if isinstance(each, ast.Name)].count("get_session") == 1
    calls = [each for each in ast.walk(ast.parse(RUNTIME.read_text())) if isinstance(each, ast.Call)]
    of_session = [ast.unparse(each) for each in calls if "session" in ast.unparse(each)]
    assert sorted(of_session) == [
        "_session()",
        "_session().create_client(service, config=CLIENT)",
        "cache(get_session)",
    ]
    asked = {ast.unparse(each.args[0]) for each in calls if ast.unparse(each.func) == "_client"}
    assert asked == {"'dynamodb'", "'kms'"}


def test_nothing_is_taken_of_the_operating_system_but_the_environment() -> None:
    names = [each.id for each in _nodes() if isinstance(each, ast.Name)]
    of_os = [each.attr for each in _nodes() if isinstance(each, ast.Attribute) and ast.unparse(each.value) == "os"]
    assert of_os == ["environ"] * names.count("os")
    assert not {"__import__", "eval", "exec"} & {*names}


def test_no_api_key_or_secret_but_the_samples_is_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = {
        text
        for path in listed.decode().split("\0")
        if path and (ROOT / path).is_file()
        for text in re.findall(r"(?:cfs_[-\w]{43}|cfk_[-\w]{44})(?![-\w])", (ROOT / path).read_text(errors="replace"))
    }
    samples = {str(ApiKeyId(CLIENT, API_KEY)), str(ApiKeyId(PARTNER, PARTNER_API_KEY))}
    assert found == {API_SECRET, *samples, KEY_OF_A_TEST}


def _functions(path: Path) -> set[str]:
    return {each.name for each in ast.parse(path.read_text()).body if isinstance(each, ast.FunctionDef)}


def _imports(source: str) -> Iterator[str]:
    """What is imported, by its full name."""
    for each in ast.walk(ast.parse(source)):
        match each:
            case ast.Import(names):
                yield from (f"{alias.name} as {alias.asname}" if alias.asname else alias.name for alias in names)
            case ast.ImportFrom(module, names):
                yield from (f"{module}.{alias.name}" for alias in names)


def _is_in(name: str, known: Iterable[str]) -> bool:
    """Whether a module, or what is imported of it, is one of some, or below it; of `os` there is nothing else."""
    return any(f"{name}.".startswith(f"{each}.") for each in known) and not name.startswith("os.")


@cache
def _nodes() -> list[ast.AST]:
    return [node for source in SOURCES for node in ast.walk(ast.parse(source.read_text()))]
