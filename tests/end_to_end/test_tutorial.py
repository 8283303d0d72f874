"""The tutorial, typed from its text into a copy of the checkout: a service and a saga, made, tested and used."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import tutorial
from contracts.topology import SERVICES
from infra.machine.checkout import CHECKOUT

NOT_COPIED = (".git", ".venv", ".run", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis")
WITHIN = 1_000  # seconds, for all of it
SHARED = f"""#!/bin/sh
# Stands in for the making of a whole environment, in a copy that shares the checkout's.
exec {sys.executable} {CHECKOUT / "tests" / "shared_environment.py"}
"""


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """A clone, as far as a reader can tell."""
    copy = tmp_path / "copy"
    shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
    (copy / "infra" / "make-environment.sh").write_text(SHARED)
    for words in (("init",), ("add", "--all"), ("commit", "--message", "a clone")):
        git = ("git", "-c", "user.name=reader", "-c", "user.email=reader@example.invalid", *words)
        subprocess.run(git, cwd=copy, check=True, capture_output=True)  # noqa: S603 - our own words
    yield copy
    subprocess.run(["make", "clean"], cwd=copy, check=True, capture_output=True)  # noqa: S607 - the reader's make


@pytest.mark.skipif("shipping" in SERVICES, reason="somebody has followed it in this checkout already")
@pytest.mark.timeout(WITHIN)
def test_the_tutorial_does_what_it_says(copy: Path, tmp_path: Path) -> None:
    steps = tutorial.steps()
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    environment = {**os.environ, "COUNTERSTEP_MODE": "native", "COLUMNS": "120"}
    for inherited in ("COUNTERSTEP_RUN", "PORT_OFFSET", "VIRTUAL_ENV", "MAKEFLAGS"):
        environment.pop(inherited, None)
    typed = subprocess.Popen(  # noqa: S603 - the tutorial's own words
        ["bash", "-c", tutorial.script(steps, outputs)],  # noqa: S607 - the reader's shell
        cwd=copy,
        env=environment,
        start_new_session=True,
    )
    try:
        ended = typed.wait(WITHIN)
    finally:
        if typed.poll() is None:
            os.killpg(typed.pid, signal.SIGKILL)
    outputs_read = [path.read_text() for path in sorted(outputs.iterdir(), key=lambda path: int(path.name))]
    assert ended == 0, f"{steps[len(outputs_read) - 1].typed}\n{outputs_read[-1]}"
    for step, output in zip(steps, outputs_read, strict=True):
        assert not step.missing(output), f"{step.typed}\n{output}"
