"""What `docs/security.md` says is there, and what it says of the source is so."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.samples import API_SECRET
from tools.endpoints import ROOT

DOCUMENT = (ROOT / "docs" / "security.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT)
RISKS = [f"API{number}" for number in range(1, 11)]

CONNECTING = {
    "socket",
    "ssl",
    "http.client",
    "urllib.request",
    "urllib3",
    "ftplib",
    "smtplib",
    "requests",
    "httpx",
    "aiohttp",
}
"""Modules that open connections; what botocore does is its own."""


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
    sources = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers" / "common" / "coffer").rglob("*.py")]
    connecting = {
        f"{source.relative_to(ROOT)}: {name}"
        for source in sources
        for name in _imports(source)
        if any(f"{name}.".startswith(f"{module}.") for module in CONNECTING)
    }
    assert connecting == set()
    assert len(sources) > 100


def test_no_api_key_or_secret_but_the_samples_is_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = {
        secret
        for path in listed.decode().split("\0")
        if path and (ROOT / path).is_file()
        for secret in re.findall(r"cfs_[-\w]{43}(?![-\w])", (ROOT / path).read_text(errors="replace"))
    }
    assert found == {API_SECRET}


def _functions(path: Path) -> set[str]:
    return {each.name for each in ast.parse(path.read_text()).body if isinstance(each, ast.FunctionDef)}


def _imports(path: Path) -> Iterator[str]:
    for each in ast.walk(ast.parse(path.read_text())):
        match each:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module)):
                yield module
