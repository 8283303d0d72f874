"""How this user types our commands, from the folder that they are in."""

import re
import shlex
import shutil
import sys
from pathlib import Path

from infra.machine.checkout import CHECKOUT

COMMAND = re.compile(r"(?<=`)(saga|make)(?= )")
PROGRAM = Path(sys.prefix) / "bin" / "saga"


def as_typed(text: str) -> str:
    """Write each `saga …` and `make …` between backticks as it can be pasted here.

    Our texts say `saga doctor`. Where `saga` is not on PATH, that becomes `.venv/bin/saga doctor`, and from
    another folder `make up` becomes `make -C /path/to/checkout up`.
    """
    return COMMAND.sub(lambda found: _typed(found[1]), text)


def command(words: str) -> str:
    """Write one command, such as `saga token`, as it can be pasted here."""
    return as_typed(f"`{words} `")[1:-2]


def _typed(program: str) -> str:
    return _saga() if program == "saga" else _make()


def _saga() -> str:
    known = shutil.which("saga")
    if known and Path(known).resolve() == PROGRAM.resolve():
        return "saga"
    return shlex.quote(str(PROGRAM.relative_to(Path.cwd()) if PROGRAM.is_relative_to(Path.cwd()) else PROGRAM))


def _make() -> str:
    return "make" if Path.cwd() == CHECKOUT else f"make -C {shlex.quote(str(CHECKOUT))}"
