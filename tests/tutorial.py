"""The tutorial as a script: what its reader types, and what they then see."""

import re
from pathlib import Path
from typing import Final, NamedTuple

from infra.machine.checkout import CHECKOUT

PAGE: Final = CHECKOUT / "docs" / "tutorial.md"
BLOCK: Final = re.compile(r"^(<!-- not run: .+ -->\n)?```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PORT: Final = re.compile(r"(?<=localhost:)\d+")
UP: Final = "make up"
FREE: Final = "from infra.machine.ports import Ports; print(Ports.free().order - Ports().order)"
"""How far all ports are moved, so that they are free; found out when they are about to be used."""


class Step(NamedTuple):
    """A block that is typed, and lines that its output has, in which `…` stands for anything within a line."""

    typed: str
    seen: tuple[str, ...]

    def missing(self, output: str) -> list[str]:
        """The lines that the output does not have."""
        return [line for line in self.seen if not re.search(_pattern(line), output)]


def steps(page: Path = PAGE) -> list[Step]:
    """All of them, with every port moved as `script` has it."""
    found: list[Step] = []
    for not_run, kind, text in BLOCK.findall(page.read_text()):
        if not_run:
            continue
        if kind == "sh":
            found.append(Step(PORT.sub(r"$((\g<0> + PORT_OFFSET))", text), ()))
        else:
            found[-1] = found[-1]._replace(seen=tuple(text.splitlines()))
    return found


def script(steps: list[Step], outputs: Path) -> str:
    """All that is typed, for one shell; what each step prints goes to a file of its number."""
    lines = ["set -eu"]
    for number, step in enumerate(steps):
        if step.typed.startswith(UP):
            lines.append(f"export PORT_OFFSET=$(.venv/bin/python -c '{FREE}')")
        lines.append(f"{{\n{step.typed}}} >{outputs}/{number} 2>&1")
    return "\n".join(lines)


def _pattern(line: str) -> str:
    parts = (r" +".join(map(re.escape, re.split(" +", part))) for part in line.split("…"))
    return ".*".join(parts)
