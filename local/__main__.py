"""`python -m local run|up|down|sizes`: what the Makefile's targets of these names do."""

import argparse
import signal
import sys
from pathlib import Path

import httpx
from botocore.exceptions import BotoCoreError

from local.emulator import Emulator
from local.home import DEFAULT_PORT, Home
from local.problem import Problem
from local.sizes import print_sizes
from local.stack import Stack, down, up
from local.walk import walk

_INTERRUPTED = 130  # as a shell reports SIGINT


def main() -> int:
    """Parse the command line and run its command; the exit code."""
    commands = {"run": _run, "up": _up, "down": _down, "sizes": _sizes}
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=commands)
    parser.add_argument("--directory", type=Path, default=Home().folder, help="where the stack keeps its things")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="where the emulator listens")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        commands[arguments.command](Home(arguments.directory.resolve(), arguments.port))
    except Problem as problem:
        return _failed(str(problem))
    except (BotoCoreError, httpx.TransportError) as error:
        return _failed(f"the emulator doesn't answer ({error}): `make down`, then again")
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


def _up(home: Home) -> None:
    _describe(up(home), home)


def _down(home: Home) -> None:
    print("Stopped; everything stored is kept." if down(home) else "Nothing was running.")


def _sizes(_home: Home) -> None:
    print_sizes()


def _run(home: Home) -> None:
    """Set up, walk, serve until interrupted; what was running before is left running."""
    emulator = Emulator(home)
    ours = not emulator.is_running()
    try:
        stack = up(home)
        try:
            walk(stack.base_url, stack.access)
        except httpx.HTTPStatusError as error:
            raise Problem(f"the walk stopped at {error.response.status_code}, which it didn't expect") from None
        print()
        _describe(stack, home)
        _serve(emulator)
    finally:
        if ours and down(home):
            print("Stopped; everything stored is kept.")


def _serve(emulator: Emulator) -> None:
    print("Serving until Ctrl-C.", flush=True)
    try:
        emulator.wait()
    except KeyboardInterrupt:
        print()
        return
    raise Problem("the emulator was stopped: `make run` starts it again")


def _failed(problem: str) -> int:
    print(f"error: {problem}", file=sys.stderr)
    return 1


def _describe(stack: Stack, home: Home) -> None:
    print(f"Coffer is at {stack.base_url}")
    print(f"Its first client's key and secret are in {home.access}")


if __name__ == "__main__":
    sys.exit(main())
