"""Leaves of botocore's data what Coffer's services need: python trim.py FOLDER SERVICE…

A client reads all of it when it is made, at every cold start: a list of the endpoints of all services of AWS, 1.2 MB,
and a service's model, packed, most of which is its documentation.
"""

import gzip
import json
import shutil
import sys
from collections.abc import Collection
from pathlib import Path


def trim(data: Path, services: Collection[str]) -> None:
    """Trim the folder `botocore/data`."""
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in services:
            shutil.rmtree(folder)
    endpoints = data / "endpoints.json"
    known = json.loads(endpoints.read_text())
    for partition in known["partitions"]:
        partition["services"] = {name: each for name, each in partition["services"].items() if name in services}
    endpoints.write_text(compact(known))
    for packed in data.glob("*/*/*.json.gz"):
        model = json.loads(gzip.decompress(packed.read_bytes()))
        packed.with_suffix("").write_text(compact(undocumented(model)))
        packed.unlink()


def undocumented(value: object) -> object:
    """A model without its documentation. (A member of that name is an object, and stays.)"""
    match value:
        case dict():
            return {
                name: undocumented(each)
                for name, each in value.items()
                if not (name == "documentation" and isinstance(each, str))
            }
        case list():
            return [undocumented(each) for each in value]
    return value


def compact(value: object) -> str:
    """JSON without white space."""
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    trim(Path(sys.argv[1]), sys.argv[2:])
