"""What a test run leaves where it cannot end by itself."""

import asyncio
import subprocess
import sys
from pathlib import Path

import leftovers
import psutil
from infra.machine.environment import MARK
from waiting import eventually

RUN = f"""
import subprocess, sys
from pathlib import Path
from infra.machine.home import Home
sys.path.append({str(Path(leftovers.__file__).parent)!r})
from leftovers import removed_at_last

home = Home(Path(sys.argv[1]))
home.create()
with removed_at_last(home.path):
    marked = {{"{MARK}": sys.argv[1], "PATH": "/usr/bin:/bin"}}
    part = subprocess.Popen(["sleep", "600"], env=marked, start_new_session=True)
    print(part.pid, flush=True)
    part.wait()
"""
"""A run with one process in place of a stack."""


def killed(home: Path) -> psutil.Process:
    """Begin a run, kill it, and return the process that it had started."""
    with subprocess.Popen([sys.executable, "-c", RUN, str(home)], stdout=subprocess.PIPE) as run:  # noqa: S603
        assert run.stdout
        part = psutil.Process(int(run.stdout.readline()))
        run.kill()
    return part


async def test_a_run_that_is_killed_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    home = tmp_path / "stack"
    part = await asyncio.to_thread(killed, home)

    async def left() -> tuple[bool, bool]:
        return part.is_running() and part.status() != psutil.STATUS_ZOMBIE, home.exists()

    await eventually(left, until=(False, False).__eq__)
