"""The mark of a server that died with its machine.

PostgreSQL does not start while the process that `postmaster.pid` names is alive. After a power cut that number may
be another program's.
"""

from contextlib import suppress
from pathlib import Path

import psutil

PID_FILE = "postmaster.pid"


def forget_dead_server(data: Path) -> None:
    """Remove the mark where no process serves these data. Where one does, it is left to PostgreSQL's own check."""
    mark = data / PID_FILE
    if mark.exists() and not _serves(_named_in(mark), data):
        mark.unlink()


def _named_in(mark: Path) -> int | None:
    with suppress(ValueError, IndexError):  # a power cut may leave it empty
        return int(mark.read_text().split()[0])
    return None


def _serves(pid: int | None, data: Path) -> bool:
    """A server works in the folder of its data. A process that does not let us look at it is not ours."""
    with suppress(psutil.Error, ValueError):
        return pid is not None and Path(psutil.Process(pid).cwd()) == data.resolve()
    return False
