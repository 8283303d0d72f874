"""Orphaned processes: they have outlived their supervisor. All of them carry the mark of their home."""

from contextlib import suppress
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals

import psutil

from infra.machine.environment import MARK

GRACE = 15  # seconds between asking a process to end and ending it


def end(home: Path) -> None:
    """End every process of this home and wait until it is gone."""
    found = [process for process in psutil.process_iter() if belongs(process, home)]
    for process in found:
        _signal(process, SIGTERM)
    _, alive = psutil.wait_procs(found, timeout=GRACE)
    for process in alive:
        _signal(process, SIGKILL)
    psutil.wait_procs(alive)


def wait_for_end(pid: int) -> None:
    """Wait until the process is gone; it may be gone already."""
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait()


def belongs(process: psutil.Process, home: Path) -> bool:
    """Tell whether a process carries the mark of this home."""
    try:
        return process.environ().get(MARK) == str(home)
    except (psutil.Error, OSError):  # gone, or another user's
        return False


def _signal(process: psutil.Process, signal: Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal)
