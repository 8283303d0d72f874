"""A lock between the test workers of this machine, so that no two take the same free port."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir


@contextmanager
def taking_ports() -> Iterator[None]:
    """Hold the lock from choosing free ports until a process listens on them."""
    with (Path(gettempdir()) / "counterstep-tests-take-ports").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
