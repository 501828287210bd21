"""The README's first steps, run as they are printed."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from local.home import PROJECT, Home
from local.stack import Stack


def blocks(heading: str) -> list[str]:
    """The shell commands under a heading of the README."""
    section = (PROJECT / "README.md").read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def test_the_first_steps_are_made_by_the_commands_of_the_readme(stack: Stack, home: Home, tmp_path: Path) -> None:
    assert stack.base_url
    (tmp_path / ".local").mkdir()
    shutil.copy(home.access, tmp_path / ".local" / "stack.json")
    first, *others = [*blocks("First assets"), *blocks("First money")]
    commands = "\necho\n".join([first.replace("make up\n", "", 1), *others])
    ran = subprocess.run(["bash", "-euc", commands], cwd=tmp_path, capture_output=True, text=True, check=True)
    asset, token, balances, sent = map(json.loads, ran.stdout.splitlines())
    assert (asset["code"], asset["decimals"], asset["deletedAt"]) == ("BTC", 8, None)
    assert (token["symbol"], token["chain"], token["balance"]) == ("USDT", "polygon", "0.00")
    (balance,) = balances["items"]
    assert (balance["available"], balance["onHold"]) == ("0.4", "0")
    assert sent["status"] == "PENDING"
