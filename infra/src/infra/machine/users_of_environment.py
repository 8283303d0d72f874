"""`python -m infra.machine.users_of_environment`: fails where other processes run from this checkout's .venv.

`make clean` asks it before it removes .venv: a stack whose home is elsewhere (`COUNTERSTEP_RUN`) runs from it too.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil


def users_of(environment: Path) -> Iterator[psutil.Process]:
    """The processes that run a program of the environment, without this process and its parents."""
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    for process in psutil.process_iter(["pid", "cmdline"]):
        command = process.info["cmdline"] or [""]
        if process.pid not in ours and Path(command[0]).is_relative_to(environment):
            yield process


def main() -> None:
    """Exit with 1 and one line that says what still runs, where something does."""
    environment = Path(sys.prefix)
    if found := list(users_of(environment)):
        homes = sorted({_home(process) for process in found} - {""})
        where = f" of the stack in {', '.join(homes)}" if homes else ""
        advice = f"type `COUNTERSTEP_RUN={homes[0]} make down` first" if homes else "end them first"
        raise SystemExit(f"{len(found)} processes{where} run from {environment}, so it is kept: {advice}")


def _home(process: psutil.Process) -> str:
    try:
        return process.environ().get("COUNTERSTEP_HOME", "")
    except psutil.Error:
        return ""


if __name__ == "__main__":
    main()
