"""The template built for this machine's processor."""

import hashlib
import platform
import shutil
import sys
from pathlib import Path

from local.home import PROJECT, Home, run, tool

_ARCHITECTURES = {"x86_64": "x86_64", "AMD64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}


def architecture() -> str:
    """This machine's processor, in Lambda's words."""
    return _ARCHITECTURES[platform.machine()]


def fingerprint() -> str:
    """What a build is made of: this machine's processor and every source, by name and content."""
    digest = hashlib.sha256(architecture().encode())
    for source in [PROJECT / "template.yaml", *_sources()]:
        content = hashlib.sha256(source.read_bytes()).hexdigest()
        digest.update(f"{source.relative_to(PROJECT)} {content}\n".encode())
    return digest.hexdigest()


def build(home: Home) -> None:
    """Build what changed; Problem when it fails."""
    for cache in _below("__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)  # SAM would take it for a change of the source
    run(
        [
            tool("sam"),
            "build",
            *("--build-dir", home.build),
            *("--cache-dir", home.folder / "cache"),
            *("--parameter-overrides", f"Architecture={architecture()}"),
        ],
        home.environment() | _layer_environment(),
        home.folder / "build.log",
    )


def _layer_environment() -> dict[str, str]:
    """What the layers' recipes want to know. The emulator's workers are processes of this machine: a Mac's need wheels
    for macOS."""
    environment = {"ARCHITECTURE": architecture()}
    if sys.platform == "darwin":
        environment["WHEELS"] = f"{'aarch64' if architecture() == 'arm64' else 'x86_64'}-apple-darwin"
    return environment


def _sources() -> list[Path]:
    return sorted(path for path in _below("*") if path.is_file() and path.parent.name != "__pycache__")


def _below(pattern: str) -> list[Path]:
    return [path for folder in ("functions", "layers") for path in (PROJECT / folder).rglob(pattern)]
