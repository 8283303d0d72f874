"""What the workers of one test run may not do at the same moment."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir


@contextmanager
def taking_ports() -> Iterator[None]:
    """From choosing free ports until somebody listens there: inside, no other worker is inside of its own."""
    with (Path(gettempdir()) / "counterstep-tests-take-ports").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
