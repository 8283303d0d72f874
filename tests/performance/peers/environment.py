"""The peers' own programs, in `.bench`: installed once, apart from everything that is measured in our system."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from infra.machine.checkout import CHECKOUT
from infra.machine.loopback import LOOPBACK
from infra.machine.user_error import UserError

FOLDER: Final = CHECKOUT / ".bench"
LOCK: Final = Path(__file__).with_name("requirements.lock")
RESTATE: Final = "@restatedev/restate-server@1.7.12"
SERVERS: Final = "node_modules/@restatedev/restate-server-*/bin/restate-server"


def python() -> Path:
    """The interpreter that has their packages. Raises UserError where these cannot be installed."""
    environment = FOLDER / "peers"
    made = environment / "made"
    if not made.exists() or made.stat().st_mtime < LOCK.stat().st_mtime:
        shutil.rmtree(environment, ignore_errors=True)
        _run("their packages", (sys.executable, "-m", "venv", str(environment)))
        pip = (
            str(environment / "bin" / "python"),
            "-m",
            "pip",
            "--quiet",
            "--disable-pip-version-check",
            "install",
        )
        _run("their packages", (*pip, "--no-deps", "--require-hashes", "--requirement", str(LOCK)))
        made.touch()
    return environment / "bin" / "python"


def restate_server() -> Path:
    """Restate's server for this machine. Raises UserError where it cannot be installed."""
    if not (found := list(FOLDER.glob(SERVERS))):
        if not shutil.which("npm"):
            raise UserError("restate-server", "npm is needed to install it")
        FOLDER.mkdir(exist_ok=True)
        _run("restate-server", ("npm", "install", "--silent", "--no-save", "--prefix", str(FOLDER), RESTATE))
        found = list(FOLDER.glob(SERVERS))
    if not found:
        raise UserError("restate-server", "its package holds no program for this machine")
    return found[0]


@contextmanager
def running(
    command: tuple[str, ...], *, spoken_to: bool = False, **settings: str
) -> Iterator["subprocess.Popen[str]"]:
    """Run one of their programs with these settings in its environment, and with pipes if it reads commands."""
    with (FOLDER / "peers.log").open("a") as log:
        process = subprocess.Popen(  # noqa: S603 - chosen above
            command,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT / "tests"), **settings},
            stdin=subprocess.PIPE if spoken_to else subprocess.DEVNULL,
            stdout=subprocess.PIPE if spoken_to else log,
            stderr=log,
            text=True,
        )
        try:
            yield process
        finally:
            _end(process)


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses at this moment."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.create_server((LOOPBACK, 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in listeners]


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _run(what: str, command: tuple[str, ...]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - chosen above
    if done.returncode:
        raise UserError(
            what, f"cannot be installed: {command[0]} ended with {done.returncode}", done.stdout + done.stderr
        )
