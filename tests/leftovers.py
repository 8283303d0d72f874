"""A stack of a test run that was interrupted, even killed: a process of its own removes it.

Run as `python leftovers.py HOME`, it waits until its standard input ends, which it does with the process at the
other end.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def removed_at_last(home: Path) -> Iterator[None]:
    """Remove the stack of this home after the block, and also if this process is killed inside of it."""
    command = [sys.executable, __file__, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True):  # noqa: S603 - this file
        yield  # at its end, the pipe is closed, and the remover awaited


def main() -> None:
    home = Path(sys.argv[1])
    sys.stdin.buffer.read()
    if home.exists():
        remove(home)


def remove(home: Path) -> None:
    """Stop what runs there, and remove all of it."""
    from infra.launcher.native.stack import Stack  # noqa: PLC0415 - while it waits, it is small
    from infra.machine.ports import Ports  # noqa: PLC0415 - as above

    Stack(home, Ports(), {}).clean()


if __name__ == "__main__":
    main()
