"""Runs the tools of scaffolding: git, Copier, ruff, and the writers of generated files."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.machine.user_error import UserError

REGISTRY = "orchestrator.sagas:SAGAS"
"""Where the shop's sagas are registered."""


def output(part: str, *command: str, directory: Path, python_path: str = "") -> str:
    """Run a command there and return what it says. Raises UserError with its last words where it fails."""
    done = subprocess.run(  # noqa: S603 - our own words, and names that were checked
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=directory,
        env={**os.environ, "PYTHONPATH": python_path} if python_path else None,
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines() or [f"ended with status {done.returncode}"]
        raise UserError(part, words[-1], "\n".join(words[:-1]))
    return done.stdout


def write(checkout: Path, texts: Mapping[Path, str]) -> None:
    """Write the files; Python's formatted and with their imports sorted, as a new entry among them needs it."""
    for path, text in texts.items():
        path.write_text(text)
    modules = [str(path) for path in texts if path.suffix == ".py"]
    module(checkout, "ruff", "check", "--quiet", "--select", "I", "--fix", *modules)
    module(checkout, "ruff", "format", "--quiet", *modules)


def module(checkout: Path, name: str, *words: str, beside: str = "") -> None:
    """Run a module of this environment, or of its folder. Raises UserError as `output` does."""
    output(f"python -m {name}", sys.executable, "-m", name, *words, directory=checkout, python_path=beside)


def write_sagas(checkout: Path) -> None:
    """Freeze the sagas that are new, and draw their diagrams. Raises UserError as `output` does."""
    module(checkout, "counterstep.saga.golden", REGISTRY, "services/orchestrator/golden", "--write")
    module(checkout, "counterstep.saga.drawings", REGISTRY, "docs")


def write_contracts(checkout: Path) -> None:
    """Freeze the messages that are new, and write the API documents again. Raises UserError as `output` does."""
    module(checkout, "counterstep.protocol.golden", "contracts", "contracts/golden", "--write")
    module(checkout, "api_documents", "--write", beside="tests")
