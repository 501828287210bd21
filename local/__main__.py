"""`python -m local run|up|down|invoke|sizes`: what the Makefile's targets of these names do."""

import argparse
import signal
import sys
from pathlib import Path

import httpx
from botocore.exceptions import BotoCoreError

from local.containers import invoke
from local.emulator import Emulator
from local.home import DEFAULT_PORT, LOOPBACK, Home
from local.problem import Problem
from local.sizes import print_sizes
from local.stack import Stack, down, up
from local.walk import walk

_INTERRUPTED = 130  # as a shell reports SIGINT


def main() -> int:
    """Parse the command line and run its command; the exit code."""
    arguments = _parser().parse_args()
    home = Home(arguments.directory.resolve(), arguments.port, arguments.interface)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if arguments.command == "invoke":
            invoke(home, arguments.function, arguments.event)
        else:
            _COMMANDS[arguments.command](home)
    except Problem as problem:
        return _failed(str(problem))
    except (BotoCoreError, httpx.TransportError) as error:
        return _failed(f"the emulator doesn't answer ({error}): `make down`, then again")
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--directory", type=Path, default=Home().folder, help="where the stack keeps its things")
    common.add_argument("--port", type=int, default=DEFAULT_PORT, help="where the emulator listens")
    common.add_argument("--interface", default=LOOPBACK, help="the address that it listens at")
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in _COMMANDS:
        commands.add_parser(command, parents=[common])
    invoking = commands.add_parser("invoke", parents=[common])
    invoking.add_argument("function", help="a function's name in the template")
    invoking.add_argument("event", type=Path, help="a file with what it is to be invoked with")
    return parser


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


_COMMANDS = {"run": _run, "up": _up, "down": _down, "sizes": _sizes}


if __name__ == "__main__":
    sys.exit(main())
