"""A stand-in for the `docker` command: it records its calls, and gives prepared answers."""

import json
import os
import sys
from pathlib import Path
from typing import Any

SCRIPT = """#!{python}
import json, os, pathlib, sys
folder = pathlib.Path(__file__).parent
with (folder / "calls").open("a") as calls:
    print(json.dumps(sys.argv[1:]), file=calls)
(folder / "environment").write_text(json.dumps(dict(os.environ)))
answers = json.loads((folder / "answers").read_text())
answer = next((each for words, each in answers.items() if set(words.split()) <= set(sys.argv[1:])), {{}})
print(answer.get("out", ""), end="")
print(answer.get("err", ""), end="", file=sys.stderr)
sys.exit(answer.get("status", 0))
"""

USABLE = {"compose version": {"out": "2.26.1"}, "version": {"out": "26.1.5+dfsg1"}}
"""What it answers about itself, unless a test says otherwise."""


class StandIn:
    """A folder with such a `docker` in it, for the front of PATH."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        program = folder / "docker"
        program.write_text(SCRIPT.format(python=sys.executable))
        program.chmod(0o755)
        self.answer({})

    @property
    def path(self) -> str:
        return f"{self._folder}:{os.environ['PATH']}"

    def answer(self, answers: dict[str, dict[str, Any]]) -> None:
        """Say what it answers from now on: words of the call → out, err and status; the first that fits counts."""
        (self._folder / "answers").write_text(
            json.dumps(answers | {each: USABLE[each] for each in USABLE if each not in answers})
        )

    def calls(self) -> list[list[str]]:
        """Return the arguments of every call so far."""
        calls = self._folder / "calls"
        return [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []

    def environment(self) -> dict[str, str]:
        """Return what the last call found in its environment."""
        found: dict[str, str] = json.loads((self._folder / "environment").read_text())
        return found


def container(service: str, state: str = "running", health: str = "healthy", exit_code: int = 0) -> str:
    """One line of `docker compose ps --format json`."""
    entry = {
        "Service": service,
        "State": state,
        "Health": health,
        "ExitCode": exit_code,
        "Status": "Up 2 minutes (healthy)" if state == "running" else "",
        "Publishers": [{"URL": "127.0.0.1", "TargetPort": 1, "PublishedPort": 8001, "Protocol": "tcp"}],
        "Name": f"counterstep-{service}-1",
    }
    return json.dumps(entry) + "\n"


def inspected(service: str, state: str = "running", *, restarts: int = 0, **more: Any) -> dict[str, Any]:
    """One container, as `docker container inspect` tells of it; `more` is of its state."""
    return {
        "State": {"Status": state, "ExitCode": 0, "Error": "", "OOMKilled": False, **more},
        "RestartCount": restarts,
        "Config": {"Labels": {"com.docker.compose.service": service}},
    }
