"""The environment of our processes: little, so that nobody's shell changes what runs."""

import os
import sys
from collections.abc import MutableMapping
from io import TextIOWrapper
from pathlib import Path

from infra.machine.home import Home

INHERITED = ("PATH", "HOME", "USER", "LANG", "TMPDIR")
MARK = "COUNTERSTEP_HOME"
OF_POSTGRES = "PG"
"""The prefix of the variables that PostgreSQL's clients read: ours get every value explicitly."""


def base_environment(home: Home) -> dict[str, str]:
    """The environment of every process of this home. The mark identifies its processes later."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    if not Path(inherited.get("TMPDIR", "/")).is_dir():
        del inherited["TMPDIR"]  # shells would fail where they write there
    return {**inherited, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", MARK: str(home.path)}


def shed_foreign_settings(environment: MutableMapping[str, str]) -> None:
    """Forget what this shell says to other programs, and that our own client libraries would take for theirs."""
    for name in [name for name in environment if name.startswith(OF_POSTGRES) and name[2:3].isupper()]:
        del environment[name]


def print_whatever_the_terminal_can() -> None:
    """Replace characters that the terminal's encoding lacks, instead of ending in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
