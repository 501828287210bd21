"""A running stack: its address, its first client, and what a caller or an operator can do with it."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from coffer.auth.scopes import Scope
from local.build import build, fingerprint
from local.cloud import Cloud
from local.deploy import deploy, is_current
from local.emulator import Emulator
from local.gateway import read
from local.home import Home
from local.progress import step
from local.samples import store_samples


@dataclass(frozen=True, slots=True)
class Access:
    """A client and one of its API keys."""

    client_id: str
    api_key: str
    api_secret: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The deployed template behind `base_url`, with the client that was made for whoever sits at this machine."""

    base_url: str
    access: Access
    cloud: Cloud

    def invoke(self, function: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Invoke a function by its name in the template, as an operator does; Problem when it raises."""
        return self.cloud.invoke(function, payload)

    def new_access(self, client_name: str, scopes: Sequence[str] = tuple(Scope)) -> Access:
        """A client of its own, with a key for every scope, the settlement's too, unless `scopes` says which."""
        return _new_access(self.cloud, client_name, scopes)

    def token(self, access: Access | None = None) -> str:
        """A bearer token of `access`, by default of the stack's own client."""
        answer = _ask_for_token(self.base_url, access or self.access)
        return str(answer.raise_for_status().json()["access_token"])


def up(home: Home) -> Stack:
    """Bring the stack up to the code: build and deploy what changed, keep what is stored; Problem when it can't.

    What the sample events are about is stored too, so that `make invoke` works with them.
    """
    emulator = Emulator(home)
    with step("starting the emulator"):
        emulator.start()
    cloud = Cloud(home)
    sources = fingerprint()
    if not is_current(home, cloud, sources):
        with step("building functions and layers"):
            build(home)
        with step("deploying the template"):
            deploy(home, cloud, sources)
    api_id = cloud.name(read(home.template).logical_id)
    base_url = f"{home.endpoint}/_aws/execute-api/{api_id}/$default"
    access = _kept_access(home.access, base_url)
    if access is None:
        with step("publishing a signing key, making a client"):
            access = _first_access(cloud)
    store_samples(cloud.table())
    _keep(home.access, base_url, access)
    return Stack(base_url, access, cloud)


def down(home: Home) -> bool:
    """Stop the stack; everything stored is kept. Whether there was one to stop."""
    return Emulator(home).stop()


def _first_access(cloud: Cloud) -> Access:
    kid = cloud.invoke("PublishSigningKeyFunction", {})["kid"]
    cloud.invoke("SwitchSigningKeyFunction", {"kid": kid})
    return _new_access(cloud, "Local", tuple(Scope))


def _new_access(cloud: Cloud, client_name: str, scopes: Sequence[str]) -> Access:
    client_id = cloud.invoke("CreateClientFunction", {"client_name": client_name})["client_id"]
    key = cloud.invoke("CreateApiKeyFunction", {"client_id": client_id, "scopes": list(scopes)})
    return Access(client_id, key["api_key"], key["api_secret"])


def _ask_for_token(base_url: str, access: Access) -> httpx.Response:
    headers = {"X-API-Key": access.api_key, "X-API-Secret": access.api_secret}
    return httpx.post(f"{base_url}/api/v1/auth/token", headers=headers, timeout=60)


def _kept_access(file: Path, base_url: str) -> Access | None:
    """The client of an earlier start, unless the stack doesn't know it: an emulator that was killed has forgotten."""
    if not file.exists():
        return None
    kept = json.loads(file.read_text())
    access = Access(kept["client_id"], kept["api_key"], kept["api_secret"])
    forgotten = _ask_for_token(base_url, access).status_code == httpx.codes.UNAUTHORIZED
    return None if forgotten else access


def _keep(file: Path, base_url: str, access: Access) -> None:
    kept = {
        "base_url": base_url,
        "client_id": access.client_id,
        "api_key": access.api_key,
        "api_secret": access.api_secret,
    }
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as output:
        output.write(json.dumps(kept, indent=2) + "\n")
