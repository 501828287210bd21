"""Leaves of botocore what Coffer's services need: python trim.py FOLDER SERVICE…

A client reads its data when it is made, at every cold start: a list of the endpoints of all services of AWS, 1.2 MB,
and a service's model, packed, most of which is its documentation. And every connection, of which a first request opens
one for each of its parallel reads, parses the certificates of all authorities that a browser trusts
(https://github.com/urllib3/urllib3/issues/3623).
"""

import gzip
import json
import re
import shutil
import sys
from collections.abc import Collection
from pathlib import Path

AUTHORITIES = ("Amazon", "Starfield", "DigiCert")
"""Who signs for AWS, and did before: https://www.amazontrust.com/repository/ says which roots to trust."""


def trim(botocore: Path, services: Collection[str]) -> None:
    """Trim the package."""
    certificates = botocore / "cacert.pem"
    certificates.write_text(trusted(certificates.read_text()))
    trim_data(botocore / "data", services)


def trusted(bundle: str) -> str:
    """Of a bundle as certifi makes it, with a comment above each root certificate, the ones of AWS's authorities."""
    roots = bundle.strip().split("\n\n")
    return "\n\n".join(root for root in roots if re.search(rf"^# Issuer: .*\b({'|'.join(AUTHORITIES)})\b", root)) + "\n"


def trim_data(data: Path, services: Collection[str]) -> None:
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
