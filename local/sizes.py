"""What the built functions and layers weigh."""

import io
import zipfile
from pathlib import Path

from local.home import PROJECT
from local.problem import Problem

_BUILD = PROJECT / ".aws-sam" / "build"


def print_sizes() -> None:
    """One line per layer and one for the functions: bytes as zipped for Lambda, and as unzipped there."""
    artifacts = sorted(path for path in _BUILD.glob("*") if path.is_dir())
    if not artifacts:
        raise Problem("nothing is built: `make build`")
    layers = [path for path in artifacts if path.name.endswith("Layer")]
    functions = [path for path in artifacts if path.name.endswith("Function")]
    for layer in layers:
        print(f"{layer.name:<14} {_megabytes(_zipped(layer))} zipped, {_megabytes(_unzipped(layer))} unzipped")
    zips = [_zipped(function) for function in functions]
    print(f"{len(functions)} functions   {max(zips):,} bytes zipped at most")


def _zipped(folder: Path) -> int:
    """The folder's size as a deflated zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for file in _files(folder):
            archive.write(file, file.relative_to(folder))
    return len(content.getvalue())


def _unzipped(folder: Path) -> int:
    return sum(file.stat().st_size for file in _files(folder))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:5.1f} MB"
